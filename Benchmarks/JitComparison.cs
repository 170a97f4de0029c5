using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Functional.Compilation;
using Spectre.Console;
using TorchSharp;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Benchmarks;

/// <summary>The value and gradient of Σ sin(x²)eˣ, compiled, beside the evaluator, libtorch and loops by hand; and what compiling costs.</summary>
internal static class JitComparison
{
    public const string Says = "value and gradient of Σ sin(x²)eˣ compiled, beside the evaluator, torch and loops by hand; compile times";

    private static readonly int[] Sizes = [1, 10, 1_000, 100_000, 4_000_000];

    public static void Run(string[] arguments)
    {
        int rounds = arguments is [string given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 11;
        foreach (string line in Torch.Missing)
            Console.WriteLine(line);
        AnsiConsole.Write(Measure<double>("f64", rounds));
        AnsiConsole.Write(Measure<float>("f32", rounds));
        AnsiConsole.Write(Scalars(rounds));
        AnsiConsole.Write(Compiling());
    }

    private static Tensor F(Tensor x) => Sum(Sin(x * x) * Exp(x));

    private static Table Measure<T>(string name, int rounds) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        Table table = new Table().Border(TableBorder.Simple).Title($"value and gradient, {name}, {Environment.ProcessorCount} cores")
            .AddColumns("n", "ns", "ns into given", "ns an element", "evaluator/jit", "torch/jit", "jit/by hand", "jit/by hand, all cores");
        foreach (int n in Sizes)
        {
            T[] numbers = [.. Enumerable.Range(0, n).Select(i => T.CreateTruncating(4 * (i * 0.618 % 1) - 2))];
            Tensor x = Tensor.From(numbers, [n]);
            var evaluated = ValueAndGrad((Func<Tensor, Tensor>)F);
            var compiled = Jit(evaluated);
            T[] gradient = new T[n], sine = new T[n], other = new T[n], value = new T[1];
            Executable executable = Trace(evaluated)(x).Compile();
            Tensor[] inputs = [x];
            System.Array[] outputs = [value, gradient];
            Action[] contenders =
            [
                () => compiled(x),
                () => executable.Run(inputs, outputs),
                () => evaluated(x),
                () => value[0] = ByHand(numbers, gradient, sine, other),
                () => ByHandOnAllCores(numbers, gradient, sine, other),
            ];
            double[] seconds = Torch.Missing.IsNone ? WithTorch(rounds, numbers, contenders) : [.. Stopwatches.Interleaved(rounds, 0.02, n >= 100_000, contenders), double.NaN];
            table.AddRow(
                n.ToString("N0", CultureInfo.InvariantCulture),
                $"{seconds[0] * 1e9:F0}",
                $"{seconds[1] * 1e9:F0}",
                $"{seconds[0] * 1e9 / n:F2}",
                $"{seconds[2] / seconds[0]:F1}",
                $"{seconds[5] / seconds[0]:F1}",
                $"{seconds[0] / seconds[3]:F2}",
                $"{seconds[0] / seconds[4]:F2}");
        }
        return table;
    }

    private static double[] WithTorch<T>(int rounds, T[] numbers, Action[] contenders) where T : unmanaged
    {
        torch.set_num_threads(Environment.ProcessorCount);
        using torch.Tensor x = (numbers is float[] floats ? torch.tensor(floats) : torch.tensor((double[])(object)numbers)).requires_grad_(true);
        return Stopwatches.Interleaved(rounds, 0.02, numbers.Length >= 100_000, [.. contenders, () =>
        {
            using IDisposable scope = torch.NewDisposeScope();
            x.grad = null;
            torch.Tensor y = (torch.sin(x * x) * torch.exp(x)).sum();
            y.backward();
        }]);
    }

