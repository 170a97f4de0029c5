using System.Text;

namespace Functional.Notebooks.Interactive;

/// <summary>Where the outputs of the cell that runs now go, in the order in which they come.</summary>
internal sealed class Stage(Formatters formatters)
{
    // Flows with the cell's own asynchronous work, so two notebooks in one process do not mix.
    private static readonly AsyncLocal<Stage?> Running = new();
    private readonly Lock _gate = new();
    private readonly List<Output> _outputs = [];

    public static Stage Current => Running.Value
        ?? throw new InvalidOperationException("display: no cell is running here. Call it from a notebook's cell.");

    public Formatters Formatters => formatters;

    public Seq<Output> Outputs
    {
        get { lock (_gate) return _outputs.ToSeq().Strict(); }
    }

    public void Show(Output output)
    {
        lock (_gate) _outputs.Add(output);
    }

    /// <summary>Runs the action with the console and <c>display</c> caught here.</summary>
    public async Task<T> During<T>(Func<Task<T>> action)
    {
        var (output, error) = (Console.Out, Console.Error);
        Running.Value = this;
        Console.SetOut(new Stream(this, "stdout"));
        Console.SetError(new Stream(this, "stderr"));
        try
        {
            return await action();
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
            Running.Value = null;
        }
    }

    // Texts written to one stream with nothing between are one output, as Jupyter keeps them.
    private void Write(string stream, string text)
    {
        lock (_gate)
            if (_outputs is [.., Output.Printed last] && last.Stream == stream) _outputs[^1] = last with { Text = last.Text + text };
            else if (text.Length > 0) _outputs.Add(new Output.Printed(stream, text));
    }

    private sealed class Stream(Stage stage, string name) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override string NewLine => "\n";

        public override void Write(char value) => stage.Write(name, value.ToString());

        public override void Write(string? value) => stage.Write(name, value ?? "");

        public override void WriteLine(string? value) => stage.Write(name, value + NewLine);

        public override void Write(char[] buffer, int index, int count) => stage.Write(name, new string(buffer, index, count));
    }
}
