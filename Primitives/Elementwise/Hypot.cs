using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>√(x² + y²) without overflow. d = (x dx + y dy) / z; at the origin 0, the element of least size of the subdifferential.</summary>
    public sealed record Hypot : Binary<Kernels.Hypot>
    {
        /// <inheritdoc/>
        public override string Name => "hypot";

        /// <inheritdoc/>
        protected override bool TakesIntegers => false;

        /// <inheritdoc/>
        protected override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent * (x / Safe(z)));

        /// <inheritdoc/>
        protected override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent * (y / Safe(z)));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => Pair(sampler, sampler.Float(), 0.4, 3);

        private static Tensor Safe(Tensor z) => TensorMath.Where(TensorMath.Equal(z, 0), 1, z);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>√(x² + y²), element by element, without overflow; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Hypot(Tensor x, Tensor y) => new Hypot().Of(x, y);
    }
}
