using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>sin x, element by element, x in radians. d sin x = cos x dx.</summary>
    public sealed record Sin : Elementary<Kernels.Sin>
    {
        /// <inheritdoc/>
        public override string Name => "sin";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => TensorMath.Cos(x);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>sin x, element by element, x in radians.</summary>
        public static Tensor Sin(Tensor x) => new Sin().Of(x);
    }
}
