using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>eˣ − 1 without cancellation near 0, element by element. d = eˣ dx = (y + 1) dx.</summary>
    public sealed record Expm1 : Elementary<Kernels.Expm1>
    {
        /// <inheritdoc/>
        public override string Name => "expm1";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => y + 1;

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>eˣ − 1, element by element, accurate near 0.</summary>
        public static Tensor Expm1(Tensor x) => new Expm1().Of(x);
    }
}
