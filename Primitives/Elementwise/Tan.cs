using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>tan x, element by element, x in radians. d tan x = (1 + tan² x) dx.</summary>
    public sealed record Tan : Elementary<Kernels.Tan>
    {
        /// <inheritdoc/>
        public override string Name => "tan";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 1 + (y * y);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), -1.2, 1.2)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>tan x, element by element, x in radians.</summary>
        public static Tensor Tan(Tensor x) => new Tan().Of(x);
    }
}
