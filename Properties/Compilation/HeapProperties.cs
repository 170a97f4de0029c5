using Functional.Compilation;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Compilation;

/// <summary>The heap belongs to the process, so what is said of it is measured while no other test runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HeapAlone
{
    public const string Name = "Measures the heap";
}

[Collection(HeapAlone.Name)]
public class HeapProperties
{
    [Fact]
    public void Many_calls_do_not_grow_the_heap()
    {
        var jitted = Jit(Grad((Tensor x) => Sum(Sin(x * x) * Exp(x))));
        Call(1000);
        var before = GC.GetTotalMemory(true);
        Call(Theorem.Count(100_000));
        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 500_000);

        void Call(int count)
        {
            for (var call = 0; call < count; call++) jitted(Tensor.From([call * 0.001, 1]));
        }
    }

    [Fact]
    public void Gathers_and_scattered_sums_into_given_arrays_allocate_no_more_for_more_elements()
    {
        Assert.Equal(Allocated(100), Allocated(10_000));

        static long Allocated(int count)
        {
            var (x, indices) = (Linspace(0, 1, 7), Tensor.From([.. Enumerable.Range(0, count).Select(i => i % 7)]));
            var executable = Trace((Tensor t) => (Sin(Take(t, indices)), ScatterAdd(t, indices, Cos(Take(t, indices)))))(x).Compile();
            Tensor[] arguments = [x];
            System.Array[] results = [new double[count], new double[7]];
            for (var call = 0; call < 200; call++) executable.Run(arguments, results);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var call = 0; call < 10; call++) executable.Run(arguments, results);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Loops_that_threads_share_allocate_nothing_into_given_arrays()
    {
        var x = Linspace(-1, 1, 300_000);
        var executable = Trace((Tensor t) => (Exp(Sin(t) * t), Sum(Sin(t) * Exp(t)), Sum(Reshape(Cos(t), [3000, 100]), 1)))(x).Compile();
        Tensor[] arguments = [x];
        System.Array[] results = [new double[300_000], new double[1], new double[3000]];
        for (var call = 0; call < 20; call++) executable.Run(arguments, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 10; call++) executable.Run(arguments, results);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
