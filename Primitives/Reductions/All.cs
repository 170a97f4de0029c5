using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>Whether every element along axes is true; true of none.</summary>
    /// <param name="Axes">The axes that are combined away, ascending.</param>
    public sealed record All(Seq<int> Axes) : Quantifier(Axes)
    {
        /// <inheritdoc/>
        public override string Name => "all";

        /// <inheritdoc/>
        protected override Monoid Monoid => Monoid.And;

        /// <inheritdoc/>
        protected override Reduction Over(Seq<int> axes) => new All(axes);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Whether every element over axes, or over all, is true, or not 0; true of none.</summary>
        /// <param name="x">Truth values, or numbers.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public static Tensor All(Tensor x, params ReadOnlySpan<int> axes) => new All(x.Shape.Axes("All", axes)).Apply(Convert(x, DType.Bool));

        /// <inheritdoc cref="All(Tensor, ReadOnlySpan{int})"/>
        /// <param name="x">Truth values, or numbers.</param>
        /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        public static Tensor All(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) => Restored(All(x, axes), x, "All", keepDims, axes);
    }
}
