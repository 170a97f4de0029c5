using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The error function 2/√π ∫₀ˣ e^(−t²) dt, element by element. d = 2/√π e^(−x²) dx.</summary>
    public sealed record Erf : Elementary<Kernels.Erf>
    {
        /// <inheritdoc/>
        public override string Name => "erf";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => 2 / Math.Sqrt(Math.PI) * TensorMath.Exp(-(x * x));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The error function, element by element.</summary>
        public static Tensor Erf(Tensor x) => new Erf().Of(x);
    }
}
