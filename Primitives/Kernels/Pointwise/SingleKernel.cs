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

    /// <summary>2ᵏ for an integer k, |k| ≤ 126.</summary>
    [MethodImpl(Inline)]
    public static T PowerOfTwo<T>(T k) where T : struct, ILanes<T> => T.AddBits(T.Of(1), T.ShiftLeft(k + T.Of(Magic), 23));

    /// <summary>v · 2ᵏ, rounded once for v near 1 and |k| ≤ 200: what hardware does in one step.</summary>
    [MethodImpl(Inline)]
    public static T ScaleInSteps<T>(T v, T k) where T : struct, ILanes<T>
    {
        T half = (k * T.Of(0.5) + T.Of(Magic)) - T.Of(Magic);
        return v * PowerOfTwo(half) * PowerOfTwo(k - half);
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
}
