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
}
