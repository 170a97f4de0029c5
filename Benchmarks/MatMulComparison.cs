using System.Globalization;
using Functional.Kernels;
using Spectre.Console;
using TorchSharp;

namespace Functional.Benchmarks;

/// <summary>Our matrix product beside libtorch's: same process, same threads, taking turns.</summary>
internal static class MatMulComparison
{
    public const string Says = "the matrix product beside torch.matmul: f32 and f64, squares and thin shapes, one core and all";

    private static readonly (int M, int K, int N)[] Shapes =
    [
        (4, 4, 4), (8, 8, 8), (16, 16, 16), (32, 32, 32), (33, 33, 33), (64, 64, 64), (100, 100, 100), (128, 128, 128),
        (256, 256, 256), (512, 512, 512), (1024, 1024, 1024),
        (256, 256, 1), (1, 256, 256), (2048, 2048, 1), (1, 2048, 2048), (1, 65536, 1), (1024, 1, 1024), (1024, 1024, 4), (4, 1024, 1024),
    ];

    public static void Run(string[] arguments)
    {
        int[] threads = Environment.ProcessorCount > 1 ? [1, Environment.ProcessorCount] : [1];
        int rounds = arguments is [string given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 15;
        string only = arguments is [_, string part, ..] ? part : "";
        foreach (string line in Torch.Missing)
            Console.WriteLine(line);
        foreach (int count in threads)
        {
            AnsiConsole.Write(Measure<float>("f32", count, rounds, only));
            AnsiConsole.Write(Measure<double>("f64", count, rounds, only));
        }
    }

    private static Table Measure<T>(string name, int threads, int rounds, string only) where T : unmanaged
    {
        Table table = new Table().Border(TableBorder.Simple).Title($"{name}, {threads} thread{(threads == 1 ? "" : "s")}")
            .AddColumns("m·k·n", "GFLOP/s", "torch GFLOP/s", "torch/our time", "with bᵀ as b");
        foreach ((int m, int k, int n) in Shapes.Where(shape => Text(shape).Contains(only, StringComparison.Ordinal)))
            table.AddRow([Text((m, k, n)), .. Torch.Missing.IsNone ? Both<T>(m, k, n, threads, rounds) : Ours<T>(m, k, n, threads, rounds)]);
        return table;
    }

    private static string Text((int M, int K, int N) shape) => $"{shape.M}·{shape.K}·{shape.N}";

    private static T[] Draw<T>(int length) where T : unmanaged
    {
        var random = new Random(length);
        return typeof(T) == typeof(float)
            ? (T[])(object)Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f).ToArray()
            : (T[])(object)Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5).ToArray();
    }

    private static (Action Plain, Action Transposed) Contenders<T>(T[] a, T[] b, int m, int k, int n, int threads) where T : unmanaged
    {
        T[] c = new T[m * n];
        return (() => MatMul.Multiply<T>(a, k, 1, b, n, 1, c, n, m, k, n, threads: threads),
            () => MatMul.Multiply<T>(a, k, 1, b, 1, k, c, n, m, k, n, threads: threads));
    }

    private static string Speed(double seconds, int m, int k, int n) => $"{2e-9 * m * k * n / seconds:F1}";

    private static string[] Ours<T>(int m, int k, int n, int threads, int rounds) where T : unmanaged
    {
        (Action plain, _) = Contenders(Draw<T>(m * k), Draw<T>(k * n), m, k, n, threads);
        return [Speed(Stopwatches.Interleaved(rounds, 0.01, threads > 1, plain)[0], m, k, n), "", "", ""];
    }

    private static torch.Tensor ToTorch<T>(T[] values, long rows, long columns) where T : unmanaged =>
        values is float[] floats ? torch.tensor(floats, [rows, columns]) : torch.tensor((double[])(object)values, [rows, columns]);

    private static string[] Both<T>(int m, int k, int n, int threads, int rounds) where T : unmanaged
    {
        T[] a = Draw<T>(m * k), b = Draw<T>(k * n);
        torch.set_num_threads(threads);
        using IDisposable noGradient = torch.no_grad();
        using torch.Tensor left = ToTorch(a, m, k), right = ToTorch(b, k, n), stored = ToTorch(b, n, k), transposed = stored.t();
        (Action plain, Action transposedPlain) = Contenders(a, b, m, k, n, threads);
        double[] times = Stopwatches.Interleaved(rounds, 0.01, threads > 1, plain, () => left.matmul(right).Dispose(), transposedPlain, () => left.matmul(transposed).Dispose());
        return [Speed(times[0], m, k, n), Speed(times[1], m, k, n), $"{times[1] / times[0]:F2}", $"{times[3] / times[2]:F2}"];
    }
}
