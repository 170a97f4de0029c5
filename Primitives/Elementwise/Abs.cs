using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>|x|, element by element. |x|′ = sign x, and 0 at 0: the element of least size of the subdifferential [−1, 1].</summary>
    public sealed record Abs : Unary<Kernels.Abs>
    {
        /// <inheritdoc/>
        public override string Name => "abs";

        /// <inheritdoc/>
        protected override bool TakesIntegers => true;

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => TensorMath.Sign(x);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(new(sampler.Numeric(), sampler.Shape()), () => sampler.Real(0.5, 3) * (sampler.Flip() ? 1 : -1))));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>|x|, element by element; its derivative at 0 is 0.</summary>
        public static Tensor Abs(Tensor x) => new Abs().Of(x);
    }
}
