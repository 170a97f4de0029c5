using System.Numerics;
using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The places of the elements along an axis in sorted order, in i64: stable, NaN last. Its derivative is zero wherever there is one.</summary>
    /// <param name="Axis">The axis that is sorted.</param>
    /// <param name="Descending">Whether the largest comes first.</param>
    public sealed record ArgSort(int Axis, bool Descending) : SingleResult
    {
        /// <inheritdoc/>
        public override string Name => "argsort";

        /// <inheritdoc/>
        public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results)
        {
            var comparisons = operands[0].Size * Math.Log2(Math.Max(2, operands[0].Shape[Axis]));
            return new((long)comparisons, Programs.Cost.Traffic(operands, results));
        }

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            operands[0].Shape.Axis("ArgSort", Axis);
            return new(DType.Int64, operands[0].Shape);
        }

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
        {
            Dense<double> x => Ordered(x),
            Dense<float> x => Ordered(x),
            Dense<int> x => Ordered(x),
            Dense<long> x => Ordered(x),
            var x => Ordered((Dense<int>)TensorMath.Convert(x, DType.Int32)),
        };

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => None;

        /// <inheritdoc/>
        protected override Tensor BatchedResult(Seq<Batched> operands, int size) => new ArgSort(Axis + 1, Descending).Apply(operands[0].Value);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape(lowestRank: 1);
            return new(new ArgSort(sampler.Integer(0, shape.Rank - 1), sampler.Flip()), Seq1(sampler.Distinct(sampler.Numeric(), shape)));
        }

        private Dense<long> Ordered<T>(Dense<T> x)
            where T : unmanaged, INumber<T>
        {
            var result = new long[x.Size];
            var extent = x.Shape[Axis];
            var inner = x.Shape[(Axis + 1)..].Size;
            var keys = new T[extent];
            var order = new long[extent];
            for (var lane = 0; lane < (extent == 0 ? 0 : x.Size / extent); lane++)
            {
                var start = (lane / inner * extent * inner) + (lane % inner);
                Strided.Copy<T>(x.Elements, start, [inner], [extent], keys);
                Sort.Order<T>(keys, order, Descending);
                Strided.Place<long>(order, [extent], result, start, [inner]);
            }
            return Values.Of(result, x.Shape);
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The places of the elements along an axis in sorted order, in i64: equal elements keep their order, NaN goes last.</summary>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public static Tensor ArgSort(Tensor x, int axis = -1, bool descending = false) => new ArgSort(x.Shape.Axis("ArgSort", axis), descending).Apply(x);

        /// <summary>The elements along an axis in sorted order, NaN last; the derivative moves with the elements.</summary>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public static Tensor Sort(Tensor x, int axis = -1, bool descending = false)
        {
            var sorted = x.Shape.Axis("Sort", axis);
            return TakeAlongAxis(x, new ArgSort(sorted, descending).Apply(x), sorted);
        }

        /// <summary>The largest elements along an axis, the largest first, and their places in i64: <c>[..., n] → [..., count]</c>.</summary>
        /// <param name="x">The tensor; NaN counts as smallest.</param>
        /// <param name="count">How many.</param>
        /// <param name="axis">The axis they are taken from.</param>
        /// <exception cref="ShapeException">There is no such axis, or it has fewer elements.</exception>
        public static (Tensor Values, Tensor Indices) TopK(Tensor x, int count, int axis = -1)
        {
            var along = x.Shape.Axis("TopK", axis);
            if (count < 0 || count > x.Shape[along])
                throw new ShapeException($"TopK: {count} elements of axis {along} of {x.Type}, which has extent {x.Shape[along]}.");
            var largest = Along(new ArgSort(along, true).Apply(x), along, 0, count);
            return (TakeAlongAxis(x, largest, along), largest);
        }
    }
}
