using Functional.Programs;

namespace Functional.Primitives;

/// <summary>Truth values combined along axes.</summary>
/// <param name="Axes">The axes that are combined away, ascending.</param>
public abstract record Quantifier(Seq<int> Axes) : Reduction(Axes)
{
    /// <inheritdoc/>
    protected sealed override TensorType Result(ReadOnlySpan<TensorType> operands)
    {
        var operand = operands[0];
        foreach (var axis in Axes) operand.Shape.Axis(GetType().Name, axis);
        return operand.DType == DType.Bool
            ? new(DType.Bool, operand.Shape.Without(Axes))
            : throw new DTypeException($"{GetType().Name}: takes truth values, given {operand}. Compare it with something first.");
    }

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => None;

    /// <inheritdoc/>
    public sealed override Application Sample(Sampler sampler)
    {
        var shape = sampler.Shape();
        return new(Over(sampler.Axes(shape.Rank)), Seq1(sampler.Tensor(DType.Bool, shape)));
    }
}
