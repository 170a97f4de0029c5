using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>1/√x, element by element. d = −y/(2x) dx.</summary>
    public sealed record Rsqrt : Unary<Kernels.ReciprocalSqrt>
    {
        /// <inheritdoc/>
        public override string Name => "rsqrt";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => -0.5 * y / x;

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), 0.3, 3)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>1/√x, element by element; NaN below 0.</summary>
        public static Tensor Rsqrt(Tensor x) => new Rsqrt().Of(x);
    }
}
