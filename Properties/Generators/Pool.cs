using Functional.Programs;

namespace Functional.Properties.Generators;

/// <summary>A value of a program being drawn, with what is known of its size.</summary>
/// <param name="Tensor">A value, or a tracer.</param>
/// <param name="Bound">No element is larger in magnitude.</param>
/// <param name="Slope">No element moves faster, when each element of each input moves at a speed of at most 1.</param>
internal sealed record Bounded(Tensor Tensor, double Bound, double Slope)
{
    internal TensorType Type => Tensor.Type;
}

/// <summary>The values that the steps of a drawn program have made so far, to draw the operands of the next from.</summary>
internal sealed class Pool
{
    // Values and slopes stay in a range where differences have many digits.
    private const double Most = 8;

    private readonly List<Bounded> values = [];

    internal IReadOnlyList<Bounded> Values => values;

    /// <summary>The nearest that any element came to a kink or a jump; known where the function ran on values.</summary>
    internal double Margin { get; private set; } = double.PositiveInfinity;

    internal void Add(Bounded value) => values.Add(Tamed(value));

    /// <summary>One of the values that fit: half of the time one of the latest four, so that programs grow deep and fan out.</summary>
    internal Bounded? Draw(Sampler sampler, Func<TensorType, bool> fits)
    {
        var fitting = values.Where(value => fits(value.Type)).ToArray();
        if (fitting.Length == 0) return null;
        return sampler.Flip() ? fitting[^sampler.Integer(1, Math.Min(4, fitting.Length))] : fitting[sampler.Integer(0, fitting.Length - 1)];
    }

    /// <summary>A value of floats.</summary>
    internal Bounded Float(Sampler sampler) => Draw(sampler, type => type.DType.IsFloat())!;

    /// <summary>A value of the same element type that broadcasts with this one to a shape that is not too large; itself where there is no other.</summary>
    internal Bounded Beside(Bounded value, Sampler sampler) =>
        Draw(sampler, type => type.DType == value.Type.DType && Broadcasts(type.Shape, value.Type.Shape)) ?? value;

    /// <summary>Remembers how near elements came to 0, where the next step has a kink.</summary>
    internal void Kink(Tensor distance)
    {
        if (distance is Dense) Margin = Numbers.Of(distance).Select(Math.Abs).Append(Margin).Min();
    }

    /// <summary>Whether two shapes broadcast together.</summary>
    internal static bool Broadcasts(Shape x, Shape y) =>
        Enumerable.Range(1, Math.Min(x.Rank, y.Rank)).All(i => x[^i] == y[^i] || x[^i] == 1 || y[^i] == 1)
        && (x.Rank == y.Rank || (x.Rank < y.Rank ? x : y).Size * (x.Rank < y.Rank ? y : x).Size <= ProgramSteps.Largest * ProgramSteps.Largest);

    private static Bounded Tamed(Bounded value)
    {
        var excess = Math.Max(value.Bound, value.Slope);
        if (!value.Type.DType.IsFloat() || excess <= Most) return value;
        // A power of two: a scale that rounds nothing and reads well.
        var scale = Math.Pow(2, -Math.Ceiling(Math.Log2(excess)));
        return new(value.Tensor * scale, value.Bound * scale, value.Slope * scale);
    }
}
