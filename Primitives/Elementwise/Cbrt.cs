using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>∛x, element by element, of negatives too. d = dx / (3y²).</summary>
    public sealed record Cbrt : Elementary<Kernels.Cbrt>
    {
        /// <inheritdoc/>
        public override string Name => "cbrt";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 1 / (3 * (y * y));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(new(sampler.Float(), sampler.Shape()), () => sampler.Real(0.3, 3) * (sampler.Flip() ? 1 : -1))));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>∛x, element by element, of negatives too.</summary>
        public static Tensor Cbrt(Tensor x) => new Cbrt().Of(x);
    }
}
