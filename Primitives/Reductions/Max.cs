using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The largest element along axes, NaN where there is one; ties share the derivative.</summary>
    /// <param name="Axes">The axes that are combined away, ascending; none may be empty.</param>
    public sealed record Max(Seq<int> Axes) : Extreme(Axes)
    {
        /// <inheritdoc/>
        public override string Name => "reduce_max";

        /// <inheritdoc/>
        protected override Monoid Monoid => Monoid.Maximum;

        /// <inheritdoc/>
        protected override Tensor Beaten(Tensor x, Tensor result) => TensorMath.Less(x, result);

        /// <inheritdoc/>
        protected override Reduction Over(Seq<int> axes) => new Max(axes);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The largest element over axes, or over all; NaN where there is one. Ties share the derivative equally.</summary>
        /// <param name="x">Numbers.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        /// <exception cref="ShapeException">There is no such axis, or it is empty.</exception>
        public static Tensor Max(Tensor x, params ReadOnlySpan<int> axes) => new Max(x.Shape.Axes("Max", axes)).Apply(x);

        /// <inheritdoc cref="Max(Tensor, ReadOnlySpan{int})"/>
        /// <param name="x">Numbers.</param>
        /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        public static Tensor Max(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) => Restored(Max(x, axes), x, "Max", keepDims, axes);
    }
}
