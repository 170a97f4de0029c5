// The room of shaping: the same elements in other places. All are linear, most are views that cost a loop nothing.
using Functional.Kernels;
using Functional.Programs;

namespace Functional.Primitives;

/// <summary>A primitive whose result is its operand's elements at other places: linear, of any element type.</summary>
public abstract record View : SingleResult, ILinear
{
    /// <summary>The operand's place for each place of the result.</summary>
    protected abstract IndexMap Map(TensorType operand);

    /// <summary>The cotangent's elements back in the operand's places; those that stand at several are summed.</summary>
    protected abstract Tensor Transpose(Tensor cotangent, TensorType operand);

    /// <inheritdoc/>
    public sealed override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.View(Map(operands[0]));

    /// <inheritdoc/>
    protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
    {
        var map = Map(operands[0].Type);
        return operands[0] switch
        {
            Dense<double> x => Copied(x, map, type),
            Dense<float> x => Copied(x, map, type),
            Dense<int> x => Copied(x, map, type),
            Dense<long> x => Copied(x, map, type),
            var x => Copied((Dense<bool>)x, map, type),
        };
    }

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) =>
        tangents[0].Map(tangent => Apply(tangent));

    /// <inheritdoc/>
    public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
        Seq1(cotangents[0].Map(cotangent => Transpose(cotangent, operands[0].Type)));

    /// <inheritdoc/>
    protected override Tensor BatchedResult(Seq<Batched> operands, int size) => Batched(operands[0].Type, size).Apply(operands[0].Value);

    /// <inheritdoc/>
    protected sealed override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result) =>
        operands[0].Pattern.Moved(result.Size, operands[0].Type.Shape, rows => Apply(rows));

    /// <summary>This view for each member of a batch along a new first axis.</summary>
    protected abstract View Batched(TensorType operand, int size);

    private static Dense<T> Copied<T>(Dense<T> x, IndexMap map, TensorType type)
        where T : unmanaged
    {
        var elements = new T[type.Size];
        Strided.Copy<T>(x.Elements, map.Offset, [.. map.Strides], type.Shape.Extents, elements);
        return new(elements, type);
    }
}
