using System.Text.Json;

namespace Functional.Notebooks;

/// <summary>
/// The packages and assemblies this process was started with. A notebook's <c>#r</c> lines are answered from them, so a
/// notebook is executed against the library as it was just built, and against the package versions of the solution.
/// </summary>
internal sealed class Carried
{
    private sealed record Library(string Name, string Version, Seq<string> Assemblies, Seq<string> Dependencies);

    private readonly Dictionary<string, string> _assemblies;
    private readonly Dictionary<string, Library> _packages;

    private Carried(Dictionary<string, string> assemblies, Dictionary<string, Library> packages) => (_assemblies, _packages) = (assemblies, packages);

    /// <summary>What this process carries.</summary>
    public static Carried Here { get; } = new(
        Paths("TRUSTED_PLATFORM_ASSEMBLIES", Path.PathSeparator).Where(File.Exists).DistinctBy(AssemblyName, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(AssemblyName, StringComparer.OrdinalIgnoreCase),
        Paths("APP_CONTEXT_DEPS_FILES", ';').Where(File.Exists).SelectMany(Libraries).DistinctBy(library => library.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(library => library.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>The assemblies of .NET itself, which every cell may use.</summary>
    public Seq<string> Framework
    {
        get
        {
            var folder = Path.GetDirectoryName(typeof(object).Assembly.Location);
            return _assemblies.Values.Where(path => Path.GetDirectoryName(path) == folder).ToSeq().Strict();
        }
    }

    /// <summary>The assembly that a <c>#r "path"</c> names, found by its file name among those of this process.</summary>
    public string Assembly(string path, int line) =>
        _assemblies.TryGetValue(AssemblyName(path.Replace('\\', '/')), out var found) ? found
            : throw new NotebookException($"line {line}: #r \"{path}\": the runner carries no assembly {AssemblyName(path)}. Reference its project from Notebooks.csproj.");

    /// <summary>The assemblies of a package and of what it depends on.</summary>
    public Seq<string> Package(string name, string version, int line) =>
        !_packages.TryGetValue(name, out var package)
            ? throw new NotebookException($"line {line}: #r \"nuget: {name}\": the runner carries no package {name}. Add it to Notebooks.csproj.")
        : version.Length > 0 && version != package.Version
            ? throw new NotebookException($"line {line}: #r \"nuget: {name}, {version}\": the runner carries {package.Version}. Write that version in the notebook, or change Directory.Packages.props.")
        : Closure(package);

    private Seq<string> Closure(Library package)
    {
        var reached = new System.Collections.Generic.HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var assemblies = new List<string>();
        Visit(package);
        return assemblies.ToSeq().Strict();

        void Visit(Library library)
        {
            if (!reached.Add(library.Name)) return;
            foreach (var assembly in library.Assemblies)
                if (_assemblies.TryGetValue(assembly, out var path)) assemblies.Add(path);
            foreach (var dependency in library.Dependencies)
                if (_packages.TryGetValue(dependency, out var next)) Visit(next);
        }
    }

    // deps.json: targets / framework / "Name/Version" / { runtime: { "lib/…/A.dll": … }, dependencies: { "Name": "Version" } }
    private static IEnumerable<Library> Libraries(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var libraries =
            from target in document.RootElement.GetProperty("targets").EnumerateObject()
            from library in target.Value.EnumerateObject()
            let slash = library.Name.IndexOf('/', StringComparison.Ordinal)
            where slash > 0
            select new Library(library.Name[..slash], library.Name[(slash + 1)..], Keys(library.Value, "runtime").Map(AssemblyName).Strict(), Keys(library.Value, "dependencies"));
        return libraries.ToArray();
    }

    private static Seq<string> Keys(JsonElement library, string property) =>
        library.TryGetProperty(property, out var found) ? found.EnumerateObject().Select(entry => entry.Name).ToSeq().Strict() : Seq<string>();

    private static string[] Paths(string key, char separator) =>
        (AppContext.GetData(key) as string ?? "").Split(separator, StringSplitOptions.RemoveEmptyEntries);

    private static string AssemblyName(string path) =>
        path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(path);
}
