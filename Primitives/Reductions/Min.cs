using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The smallest element along axes, NaN where there is one; ties share the derivative.</summary>
    /// <param name="Axes">The axes that are combined away, ascending; none may be empty.</param>
    public sealed record Min(Seq<int> Axes) : Extreme(Axes)
    {
        /// <inheritdoc/>
        public override string Name => "reduce_min";

        /// <inheritdoc/>
        protected override Monoid Monoid => Monoid.Minimum;

        /// <inheritdoc/>
        protected override Tensor Beaten(Tensor x, Tensor result) => TensorMath.Greater(x, result);

        /// <inheritdoc/>
        protected override Reduction Over(Seq<int> axes) => new Min(axes);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The smallest element over axes, or over all; NaN where there is one. Ties share the derivative equally.</summary>
        /// <param name="x">Numbers.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        /// <exception cref="ShapeException">There is no such axis, or it is empty.</exception>
        public static Tensor Min(Tensor x, params ReadOnlySpan<int> axes) => new Min(x.Shape.Axes("Min", axes)).Apply(x);

        /// <inheritdoc cref="Min(Tensor, ReadOnlySpan{int})"/>
        /// <param name="x">Numbers.</param>
        /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        public static Tensor Min(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) => Restored(Min(x, axes), x, "Min", keepDims, axes);
    }
}
