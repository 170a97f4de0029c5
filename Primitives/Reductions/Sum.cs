using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The sum over axes, pairwise: the error grows with the logarithm of the count. Linear; its transpose repeats the cotangent.</summary>
    /// <param name="Axes">The axes that are summed away, ascending.</param>
    public sealed record Sum(Seq<int> Axes) : Reduction(Axes), ILinear
    {
        /// <inheritdoc/>
        public override string Name => "sum";

        /// <inheritdoc/>
        protected override Monoid Monoid => Monoid.Sum;

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) =>
            tangents[0].Map(tangent => Apply(tangent));

        // Σ ct·Σx = Σ (ct repeated)·x, so transposing a sum is a broadcast.
        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
            Seq1(cotangents[0].Map(cotangent => Repeated(cotangent, operands[0].Type)));

        /// <inheritdoc/>
        protected override Reduction Over(Seq<int> axes) => new Sum(axes);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape();
            return new(new Sum(sampler.Axes(shape.Rank)), Seq1(sampler.Tensor(sampler.Numeric(), shape)));
        }
    }
}

namespace Functional
{
    /// <summary>Functions of tensors, to import with <c>using static Functional.TensorMath</c>. Axes are 0-based, negative from the end.</summary>
    public static partial class TensorMath
    {
        /// <summary>The sum over axes, or over all: integers wrap, floats are summed pairwise; no elements sum to 0.</summary>
        /// <param name="x">Numbers; truth values are counted in i64.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        /// <exception cref="ShapeException">There is no such axis, or one is named twice.</exception>
        public static Tensor Sum(Tensor x, params ReadOnlySpan<int> axes) => new Sum(x.Shape.Axes("Sum", axes)).Apply(Counted(x));

        /// <inheritdoc cref="Sum(Tensor, ReadOnlySpan{int})"/>
        /// <param name="x">Numbers; truth values are counted in i64.</param>
        /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
        /// <param name="axes">0-based, negative from the end; none means all.</param>
        public static Tensor Sum(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) => Restored(Sum(x, axes), x, "Sum", keepDims, axes);

        private static Tensor Counted(Tensor x) => x.DType == DType.Bool ? Convert(x, DType.Int64) : x;
    }
}