    // Blocks that stay in the nearest cache, by the vector functions of System.Numerics.Tensors.
    private static T ByHand<T>(ReadOnlySpan<T> x, Span<T> gradient, Span<T> sine, Span<T> other) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        const int Block = 1024;
        T total = T.Zero;
        for (int start = 0; start < x.Length; start += Block)
        {
            int count = Math.Min(Block, x.Length - start);
            ReadOnlySpan<T> at = x.Slice(start, count);
            Span<T> slope = gradient.Slice(start, count), s = sine.Slice(start, count), e = other.Slice(start, count);
            TensorPrimitives.Multiply(at, at, e);
            TensorPrimitives.SinCos(e, s, slope);
            TensorPrimitives.Exp(at, e);
            TensorPrimitives.Multiply(s, e, s);
            total += TensorPrimitives.Sum<T>(s);
            TensorPrimitives.Multiply(slope, at, slope);
            TensorPrimitives.Add(slope, slope, slope);
            TensorPrimitives.MultiplyAdd(slope, e, s, slope);
        }
        return total;
    }

    private static void ByHandOnAllCores<T>(T[] x, T[] gradient, T[] sine, T[] other) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        int cores = x.Length < 20_000 ? 1 : Environment.ProcessorCount;
        if (cores == 1)
        {
            ByHand<T>(x, gradient, sine, other);
            return;
        }
        int share = (x.Length + cores - 1) / cores;
        Parallel.For(0, cores, core =>
        {
            int start = core * share, count = Math.Min(share, x.Length - start);
            ByHand<T>(x.AsSpan(start, count), gradient.AsSpan(start, count), sine.AsSpan(start, count), other.AsSpan(start, count));
        });
    }

    // Fifty operations of which ten are elementary functions, beside the same in C#.
    private static Table Scalars(int rounds)
    {
        static Tensor G(Tensor x)
        {
            for (int i = 0; i < 10; i++) x = (Sin(x) * 0.5) + (x * 0.25) - 0.125;
            return x;
        }
        static double Plain(double x)
        {
            for (int i = 0; i < 10; i++) x = (Math.Sin(x) * 0.5) + (x * 0.25) - 0.125;
            return x;
        }
        Tensor at = 0.7;
        Tensor kept = at;
        double number = 0.7;
        var compiled = Jit((Func<Tensor, Tensor>)G);
        Executable executable = Trace(G)(at).Compile();
        double[] value = new double[1];
        Tensor[] inputs = [at];
        System.Array[] outputs = [value];
        double[] seconds = Stopwatches.Interleaved(rounds, 0.02, false, () => kept = compiled(at), () => executable.Run(inputs, outputs), () => kept = G(at), () => number = Plain(0.7));
        GC.KeepAlive(kept);
        GC.KeepAlive(number);
        Table table = new Table().Border(TableBorder.Simple).Title("50 scalar operations, 10 of them sines").AddColumns("", "ns");
        foreach ((string name, double time) in new[] { "jit", "jit, into a given array", "evaluator", "C#" }.Zip(seconds))
            table.AddRow(name, $"{time * 1e9:F0}");
        return table;
    }

    private static Table Compiling()
    {
        Table table = new Table().Border(TableBorder.Simple).Title("tracing and compiling, once, and the first run").AddColumns("equations", "scalar: ms", "µs each", "array of 1,000: ms", "µs each", "products of 4 × 4: ms", "µs each");
        foreach (int length in new[] { 100, 1_000, 1_001, 2_000, 4_000 })
        {
            double[] times = [.. new (Func<Tensor, int, Tensor> Function, Tensor At)[] { (Chain, 0.5), (Chain, Full([1000], 0.5)), (Products, Full([4, 4], 0.1)) }.Select(kind =>
            {
                long start = Stopwatch.GetTimestamp();
                Trace((Func<Tensor, Tensor>)(x => kind.Function(x, length)))(kind.At).Compile().Run(kind.At);
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            })];
            table.AddRow([$"{length}", .. times.SelectMany(time => new[] { $"{time:F1}", $"{time * 1000 / length:F0}" })]);
        }
        return table;
    }

    private static Tensor Chain(Tensor x, int length)
    {
        Tensor y = x;
        for (int i = 0; i < length; i += 4) y = Sin((y * y) + x) * (x + i);
        return y;
    }

    private static Tensor Products(Tensor x, int length)
    {
        Tensor y = x;
        for (int i = 0; i < length; i += 2) y = Tanh(MatMul(y, x));
        return y;
    }
}
