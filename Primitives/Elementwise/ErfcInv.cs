using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The x with erfc x = y, element by element, accurate for small y. dx = −√π/2 e^(x²) dy.</summary>
    public sealed record ErfcInv : Elementary<Kernels.ErfcInv>
    {
        /// <inheritdoc/>
        public override string Name => "erfc_inv";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => -Math.Sqrt(Math.PI) / 2 * TensorMath.Exp(y * y);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), 0.05, 1.95)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The inverse of 1 − erf, element by element, accurate for small y: ∞ at 0, −∞ at 2, NaN beyond.</summary>
        public static Tensor ErfcInv(Tensor y) => new ErfcInv().Of(y);
    }
}
