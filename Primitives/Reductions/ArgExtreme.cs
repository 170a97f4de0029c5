using System.Numerics;
using Functional.Kernels;
using Functional.Programs;

namespace Functional.Primitives;

/// <summary>The place along an axis of the element that stands out, in i64: the first of ties, and NaN before every number.</summary>
/// <param name="Axis">The axis that is combined away; it may not be empty.</param>
public abstract record ArgExtreme(int Axis) : SingleResult
{
    /// <summary>What picks the element: the maximum or the minimum.</summary>
    protected abstract Monoid Monoid { get; }

    /// <summary>The same along another axis.</summary>
    protected abstract ArgExtreme Along(int axis);

    /// <inheritdoc/>
    public sealed override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) =>
        new(operands[0].Size, Programs.Cost.Traffic(operands, results));

    /// <inheritdoc/>
    protected sealed override TensorType Result(ReadOnlySpan<TensorType> operands)
    {
        var operand = operands[0];
        if (operand.Shape[operand.Shape.Axis(GetType().Name, Axis)] == 0)
            throw new ShapeException($"{GetType().Name}: axis {Axis} of {operand} is empty, and of no elements none stands out.");
        return operand.DType == DType.Bool
            ? throw new DTypeException($"{GetType().Name}: takes numbers, given {operand}. Convert it first.")
            : new(DType.Int64, operand.Shape.Without([Axis]));
    }

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => None;

    /// <inheritdoc/>
    protected sealed override Tensor BatchedResult(Seq<Batched> operands, int size) => Along(Axis + 1).Apply(operands[0].Value);

    /// <inheritdoc/>
    protected sealed override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
    {
        Dense<double> x => Found(x, type),
        Dense<float> x => Found(x, type),
        Dense<int> x => Found(x, type),
        var x => Found((Dense<long>)x, type),
    };

    /// <inheritdoc/>
    public sealed override Application Sample(Sampler sampler)
    {
        var shape = sampler.Shape(lowestRank: 1, mayBeEmpty: false);
        return new(Along(sampler.Integer(0, shape.Rank - 1)), Seq1(sampler.Distinct(sampler.Numeric(), shape)));
    }

    private Tensor Found<T>(Dense<T> x, TensorType type)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var extremes = new T[type.Size];
        var places = new long[type.Size];
        if (Monoid == Monoid.Maximum) Fold.Along<T, MaximumFold<T>>(x.Elements, x.Shape.Extents, [Axis], extremes);
        else Fold.Along<T, MinimumFold<T>>(x.Elements, x.Shape.Extents, [Axis], extremes);
        Places.First<T>(x.Elements, x.Shape[Axis], x.Shape[(Axis + 1)..].Size, extremes, places);
        return Values.Of(places, type.Shape);
    }
}
