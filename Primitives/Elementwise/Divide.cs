using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>x / y, element by element: linear in x, given y. Integers truncate toward zero, as in C#.</summary>
    public sealed record Divide : Binary<Kernels.Divide>, ILinear
    {
        /// <inheritdoc/>
        public override string Name => "div";

        /// <inheritdoc/>
        protected override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent / y);

        /// <inheritdoc/>
        protected override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(-tangent * (z / y));

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
            cotangents[0].Case is not Tensor cotangent ? Seq<Option<Tensor>>(None, None) : operands switch
            {
                [{ IsLinear: true } x, { IsLinear: false } y] => Seq(Some(Gathered(cotangent / y.Value, x.Type)), None),
                _ => throw new NotDifferentiableException("div: a quotient is not linear in its divisor."),
            };

        /// <inheritdoc/>
        protected override Option<Tensor> Factor(ReadOnlySpan<Dependent> operands, int operand) =>
            operand == 1 && operands[0].IsKnown ? Some(operands[0].Value) : None;

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => Pair(sampler, sampler.Numeric(), 1, 3);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>x / y, element by element, integers truncated toward zero; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Divide(Tensor x, Tensor y) => new Divide().Of(x, y);
    }

    public abstract partial class Tensor
    {
        /// <summary>x / y, element by element, integers truncated toward zero; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor operator /(Tensor x, Tensor y) => new Divide().Of(x, y);
    }
}
