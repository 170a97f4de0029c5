// The room of documents: a notebook as a value, read from and written to nbformat 4 JSON.
// Reading keeps the JSON of every cell; writing copies it and replaces only what an execution changes,
// so metadata, cell ids and whatever a newer nbformat adds pass through untouched.
using System.Text.Json;

namespace Functional.Notebooks;

/// <summary>A Jupyter notebook: its cells in order, and the JSON of everything else it says.</summary>
public sealed record Notebook(string Name, Seq<Cell> Cells, JsonElement Json)
{
    /// <summary>Reads a notebook from a file.</summary>
    /// <exception cref="NotebookException">The file is not an nbformat 4 notebook.</exception>
    public static Notebook Read(string path) => Parse(Path.GetFileName(path), File.ReadAllText(path));

    /// <summary>Reads a notebook from its JSON.</summary>
    /// <exception cref="NotebookException">The text is not an nbformat 4 notebook.</exception>
    public static Notebook Parse(string name, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement.Clone();
            var version = root.GetProperty("nbformat").GetInt32();
            if (version != 4)
                throw new NotebookException($"{name}: nbformat {version}, expected 4. Open it in Jupyter or VS Code and save it again.");
            var language = Languages.OfNotebook(root);
            return new(name, root.GetProperty("cells").EnumerateArray().Select(cell => Cell.Of(cell, language)).ToSeq().Strict(), root);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new NotebookException($"{name}: not a notebook: {e.Message}", e);
        }
    }

    /// <summary>The cells this runner executes, each with its place among all cells.</summary>
    public Seq<(int Place, Cell Cell)> CSharpCells =>
        Cells.Select((cell, place) => (Place: place, Cell: cell)).Where(placed => placed.Cell.Language == Languages.CSharp).ToSeq().Strict();

    /// <summary>The same notebook with one cell executed.</summary>
    public Notebook With(int place, Execution execution) =>
        this with { Cells = Cells.Select((cell, at) => at == place ? cell with { Execution = execution } : cell).ToSeq().Strict() };
}

/// <summary>A cell: its source, the language of its code (none for prose), and its execution if it ran here.</summary>
public sealed record Cell(string Source, Option<string> Language, Option<Execution> Execution, JsonElement Json)
{
    /// <summary>The first line that says something; it names the cell to a reader.</summary>
    public string FirstLine => Source.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0, "");

    internal static Cell Of(JsonElement json, string language) => new(
        Text(json.GetProperty("source")),
        json.GetProperty("cell_type").GetString() == "code" ? Some(Languages.OfCell(json).IfNone(language)) : None,
        None,
        json);

    // nbformat writes a text as one string or as its lines, each with its own line end.
    private static string Text(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? string.Concat(json.EnumerateArray().Select(line => line.GetString())) : json.GetString() ?? "";
}

/// <summary>What executing a cell left: its place in the order of execution, and its outputs.</summary>
public sealed record Execution(int Count, Seq<Output> Outputs);

/// <summary>A notebook, a cell or a command line that the runner cannot take.</summary>
public sealed class NotebookException(string message, Exception? inner = null) : Exception(message, inner);
