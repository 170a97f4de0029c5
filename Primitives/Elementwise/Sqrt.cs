using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>√x, element by element. d √x = dx / (2√x): infinite at 0, where the tangent is.</summary>
    public sealed record Sqrt : Unary<Kernels.Sqrt>
    {
        /// <inheritdoc/>
        public override string Name => "sqrt";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 0.5 / y;

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), 0.3, 3)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>√x, element by element; NaN below 0.</summary>
        public static Tensor Sqrt(Tensor x) => new Sqrt().Of(x);
    }
}
