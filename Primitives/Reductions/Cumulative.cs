using System.Numerics;
using Functional.Programs;

namespace Functional.Primitives;

/// <summary>A running combination along one axis; the shape stays.</summary>
/// <param name="Axis">The axis it runs along.</param>
public abstract record Cumulative(int Axis) : SingleResult
{
    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) =>
        new(results[0].Size, Programs.Cost.Traffic(operands, results));

    /// <inheritdoc/>
    protected sealed override TensorType Result(ReadOnlySpan<TensorType> operands)
    {
        operands[0].Shape.Axis(GetType().Name, Axis);
        return operands[0].DType == DType.Bool
            ? throw new DTypeException($"{GetType().Name}: takes numbers, given {operands[0]}. Convert it first.")
            : operands[0];
    }

    /// <inheritdoc/>
    protected sealed override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
    {
        Dense<double> x => Run(x),
        Dense<float> x => Run(x),
        Dense<int> x => Run(x),
        var x => Run((Dense<long>)x),
    };

    /// <summary>Whether it runs from the last element.</summary>
    protected abstract bool RunsBackward { get; }

    // Each with those that came before it in its lane.
    /// <inheritdoc/>
    protected sealed override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result)
    {
        var (extent, inner) = (result.Shape[Axis], result.Shape[(Axis + 1)..].Size);
        var starts = new int[result.Size + 1];
        var members = new int[(long)result.Size * (extent + 1) / 2];
        var count = 0;
        for (var element = 0; element < result.Size; element++)
        {
            var place = element / inner % extent;
            var first = element - (place * inner);
            for (var other = RunsBackward ? place : 0; other <= (RunsBackward ? extent - 1 : place); other++) members[count++] = first + (other * inner);
            starts[element + 1] = count;
        }
        return operands[0].Pattern.United(starts, members);
    }

    /// <summary>The running combination of [outer, n, inner] along n.</summary>
    protected abstract void Run<T>(ReadOnlySpan<T> source, int n, int inner, Span<T> destination)
        where T : unmanaged, INumber<T>;

    private Tensor Run<T>(Dense<T> x)
        where T : unmanaged, INumber<T>
    {
        var elements = new T[x.Elements.Length];
        if (elements.Length > 0) Run<T>(x.Elements, x.Shape[Axis], x.Shape[(Axis + 1)..].Size, elements);
        return new Dense<T>(elements, x.Type);
    }
}
