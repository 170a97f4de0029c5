using Functional.Primitives;

namespace Functional.Primitives
{
    /// <summary>Whether x &gt; y, element by element; false where either is NaN.</summary>
    public sealed record Greater : Comparison<Kernels.Greater>
    {
        /// <inheritdoc/>
        public override string Name => "gt";
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Whether x &gt; y, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Greater(Tensor x, Tensor y) => new Greater().Of(x, y);
    }

    public abstract partial class Tensor
    {
        /// <summary>Whether x &gt; y, element by element; shapes broadcast.</summary>
        public static Tensor operator >(Tensor x, Tensor y) => new Greater().Of(x, y);
    }
}
