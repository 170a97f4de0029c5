using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>ln |Γ(x)|, element by element. d = ψ(x) dx.</summary>
    public sealed record Lgamma : Elementary<Kernels.LogGamma>
    {
        /// <inheritdoc/>
        public override string Name => "lgamma";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => TensorMath.Digamma(x);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), 0.4, 5)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>ln |Γ(x)|, element by element; +∞ at 0 and the negative integers.</summary>
        public static Tensor Lgamma(Tensor x) => new Lgamma().Of(x);
    }
}
