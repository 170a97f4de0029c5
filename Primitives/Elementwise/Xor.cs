using Functional.Primitives;

namespace Functional.Primitives
{
    /// <summary>x ⊻ y, bit by bit for integers, element by element.</summary>
    public sealed record Xor : Logic<Kernels.Xor>
    {
        /// <inheritdoc/>
        public override string Name => "xor";
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>x ⊻ y, bit by bit for integers, element by element; shapes broadcast.</summary>
        /// <exception cref="DTypeException">The operands are neither truth values nor integers.</exception>
        public static Tensor Xor(Tensor x, Tensor y) => new Xor().Of(x, y);
    }

    public abstract partial class Tensor
    {
        /// <summary>x ⊻ y, bit by bit for integers, element by element; shapes broadcast.</summary>
        /// <exception cref="DTypeException">The operands are neither truth values nor integers.</exception>
        public static Tensor operator ^(Tensor x, Tensor y) => new Xor().Of(x, y);
    }
}
