using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>−1, 0 or 1 as x is below, at or above 0, element by element; NaN stays. Flat wherever it has a derivative.</summary>
    public sealed record Sign : Step<Kernels.Sign>
    {
        /// <inheritdoc/>
        public override string Name => "sign";

        /// <inheritdoc/>
        protected override bool TakesIntegers => true;

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(new(sampler.Numeric(), sampler.Shape()), () => sampler.Real(0.5, 3) * (sampler.Flip() ? 1 : -1))));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>−1, 0 or 1 as x is below, at or above 0.</summary>
        public static Tensor Sign(Tensor x) => new Sign().Of(x);
    }
}
