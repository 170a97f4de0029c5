using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>log₁₀ x, element by element. d = dx / (x ln 10).</summary>
    public sealed record Log10 : Elementary<Kernels.Log10>
    {
        /// <inheritdoc/>
        public override string Name => "log10";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 1 / (x * Math.Log(10));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), 0.3, 3)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>log₁₀ x, element by element; NaN below 0, −∞ at 0.</summary>
        public static Tensor Log10(Tensor x) => new Log10().Of(x);
    }
}
