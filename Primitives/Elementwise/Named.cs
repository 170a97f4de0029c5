using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>x itself, under a name by which residual policies know it.</summary>
    /// <param name="Label">The name.</param>
    public sealed record Named(string Label) : Elementwise, ILinear
    {
        /// <inheritdoc/>
        public override string Name => "named";

        /// <inheritdoc/>
        public override string Parameters => Label;

        /// <inheritdoc/>
        protected override DType ResultDType(ReadOnlySpan<TensorType> operands) => operands[0].DType;

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0];

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) =>
            result.DType.IsFloat() ? tangents[0] : None;

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) => cotangents;

        /// <inheritdoc/>
        public override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.View(new(0, operands[0].Shape.Strides().ToSeq()));

        /// <inheritdoc/>
        public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) => default;

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) =>
            new(new Named(sampler.Choose("hidden", "scores")), Seq1(sampler.Tensor(sampler.Numeric(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>x itself, under a name that a residual policy knows: what reverse mode may be told to keep.</summary>
        public static Tensor Named(Tensor x, string name) => new Named(name).Apply(x);
    }
}
