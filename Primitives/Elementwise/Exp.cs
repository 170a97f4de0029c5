using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>eˣ, element by element. d eˣ = eˣ dx, taken from the result.</summary>
    public sealed record Exp : Elementary<Kernels.Exp>
    {
        /// <inheritdoc/>
        public override string Name => "exp";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => y;

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>eˣ, element by element.</summary>
        public static Tensor Exp(Tensor x) => new Exp().Of(x);
    }
}
