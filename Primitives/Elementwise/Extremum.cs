using Functional.Programs;

namespace Functional.Primitives;

/// <summary>One of two operands, whichever stands out, NaN if either is. The derivative goes to the one taken; at a tie each has half.</summary>
/// <typeparam name="TOperator">The operator, on one element and on lanes.</typeparam>
public abstract record Extremum<TOperator> : Binary<TOperator>
    where TOperator : struct, Kernels.IBinaryOperator
{
    /// <summary>Where the first operand is taken, ties apart.</summary>
    protected abstract Tensor Beats(Tensor x, Tensor y);

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(Taken(tangent, Share(x, y)));

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(Taken(tangent, 1 - Share(x, y)));

    // Away from ties, where the derivative jumps.
    /// <inheritdoc/>
    public sealed override Application Sample(Sampler sampler)
    {
        var shape = sampler.Shape();
        var dtype = sampler.Numeric();
        return new(this, Seq(
            sampler.Tensor(new(dtype, shape), () => sampler.Integer(-2, 2) + 0.25),
            sampler.Tensor(new(dtype, shape), () => sampler.Integer(-2, 2) - 0.25)));
    }

    // What is beaten has no derivative, were it infinite.
    private static Tensor Taken(Tensor tangent, Tensor share) =>
        TensorMath.Where(TensorMath.Equal(share, 0), 0, tangent * share);

    private Tensor Share(Tensor x, Tensor y)
    {
        Tensor Weight(double weight) => Values.Scalar(x.DType, weight);
        return TensorMath.Where(Beats(x, y), Weight(1), TensorMath.Where(TensorMath.Equal(x, y), Weight(0.5), Weight(0)));
    }
}
