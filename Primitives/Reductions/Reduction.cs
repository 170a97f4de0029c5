// The room of reductions: axes combined away.
using Functional.Programs;

namespace Functional.Primitives;

/// <summary>A primitive that combines its operand's elements along axes with a monoid; the other axes are kept in order.</summary>
/// <param name="Axes">The axes that are combined away, ascending.</param>
public abstract record Reduction(Seq<int> Axes) : SingleResult
{
    /// <summary>What combines two elements, and what stands for none.</summary>
    protected abstract Monoid Monoid { get; }

    /// <inheritdoc/>
    protected override TensorType Result(ReadOnlySpan<TensorType> operands)
    {
        var operand = operands[0];
        foreach (var axis in Axes) operand.Shape.Axis(Name, axis);
        return new(operand.DType, operand.Shape.Without(Axes));
    }

    /// <inheritdoc/>
    protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
    {
        Dense<double> x => Folded(x, type),
        Dense<float> x => Folded(x, type),
        Dense<int> x => Folded(x, type),
        Dense<long> x => Folded(x, type),
        var x => throw new DTypeException($"{Name}: takes numbers, given {x.Type}."),
    };

    private Dense<T> Folded<T>(Dense<T> x, TensorType type)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var outer = new T[type.Size];
        // temporary
        var shape = x.Shape; var strides = shape.Strides();
        var kept = Kept(x.Type);
        var keptShape = type.Shape; var ks = keptShape.Strides();
        for (var i = 0; i < x.Elements.Length; i++)
        {
            var o = 0; for (var k = 0; k < kept.Count; k++) o += (i / strides[kept[k]]) % shape[kept[k]] * ks[k];
            outer[o] += x.Elements[i];
        }
        return new(outer, type);
    }

    /// <inheritdoc/>
    protected override Tensor BatchedResult(Seq<Batched> operands, int size) => Over(Axes.Map(axis => axis + 1).Strict()).Apply(operands[0].Value);

    /// <summary>The same reduction over other axes.</summary>
    protected abstract Reduction Over(Seq<int> axes);

    /// <inheritdoc/>
    public override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.Fold(Monoid, Axes);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) =>
        new(Math.Max(0, operands[0].Size - results[0].Size), Programs.Cost.Traffic(operands, results));

    /// <summary>The axes that stay, ascending.</summary>
    protected Seq<int> Kept(TensorType operand)
    {
        var axes = Axes;
        return Enumerable.Range(0, operand.Rank).Where(axis => !axes.Contains(axis)).ToSeq();
    }
}
