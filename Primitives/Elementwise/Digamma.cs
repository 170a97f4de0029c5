using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>ψ(x) = Γ′(x)/Γ(x), element by element. d = ψ′(x) dx.</summary>
    public sealed record Digamma : Elementary<Kernels.Digamma>
    {
        /// <inheritdoc/>
        public override string Name => "digamma";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => TensorMath.Polygamma(1, x);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), 0.4, 5)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The logarithmic derivative of the gamma function, ψ(x), element by element.</summary>
        public static Tensor Digamma(Tensor x) => new Digamma().Of(x);
    }
}
