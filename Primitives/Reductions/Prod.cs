using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The product along axes, pairwise. dy = Σᵢ dxᵢ Πⱼ≠ᵢ xⱼ, the products of the others taken as such and not as y / xᵢ, so that zeros are right.</summary>
    /// <param name="Axes">The axes that are combined away, ascending.</param>
    public sealed record Prod(Seq<int> Axes) : Reduction(Axes)
    {
        /// <inheritdoc/>
        public override string Name => "prod";

        /// <inheritdoc/>
        protected override Monoid Monoid => Monoid.Product;

        /// <inheritdoc/>
        protected override Reduction Over(Seq<int> axes) => new Prod(axes);

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) =>
            result.DType.IsFloat() ? tangents[0].Map(tangent => TensorMath.Sum(Row(tangent) * Others(Row(operands[0])), -1)) : None;

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape();
            return new(new Prod(sampler.Axes(shape.Rank)), Seq1(sampler.Tensor(sampler.Numeric(), shape, -2, 2)));
        }

        // The axes of the product as one, the last.
        private Tensor Row(Tensor x)
        {
            var axes = Axes;
            var kept = Kept(x.Type);
            var moved = TensorMath.Transpose(x, [.. kept, .. axes]);
            return TensorMath.Reshape(moved, [.. kept.Map(axis => x.Shape[axis]), axes.Fold(1, (size, axis) => size * x.Shape[axis])]);
        }

        // For each element the product of those before it with the product of those after it.
        private static Tensor Others(Tensor row)
        {
            if (row.Shape[^1] == 0) return row;
            var before = Shifted(TensorMath.CumProd(row, -1));
            var after = TensorMath.Flip(Shifted(TensorMath.CumProd(TensorMath.Flip(row, -1), -1)), -1);
            return before * after;
        }

        private static Tensor Shifted(Tensor row) => CumProd.Delayed(row, 1, 1);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The product over axes, or over all: integers wrap, no elements multiply to 1. Its derivative is right at zeros.</summary>
        /// <param name="x">Numbers.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public static Tensor Prod(Tensor x, params ReadOnlySpan<int> axes) => new Prod(x.Shape.Axes("Prod", axes)).Apply(Counted(x));

        /// <inheritdoc cref="Prod(Tensor, ReadOnlySpan{int})"/>
        /// <param name="x">Numbers.</param>
        /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        public static Tensor Prod(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) => Restored(Prod(x, axes), x, "Prod", keepDims, axes);
    }
}
