using System.Runtime.CompilerServices;
using static Functional.Kernels.Precision;

namespace Functional.Kernels;

/// <summary>
/// Functions on f32 lanes. Coefficients are minimax fits in f32 (Lawson's reweighted least squares, the coefficients rounded
/// one after another, lowest first); the bounds beside them are of the polynomial alone, an f32 unit being 2⁻²⁴ or 2⁻²³.
/// </summary>
internal static class SingleKernel
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Adding 1.5 · 2²³ rounds to an integer and leaves it, in two's complement, in the low bits.
    private const double Magic = 12582912.0;

    // ln 2 in 24 bits and the rest: with fused multiplication x − k · Ln2High is exact for |k| < 2⁸.
    private const double Ln2High = 0.6931471824645996;
    private const double Ln2Low = -1.9046542121259336e-09;

    // ln 2 in 16 bits, so that k · Ln2Short is exact for |k| ≤ 2⁸, and the rest.
    private const double Ln2Short = 0.693145751953125;
    private const double Ln2Rest = 1.428606765330187e-06;
    private const double RootHalf = 0.7071067690849304;
    private const double LeastNormal = 1.1754943508222875e-38;

    /// <summary>2ᵏ for an integer k, |k| ≤ 126.</summary>
    [MethodImpl(Inline)]
    public static T PowerOfTwo<T>(T k) where T : struct, ILanes<T> => T.AddBits(T.Of(1), T.ShiftLeft(k + T.Of(Magic), 23));

    /// <summary>v · 2ᵏ, rounded once for v near 1 and |k| ≤ 200: what hardware does in one step.</summary>
    [MethodImpl(Inline)]
    public static T ScaleInSteps<T>(T v, T k) where T : struct, ILanes<T>
    {
        T shifted = T.FusedMultiplyAdd(k, T.Of(0.5), T.Of(Magic));
        return v * T.AddBits(T.Of(1), T.ShiftLeft(shifted, 23)) * PowerOfTwo(k - (shifted - T.Of(Magic)));
    }

    /// <summary>eˣ, from ∞ down to subnormal numbers and 0.</summary>
    [MethodImpl(Inline)]
    public static T Exp<T>(T x) where T : struct, ILanes<T> => HeldExp(T.Hold(x, -104, 89));

    /// <summary>e^−|x|.</summary>
    [MethodImpl(Inline)]
    public static T Decay<T>(T x) where T : struct, ILanes<T> => HeldExp(T.Hold(x | T.Of(-0.0), -104, double.PositiveInfinity));

    // (eʳ − 1)/r on |r| ≤ ln 2 / 2, to 2⁻²⁸ of eʳ.
    [MethodImpl(Inline)]
    private static T HeldExp<T>(T x) where T : struct, ILanes<T>
    {
        T k = T.FusedMultiplyAdd(x, T.Of(1.4426950408889634), T.Of(Magic)) - T.Of(Magic);
        T r = T.FusedMultiplyAdd(k, T.Of(-Ln2Low), T.FusedMultiplyAdd(k, T.Of(-Ln2High), x));
        T slope = T.Of(0.0013821469619870186)
            .Horner(r, 0.008368662558495998).Horner(r, 0.041668254882097244).Horner(r, 0.1666652113199234)
            .Horner(r, 0.4999999403953552).Horner(r, 1);
        return T.Scale(slope.Horner(r, 1), k);
    }

    // Below 0.7 (tanh x − x)/x³ in x², to 2⁻³⁰ of tanh x.
    /// <summary>tanh x = 1 − 2/(e²ˣ + 1) for large |x|; a polynomial for small.</summary>
    [MethodImpl(Inline)]
    public static T Tanh<T>(T x) where T : struct, ILanes<T>
    {
        T magnitude = T.Abs(x), z = x * x;
        T p = T.Of(0.0019009874667972326)
            .Horner(z, -0.007891555316746235).Horner(z, 0.021575909107923508).Horner(z, -0.05392228811979294)
            .Horner(z, 0.13333000242710114).Horner(z, -0.33333325386047363);
        T near = T.FusedMultiplyAdd(magnitude * z, p, magnitude);
        T far = T.Of(1) - T.Of(2) / (HeldExp(T.Hold(magnitude + magnitude, double.NegativeInfinity, 20)) + T.Of(1));
        return CopySign(T.Select(T.Less(magnitude, T.Of(0.7)), near, far), x);
    }

    // Where some lane needs another form, all are computed again out of line: what lives across a call, taken or not, goes through memory.
    /// <summary>ln x; on f64 lanes where x is no normal positive number.</summary>
    [MethodImpl(Inline)]
    public static T Log<T>(T x) where T : struct, ILanes<T> => T.Any(~IsNormal(x)) ? AnyLog(x) : NormalLog(x);

    /// <summary>sin(x + shift · π/2), shift 0 or 1; on f64 lanes where |x| is 2¹⁴ or more.</summary>
    [MethodImpl(Inline)]
    public static T Sine<TWide, T>(T x, int shift)
        where TWide : struct, IWideUnary
        where T : struct, ILanes<T> => T.Any(~IsNear(x)) ? AnySine<TWide, T>(x, shift) : NearSine(x, shift);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T AnyLog<T>(T x) where T : struct, ILanes<T> => T.Select(IsNormal(x), NormalLog(x), T.Widened<WideLog>(x));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T AnySine<TWide, T>(T x, int shift)
        where TWide : struct, IWideUnary
        where T : struct, ILanes<T> => T.Select(IsNear(x), NearSine(x, shift), T.Widened<TWide>(x));

    [MethodImpl(Inline)]
    internal static T IsNormal<T>(T x) where T : struct, ILanes<T> => T.LessOrEqual(T.Of(LeastNormal), x) & T.Less(x, T.Of(double.PositiveInfinity));

    [MethodImpl(Inline)]
    internal static T IsNear<T>(T x) where T : struct, ILanes<T> => T.Less(T.Abs(x), T.Of(16384));

    // x = 2ᵏ m with m in [√½, √2), f = m − 1; (ln(1 + f) − f + f²/2)/f³ to 2⁻³⁰ of ln(1 + f).
    [MethodImpl(Inline)]
    internal static T NormalLog<T>(T x) where T : struct, ILanes<T>
    {
        T exponent = T.ShiftRightArithmetic(T.SubtractBits(x, T.Of(RootHalf)), 23);
        T f = T.SubtractBits(x, T.ShiftLeft(exponent, 23)) - T.Of(1), k = T.AddBits(exponent, T.Of(Magic)) - T.Of(Magic);
        T p = T.Of(0.06749267876148224)
            .Horner(f, -0.11670097708702087).Horner(f, 0.11883548647165298).Horner(f, -0.12406233698129654)
            .Horner(f, 0.14220358431339264).Horner(f, -0.16667988896369934).Horner(f, 0.2000207155942917)
            .Horner(f, -0.25000008940696716).Horner(f, 0.3333331346511841).Horner(f, -0.5);
        (T high, T low) = QuickSum(k * T.Of(Ln2Short), f);
        return high + T.FusedMultiplyAdd(f * f, p, T.FusedMultiplyAdd(k, T.Of(Ln2Rest), low));
    }

    // |x| = k π/2 + r + low by three parts of π/2, the first product exact by fused multiplication; (sin r − r)/r³ and
    // (cos r − 1 + r²/2)/r⁴ in r² on |r| ≤ π/4, to 2⁻²⁷ of sin r and 2⁻³² of cos r.
    [MethodImpl(Inline)]
    internal static T NearSine<T>(T x, int shift) where T : struct, ILanes<T>
    {
        T magnitude = T.Abs(x);
        T quadrant = T.FusedMultiplyAdd(magnitude, T.Of(0.6366197723675814), T.Of(Magic));
        T k = quadrant - T.Of(Magic);
        T exact = T.FusedMultiplyAdd(k, T.Of(-1.5707963705062866), magnitude);
        T second = k * T.Of(4.371138828673793e-08);
        (T r, T low) = QuickSum(exact, second);
        low -= T.FusedMultiplyAdd(k, T.Of(-1.7151245100058819e-15), T.Residual(k, T.Of(4.371138828673793e-08), second));
        T z = r * r;
        T sine = r + T.FusedMultiplyAdd(r * z, T.Of(-0.0001951809972524643).Horner(z, 0.008332188241183758).Horner(z, -0.16666655242443085), low);
        T cosine = T.Of(2.4432327336398885e-05).Horner(z, -0.0013887309469282627).Horner(z, 0.04166664555668831).Horner(z, -0.5).Horner(z, 1);
        T turned = shift == 0 ? quadrant : T.AddBits(quadrant, T.Of(float.Epsilon));
        T odd = T.ShiftRightArithmetic(T.ShiftLeft(turned, 31), 31), sign = T.ShiftLeft(turned, 30);
        return T.Select(odd, cosine, sine) ^ ((shift == 0 ? sign ^ x : sign) & T.Of(-0.0));
    }
}
