using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>arccos x, element by element, in radians. d = −dx / √((1 − x)(1 + x)).</summary>
    public sealed record Acos : Elementary<Kernels.Acos>
    {
        /// <inheritdoc/>
        public override string Name => "acos";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => -TensorMath.Rsqrt((1 - x) * (1 + x));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), -0.9, 0.9)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>arccos x, element by element, in radians; NaN outside [−1, 1].</summary>
        public static Tensor Acos(Tensor x) => new Acos().Of(x);
    }
}
