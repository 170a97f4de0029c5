using Functional.Primitives;

namespace Functional.Primitives
{
    /// <summary>Whether x = y, element by element; false where either is NaN.</summary>
    public sealed record Equal : Comparison<Kernels.Equal>
    {
        /// <inheritdoc/>
        public override string Name => "eq";

        /// <inheritdoc/>
        protected override bool TakesTruth => true;
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Whether x = y, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Equal(Tensor x, Tensor y) => new Equal().Of(x, y);
    }
}
