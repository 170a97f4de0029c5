using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>ln (1 + eˣ), element by element, without overflow. d = σ(x) dx.</summary>
    public sealed record Softplus : Elementary<Kernels.Softplus>
    {
        /// <inheritdoc/>
        public override string Name => "softplus";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => TensorMath.Sigmoid(x);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>ln (1 + eˣ), element by element.</summary>
        public static Tensor Softplus(Tensor x) => new Softplus().Of(x);
    }
}
