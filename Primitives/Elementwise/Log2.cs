using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>log₂ x, element by element. d = dx / (x ln 2).</summary>
    public sealed record Log2 : Elementary<Kernels.Log2>
    {
        /// <inheritdoc/>
        public override string Name => "log2";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 1 / (x * Math.Log(2));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), 0.3, 3)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>log₂ x, element by element; NaN below 0, −∞ at 0.</summary>
        public static Tensor Log2(Tensor x) => new Log2().Of(x);
    }
}
