using Functional.Kernels;
using Functional.Programs;

namespace Functional.Primitives;

/// <summary>A question to each element.</summary>
/// <typeparam name="TPredicate">The question, to one element and to lanes.</typeparam>
public abstract record Test<TPredicate> : Elementwise
    where TPredicate : struct, IPredicate
{
    /// <inheritdoc/>
    public sealed override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.Pointwise(typeof(TPredicate));

    /// <inheritdoc/>
    protected sealed override DType ResultDType(ReadOnlySpan<TensorType> operands) => DType.Bool;

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => None;

    /// <inheritdoc/>
    protected sealed override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
    {
        Dense<double> x => Tested(x),
        Dense<float> x => Tested(x),
        Dense<int> x => Tested(x),
        Dense<long> x => Tested(x),
        var x => Tested((Dense<bool>)x),
    };

    /// <inheritdoc/>
    public sealed override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Numeric(), sampler.Shape())));

    private static Tensor Tested<T>(Dense<T> x)
        where T : unmanaged
    {
        var truths = new bool[x.Elements.Length];
        Pointwise.Test<TPredicate, T>(x.Elements, truths);
        return Values.Of(truths, x.Shape);
    }
}
