using System.Globalization;
using Functional.Programs;
using Spectre.Console;

namespace Functional.Benchmarks;

/// <summary>What tracing and each transform of a loop cost, for loops of more and more steps: one equation with one body, so the ratios stay at 1.</summary>
internal static class LoopScaling
{
    public const string Says = "tracing and transforming a scan of 10, 1,000 and 100,000 steps: microseconds, and ratios to the first";

    private static readonly int[] Lengths = [10, 1_000, 100_000];

    private static readonly (string Name, Func<Programs.Program, int, object> Run)[] Rewrites =
    [
        ("trace", (_, length) => Loop(length)),
        ("simplify", (program, _) => program.Simplify()),
        ("jvp", (program, _) => program.Jvp()),
        ("linearize", (program, _) => program.Linearize()),
        ("linearize + transpose", (program, _) => program.Linearize().Linear.Transpose(1)),
        ("vmap", (program, _) => program.Vmap(4)),
        ("text", (program, _) => program.ToString()),
    ];

    public static void Run(string[] arguments)
    {
        int rounds = arguments is [string given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 15;
        Table table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn($"µs, {Lengths[0]} steps");
        foreach (int length in Lengths[1..])
            table.AddColumn("× at " + length.ToString("N0", CultureInfo.InvariantCulture));
        Programs.Program[] programs = [.. Lengths.Select(Loop)];
        foreach ((string name, Func<Programs.Program, int, object> run) in Rewrites)
        {
            double[] seconds = Stopwatches.Interleaved(rounds, 0.02, false, [.. programs.Select((program, i) => (Action)(() => run(program, Lengths[i])))]);
            table.AddRow([name, (1e6 * seconds[0]).ToString("F0", CultureInfo.InvariantCulture), .. seconds[1..].Select(time => (time / seconds[0]).ToString("F2", CultureInfo.InvariantCulture))]);
        }

        AnsiConsole.Write(table);
    }

    // A recurrence with work that can leave the loop, a carry that is dead and outputs that are stacked.
    private static Programs.Program Loop(int length) => Trace.Of("Benchmark", Seq1(new TensorType(DType.Float64, [8])), inputs =>
    {
        ((Tensor last, Tensor _), Tensor outputs) = Transforms.Scan(
            ((Tensor, Tensor) carry) => ((TensorMath.Tanh((carry.Item1 * inputs[0]) + 0.5), carry.Item2 * 2.0), TensorMath.Sin(carry.Item1)),
            (inputs[0], inputs[0]),
            length);
        return Seq(last, TensorMath.Sum(outputs));
    });
}
