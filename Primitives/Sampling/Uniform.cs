using Functional.Primitives;

namespace Functional;

public static partial class TensorMath
{
    /// <summary>Numbers evenly between two bounds, with the lower, without the upper: all 53 bits in f64, all 24 in f32. Differentiable in the bounds.</summary>
    /// <param name="key">What decides the numbers; it is used up.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="low">The lower bound, 0 where none is given; broadcasts to the shape.</param>
    /// <param name="high">The upper bound, 1 where none is given; broadcasts to the shape.</param>
    /// <param name="dtype">f64 or f32.</param>
    /// <exception cref="KeyException">The key has been used.</exception>
    public static Tensor Uniform(Key key, Shape shape, Tensor? low = null, Tensor? high = null, DType dtype = DType.Float64)
    {
        var draw = Draw.From("Uniform", key, shape, dtype);
        var unit = new RandomUnit(shape, dtype, Inside: false).Apply(draw.Words);
        if (low is null && high is null) return unit;
        var (lower, upper) = (draw.Parameter(low ?? 0.0), draw.Parameter(high ?? 1.0));
        var between = lower + (unit * (upper - lower));
        // What rounds up to the upper bound counts for the lower, whose cell rounding has left but half as wide.
        return Where(between < upper, between, lower);
    }

    /// <summary>Integers from <paramref name="low"/> up to before <paramref name="high"/>, each equally often.</summary>
    /// <param name="key">What decides the numbers; it is used up.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="low">The least integer.</param>
    /// <param name="high">The one after the greatest.</param>
    /// <param name="dtype">i64 or i32.</param>
    /// <exception cref="ArgumentException">There is no integer between the bounds.</exception>
    /// <exception cref="KeyException">The key has been used.</exception>
    public static Tensor RandomIntegers(Key key, Shape shape, long low, long high, DType dtype = DType.Int64)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (low >= high) throw new ArgumentException($"RandomIntegers: there is no integer from {low} up to before {high}.", nameof(high));
        if (!dtype.IsInteger()) throw new DTypeException($"RandomIntegers: draws i32 or i64, not {dtype.Name()}. Convert them afterwards.");
        if (dtype == DType.Int32 && (low < int.MinValue || high - 1 > int.MaxValue)) throw new ArgumentException($"RandomIntegers: {low} up to before {high} does not fit i32.", nameof(high));
        var drawn = new RandomBelow(shape, unchecked((ulong)high - (ulong)low)).Apply(key.Use("RandomIntegers"));
        return Convert(low == 0 ? drawn : drawn + low, dtype);
    }

    /// <summary>Truth values, each true with a probability of its own.</summary>
    /// <param name="key">What decides the values; it is used up.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="probability">Of true, ½ where none is given; broadcasts to the shape. At 0 none is true, at 1 all are.</param>
    /// <exception cref="KeyException">The key has been used.</exception>
    public static Tensor Bernoulli(Key key, Shape shape, Tensor? probability = null)
    {
        var draw = Draw.From("Bernoulli", key, shape, DType.Float64);
        return Uniform(draw.Key, shape) < draw.Parameter(probability ?? 0.5);
    }
}

/// <summary>What the distributions share: a key in its one use, the shape drawn for it, the type of the numbers.</summary>
internal readonly record struct Draw(string Operation, Tensor Words, Shape Shape, DType DType)
{
    /// <summary>The key again, for the distribution that this one is made of.</summary>
    internal Key Key => new(Words);

    /// <summary>Uses a key.</summary>
    /// <exception cref="KeyException">The key has been used.</exception>
    internal static Draw From(string operation, Key key, Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(key);
        return dtype.IsFloat()
            ? new(operation, key.Use(operation), shape, dtype)
            : throw new DTypeException($"{operation}: draws f32 or f64, not {dtype.Name()}. Convert the numbers afterwards.");
    }

    /// <summary>A parameter in the type of the numbers, of their shape or a scalar.</summary>
    /// <exception cref="ShapeException">It does not broadcast to the shape.</exception>
    internal Tensor Parameter(Tensor value)
    {
        var number = TensorMath.Convert(value, DType);
        if (number.Rank == 0) return number;
        var full = Words.Shape.Concat(Shape);
        return TensorMath.Broadcasted(Operation, number.Type, new(DType, full)) == full
            ? TensorMath.BroadcastTo(number, full)
            : throw new ShapeException($"{Operation}: a parameter {value.Type} is larger than the shape {full} that is drawn. Draw with its shape.");
    }

    /// <summary>Numbers evenly between 0 and 1, with neither, in f64: (k + ½) / 2⁵² for 52 random bits k.</summary>
    internal Tensor Inside() => Inside(Words);

    /// <summary>Two independent ones.</summary>
    internal (Tensor First, Tensor Second) InsideTwice()
    {
        var children = new RandomSplit(2).Apply(Words);
        return (Inside(Child(0)), Inside(Child(1)));

        Tensor Child(int child) => TensorMath.Squeeze(TensorMath.Along(children, children.Rank - 1, child, 1), -1);
    }

    /// <summary>The numbers in the type asked for.</summary>
    internal Tensor Rounded(Tensor numbers) => TensorMath.Convert(numbers, DType);

    private Tensor Inside(Tensor words) => new RandomUnit(Shape, DType.Float64, Inside: true).Apply(words);
}
