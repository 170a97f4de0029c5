using FsCheck;
using FsCheck.Xunit;
using Functional.Kernels;
using Xunit;
using static Functional.Properties.Kernels.PointwiseElements;

namespace Functional.Properties.Kernels;

/// <summary>Conversions are C#'s casts, in spans and one by one.</summary>
public class ConversionProperties
{
    [Property(MaxTest = 100)]
    public void Conversions_are_casts(DoNotSize<int> seed)
    {
        Check<double, float>(seed.Item, x => (float)x);
        Check<double, long>(seed.Item, x => (long)x);
        Check<double, int>(seed.Item, x => (int)x);
        Check<double, bool>(seed.Item, x => x != 0);
        Check<float, double>(seed.Item, x => x);
        Check<float, long>(seed.Item, x => (long)x);
        Check<float, int>(seed.Item, x => (int)x);
        Check<float, bool>(seed.Item, x => x != 0);
        Check<long, double>(seed.Item, x => x);
        Check<long, float>(seed.Item, x => x);
        Check<long, int>(seed.Item, x => unchecked((int)x));
        Check<long, bool>(seed.Item, x => x != 0);
        Check<int, double>(seed.Item, x => x);
        Check<int, float>(seed.Item, x => x);
        Check<int, long>(seed.Item, x => x);
        Check<int, bool>(seed.Item, x => x != 0);
        Check<bool, double>(seed.Item, x => x ? 1 : 0);
        Check<bool, float>(seed.Item, x => x ? 1 : 0);
        Check<bool, long>(seed.Item, x => x ? 1 : 0);
        Check<bool, int>(seed.Item, x => x ? 1 : 0);
        Check<double, double>(seed.Item, x => x);
        Check<bool, bool>(seed.Item, x => x);
    }

    private static void Check<TFrom, TTo>(int seed, Func<TFrom, TTo> cast)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        var random = new Random(seed);
        var x = Draw<TFrom>(random, random.Next(41));
        var result = new TTo[x.Length];
        Pointwise.Convert<TFrom, TTo>(x, result);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.True(Same(cast(x[i]), result[i]), $"{typeof(TFrom).Name} to {typeof(TTo).Name} at {x[i]}: {cast(x[i])} ≠ {result[i]}");
            Assert.True(Same(cast(x[i]), Pointwise.Convert<TFrom, TTo>(x[i])));
        }
    }
}
