using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>arsinh x, element by element. d = dx / √(1 + x²).</summary>
    public sealed record Asinh : Elementary<Kernels.Asinh>
    {
        /// <inheritdoc/>
        public override string Name => "asinh";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 1 / TensorMath.Hypot(x, 1);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>arsinh x, element by element.</summary>
        public static Tensor Asinh(Tensor x) => new Asinh().Of(x);
    }
}
