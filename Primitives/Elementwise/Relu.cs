using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>max(x, 0), element by element. At 0 any number in [0, 1] is a subderivative; the one given is returned.</summary>
    /// <param name="SlopeAtZero">The derivative at 0, in [0, 1].</param>
    public sealed record Relu(double SlopeAtZero) : Unary
    {
        /// <inheritdoc/>
        public override string Name => "relu";

        /// <inheritdoc/>
        protected override bool TakesIntegers => true;

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) =>
            new Maximum().Apply(operands[0], Values.Scalar(type.DType, 0));

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) =>
            result.DType.IsFloat() ? tangents[0].Map(tangent => Masked(operands[0], tangent)) : None;

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => Masked(x, Values.Scalar(x.DType, 1));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) =>
            new(this, Seq1(sampler.Tensor(new(sampler.Float(), sampler.Shape()), () => sampler.Real(0.3, 3) * (sampler.Flip() ? 1 : -1))));

        private Tensor Masked(Tensor x, Tensor tangent)
        {
            var right = TensorMath.Where(TensorMath.Greater(x, 0), tangent, 0);
            return SlopeAtZero == 0 ? right : TensorMath.Where(TensorMath.Equal(x, 0), tangent * SlopeAtZero, right);
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>max(x, 0), element by element.</summary>
        /// <param name="x">Numbers.</param>
        /// <param name="slopeAtZero">The derivative at 0: any element of the subdifferential [0, 1].</param>
        /// <exception cref="ArgumentOutOfRangeException">The slope is outside [0, 1].</exception>
        public static Tensor Relu(Tensor x, double slopeAtZero = 0) =>
            slopeAtZero is >= 0 and <= 1
                ? new Relu(slopeAtZero).Of(x)
                : throw new ArgumentOutOfRangeException(nameof(slopeAtZero), slopeAtZero, "Relu: the derivative at 0 is an element of the subdifferential, from 0 to 1.");
    }
}
