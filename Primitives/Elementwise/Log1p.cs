using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>ln (1 + x) without cancellation near 0, element by element. d = dx / (1 + x).</summary>
    public sealed record Log1p : Elementary<Kernels.Log1p>
    {
        /// <inheritdoc/>
        public override string Name => "log1p";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 1 / (1 + x);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), -0.6, 3)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>ln (1 + x), element by element, accurate near 0.</summary>
        public static Tensor Log1p(Tensor x) => new Log1p().Of(x);
    }
}
