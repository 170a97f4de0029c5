using Functional.Primitives;

namespace Functional.Primitives
{
    /// <summary>Whether x &lt; y, element by element; false where either is NaN.</summary>
    public sealed record Less : Comparison<Kernels.Less>
    {
        /// <inheritdoc/>
        public override string Name => "lt";
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Whether x &lt; y, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Less(Tensor x, Tensor y) => new Less().Of(x, y);
    }

    public abstract partial class Tensor
    {
        /// <summary>Whether x &lt; y, element by element; shapes broadcast.</summary>
        public static Tensor operator <(Tensor x, Tensor y) => new Less().Of(x, y);
    }
}
