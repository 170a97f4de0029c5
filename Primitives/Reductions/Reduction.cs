// The room of reductions: axes combined away, running combinations along an axis, and what statistics makes of them.
// Sums and products are pairwise, so their error grows with the logarithm of the count; NaN wins over every number.
// A function has two forms: axes alone drop them, and keepDims: true before them leaves each with extent 1.
using System.Numerics;
using System.Runtime.InteropServices;
using Functional.Kernels;
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
        foreach (var axis in Axes) operand.Shape.Axis(GetType().Name, axis);
        return operand.DType == DType.Bool
            ? throw new DTypeException($"{GetType().Name}: takes numbers, given {operand}. Convert it first, or use Any or All.")
            : new(operand.DType, operand.Shape.Without(Axes));
    }

    /// <inheritdoc/>
    protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
    {
        Dense<double> x => Folded(x, type),
        Dense<float> x => Folded(x, type),
        Dense<int> x => Folded(x, type),
        Dense<long> x => Folded(x, type),
        var x => Truths((Dense<bool>)x, type),
    };

    /// <inheritdoc/>
    protected override Tensor BatchedResult(Seq<Batched> operands, int size) => Over(Axes.Map(axis => axis + 1).Strict()).Apply(operands[0].Value);

    /// <inheritdoc/>
    protected override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result) =>
        operands[0].Pattern.Placed(Repeated(Ordinals.Of(result.Shape), operands[0].Type).Elements<int>(), result.Size);

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

    /// <summary>A result repeated along the axes that were combined away.</summary>
    protected Tensor Repeated(Tensor result, TensorType operand) => new Broadcast(operand.Shape, Kept(operand)).Apply(result);

    private Dense<T> Folded<T>(Dense<T> x, TensorType type)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var elements = new T[type.Size];
        Fold<T>(x.Elements, x.Shape, elements);
        return new(elements, type);
    }

    // A truth value is the byte 0 or 1, and ∨ and ∧ are the larger and the smaller.
    private Dense<bool> Truths(Dense<bool> x, TensorType type)
    {
        var elements = new bool[type.Size];
        Fold<byte>(MemoryMarshal.AsBytes<bool>(x.Elements), x.Shape, MemoryMarshal.AsBytes(elements.AsSpan()));
        return new(elements, type);
    }

    private void Fold<T>(ReadOnlySpan<T> source, Shape shape, Span<T> destination)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        ReadOnlySpan<int> axes = [.. Axes];
        switch (Monoid)
        {
            case Monoid.Sum:
                Kernels.Fold.Along<T, SumFold<T>>(source, shape.Extents, axes, destination);
                break;
            case Monoid.Product:
                Kernels.Fold.Along<T, ProductFold<T>>(source, shape.Extents, axes, destination);
                break;
            case Monoid.Maximum or Monoid.Or:
                Kernels.Fold.Along<T, MaximumFold<T>>(source, shape.Extents, axes, destination);
                break;
            case Monoid.Minimum or Monoid.And:
                Kernels.Fold.Along<T, MinimumFold<T>>(source, shape.Extents, axes, destination);
                break;
            default:
                throw new InvalidOperationException($"{GetType().Name}: no fold for {Monoid}");
        }
    }
}
