using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>cosh x, element by element. d = sinh x dx.</summary>
    public sealed record Cosh : Elementary<Kernels.Cosh>
    {
        /// <inheritdoc/>
        public override string Name => "cosh";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => TensorMath.Sinh(x);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>cosh x, element by element.</summary>
        public static Tensor Cosh(Tensor x) => new Cosh().Of(x);
    }
}
