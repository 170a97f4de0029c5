using System.Runtime.CompilerServices;
using static Functional.Kernels.ExponentialKernel;
using static Functional.Kernels.Precision;

namespace Functional.Kernels;

/// <summary>
/// ln x on f64 lanes: x = 2ᵏ m with m in [√½, √2), f = m − 1, s = f / (2 + f), and
/// ln m = 2 artanh s = f − (f²/2 − s (f²/2 + R(s²))).
/// </summary>
internal static class LogarithmKernel
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private const long MagicBits = 0x4338000000000000;
    private const double Magic = 6755399441055744.0;
    private const long RootHalfBits = 0x3FE6A09E667F3BCD;
    private const double LeastNormal = 2.2250738585072014e-308;

    /// <summary>k and m with x = 2ᵏ m, for finite x &gt; 0.</summary>
    [MethodImpl(Inline)]
    public static (T K, T M) Split<T>(T x) where T : struct, ILanes<T>
    {
        T subnormal = T.Less(x, T.Of(LeastNormal));
        (T k, T m) = NormalSplit(T.Select(subnormal, x * T.Of(18014398509481984.0), x));
        return (k - (subnormal & T.Of(54)), m);
    }

    // As Split, for normal x.
    [MethodImpl(Inline)]
    private static (T K, T M) NormalSplit<T>(T x) where T : struct, ILanes<T>
    {
        T exponent = T.ShiftRightArithmetic(T.SubtractBits(x, T.OfBits(RootHalfBits)), 52);
        return (T.AddBits(exponent, T.OfBits(MagicBits)) - T.Of(Magic), T.SubtractBits(x, T.ShiftLeft(exponent, 52)));
    }

    /// <summary>ln(1 + f) − f for 1 + f in [√½, √2).</summary>
    [MethodImpl(Inline)]
    public static T Tail<T>(T f) where T : struct, ILanes<T>
    {
        T s = f / (T.Of(2) + f);
        T z = s * s;
        T p = T.Of(0.14616585424888623)
            .Horner(z, 0.15331710618210773).Horner(z, 0.18182889455674947).Horner(z, 0.22222211130259878)
            .Horner(z, 0.2857142862600327).Horner(z, 0.39999999999899444).Horner(z, 0.666666666666667);
        T half = T.Of(0.5) * f * f;
        return T.FusedMultiplyAdd(s, T.FusedMultiplyAdd(z, p, half), -half);
    }

    /// <summary>ln(u + c) + extra · ln 2 for finite u &gt; 0 and |c| ≪ u; −∞ at 0, ∞ at ∞, NaN below 0.</summary>
    [MethodImpl(Inline)]
    public static T LogOfSum<T>(T u, T c, T extra) where T : struct, ILanes<T>
    {
        (T k, T m) = Split(u);
        T f = m - T.Of(1);
        k += extra;
        (T high, T low) = QuickSum(k * T.Of(Ln2High), f);
        T result = high + (low + (Tail(f) + T.FusedMultiplyAdd(k, T.Of(Ln2Low), c / u)));
        return AtEdges(u, result);
    }

    /// <summary>ln x within 0.8 ulp.</summary>
    [MethodImpl(Inline)]
    public static T Log<T>(T x) where T : struct, ILanes<T>
    {
        (T k, T m) = Split(x);
        return AtEdges(x, Scaled(k, m));
    }

    /// <summary>Whether x is positive, finite and no subnormal number.</summary>
    [MethodImpl(Inline)]
    public static T IsNormal<T>(T x) where T : struct, ILanes<T> => T.LessOrEqual(T.Of(LeastNormal), x) & T.Less(x, T.Of(double.PositiveInfinity));

    /// <summary>ln x, the same bits, for such x.</summary>
    [MethodImpl(Inline)]
    public static T NormalLog<T>(T x) where T : struct, ILanes<T>
    {
        (T k, T m) = NormalSplit(x);
        return Scaled(k, m);
    }

    // ln(2ᵏ m).
    [MethodImpl(Inline)]
    private static T Scaled<T>(T k, T m) where T : struct, ILanes<T>
    {
        T f = m - T.Of(1);
        (T high, T low) = QuickSum(k * T.Of(Ln2High), f);
        return high + (low + (Tail(f) + k * T.Of(Ln2Low)));
    }

    /// <summary>2 artanh(s) / s by s² ≤ 1/9, relative error 2⁻³⁵.</summary>
    [MethodImpl(Inline)]
    public static T SingleSlope<T>(T z) where T : struct, ILanes<T> =>
        T.Of(0.20794142777501176)
            .Horner(z, 0.17463074879149101).Horner(z, 0.22264851429353943).Horner(z, 0.28570300873065896)
            .Horner(z, 0.40000010827351573).Horner(z, 0.6666666664991815).Horner(z, 2);

    /// <summary>ln x for x that is 0 or no smaller than the least positive f32, relative error 2⁻³⁰.</summary>
    [MethodImpl(Inline)]
    public static T SingleLog<T>(T x) where T : struct, ILanes<T>
    {
        (T k, T m) = SingleSplit(x);
        return AtEdges(x, SingleSum(k, m - T.Of(1)));
    }

    /// <summary>ln(1 + x) for an f32 x, relative error 2⁻³⁰.</summary>
    [MethodImpl(Inline)]
    public static T SingleLog1p<T>(T x) where T : struct, ILanes<T>
    {
        T u = T.Of(1) + x;
        (T k, T m) = SingleSplit(u);
        // Near 0 the sum has lost digits of x that matter.
        T result = SingleSum(k, T.Select(T.Equal(k, T.Of(0)), x, m - T.Of(1)));
        return AtEdges(u, result) | (x & T.Of(-0.0));
    }

    // ln(1 + f) + k ln 2 for 1 + f in [√½, √2).
    [MethodImpl(Inline)]
    private static T SingleSum<T>(T k, T f) where T : struct, ILanes<T>
    {
        T s = f / (T.Of(2) + f);
        T z = s * s;
        T p = T.Of(0.23341943388714562)
            .Horner(z, 0.28550396959618013).Horner(z, 0.40000125594554364).Horner(z, 0.6666666654988318).Horner(z, 2);
        return T.FusedMultiplyAdd(s, p, k * T.Of(0.6931471805599453));
    }

    [MethodImpl(Inline)]
    private static (T K, T M) SingleSplit<T>(T x) where T : struct, ILanes<T>
    {
        T exponent = T.ShiftRightArithmetic(T.SubtractBits(x, T.OfBits(RootHalfBits)), 52);
        return (T.AddBits(exponent, T.OfBits(MagicBits)) - T.Of(Magic), T.SubtractBits(x, T.ShiftLeft(exponent, 52)));
    }

    /// <summary>ln(1 + x + low), for |low| ≪ |x|; x itself where it is tiny.</summary>
    [MethodImpl(Inline)]
    public static T Log1p<T>(T x, T low) where T : struct, ILanes<T>
    {
        (T u, T c) = Sum(T.Of(1), x);
        T result = LogOfSum(u, c + low, T.Of(0));
        return T.Select(T.Less(T.Abs(x), T.Of(5.551115123125783e-17)), x, result);
    }

    /// <summary>log x in the base whose factor 1/ln b and logarithm of 2 are given as pairs; <paramref name="twoHigh"/> times k is exact.</summary>
    [MethodImpl(Inline)]
    public static T LogInBase<T>(T x, double factor, double factorLow, double twoHigh, double twoLow)
        where T : struct, ILanes<T>
    {
        (T k, T m) = Split(x);
        T f = m - T.Of(1);
        (T log, T logLow) = QuickSum(f, Tail(f));
        (T product, T error) = Product(log, T.Of(factor));
        error = T.FusedMultiplyAdd(logLow, T.Of(factor), T.FusedMultiplyAdd(log, T.Of(factorLow), error));
        (T high, T low) = QuickSum(k * T.Of(twoHigh), product);
        return AtEdges(x, high + (low + T.FusedMultiplyAdd(k, T.Of(twoLow), error)));
    }

    /// <summary>ln x as a pair, relative error 2⁻⁶⁴, for finite x &gt; 0: s (2 + 2/3 s² + s⁴ P(s²)) with all but P in pairs.</summary>
    [MethodImpl(Inline)]
    public static (T High, T Low) LogPair<T>(T x) where T : struct, ILanes<T>
    {
        (T k, T m) = Split(x);
        (T d, T dLow) = Sum(T.Of(1), m);
        (T s, T sLow) = Quotient(m - T.Of(1), T.Of(0), d, dLow);
        (T z, T zLow) = Product(s, s);
        zLow = T.FusedMultiplyAdd(s + s, sLow, zLow);
        T p = T.Of(0.1291361767218225)
            .Horner(z, 0.13285957435193352).Horner(z, 0.15385574796462032).Horner(z, 0.18181808247544543)
            .Horner(z, 0.2222222227110234).Horner(z, 0.2857142857133851).Horner(z, 0.40000000000000024);
        (T third, T thirdLow) = Product(z, T.Of(2.0 / 3));
        thirdLow = T.FusedMultiplyAdd(zLow, T.Of(2.0 / 3), T.FusedMultiplyAdd(z, T.Of(3.700743415417188e-17), thirdLow));
        (T sum, T sumLow) = QuickSum(third, z * z * p);
        (T v, T vLow) = QuickSum(T.Of(2), sum);
        vLow += sumLow + thirdLow;
        (T log, T logLow) = Product(s, v);
        logLow = T.FusedMultiplyAdd(s, vLow, T.FusedMultiplyAdd(sLow, v, logLow));
        (T high, T low) = QuickSum(k * T.Of(Ln2High), log);
        return QuickSum(high, low + T.FusedMultiplyAdd(k, T.Of(Ln2Low), logLow));
    }

    [MethodImpl(Inline)]
    private static T AtEdges<T>(T x, T result) where T : struct, ILanes<T>
    {
        T edge = T.Select(T.Less(x, T.Of(0)), T.Of(double.NaN), x);
        edge = T.Select(T.Equal(x, T.Of(0)), T.Of(double.NegativeInfinity), edge);
        return T.Select(IsPositiveFinite(x), result, edge);
    }
}
