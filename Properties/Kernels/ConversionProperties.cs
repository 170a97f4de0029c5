using FsCheck.Xunit;
using Functional.Kernels;
using Xunit;
using static Functional.Properties.Kernels.PointwiseElements;

namespace Functional.Properties.Kernels;

/// <summary>Conversions are C#'s casts, in spans and one by one.</summary>
public class ConversionProperties
{
    [Property(MaxTest = 100)]
    public void Conversions_are_casts(int seed)
    {
        Check<double, float>(seed, x => (float)x);
        Check<double, long>(seed, x => (long)x);
        Check<double, int>(seed, x => (int)x);
        Check<double, bool>(seed, x => x != 0);
        Check<float, double>(seed, x => x);
        Check<float, long>(seed, x => (long)x);
        Check<float, int>(seed, x => (int)x);
        Check<float, bool>(seed, x => x != 0);
        Check<long, double>(seed, x => x);
        Check<long, float>(seed, x => x);
        Check<long, int>(seed, x => unchecked((int)x));
        Check<long, bool>(seed, x => x != 0);
        Check<int, double>(seed, x => x);
        Check<int, float>(seed, x => x);
        Check<int, long>(seed, x => x);
        Check<int, bool>(seed, x => x != 0);
        Check<bool, double>(seed, x => x ? 1 : 0);
        Check<bool, float>(seed, x => x ? 1 : 0);
        Check<bool, long>(seed, x => x ? 1 : 0);
        Check<bool, int>(seed, x => x ? 1 : 0);
        Check<double, double>(seed, x => x);
        Check<bool, bool>(seed, x => x);
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
