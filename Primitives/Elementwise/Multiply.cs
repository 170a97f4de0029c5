using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>x · y, element by element: linear in each, given the other.</summary>
    public sealed record Multiply : Binary<Kernels.Multiply>, ILinear
    {
        /// <inheritdoc/>
        public override string Name => "mul";

        /// <inheritdoc/>
        protected override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent * y);

        /// <inheritdoc/>
        protected override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(x * tangent);

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
            cotangents[0].Case is not Tensor cotangent ? Seq<Option<Tensor>>(None, None) : operands switch
            {
                [{ IsLinear: true } x, { IsLinear: false } y] => Seq(Some(Gathered(cotangent * y.Value, x.Type)), None),
                [{ IsLinear: false } x, { IsLinear: true } y] => Seq(None, Some(Gathered(x.Value * cotangent, y.Type))),
                _ => throw new NotDifferentiableException("mul: the product of two tangents is not linear."),
            };

        /// <inheritdoc/>
        protected override Option<Tensor> Factor(ReadOnlySpan<Dependent> operands, int operand) =>
            operands[1 - operand].IsKnown ? Some(operands[1 - operand].Value) : None;

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => Pair(sampler, sampler.Numeric(), -3, 3);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>x · y, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Multiply(Tensor x, Tensor y) => new Multiply().Of(x, y);

        /// <summary>x · x, element by element.</summary>
        public static Tensor Square(Tensor x) => x * x;
    }

    public abstract partial class Tensor
    {
        /// <summary>x · y, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor operator *(Tensor x, Tensor y) => new Multiply().Of(x, y);
    }
}
