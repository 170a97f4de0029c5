using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>1 / (1 + e⁻ˣ), element by element, without overflow. d = y σ(−x) dx: 1 − y would lose all digits for large x.</summary>
    public sealed record Sigmoid : Elementary<Kernels.Sigmoid>
    {
        /// <inheritdoc/>
        public override string Name => "sigmoid";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => y * TensorMath.Sigmoid(-x);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The logistic function 1 / (1 + e⁻ˣ), element by element.</summary>
        public static Tensor Sigmoid(Tensor x) => new Sigmoid().Of(x);
    }
}
