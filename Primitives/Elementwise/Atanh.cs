using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>artanh x, element by element. d = dx / ((1 − x)(1 + x)).</summary>
    public sealed record Atanh : Elementary<Kernels.Atanh>
    {
        /// <inheritdoc/>
        public override string Name => "atanh";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 1 / ((1 - x) * (1 + x));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), -0.8, 0.8)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>artanh x, element by element; NaN outside [−1, 1].</summary>
        public static Tensor Atanh(Tensor x) => new Atanh().Of(x);
    }
}
