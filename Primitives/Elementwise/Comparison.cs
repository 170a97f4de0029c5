using Functional.Kernels;
using Functional.Programs;

namespace Functional.Primitives;

/// <summary>A comparison of two operands of one element type, element by element; flat.</summary>
/// <typeparam name="TComparison">The comparison, of one element and of lanes.</typeparam>
public abstract record Comparison<TComparison> : Binary
    where TComparison : struct, IComparison
{
    /// <summary>Whether truth values are taken: they are equal or not, but stand in no order.</summary>
    protected virtual bool TakesTruth => false;

    /// <inheritdoc/>
    public sealed override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.Pointwise(typeof(TComparison));

    /// <inheritdoc/>
    protected sealed override DType ResultDType(ReadOnlySpan<TensorType> operands) =>
        Common(operands) == DType.Bool && !TakesTruth
            ? throw new DTypeException($"{Name}: truth values have no order, given {operands[0]}. Use Equal or the logical operations.")
            : DType.Bool;

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => None;

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => None;

    /// <inheritdoc/>
    protected sealed override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0].DType switch
    {
        DType.Float64 => Compared<double>(operands, type),
        DType.Float32 => Compared<float>(operands, type),
        DType.Int32 => Compared<int>(operands, type),
        DType.Int64 => Compared<long>(operands, type),
        _ => Compared<bool>(operands, type),
    };

    /// <inheritdoc/>
    public sealed override Application Sample(Sampler sampler) => Pair(sampler, sampler.Numeric(), -3, 3);

    private static Tensor Compared<T>(ReadOnlySpan<Tensor> operands, TensorType type)
        where T : unmanaged
    {
        var truths = new bool[type.Size];
        Pointwise.Compare<TComparison, T>(operands[0].Elements<T>(), operands[1].Elements<T>(), truths);
        return Values.Of(truths, type.Shape);
    }
}
