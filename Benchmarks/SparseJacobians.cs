using System.Globalization;
using Functional.Jacobians;
using Functional.Programs;
using Functional.Structures;
using Spectre.Console;
using static Functional.TensorMath;

namespace Functional.Benchmarks;

/// <summary>
/// The Jacobian of a periodic Brusselator of 2N² unknowns: what finding its pattern, colouring it and computing it takes, part by
/// part; and what choosing the way takes and saves where the pattern is dense, long one way, or narrow in between.
/// </summary>
internal static class SparseJacobians
{
    public const string Says = "sparse Jacobians of the 2-D Brusselator: detection, colouring, one Jacobian prepared, beside the dense one; and what choosing costs";

    private static readonly int[] Sides = [6, 12, 24, 48, 96, 128, 192];

    // The dense Jacobian has 4N⁴ elements.
    private const int LargestDense = 24;

    public static void Run(string[] arguments)
    {
        int rounds = arguments is [string given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 9;
        Parts(rounds);
        Ways(rounds);
    }

    private static void Parts(int rounds)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns(
            "N", "n", "nonzeros", "detect ms", "ns a nonzero", "colours", "natural", "colour ms", "Jacobian ms", "f ms", "dense ms", "dense / sparse", "n / 2 colours");
        foreach (int side in Sides)
        {
            Tensor at = (Cos(Reshape(Arange(2 * side * side), 2, side, side) * 1.0) * 0.1) + 1.5;
            Programs.Program program = Lifted.At("Benchmark", (Func<Tensor, Tensor>)Brusselator, at, kept: true).Program;
            Sparsity pattern = PatternDetection.Of(program, Seq<Tensor>());
            Colouring colouring = Colouring.Of(pattern, ColouringKind.Columns);
            int natural = Colouring.Of(pattern, ColouringKind.Columns, ColouringOrder.Natural).Count;
            Func<Tensor, Csr> sparse = Transforms.SparseJacobian(Brusselator);
            Func<Tensor, Tensor> plain = Transforms.Jit(Brusselator);
            double[] seconds = Stopwatches.Interleaved(
                rounds,
                0.02,
                false,
                () => PatternDetection.Of(program, Seq<Tensor>()),
                () => Colouring.Of(pattern, ColouringKind.Columns),
                () => sparse(at),
                () => plain(at));
            double dense = side > LargestDense ? double.NaN : Dense(rounds, at);
            table.AddRow(
                Whole(side),
                Whole(at.Size),
                Whole(pattern.Count),
                Milliseconds(seconds[0]),
                Number(1e9 * seconds[0] / pattern.Count),
                $"{colouring.Count} ({colouring.Bound})",
                Whole(natural),
                Milliseconds(seconds[1]),
                Milliseconds(seconds[2]),
                Milliseconds(seconds[3]),
                Milliseconds(dense),
                Number(dense / seconds[2]),
                Number(0.5 * at.Size / colouring.Count));
        }

        AnsiConsole.Write(table);
    }

    private static double Dense(int rounds, Tensor at)
    {
        Func<Tensor, Tensor> dense = Transforms.Jit(Transforms.Jacobian(Brusselator, JacobianMode.Forward));
        return Stopwatches.Interleaved(rounds, 0.02, false, () => dense(at))[0];
    }

    // Not prepared: each call traces, counts and runs.
    private static void Ways(int rounds)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Jacobian of", "size", "way", "chosen ms", "forward ms", "reverse ms", "chosen / best");
        foreach ((string name, Func<Tensor, Tensor> f, int size) in new (string, Func<Tensor, Tensor>, int)[]
        {
            ("x Σx", x => x * Sum(x), 1000),
            ("W₂ tanh W₁x", x => MatMul(Weights(300, 300), Tanh(MatMul(Weights(300, 300), x))), 300),
            ("softmax of Wx", x => Exp(MatMul(Weights(200, 400), x) * 0.01) / Sum(Exp(MatMul(Weights(200, 400), x) * 0.01)), 400),
            ("cumulative sum", x => CumSum(x * x), 800),
            ("sin of few", x => Sin(x) * x, 8),
            ("1000 → 3 → 1000", x => Tanh(MatMul(Weights(1000, 3), Sin(MatMul(Weights(3, 1000), x)))), 1000),
            ("arrowhead", x => Concatenate([Sum(Sin(x), true), (x[1..] * x[1..]) + (x[1..] * x[..1])]), 1000),
        })
        {
            Tensor at = Cos(Arange(size) * 1.0) + 1.5;
            Lifted lifted = Lifted.At("Benchmark", f, at);
            string way = ModeChoice.Of("Jacobian", Passes.Of(lifted), lifted.Program).Taken.Name;
            Func<Tensor, Tensor> chosen = Transforms.Jacobian(f);
            Func<Tensor, Tensor> forward = Transforms.Jacobian(f, JacobianMode.Forward);
            Func<Tensor, Tensor> reverse = Transforms.Jacobian(f, JacobianMode.Reverse);
            double[] seconds = Stopwatches.Interleaved(rounds, 0.05, false, () => chosen(at), () => forward(at), () => reverse(at));
            table.AddRow(name, Whole(size), way, Milliseconds(seconds[0]), Milliseconds(seconds[1]), Milliseconds(seconds[2]), (seconds[0] / Math.Min(seconds[1], seconds[2])).ToString("F2", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
    }

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(double number) => double.IsNaN(number) ? string.Empty : number.ToString("F1", CultureInfo.InvariantCulture);

    private static string Milliseconds(double seconds) => double.IsNaN(seconds) ? string.Empty : (1e3 * seconds).ToString("F3", CultureInfo.InvariantCulture);

    private static Tensor Weights(int rows, int columns) => Cos(Reshape(Arange(rows * columns), rows, columns) * 0.37);

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
