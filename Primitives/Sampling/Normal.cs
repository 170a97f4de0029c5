namespace Functional;

public static partial class TensorMath
{
    /// <summary>
    /// Normally distributed numbers, by G. E. P. Box and M. E. Muller's transform (1958), with tails out to 8.5 deviations in f64 and
    /// f32 alike. Differentiable in the mean and the deviation.
    /// </summary>
    /// <param name="key">What decides the numbers; it is used up.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="mean">0 where none is given; broadcasts to the shape.</param>
    /// <param name="deviation">The standard deviation, 1 where none is given; broadcasts to the shape.</param>
    /// <param name="dtype">f64 or f32.</param>
    /// <exception cref="KeyException">The key has been used.</exception>
    public static Tensor Normal(Key key, Shape shape, Tensor? mean = null, Tensor? deviation = null, DType dtype = DType.Float64)
    {
        var draw = Draw.From("Normal", key, shape, dtype);
        var (distance, angle) = draw.InsideTwice();
        return draw.Placed(Sqrt(-2.0 * Log(distance)) * Cos(2 * Math.PI * angle), mean, deviation);
    }

    /// <summary>
    /// Normally distributed numbers of those between two bounds, by the inverse of the distribution function, accurate far into either
    /// tail. Differentiable in the bounds, the mean and the deviation.
    /// </summary>
    /// <param name="key">What decides the numbers; it is used up.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="low">The lower bound; may be −∞; broadcasts to the shape.</param>
    /// <param name="high">The upper bound; may be ∞; broadcasts to the shape.</param>
    /// <param name="mean">Of the normal distribution, 0 where none is given; broadcasts to the shape.</param>
    /// <param name="deviation">Of the normal distribution, 1 where none is given; broadcasts to the shape.</param>
    /// <param name="dtype">f64 or f32.</param>
    /// <exception cref="KeyException">The key has been used.</exception>
    public static Tensor TruncatedNormal(Key key, Shape shape, Tensor low, Tensor high, Tensor? mean = null, Tensor? deviation = null, DType dtype = DType.Float64)
    {
        // Computed in f64, so that an f32 bound keeps its tail.
        var draw = Draw.From("TruncatedNormal", key, shape, dtype) with { DType = DType.Float64 };
        var (centre, scale) = (draw.Parameter(mean ?? 0.0), draw.Parameter(deviation ?? 1.0));
        var (from, to) = (draw.Parameter(low), draw.Parameter(high));
        var (a, b) = ((from - centre) / scale, (to - centre) / scale);
        // A range on the right is drawn on the left and turned around: there the distribution function keeps its digits.
        var right = a > 0;
        var (below, above) = (Tail(Where(right, -b, a)), Tail(Where(right, -a, b)));
        var quantile = -Math.Sqrt(2) * ErfcInv(below + (draw.Inside() * (above - below)));
        var drawn = centre + (scale * Where(right, -quantile, quantile));
        return Convert(Maximum(Minimum(drawn, to), from), dtype);

        // 2 Φ(x).
        static Tensor Tail(Tensor x) => Erfc(x * -Math.Sqrt(0.5));
    }

    /// <summary>Standard numbers moved and stretched: location + scale · z.</summary>
    private static Tensor Placed(this Draw draw, Tensor standard, Tensor? location, Tensor? scale)
    {
        var drawn = draw.Rounded(standard);
        if (scale is not null) drawn *= draw.Parameter(scale);
        return location is null ? drawn : drawn + draw.Parameter(location);
    }
}
