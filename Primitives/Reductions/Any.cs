using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>Whether any element along axes is true; false of none.</summary>
    /// <param name="Axes">The axes that are combined away, ascending.</param>
    public sealed record Any(Seq<int> Axes) : Quantifier(Axes)
    {
        /// <inheritdoc/>
        public override string Name => "any";

        /// <inheritdoc/>
        protected override Monoid Monoid => Monoid.Or;

        /// <inheritdoc/>
        protected override Reduction Over(Seq<int> axes) => new Any(axes);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Whether any element over axes, or over all, is true, or not 0; false of none.</summary>
        /// <param name="x">Truth values, or numbers.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public static Tensor Any(Tensor x, params ReadOnlySpan<int> axes) => new Any(x.Shape.Axes("Any", axes)).Apply(Convert(x, DType.Bool));

        /// <inheritdoc cref="Any(Tensor, ReadOnlySpan{int})"/>
        /// <param name="x">Truth values, or numbers.</param>
        /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        public static Tensor Any(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) => Restored(Any(x, axes), x, "Any", keepDims, axes);
    }
}
