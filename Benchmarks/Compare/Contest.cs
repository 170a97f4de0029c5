// The room of comparisons: one work a method, written as a user of each library would write it, ours compiled by Jit.
using Functional.Compilation;
using Functional.Structures;

namespace Functional.Benchmarks.Compare;

/// <summary>One work as two libraries do it, and what each gets, so that they are seen to do the same.</summary>
/// <param name="Work">What is done.</param>
/// <param name="Ours">One turn of ours.</param>
/// <param name="Values">What ours gives.</param>
/// <param name="Compiled">Our program compiled, and what it is called with.</param>
/// <param name="Torch">Makes a turn of libtorch's; called only where libtorch is.</param>
/// <param name="IsLarge">Whether several threads have work in it.</param>
internal sealed record Contest(
    string Work, Action Ours, Func<double[]> Values, Func<(Executable Executable, Tensor[] Arguments)> Compiled, Func<(Action Turn, Func<double[]> Values)> Torch, bool IsLarge)
{
    /// <summary>A function at an argument, beside libtorch's.</summary>
    public static Contest Of<P, R>(string work, Func<P, R> f, P at, Func<(Action Turn, Func<double[]> Values)> torch, bool isLarge = false)
    {
        Func<P, R> jitted = Transforms.Jit(f);
        return new(
            work, () => GC.KeepAlive(jitted(at)), () => Flat(jitted(at)),
            () => (Transforms.Trace(f)(at).Compile(), [.. Structure.Flatten(at).Leaves]), torch, isLarge);
    }

    /// <summary>One turn of ours into arrays that are there, as the peer's results find the memory of its last ones.</summary>
    public Action Into()
    {
        (Executable executable, Tensor[] arguments) = Compiled();
        return Into(executable, arguments);
    }

    /// <summary>A run into arrays that are there.</summary>
    public static Action Into(Executable executable, Tensor[] arguments)
    {
        System.Array[] results = [.. executable.Program.Outputs.Select(output => Arena.Allocate(output.Type.DType, output.Type.Size))];
        return () => executable.Run(arguments, results);
    }

    /// <summary>All numbers of a structure, as doubles.</summary>
    public static double[] Flat<P>(P structure) =>
        [.. Structure.Flatten(structure).Leaves.SelectMany(leaf => TensorMath.Convert(leaf, DType.Float64).ToArray<double>())];

    /// <summary>The worst difference over the largest number.</summary>
    public static double Difference(double[] x, double[] y) =>
        x.Length == y.Length ? x.Zip(y, (a, b) => Math.Abs(a - b)).Max() / x.Max(Math.Abs) : double.NaN;

    /// <summary>Numbers between −1 and 1, the same each time.</summary>
    public static float[] Draw(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
