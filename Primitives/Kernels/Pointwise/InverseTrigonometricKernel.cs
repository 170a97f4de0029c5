using System.Runtime.CompilerServices;
using static Functional.Kernels.Precision;

namespace Functional.Kernels;

/// <summary>arcsin and the angle of a point on f64 lanes, with π/4 as a pair.</summary>
internal static class InverseTrigonometricKernel
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private const double Quarter = 0.7853981633974483;
    private const double QuarterLow = 3.061616997868383e-17;

    /// <summary>(arcsin x − x) / x³ at z = x² ≤ ¼.</summary>
    [MethodImpl(Inline)]
    private static T ArcsineTail<T>(T z) where T : struct, ILanes<T> =>
        T.Of(0.02877844261259322)
            .Horner(z, -0.014881409392818349).Horner(z, 0.01741935796488505).Horner(z, 0.005450878187720473)
            .Horner(z, 0.010324318288744132).Horner(z, 0.011478952690257383).Horner(z, 0.013971235301124539)
            .Horner(z, 0.017352391265909227).Horner(z, 0.022372173002005596).Horner(z, 0.030381944137085216)
            .Horner(z, 0.04464285714637338).Horner(z, 0.07499999999998425).Horner(z, 0.16666666666666669);

    /// <summary>
    /// Where |x| ≤ ½ (<c>Near</c>) arcsin|x|, elsewhere arccos|x| = 2 arcsin √((1 − |x|)/2), as a pair.
    /// </summary>
    [MethodImpl(Inline)]
    private static (T Near, T High, T Low) Fold<T>(T x) where T : struct, ILanes<T>
    {
        T magnitude = T.Abs(x);
        T near = T.LessOrEqual(magnitude, T.Of(0.5));
        T squared = (T.Of(1) - magnitude) * T.Of(0.5);
        T z = T.Select(near, magnitude * magnitude, squared);
        (T root, T rootLow) = SquareRoot(squared, T.Of(0));
        T s = T.Select(near, magnitude, root);
        T low = T.FusedMultiplyAdd(s * z, ArcsineTail(z), T.Select(near, T.Of(0), rootLow));
        T twice = T.Select(near, T.Of(1), T.Of(2));
        return (near, twice * s, twice * low);
    }

    /// <summary>arcsin x.</summary>
    [MethodImpl(Inline)]
    public static T Arcsine<T>(T x) where T : struct, ILanes<T>
    {
        (T near, T high, T low) = Fold(x);
        (T sum, T error) = QuickSum(T.Of(2 * Quarter), -high);
        T far = sum + (error + (T.Of(2 * QuarterLow) - low));
        return CopySign(T.Select(near, high + low, far), x);
    }

    /// <summary>arccos x.</summary>
    [MethodImpl(Inline)]
    public static T Arccosine<T>(T x) where T : struct, ILanes<T>
    {
        (T near, T high, T low) = Fold(x);
        T negative = SignMask(x);
        // near: π/2 ∓ arcsin|x|; far: arccos|x| or π − arccos|x|.
        T quarters = T.Select(near, T.Of(2), negative & T.Of(4));
        T sign = T.Of(-0.0) & (near ^ negative);
        (T sum, T error) = QuickSum(quarters * T.Of(Quarter), high ^ sign);
        return sum + (error + T.FusedMultiplyAdd(quarters, T.Of(QuarterLow), low ^ sign));
    }

    /// <summary>(arctan t − t) / t³ at z = t² ≤ ¼.</summary>
    [MethodImpl(Inline)]
    private static T ArctangentTail<T>(T z) where T : struct, ILanes<T> =>
        T.Of(0.0076520459271551605)
            .Horner(z, -0.021675579976416733).Horner(z, 0.033981740133639804).Horner(z, -0.04183153509510544)
            .Horner(z, 0.04729905909510771).Horner(z, -0.052587105453944225).Horner(z, 0.05881912329940367)
            .Horner(z, -0.06666636006378057).Horner(z, 0.07692306236122758).Horner(z, -0.09090909045918692)
            .Horner(z, 0.11111111110275738).Horner(z, -0.1428571428570617).Horner(z, 0.19999999999999968)
            .Horner(z, -0.3333333333333333);

    /// <summary>
    /// The angle in [0, π] of (x, y) where <paramref name="left"/> says x &lt; 0, for 0 ≤ |x|, |y| given without
    /// signs, finite, the larger of normal inverse: a multiple of π/4 and arctan t, |t| ≤ ½.
    /// </summary>
    [MethodImpl(Inline)]
    public static T Angle<T>(T y, T x, T left) where T : struct, ILanes<T>
    {
        T steep = T.Less(x, y);
        T small = T.Select(steep, x, y);
        T large = T.Select(steep, y, x);
        T diagonal = T.Less(large, small + small);
        (T sum, T sumLow) = QuickSum(large, small);
        (T t, T tLow) = Quotient(
            T.Select(diagonal, small - large, small), T.Of(0),
            T.Select(diagonal, sum, large), T.Select(diagonal, sumLow, T.Of(0)));
        T z = t * t;
        tLow = T.FusedMultiplyAdd(t * z, ArctangentTail(z), tLow);
        // θ = q + τ with q quarters of π; steep turns it to 2 − θ, left to 4 − θ.
        T quarters = diagonal & T.Of(1);
        quarters = T.Select(steep, T.Of(2) - quarters, quarters);
        quarters = T.Select(left, T.Of(4) - quarters, quarters);
        T sign = T.Of(-0.0) & (steep ^ left);
        (T turn, T turnLow) = Product(quarters, T.Of(Quarter));
        turnLow = T.FusedMultiplyAdd(quarters, T.Of(QuarterLow), turnLow);
        (T high, T low) = QuickSum(turn, t ^ sign);
        return high + (low + (turnLow + (tLow ^ sign)));
    }

    /// <summary>arctan x.</summary>
    [MethodImpl(Inline)]
    public static T Arctangent<T>(T x) where T : struct, ILanes<T>
    {
        // From 2⁶⁰ on the angle is π/2 to the last bit; NaN passes every comparison by.
        T magnitude = T.Abs(x);
        magnitude = T.Select(T.Less(T.Of(1.152921504606846976e18), magnitude), T.Of(1.152921504606846976e18), magnitude);
        return CopySign(Angle(magnitude, T.Of(1), T.Of(0)), x);
    }

    /// <summary>The angle in [−π, π] of (x, y), with C's conventions at zeros and infinities.</summary>
    [MethodImpl(Inline)]
    public static T Arctangent2<T>(T y, T x) where T : struct, ILanes<T>
    {
        T infinity = T.Of(double.PositiveInfinity);
        T height = T.Abs(y), width = T.Abs(x);
        T large = T.Max(height, width);
        T scale = T.Select(T.Less(T.Of(1e150), large), T.Of(8.636168555094445e-78),
            T.Select(T.Less(large, T.Of(1e-150)), T.Of(4.149515568880993e180), T.Of(1)));
        // With an infinity only which of the two is infinite matters; the angle of the origin is that of (±1, ±0).
        T infinite = T.Equal(large, infinity);
        T origin = T.Equal(large, T.Of(0));
        T scaledY = T.Select(infinite, T.Equal(height, infinity) & T.Of(1), height * scale);
        T scaledX = T.Select(infinite, T.Equal(width, infinity) & T.Of(1), width * scale);
        scaledX = T.Select(origin, T.Of(1), scaledX);
        T angle = CopySign(Angle(scaledY, scaledX, SignMask(x)), y);
        return T.Select(T.Equal(large, large), angle, x + y);
    }
}
