using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>2ˣ, element by element. d 2ˣ = 2ˣ ln 2 dx.</summary>
    public sealed record Exp2 : Elementary<Kernels.Exp2>
    {
        /// <inheritdoc/>
        public override string Name => "exp2";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => y * Math.Log(2);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>2ˣ, element by element.</summary>
        public static Tensor Exp2(Tensor x) => new Exp2().Of(x);
    }
}
