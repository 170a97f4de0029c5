using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>x ln y, element by element, and 0 wherever x is: the terms of an entropy. d = ln y dx + (x / y) dy, the second 0 where x is.</summary>
    public sealed record XLogY : Binary
    {
        /// <inheritdoc/>
        public override string Name => "xlogy";

        /// <inheritdoc/>
        protected override int Work => ElementaryWork;

        /// <inheritdoc/>
        protected override bool TakesIntegers => false;

        // 0 · ln y is 0 for every y but NaN, which stays.
        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
        {
            var (x, y) = (operands[0], operands[1]);
            var isZero = TensorMath.And(TensorMath.Equal(x, 0), TensorMath.Not(TensorMath.IsNaN(y)));
            return TensorMath.Where(isZero, Values.Scalar(type.DType, 0), x * TensorMath.Log(y));
        }

        /// <inheritdoc/>
        protected override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent * TensorMath.Log(y));

        /// <inheritdoc/>
        protected override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) =>
            Some(tangent * TensorMath.Where(TensorMath.Equal(x, 0), 0, x / y));

        /// <inheritdoc/>
        protected override Option<Tensor> Factor(ReadOnlySpan<Dependent> operands, int operand) =>
            operand == 1 && operands[0].IsKnown ? Some(operands[0].Value) : base.Factor(operands, operand);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => Pair(sampler, sampler.Float(), 0.4, 3);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>x ln y, element by element, and 0 wherever x is 0: <c>-Sum(XLogY(p, p))</c> is the entropy of p. Shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor XLogY(Tensor x, Tensor y) => new XLogY().Of(x, y);
    }
}
