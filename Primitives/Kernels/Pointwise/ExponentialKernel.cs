using System.Runtime.CompilerServices;
using static Functional.Kernels.Precision;

namespace Functional.Kernels;

/// <summary>eˣ on f64 lanes: x = k ln 2 + r with |r| ≤ ln 2 / 2, eʳ by a polynomial, the factor 2ᵏ by exponent bits.</summary>
internal static class ExponentialKernel
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Adding 1.5 · 2⁵² rounds to an integer and leaves it, in two's complement, in the low bits.
    private const double Magic = 6755399441055744.0;

    // ln 2 in 40 bits, so that k · Ln2High is exact, and the rest.
    internal const double Ln2High = 0.6931471805592082;
    internal const double Ln2Low = 7.371002565167799e-13;

    /// <summary>The integer nearest to x, |x| &lt; 2⁵⁰.</summary>
    [MethodImpl(Inline)]
    public static T Nearest<T>(T x) where T : struct, ILanes<T> => (x + T.Of(Magic)) - T.Of(Magic);

    /// <summary>2ᵏ for an integer k, |k| ≤ 1022.</summary>
    [MethodImpl(Inline)]
    public static T PowerOfTwo<T>(T k) where T : struct, ILanes<T> =>
        T.AddBits(T.Of(1), T.ShiftLeft(k + T.Of(Magic), 52));

    /// <summary>v · 2ᵏ, rounded once for v near 1 and |k| ≤ 2000: what hardware does in one step.</summary>
    [MethodImpl(Inline)]
    public static T ScaleInSteps<T>(T v, T k) where T : struct, ILanes<T>
    {
        T shifted = T.FusedMultiplyAdd(k, T.Of(0.5), T.Of(Magic));
        return v * T.AddBits(T.Of(1), T.ShiftLeft(shifted, 52)) * PowerOfTwo(k - (shifted - T.Of(Magic)));
    }

    /// <summary>k and r with x = k ln 2 + r.</summary>
    [MethodImpl(Inline)]
    public static (T K, T R) Reduce<T>(T x) where T : struct, ILanes<T>
    {
        T k = T.FusedMultiplyAdd(x, T.Of(1.4426950408889634), T.Of(Magic)) - T.Of(Magic);
        return (k, T.Residual(k, T.Of(Ln2Low), T.Residual(k, T.Of(Ln2High), x)));
    }

    /// <summary>(eʳ − 1 − r) / r², relative error of eʳ 2⁻⁶¹.</summary>
    [MethodImpl(Inline)]
    public static T Tail<T>(T r) where T : struct, ILanes<T> =>
        T.Of(2.0914686968086876e-09)
            .Horner(r, 2.5105217004720745e-08).Horner(r, 2.75572736431103e-07).Horner(r, 2.7557255400206422e-06)
            .Horner(r, 2.4801587325547743e-05).Horner(r, 0.00019841269874820627).Horner(r, 0.0013888888888883748)
            .Horner(r, 0.008333333333326136).Horner(r, 0.04166666666666667).Horner(r, 0.1666666666666667).Horner(r, 0.5);

    /// <summary>eˣ within 0.8 ulp.</summary>
    [MethodImpl(Inline)]
    public static T Exp<T>(T x) where T : struct, ILanes<T> => HeldExp(T.Hold(x, -746, 710));

    /// <summary>e^−|x| within 0.8 ulp.</summary>
    [MethodImpl(Inline)]
    public static T Decay<T>(T x) where T : struct, ILanes<T> => HeldExp(T.Hold(x | T.Of(-0.0), -746, double.PositiveInfinity));

    [MethodImpl(Inline)]
    private static T HeldExp<T>(T x) where T : struct, ILanes<T>
    {
        (T k, T r) = Reduce(x);
        T v = T.FusedMultiplyAdd(r * r, Tail(r), r) + T.Of(1);
        return T.Scale(v, k);
    }

    /// <summary>(eʳ − 1) / r for |r| ≤ ln 2 / 2, relative error 2⁻³².</summary>
    [MethodImpl(Inline)]
    public static T SingleSlope<T>(T r) where T : struct, ILanes<T> =>
        T.Of(0.00019899390183679232)
            .Horner(r, 0.0013941213100006334).Horner(r, 0.008333298344023092).Horner(r, 0.04166635163844457)
            .Horner(r, 0.1666666671931248).Horner(r, 0.5000000047401394).Horner(r, 1.0);

    /// <summary>eˣ for |x| ≤ 700, relative error 2⁻³².</summary>
    [MethodImpl(Inline)]
    public static T SingleExp<T>(T x) where T : struct, ILanes<T>
    {
        (T scale, T r) = SingleReduce(x);
        return T.FusedMultiplyAdd(scale * r, SingleSlope(r), scale);
    }

    /// <summary>eˣ − 1 for |x| ≤ 700, relative error 2⁻³⁰, but for the sign of 0.</summary>
    [MethodImpl(Inline)]
    public static T SingleExpm1<T>(T x) where T : struct, ILanes<T>
    {
        (T scale, T r) = SingleReduce(x);
        return T.FusedMultiplyAdd(scale * r, SingleSlope(r), scale - T.Of(1));
    }

    // 2ᵏ and r with x = k ln 2 + r.
    [MethodImpl(Inline)]
    private static (T Scale, T R) SingleReduce<T>(T x) where T : struct, ILanes<T>
    {
        T shifted = T.FusedMultiplyAdd(x, T.Of(1.4426950408889634), T.Of(Magic));
        return (T.AddBits(T.Of(1), T.ShiftLeft(shifted, 52)), T.Residual(shifted - T.Of(Magic), T.Of(0.6931471805599453), x));
    }

    /// <summary>e^(x + low) / 2ᵏ as a pair near 1, relative error 2⁻⁵⁹; for |x| ≤ 2000.</summary>
    [MethodImpl(Inline)]
    public static (T K, T High, T Low) ExpPair<T>(T x, T low) where T : struct, ILanes<T>
    {
        T k = T.FusedMultiplyAdd(x, T.Of(1.4426950408889634), T.Of(Magic)) - T.Of(Magic);
        T exact = T.Residual(k, T.Of(Ln2High), x);
        (T r, T rLow) = Sum(exact, T.Residual(k, T.Of(Ln2Low), low));
        (T high, T error) = QuickSum(T.Of(1), r);
        T tail = T.FusedMultiplyAdd(r * r, Tail(r), T.FusedMultiplyAdd(rLow, high, error));
        (high, T lower) = QuickSum(high, tail);
        return (k, high, lower);
    }

    /// <summary>e^(x + low) as a pair, where neither overflows nor is subnormal.</summary>
    [MethodImpl(Inline)]
    public static (T High, T Low) ScaledPair<T>(T x, T low) where T : struct, ILanes<T>
    {
        (T k, T high, T lower) = ExpPair(x, low);
        return (T.Scale(high, k), T.Scale(lower, k));
    }
}
