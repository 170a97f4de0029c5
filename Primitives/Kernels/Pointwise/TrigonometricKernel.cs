using System.Runtime.CompilerServices;
using static Functional.Kernels.Precision;

namespace Functional.Kernels;

/// <summary>
/// sin, cos, tan on f64 lanes: x = k π/2 + r by Cody and Waite with three parts of π/2, where fused multiplication makes
/// the first subtraction exact; polynomials on |r| ≤ π/4. Lanes with |x| ≥ 2³⁰ take System.Math's Payne–Hanek reduction.
/// </summary>
internal static class TrigonometricKernel
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private const double Magic = 6755399441055744.0;

    /// <summary>Where the three parts of π/2 end to suffice.</summary>
    public const double Far = 1073741824.0;

    /// <summary>Whether they suffice. Where they do not for some lane, all are computed again out of line: what lives across a call, taken or not, goes through memory.</summary>
    [MethodImpl(Inline)]
    public static T IsNear<T>(T x) where T : struct, ILanes<T> => T.Less(T.Abs(x), T.Of(Far));

    /// <summary>The quadrant k in the low bits of a register, and r + low = x − k π/2.</summary>
    [MethodImpl(Inline)]
    public static (T Quadrant, T R, T Low) Reduce<T>(T x) where T : struct, ILanes<T>
    {
        T quadrant = T.FusedMultiplyAdd(x, T.Of(0.6366197723675814), T.Of(Magic));
        T k = quadrant - T.Of(Magic);
        T exact = T.Residual(k, T.Of(1.5707963267948966), x);
        T rest = k * T.Of(6.123233995736766e-17), restLow = T.Residual(k, T.Of(6.123233995736766e-17), rest);
        (T r, T low) = Difference(exact, rest);
        return (quadrant, r, low + T.FusedMultiplyAdd(k, T.Of(1.4973849048591698e-33), restLow));
    }

    /// <summary>sin(r + low) − r for |r| ≤ π/4.</summary>
    [MethodImpl(Inline)]
    public static T SinTail<T>(T r, T low) where T : struct, ILanes<T>
    {
        T z = r * r;
        T p = T.Of(1.5917988979397435e-10)
            .Horner(z, -2.5051129896450185e-08).Horner(z, 2.7557316093198404e-06).Horner(z, -0.00019841269836740532)
            .Horner(z, 0.008333333333330936).Horner(z, -0.16666666666666666);
        return T.FusedMultiplyAdd(z * r, p, T.FusedMultiplyAdd(T.Of(-0.5) * z, low, low));
    }

    /// <summary>cos(r + low) as a pair, for |r| ≤ π/4.</summary>
    [MethodImpl(Inline)]
    public static (T High, T Low) CosPair<T>(T r, T low) where T : struct, ILanes<T>
    {
        T z = r * r;
        T p = T.Of(-1.138254464534925e-11)
            .Horner(z, 2.087614504941318e-09).Horner(z, -2.755731726587808e-07).Horner(z, 2.48015872987544e-05)
            .Horner(z, -0.0013888888888887389).Horner(z, 0.041666666666666664);
        T half = T.Of(0.5) * z, halfLow = T.Of(0.5) * T.Residual(r, r, z);
        T high = T.Of(1) - half;
        return (high, ((T.Of(1) - high) - half) + (T.FusedMultiplyAdd(z * z, p, halfLow) - r * low));
    }

    /// <summary>sin(x + shift · π/2) for |x| &lt; 2³⁰, shift 0 or 1.</summary>
    [MethodImpl(Inline)]
    public static T Sine<T>(T x, int shift) where T : struct, ILanes<T>
    {
        (T quadrant, T r, T low) = Reduce(x);
        quadrant = T.AddBits(quadrant, T.OfBits(shift));
        T sine = r + SinTail(r, low);
        (T cosine, T cosineLow) = CosPair(r, low);
        T odd = SignMask(T.ShiftLeft(quadrant, 63));
        T sign = T.ShiftLeft(quadrant, 62) & T.Of(-0.0);
        return T.Select(odd, cosine + cosineLow, sine) ^ sign;
    }

    /// <summary>sin(x + shift · π/2) for an f32 |x| &lt; 2³⁰, relative error 2⁻²⁸.</summary>
    [MethodImpl(Inline)]
    public static T SingleSine<T>(T x, int shift) where T : struct, ILanes<T>
    {
        T quadrant = T.FusedMultiplyAdd(x, T.Of(0.6366197723675814), T.Of(Magic));
        T k = quadrant - T.Of(Magic);
        T r = T.Residual(k, T.Of(6.123233995736766e-17), T.Residual(k, T.Of(1.5707963267948966), x));
        quadrant = T.AddBits(quadrant, T.OfBits(shift));
        T z = r * r;
        T sine = r * T.Of(2.7249314054698804e-06)
            .Horner(z, -0.00019840082012765537).Horner(z, 0.008333331865959415).Horner(z, -0.16666666663832763).Horner(z, 1);
        T cosine = T.Of(-2.7300448619488353e-07)
            .Horner(z, 2.4800596435621998e-05).Horner(z, -0.0013888887664713619).Horner(z, 0.0416666666643024).Horner(z, -0.5).Horner(z, 1);
        T odd = SignMask(T.ShiftLeft(quadrant, 63));
        T sign = T.ShiftLeft(quadrant, 62) & T.Of(-0.0);
        return T.Select(odd, cosine, sine) ^ sign;
    }

    /// <summary>tan x for |x| &lt; 2³⁰: the quotient of two pairs.</summary>
    [MethodImpl(Inline)]
    public static T Tangent<T>(T x) where T : struct, ILanes<T>
    {
        (T quadrant, T r, T low) = Reduce(x);
        (T sine, T sineLow) = QuickSum(r, SinTail(r, low));
        (T cosine, T cosineLow) = CosPair(r, low);
        (cosine, cosineLow) = QuickSum(cosine, cosineLow);
        T odd = SignMask(T.ShiftLeft(quadrant, 63));
        (T high, T error) = Quotient(
            T.Select(odd, -cosine, sine), T.Select(odd, -cosineLow, sineLow),
            T.Select(odd, sine, cosine), T.Select(odd, sineLow, cosineLow));
        return high + error;
    }
}
