using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>
    /// Running products along an axis: yᵢ = Π xⱼ over j ≤ i. The tangent is the running product of the dual numbers x + ε dx, doubled
    /// in log₂ n steps (Hillis and Steele 1986) and without a division, so that zeros are right.
    /// </summary>
    /// <param name="Axis">The axis it runs along.</param>
    public sealed record CumProd(int Axis) : Cumulative(Axis)
    {
        /// <inheritdoc/>
        public override string Name => "cumprod";

        /// <inheritdoc/>
        protected override bool RunsBackward => false;

        /// <inheritdoc/>
        protected override void Run<T>(ReadOnlySpan<T> source, int n, int inner, Span<T> destination) => Running.Product(source, n, inner, destination);

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) =>
            result.DType.IsFloat() ? tangents[0].Map(tangent => Dual(operands[0], tangent)) : None;

        /// <inheritdoc/>
        protected override Tensor BatchedResult(Seq<Batched> operands, int size) => new CumProd(Axis + 1).Apply(operands[0].Value);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape(lowestRank: 1);
            return new(new CumProd(sampler.Integer(0, shape.Rank - 1)), Seq1(sampler.Tensor(sampler.Numeric(), shape, -2, 2)));
        }

        /// <summary>The elements some places later along the last axis, a number before the first.</summary>
        internal static Tensor Delayed(Tensor row, int places, double first)
        {
            var kept = row[AxisIndex.Ellipsis, ..^Math.Min(places, row.Shape[^1])];
            int[] low = new int[row.Rank], high = new int[row.Rank];
            low[^1] = row.Shape[^1] - kept.Shape[^1];
            return TensorMath.Pad(kept, low, high, Values.Scalar(row.DType, first));
        }

        // (p + ε t)(q + ε u) = pq + ε (pu + tq)
        private Tensor Dual(Tensor x, Tensor tangent)
        {
            var (p, t) = (TensorMath.MoveAxis(x, Axis, -1), TensorMath.MoveAxis(tangent, Axis, -1));
            for (var step = 1; step < p.Shape[^1]; step *= 2)
            {
                var before = Delayed(p, step, 1);
                (p, t) = (before * p, (before * t) + (Delayed(t, step, 0) * p));
            }
            return TensorMath.MoveAxis(t, -1, Axis);
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Running products along an axis, each of the elements up to its place. Its derivative is right at zeros.</summary>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public static Tensor CumProd(Tensor x, int axis = -1) => new CumProd(x.Shape.Axis("CumProd", axis)).Apply(Counted(x));
    }
}
