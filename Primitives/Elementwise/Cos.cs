using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>cos x, element by element, x in radians. d cos x = −sin x dx.</summary>
    public sealed record Cos : Elementary<Kernels.Cos>
    {
        /// <inheritdoc/>
        public override string Name => "cos";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => -TensorMath.Sin(x);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>cos x, element by element, x in radians.</summary>
        public static Tensor Cos(Tensor x) => new Cos().Of(x);
    }
}
