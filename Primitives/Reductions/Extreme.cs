using Functional.Programs;

namespace Functional.Primitives;

/// <summary>The element that stands out along axes, NaN where there is one. The derivative is shared equally among ties: one element of the subdifferential, the most even.</summary>
/// <param name="Axes">The axes that are combined away, ascending; none may be empty.</param>
public abstract record Extreme(Seq<int> Axes) : Reduction(Axes)
{
    /// <inheritdoc/>
    protected override TensorType Result(ReadOnlySpan<TensorType> operands)
    {
        var operand = operands[0];
        foreach (var axis in Axes)
            if (operand.Shape[operand.Shape.Axis(Name, axis)] == 0)
                throw new ShapeException($"{Name}: axis {axis} of {operand} is empty, and of no elements none stands out.");
        return base.Result(operands);
    }

    /// <inheritdoc/>
    protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents)
    {
        if (!result.DType.IsFloat()) return None;
        var x = operands[0];
        var attained = TensorMath.Equal(x, Repeated(result, x.Type));
        var ties = TensorMath.Convert(new Sum(Axes).Apply(TensorMath.Convert(attained, DType.Int64)), result.DType);
        return tangents[0].Map(tangent => new Sum(Axes).Apply(TensorMath.Where(attained, tangent, 0)) / ties);
    }

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler)
    {
        var shape = sampler.Shape(mayBeEmpty: false);
        return new(Over(sampler.Axes(shape.Rank)), Seq1(sampler.Distinct(sampler.Numeric(), shape)));
    }
}
