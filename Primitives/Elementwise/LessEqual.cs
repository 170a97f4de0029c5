using Functional.Primitives;

namespace Functional.Primitives
{
    /// <summary>Whether x ≤ y, element by element; false where either is NaN.</summary>
    public sealed record LessEqual : Comparison<Kernels.LessOrEqual>
    {
        /// <inheritdoc/>
        public override string Name => "le";
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Whether x ≤ y, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor LessEqual(Tensor x, Tensor y) => new LessEqual().Of(x, y);
    }

    public abstract partial class Tensor
    {
        /// <summary>Whether x ≤ y, element by element; shapes broadcast.</summary>
        public static Tensor operator <=(Tensor x, Tensor y) => new LessEqual().Of(x, y);
    }
}
