using System.Globalization;
using Functional.Programs;
using Spectre.Console;

namespace Functional.Benchmarks;

/// <summary>What tracing and each rewrite cost an equation, for programs of growing length: the columns stay level where nothing is quadratic.</summary>
internal static class RewriteScaling
{
    public const string Says = "nanoseconds per equation of tracing and of each rewrite, for programs of 1,000, 10,000 and 100,000 equations";

    private static readonly int[] Lengths = [1_000, 10_000, 100_000];

    // What is traced once for each length, and each rewrite of it.
    private static readonly (string Name, Func<Programs.Program, int, object> Run)[] Rewrites =
    [
        ("trace", (_, length) => Chain(length)),
        ("jvp", (program, _) => program.Jvp()),
        ("linearize + transpose", (program, _) => program.Linearize().Linear.Transpose(1)),
        ("vmap", (program, _) => program.Vmap(4)),
        ("fold", (program, _) => program.FoldConstants()),
        ("identities", (program, _) => program.RewriteIdentities()),
        ("common subexpressions", (program, _) => program.ShareCommonSubexpressions()),
        ("dead code", (program, _) => program.WithoutDeadCode()),
        ("simplify", (program, _) => program.Simplify()),
        ("simplify what is simple", (program, _) => program.Simplify().Simplify()),
        ("check", (program, _) => program.Check()),
        ("text", (program, _) => program.ToString()),
        ("evaluate", (program, _) => program.Evaluate(0.5)),
    ];

    public static void Run(string[] arguments)
    {
        int rounds = arguments is [string given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 5;
        Table table = new Table().Border(TableBorder.Simple).Title("ns per equation").AddColumn("");
        foreach (int length in Lengths)
            table.AddColumn(length.ToString("N0", CultureInfo.InvariantCulture));
        Programs.Program[] programs = [.. Lengths.Select(Chain)];
        foreach ((string name, Func<Programs.Program, int, object> run) in Rewrites)
        {
            double[] seconds = Stopwatches.Interleaved(rounds, 0.01, false, [.. programs.Select((program, i) => (Action)(() => run(program, Lengths[i])))]);
            table.AddRow([name, .. seconds.Select((time, i) => (1e9 * time / Lengths[i]).ToString("F0", CultureInfo.InvariantCulture))]);
        }

        AnsiConsole.Write(table);
    }

    // Groups of five equations, one of them an identity and one a repetition: sin y, y, sin y again, their product, and a step.
    private static Programs.Program Chain(int length) => Trace.Of("Benchmark", Seq1(new TensorType(DType.Float64, Shape.Scalar)), inputs =>
    {
        Tensor y = inputs[0];
        for (int i = 0; i < length; i += 5)
            y = 0.5 + (TensorMath.Sin(y) * TensorMath.Sin(y * 1.0));
        return Seq1(y);
    });
}
