using Spectre.Console;

namespace Functional.Notebooks;

/// <summary>The runner's command line: <c>dotnet run --project Notebooks [-- [--out FOLDER] [NOTEBOOK…]]</c>.</summary>
public sealed record CommandLine(Seq<string> Notebooks, Option<string> Out)
{
    private const string Usage = """
        dotnet run --project Notebooks [-- [--out FOLDER] [NOTEBOOK...]]

        Executes every C# cell of the named notebooks, or of all notebooks in the folder Notebooks, and saves
        copies with their outputs in FOLDER (by default Notebooks/out). Exits with 1 when a cell fails.
        """;

    /// <summary>Does what the arguments say. The exit status: 0 all cells ran, 1 a cell failed, 2 the arguments are wrong.</summary>
    public static async Task<int> Run(string[] arguments, TextWriter output)
    {
        if (arguments.Any(argument => argument is "--help" or "-h"))
        {
            await output.WriteLineAsync(Usage);
            return 0;
        }
        try
        {
            var runs = await Parse(arguments).Execute(output);
            return runs.Exists(run => run.Failure.IsSome) ? 1 : 0;
        }
        catch (NotebookException e)
        {
            await output.WriteLineAsync(e.Message);
            return 2;
        }
    }

    private static CommandLine Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        [] => new(Seq<string>(), None),
        ["--out", var folder, .. var rest] => Parse(rest) with { Out = folder },
        [['-', ..] option, ..] => throw new NotebookException($"{option}: not an option, or its value is missing.\n\n{Usage}"),
        [var notebook, .. var rest] => Parse(rest) switch { var others => others with { Notebooks = notebook.Cons(others.Notebooks) } },
    };

    private async Task<Seq<NotebookRun>> Execute(TextWriter output)
    {
        var target = Path.GetFullPath(Out.IfNone(() => Path.Combine(Home, "out")));
        var paths = Notebooks.IsEmpty ? All : Notebooks.Map(Find).Strict();
        Directory.CreateDirectory(target);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        return await Report.For(console, output).During(paths, async (path, starting) =>
        {
            var notebook = Notebook.Read(path);
            var run = await Runner.Run(notebook, Path.GetDirectoryName(path)!, (place, _) => starting(notebook, place));
            await File.WriteAllTextAsync(Path.Combine(target, notebook.Name), run.Notebook.ToJson());
            return run;
        });
    }

    internal static Seq<string> All =>
        Directory.GetFiles(Home, "*.ipynb") is { Length: > 0 } found ? found.Order(StringComparer.Ordinal).ToSeq()
            : throw new NotebookException($"{Home}: no notebook there.");

    // A name is a path from where the person stands, or a notebook of the folder Notebooks.
    private static string Find(string name) =>
        Seq(Path.GetFullPath(name), Path.Combine(Home, name), Path.Combine(Home, name + ".ipynb")).Filter(File.Exists).HeadOrNone()
            .IfNone(() => throw new NotebookException($"{name}: no such notebook here or in {Home}."));

    // The folder Notebooks of the tree this was built in, whatever the current directory is.
    internal static string Home
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "Notebooks", "Notebooks.csproj"))) return Path.Combine(folder.FullName, "Notebooks");
            throw new NotebookException($"{AppContext.BaseDirectory}: not in a tree with the folder Notebooks. Name the notebooks and --out.");
        }
    }
}
