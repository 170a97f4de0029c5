using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>ln x, element by element. d ln x = dx / x.</summary>
    public sealed record Log : Elementary<Kernels.Log>
    {
        /// <inheritdoc/>
        public override string Name => "log";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 1 / x;

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), 0.3, 3)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>ln x, element by element; NaN below 0, −∞ at 0.</summary>
        public static Tensor Log(Tensor x) => new Log().Of(x);
    }
}
