using System.Globalization;
using Functional.Jacobians;
using Functional.Programs;
using Functional.Structures;
using Spectre.Console;
using static Functional.TensorMath;

namespace Functional.Benchmarks;

/// <summary>The Jacobian of a periodic Brusselator of 2N² unknowns: what finding, colouring and computing it takes, part by part.</summary>
internal static class SparseJacobians
{
    public const string Says = "sparse Jacobians of the 2-D Brusselator: detection, colouring, one Jacobian prepared, beside the dense one; milliseconds";

    private static readonly int[] Sides = [6, 12, 24, 48, 96, 128, 192];

    public static void Run(string[] arguments)
    {
        int rounds = arguments is [string given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 9;
        Table table = new Table().Border(TableBorder.Simple).AddColumns("N", "n", "nonzeros", "detection", "ns / nonzero", "colours", "natural", "colouring");
        foreach (int side in Sides)
        {
            Tensor at = (Cos(Reshape(Arange(2 * side * side), 2, side, side) * 1.0) * 0.1) + 1.5;
            Programs.Program program = Lifted.At("Benchmark", (Func<Tensor, Tensor>)Brusselator, at, kept: true).Program;
            Sparsity pattern = PatternDetection.Of(program, Seq<Tensor>());
            Colouring colouring = Colouring.Of(pattern, ColouringKind.Columns);
            Colouring natural = Colouring.Of(pattern, ColouringKind.Columns, ColouringOrder.Natural);
            double[] seconds = Stopwatches.Interleaved(
                rounds,
                0.02,
                false,
                () => PatternDetection.Of(program, Seq<Tensor>()),
                () => Colouring.Of(pattern, ColouringKind.Columns),
                () => Colouring.Of(pattern, ColouringKind.Columns, ColouringOrder.Natural),
                () => Colouring.Of(pattern, ColouringKind.Columns, ColouringOrder.SmallestLast));
            Func<Tensor, Csr> prepared = Transforms.SparseJacobian(Brusselator);
            if (side == 128) Console.WriteLine(Transforms.Explain<Tensor, Csr>(x => prepared(x))(at));
            double[] sec2 = Stopwatches.Interleaved(rounds, 0.02, false, () => prepared(at));
            Console.WriteLine($"{side} {Milliseconds(sec2[0])}");
            table.AddRow(side.ToString(CultureInfo.InvariantCulture), at.Size.ToString(CultureInfo.InvariantCulture), pattern.Count.ToString(CultureInfo.InvariantCulture), Milliseconds(seconds[0]), (1e9 * seconds[0] / pattern.Count).ToString("F1", CultureInfo.InvariantCulture), colouring.Count.ToString(CultureInfo.InvariantCulture), $"{natural.Count}: {Milliseconds(seconds[2])}, SL {Milliseconds(seconds[3])}", Milliseconds(seconds[1]));
        }

        AnsiConsole.Write(table);
    }

    private static string Milliseconds(double seconds) => (1e3 * seconds).ToString("F3", CultureInfo.InvariantCulture);

    // dx = 1 / (N − 1), A = 3.4, B = 1, α = 10 / dx².
    private static Tensor Brusselator(Tensor x)
    {
        Tensor u = x[0], v = x[1];
        double alpha = 10.0 * (u.Shape[0] - 1) * (u.Shape[0] - 1);
        Tensor reaction = u * u * v;
        return Stack([1.0 + reaction - (4.4 * u) + (alpha * Periodic(u)), (3.4 * u) - reaction + (alpha * Periodic(v))]);

        static Tensor Periodic(Tensor w) => Roll(w, 1, 0) + Roll(w, -1, 0) + Roll(w, 1, 1) + Roll(w, -1, 1) - (4.0 * w);
    }
}
