using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>sinh x, element by element. d = cosh x dx.</summary>
    public sealed record Sinh : Elementary<Kernels.Sinh>
    {
        /// <inheritdoc/>
        public override string Name => "sinh";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => TensorMath.Cosh(x);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>sinh x, element by element.</summary>
        public static Tensor Sinh(Tensor x) => new Sinh().Of(x);
    }
}
