using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>arctan x, element by element, in radians. d = dx / (1 + x²).</summary>
    public sealed record Atan : Elementary<Kernels.Atan>
    {
        /// <inheritdoc/>
        public override string Name => "atan";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 1 / (1 + (x * x));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>arctan x, element by element, in radians.</summary>
        public static Tensor Atan(Tensor x) => new Atan().Of(x);
    }
}
