using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The x with erf x = y, element by element. dx = √π/2 e^(x²) dy.</summary>
    public sealed record ErfInv : Elementary<Kernels.ErfInv>
    {
        /// <inheritdoc/>
        public override string Name => "erf_inv";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => Math.Sqrt(Math.PI) / 2 * TensorMath.Exp(y * y);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), -0.95, 0.95)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The inverse of the error function, element by element: ±∞ at ±1, NaN beyond.</summary>
        public static Tensor ErfInv(Tensor y) => new ErfInv().Of(y);
    }
}
