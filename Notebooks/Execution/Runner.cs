// The room of execution: a notebook's C# cells are run one after another on the embedded C# scripting engine,
// with the library this process carries; the outputs go into a copy of the notebook. The first cell that fails
// ends its notebook, and is named with the notebook, its number and its first line.
using System.Diagnostics;

namespace Functional.Notebooks;

/// <summary>A cell that failed: <paramref name="Number"/> counts the C# cells from 1, as the notebook's <c>[n]</c> does.</summary>
public sealed record CellFailure(string Notebook, int Number, string FirstLine, string Error)
{
    /// <summary>The failure in one paragraph.</summary>
    public override string ToString() => $"{Notebook}, cell [{Number}] `{FirstLine}`:\n  {Error.Replace("\n", "\n  ", StringComparison.Ordinal)}";
}

/// <summary>A notebook after its execution, and the cell that failed if one did.</summary>
public sealed record NotebookRun(Notebook Notebook, Option<CellFailure> Failure, TimeSpan Duration);

/// <summary>Executes notebooks.</summary>
public static class Runner
{
    /// <summary>
    /// Executes the C# cells in order, with <paramref name="folder"/> as the current directory (Jupyter's rule: the notebook's own),
    /// and tells <paramref name="starting"/> of each cell before it runs.
    /// </summary>
    public static async Task<NotebookRun> Run(Notebook notebook, string folder, Action<int, Cell>? starting = null)
    {
        var clock = Stopwatch.StartNew();
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder);
        try
        {
            var session = new Session();
            foreach (var (place, cell) in notebook.CSharpCells)
            {
                starting?.Invoke(place, cell);
                var (execution, error) = await session.Execute(cell.Source);
                notebook = notebook.With(place, execution);
                if (error.IsSome) return new(notebook, error.Map(text => new CellFailure(notebook.Name, execution.Count, cell.FirstLine, text)), clock.Elapsed);
            }
            return new(notebook, None, clock.Elapsed);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }
}
