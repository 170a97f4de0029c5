using System.Numerics.Tensors;
using Functional.Kernels;
using Spectre.Console;

namespace Functional.Benchmarks;

/// <summary>The fold kernel beside TensorPrimitives.Sum on the same elements: whole, by rows, by columns.</summary>
internal static class FoldComparison
{
    public const string Says = "sums of 10⁶ elements, whole and along either axis, beside TensorPrimitives.Sum";

    public static void Run(string[] arguments)
    {
        var table = new Table().AddColumns("elements", "layout", "ours µs", "TensorPrimitives.Sum of all µs", "ratio");
        foreach (int[] extents in (int[][])[[1_000_000], [1000, 1000], [1_000_000, 3], [100_000, 10], [100, 100, 100]])
        {
            for (int axis = 0; axis < extents.Length; axis++)
            {
                Compare<float>(table, extents, axis);
                Compare<double>(table, extents, axis);
            }
        }

        AnsiConsole.Write(table);
    }

    private static void Compare<T>(Table table, int[] extents, int axis)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        int size = extents.Aggregate(1, (x, y) => x * y);
        var source = new T[size];
        for (int i = 0; i < size; i++)
            source[i] = T.CreateTruncating(i % 17);
        var destination = new T[size / extents[axis]];
        T kept = T.Zero;
        double[] seconds = Stopwatches.Interleaved(
            15,
            0.01,
            settle: false,
            () => Fold.Along<T, SumFold<T>>(source, extents, [axis], destination),
            () => kept += TensorPrimitives.Sum<T>(source));
        table.AddRow(
            typeof(T).Name,
            $"[[{string.Join(",", extents)}]] axis {axis}",
            $"{seconds[0] * 1e6:F1}",
            $"{seconds[1] * 1e6:F1}",
            $"{seconds[0] / seconds[1]:F2}");
    }
}
