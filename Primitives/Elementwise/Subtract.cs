using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>x − y, element by element: linear in both.</summary>
    public sealed record Subtract : Binary<Kernels.Subtract>, ILinear
    {
        /// <inheritdoc/>
        public override string Name => "sub";

        /// <inheritdoc/>
        protected override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent);

        /// <inheritdoc/>
        protected override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(-tangent);

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
            cotangents[0].Case is not Tensor cotangent ? Seq<Option<Tensor>>(None, None) : Seq(
                operands[0].IsLinear ? Some(Gathered(cotangent, operands[0].Type)) : None,
                operands[1].IsLinear ? Some(Gathered(-cotangent, operands[1].Type)) : None);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => Pair(sampler, sampler.Numeric(), -3, 3);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>x − y, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Subtract(Tensor x, Tensor y) => new Subtract().Of(x, y);
    }

    public abstract partial class Tensor
    {
        /// <summary>x − y, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor operator -(Tensor x, Tensor y) => new Subtract().Of(x, y);
    }
}
