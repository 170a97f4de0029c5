namespace Functional;

public static partial class TensorMath
{
    /// <summary>Exponentially distributed waiting times, always above 0. Differentiable in the rate.</summary>
    /// <param name="key">What decides the numbers; it is used up.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="rate">Events in a unit of time, 1 where none is given; broadcasts to the shape.</param>
    /// <param name="dtype">f64 or f32.</param>
    /// <exception cref="KeyException">The key has been used.</exception>
    public static Tensor Exponential(Key key, Shape shape, Tensor? rate = null, DType dtype = DType.Float64)
    {
        var draw = Draw.From("Exponential", key, shape, dtype);
        var times = draw.Rounded(-Log(draw.Inside()));
        return rate is null ? times : times / draw.Parameter(rate);
    }

    /// <summary>Numbers of Gumbel's distribution, that of the largest of many: −ln(−ln u). Differentiable in the location and the scale.</summary>
    /// <param name="key">What decides the numbers; it is used up.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="location">The mode, 0 where none is given; broadcasts to the shape.</param>
    /// <param name="scale">1 where none is given; broadcasts to the shape.</param>
    /// <param name="dtype">f64 or f32.</param>
    /// <exception cref="KeyException">The key has been used.</exception>
    public static Tensor Gumbel(Key key, Shape shape, Tensor? location = null, Tensor? scale = null, DType dtype = DType.Float64)
    {
        var draw = Draw.From("Gumbel", key, shape, dtype);
        return draw.Placed(-Log(-Log(draw.Inside())), location, scale);
    }
}
