using Functional.Primitives;

namespace Functional.Primitives
{
    /// <summary>Whether x ≠ y, element by element; true where either is NaN.</summary>
    public sealed record NotEqual : Comparison<Kernels.NotEqual>
    {
        /// <inheritdoc/>
        public override string Name => "ne";

        /// <inheritdoc/>
        protected override bool TakesTruth => true;
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Whether x ≠ y, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor NotEqual(Tensor x, Tensor y) => new NotEqual().Of(x, y);
    }
}
