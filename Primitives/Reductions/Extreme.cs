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
            if (operand.Shape[operand.Shape.Axis(GetType().Name, axis)] == 0)
                throw new ShapeException($"{GetType().Name}: axis {axis} of {operand} is empty, and of no elements none stands out.");
        return base.Result(operands);
    }

    /// <inheritdoc/>
    protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents)
    {
        if (!result.DType.IsFloat()) return None;
        var x = operands[0];
        // Where the result is NaN nothing is beaten and all share, in both modes alike; those that are not beaten are never none.
        var beaten = Beaten(x, Repeated(result, x.Type));
        var count = Axes.Fold(1, (size, axis) => size * x.Shape[axis]);
        var ties = TensorMath.Convert(count - new Sum(Axes).Apply(TensorMath.Convert(beaten, DType.Int64)), result.DType);
        return tangents[0].Map(tangent => new Sum(Axes).Apply(TensorMath.Where(beaten, 0, tangent)) / ties);
    }

    /// <summary>Which elements do not attain the result.</summary>
    protected abstract Tensor Beaten(Tensor x, Tensor result);

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler)
    {
        var shape = sampler.Shape(mayBeEmpty: false);
        return new(Over(sampler.Axes(shape.Rank)), Seq1(sampler.Distinct(sampler.Numeric(), shape)));
    }
}
