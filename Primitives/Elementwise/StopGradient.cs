using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>x itself, but constant to every derivative.</summary>
    public sealed record StopGradient : Elementwise
    {
        /// <inheritdoc/>
        public override string Name => "stop_gradient";

        /// <inheritdoc/>
        public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) => default;

        /// <inheritdoc/>
        protected override DType ResultDType(ReadOnlySpan<TensorType> operands) => operands[0].DType;

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0];

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => None;

        /// <inheritdoc/>
        protected override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result) => Pattern.Nothing(operands[0].Pattern.Space, result.Size);

        /// <inheritdoc/>
        public override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.View(new(0, operands[0].Shape.Strides().ToSeq()));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Numeric(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>x itself, but constant to every derivative.</summary>
        public static Tensor StopGradient(Tensor x) => new StopGradient().Apply(x);
    }
}
