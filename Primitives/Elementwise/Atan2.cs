using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The angle of the point (y, x), in radians. d = (x dx₁ − y dx₂) / (x² + y²), without overflow; at the origin 0.</summary>
    public sealed record Atan2 : Binary<Kernels.Atan2>
    {
        /// <inheritdoc/>
        public override string Name => "atan2";

        /// <inheritdoc/>
        protected override bool TakesIntegers => false;

        /// <inheritdoc/>
        protected override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent * Slope(y, x, y));

        /// <inheritdoc/>
        protected override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(-tangent * Slope(x, x, y));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => Pair(sampler, sampler.Float(), 0.4, 3);

        // a / (x² + y²), where the squares may overflow; the radius is the same for both operands, and shared.
        private static Tensor Slope(Tensor a, Tensor x, Tensor y)
        {
            var radius = TensorMath.Hypot(x, y);
            var safe = TensorMath.Where(TensorMath.Equal(radius, 0), 1, radius);
            return a / safe / safe;
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The angle in radians from the first axis to the point with ordinate x and abscissa y: atan2(x, y); shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Atan2(Tensor x, Tensor y) => new Atan2().Of(x, y);
    }
}
