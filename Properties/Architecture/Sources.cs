// The room of architecture: what holds of our sources themselves. The compiler reads them as it does in a build, so a
// reference is what the compiler takes it for, not what a pattern of text guesses.
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Functional.Properties.Architecture;

/// <summary>All sources of the repository as one compilation.</summary>
internal static class Sources
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using LanguageExt;
        global using static LanguageExt.Prelude;
        """;

    private static readonly string[] Projects = ["Primitives", "Transforms", "Properties", "Notebooks", "Benchmarks"];

    private static readonly Lazy<CSharpCompilation> Compiled = new(Compile);

    /// <summary>The folder of the solution.</summary>
    internal static string Root { get; } = Above(AppContext.BaseDirectory);

    /// <summary>The sources, with what every name in them means.</summary>
    internal static CSharpCompilation Compilation => Compiled.Value;

    /// <summary>How the sources are read: without their documentation, whose references are no use of anything.</summary>
    internal static CSharpParseOptions Options { get; } = new(LanguageVersion.Preview, DocumentationMode.None);

    /// <summary>A file's path from the root, with slashes.</summary>
    internal static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>The text of a project file.</summary>
    internal static string Project(string name) => File.ReadAllText(Path.Combine(Root, name, $"{name}.csproj"));

    private static CSharpCompilation Compile()
    {
        var trees = Projects.Select(project => Path.Combine(Root, project)).Where(Directory.Exists)
            .SelectMany(project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
            .Where(file => !Relative(file).Split('/').Any(part => part is "bin" or "obj"))
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), Options, file));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => !Path.GetFileName(file).StartsWith("Functional.", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file));
        return CSharpCompilation.Create(
            "Sources",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, Options), .. trees],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static string Above(string folder) =>
        File.Exists(Path.Combine(folder, "Functional.sln")) ? folder : Above(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder))!);
}
