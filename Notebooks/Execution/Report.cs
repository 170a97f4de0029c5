using Spectre.Console;

namespace Functional.Notebooks;

/// <summary>What the person at the terminal, or the log, sees while notebooks run.</summary>
internal abstract class Report
{
    /// <summary>A live report on a terminal; plain lines where output goes to a file or a pipe.</summary>
    public static Report For(IAnsiConsole console, TextWriter plain) =>
        console.Profile.Out.IsTerminal && console.Profile.Capabilities.Interactive ? new Live(console) : new Lines(plain);

    /// <summary>Runs the notebooks in order, and shows how far each is.</summary>
    public abstract Task<Seq<NotebookRun>> During(Seq<string> paths, Func<string, Action<Notebook, int>, Task<NotebookRun>> run);

    private static string Summary(NotebookRun run) => run.Failure.Match(
        Some: failure => $"failed: {failure}",
        None: () => $"{run.Notebook.Name}: {run.Notebook.CSharpCells.Count} cells in {run.Duration.TotalSeconds:F1} s");

    private sealed class Lines(TextWriter writer) : Report
    {
        public override async Task<Seq<NotebookRun>> During(Seq<string> paths, Func<string, Action<Notebook, int>, Task<NotebookRun>> run)
        {
            var runs = Seq<NotebookRun>();
            foreach (var path in paths)
            {
                var number = 0;
                var done = await run(path, (notebook, place) => writer.WriteLine($"{notebook.Name} [{++number}/{notebook.CSharpCells.Count}] {notebook.Cells[place].FirstLine}"));
                await writer.WriteLineAsync(Summary(done));
                runs = runs.Add(done);
            }
            return runs;
        }
    }

    private sealed class Live(IAnsiConsole console) : Report
    {
        public override async Task<Seq<NotebookRun>> During(Seq<string> paths, Func<string, Action<Notebook, int>, Task<NotebookRun>> run)
        {
            var runs = await console.Progress()
                .Columns(new SpinnerColumn(), new ProgressBarColumn(), new ElapsedTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
                .StartAsync(context => Bars(context, paths, run));
            foreach (var done in runs.Filter(done => done.Failure.IsSome))
                console.Write(new Text(Summary(done) + "\n", new Style(Color.Red)));
            return runs;
        }

        private static async Task<Seq<NotebookRun>> Bars(ProgressContext context, Seq<string> paths, Func<string, Action<Notebook, int>, Task<NotebookRun>> run)
        {
            var runs = Seq<NotebookRun>();
            foreach (var path in paths)
            {
                var bar = context.AddTask(Markup.Escape(Path.GetFileName(path)));
                var number = 0;
                var done = await run(path, (notebook, place) =>
                {
                    bar.MaxValue = notebook.CSharpCells.Count;
                    bar.Value = number++;
                    bar.Description = Markup.Escape($"{notebook.Name} [{number}/{notebook.CSharpCells.Count}] {notebook.Cells[place].FirstLine}");
                });
                bar.Description = Markup.Escape(done.Failure.IsSome ? $"{done.Notebook.Name}: failed" : Summary(done));
                if (done.Failure.IsNone) bar.Value = bar.MaxValue;
                bar.StopTask();
                runs = runs.Add(done);
            }
            return runs;
        }
    }
}
