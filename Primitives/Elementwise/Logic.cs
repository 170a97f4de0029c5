using Functional.Programs;

namespace Functional.Primitives;

/// <summary>Logic of two operands, bit by bit for integers; flat.</summary>
/// <typeparam name="TOperator">The operator, on one element and on lanes.</typeparam>
public abstract record Logic<TOperator> : Binary<TOperator>
    where TOperator : struct, Kernels.IBinaryOperator
{
    /// <inheritdoc/>
    protected sealed override DType ResultDType(ReadOnlySpan<TensorType> operands) =>
        Common(operands).IsFloat()
            ? throw new DTypeException($"{Name}: takes truth values or integers, given {operands[0]}. Compare it with something first.")
            : operands[0].DType;

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => None;

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => None;

    /// <inheritdoc/>
    public sealed override Application Sample(Sampler sampler) => Pair(sampler, sampler.Choose(DType.Bool, DType.Int32, DType.Int64), -3, 3);
}
