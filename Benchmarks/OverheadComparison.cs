using Functional.Programs;
using Spectre.Console;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Benchmarks;

/// <summary>What the library costs around the arithmetic: an eager operation on few elements, and the work per equation of a trace and its transforms.</summary>
internal static class OverheadComparison
{
    public const string Says = "an eager operation on 10 elements, and tracing and transforms per equation";

    private const int Rounds = 15;
    private const double Turn = 0.05;

    // Enough equations that the cost of a call of Trace itself does not count.
    private const int Equations = 1000;

    public static void Run(string[] arguments)
    {
        var x = Tensor.From(Enumerable.Range(0, 10).Select(i => 0.1 * i).ToArray());
        var y = x + 1;
        double[] plain = x.ToArray<double>(), other = y.ToArray<double>();
        Tensor kept = x;
        double[] result = plain;
        var eager = Stopwatches.Interleaved(
            Rounds,
            Turn,
            false,
            () => kept = x + y,
            () => kept = x * 2.0,
            () => kept = Sin(x),
            () => kept = Sum(x),
            () => result = Added(plain, other));
        var table = new Table().AddColumns("work", "ns", "over a plain loop of C#");
        foreach (var (name, seconds) in new[] { "x + y, 10 elements", "x * 2.0, 10 elements", "sin x, 10 elements", "sum x, 10 elements", "a new array and a loop" }.Zip(eager))
            table.AddRow(name, $"{seconds * 1e9:F0}", $"{seconds / eager[^1]:F1}");
        AnsiConsole.Write(table);

        Tensor Chain(Tensor z)
        {
            for (var i = 0; i < Equations / 4; i++) z = Sin(z * z + y) * x;
            return z;
        }
        var program = Trace(Chain)(x);
        var times = Stopwatches.Interleaved(
            Rounds,
            Turn,
            false,
            () => Trace(Chain)(x),
            () => program.Jvp(),
            () => program.Linearize(),
            () => program.Vmap(3),
            () => program.Simplify(),
            () => program.Evaluate(x),
            () => kept = Chain(x));
        table = new Table().AddColumns($"work on {Equations} equations", "ns an equation", "over eager");
        foreach (var (name, seconds) in new[] { "trace", "jvp", "linearize", "vmap", "simplify", "evaluate", "eager" }.Zip(times))
            table.AddRow(name, $"{seconds * 1e9 / Equations:F0}", $"{seconds / times[^1]:F2}");
        AnsiConsole.Write(table);
        GC.KeepAlive(kept);
        GC.KeepAlive(result);
    }

    private static double[] Added(double[] x, double[] y)
    {
        var sum = new double[x.Length];
        for (var i = 0; i < sum.Length; i++) sum[i] = x[i] + y[i];
        return sum;
    }
}
