using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The smaller of x and y, NaN if either is. The derivative goes to the smaller operand; at a tie each has half.</summary>
    public sealed record Minimum : Binary<Kernels.Min>
    {
        /// <inheritdoc/>
        public override string Name => "min";

        /// <inheritdoc/>
        protected override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent * Share(x, y));

        /// <inheritdoc/>
        protected override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent * Share(y, x));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => Apart(sampler);

        private static Tensor Share(Tensor x, Tensor y)
        {
            Tensor Weight(double weight) => Values.Scalar(x.DType, weight);
            return TensorMath.Where(TensorMath.Less(x, y), Weight(1), TensorMath.Where(TensorMath.Equal(x, y), Weight(0.5), Weight(0)));
        }

        // Away from ties, where the derivative jumps.
        private Application Apart(Sampler sampler)
        {
            var shape = sampler.Shape();
            var dtype = sampler.Numeric();
            return new(this, Seq(
                sampler.Tensor(new(dtype, shape), () => sampler.Integer(-2, 2) + 0.25),
                sampler.Tensor(new(dtype, shape), () => sampler.Integer(-2, 2) - 0.25)));
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The smaller of x and y, NaN if either is; ties share the derivative equally; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Minimum(Tensor x, Tensor y) => new Minimum().Of(x, y);
    }
}
