using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>1 − erf x without cancellation for large x, element by element. d = −2/√π e^(−x²) dx.</summary>
    public sealed record Erfc : Elementary<Kernels.Erfc>
    {
        /// <inheritdoc/>
        public override string Name => "erfc";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => -2 / Math.Sqrt(Math.PI) * TensorMath.Exp(-(x * x));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>1 − erf x, element by element, accurate for large x.</summary>
        public static Tensor Erfc(Tensor x) => new Erfc().Of(x);
    }
}
