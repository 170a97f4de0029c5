using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>tanh x, element by element. d tanh x = (1 − tanh² x) dx, taken from the result.</summary>
    public sealed record Tanh : Elementary<Kernels.Tanh>
    {
        /// <inheritdoc/>
        public override string Name => "tanh";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 1 - (y * y);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>tanh x, element by element.</summary>
        public static Tensor Tanh(Tensor x) => new Tanh().Of(x);
    }
}
