using Functional.Primitives;

namespace Functional.Primitives
{
    /// <summary>x ∨ y, bit by bit for integers, element by element.</summary>
    public sealed record Or : Logic<Kernels.Or>
    {
        /// <inheritdoc/>
        public override string Name => "or";
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>x ∨ y, bit by bit for integers, element by element; shapes broadcast.</summary>
        /// <exception cref="DTypeException">The operands are neither truth values nor integers.</exception>
        public static Tensor Or(Tensor x, Tensor y) => new Or().Of(x, y);
    }

    public abstract partial class Tensor
    {
        /// <summary>x ∨ y, bit by bit for integers, element by element; shapes broadcast.</summary>
        /// <exception cref="DTypeException">The operands are neither truth values nor integers.</exception>
        public static Tensor operator |(Tensor x, Tensor y) => new Or().Of(x, y);
    }
}
