using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>arcosh x, element by element. d = dx / √((x − 1)(x + 1)).</summary>
    public sealed record Acosh : Elementary<Kernels.Acosh>
    {
        /// <inheritdoc/>
        public override string Name => "acosh";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => TensorMath.Rsqrt((x - 1) * (x + 1));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), 1.3, 4)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>arcosh x, element by element; NaN below 1.</summary>
        public static Tensor Acosh(Tensor x) => new Acosh().Of(x);
    }
}
