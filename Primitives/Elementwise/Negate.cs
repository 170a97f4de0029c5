using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>−x, element by element: linear.</summary>
    public sealed record Negate : Unary<Kernels.Negate>, ILinear
    {
        /// <inheritdoc/>
        public override string Name => "neg";

        /// <inheritdoc/>
        protected override bool TakesIntegers => true;

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => Values.Scalar(x.DType, -1);

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => tangents[0].Map(tangent => -tangent);

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) => Seq1(cotangents[0].Map(cotangent => -cotangent));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Numeric(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>−x, element by element.</summary>
        public static Tensor Negate(Tensor x) => new Negate().Of(x);
    }

    public abstract partial class Tensor
    {
        /// <summary>−x, element by element.</summary>
        public static Tensor operator -(Tensor x) => new Negate().Of(x);
    }
}
