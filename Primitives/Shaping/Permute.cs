using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The axes in another order: result axis i is operand axis Order[i].</summary>
    /// <param name="Order">A permutation of the operand's axes.</param>
    public sealed record Permute(Seq<int> Order) : View
    {
        /// <inheritdoc/>
        public override string Name => "transpose";

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            var operand = operands[0];
            if (!Order.OrderBy(axis => axis).SequenceEqual(Enumerable.Range(0, operand.Rank)))
                throw new ShapeException($"Transpose: [{string.Join(",", Order)}] is not an order of the {operand.Rank} axes of {operand}.");
            return new(operand.DType, [.. Order.Map(axis => operand.Shape[axis])]);
        }

        /// <inheritdoc/>
        protected override IndexMap Map(TensorType operand)
        {
            var strides = operand.Shape.Strides();
            return new(0, Order.Map(axis => strides[axis]).Strict());
        }

        /// <inheritdoc/>
        protected override Tensor Transpose(Tensor cotangent, TensorType operand) => new Permute(Inverse(Order)).Apply(cotangent);

        /// <inheritdoc/>
        protected override View Batched(TensorType operand, int size) => new Permute(0.Cons(Order.Map(axis => axis + 1)).Strict());

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape();
            return new(new Permute(sampler.Permutation(shape.Rank)), Seq1(sampler.Tensor(sampler.Numeric(), shape)));
        }

        /// <summary>The order that undoes an order.</summary>
        internal static Seq<int> Inverse(Seq<int> order)
        {
            var inverse = new int[order.Count];
            for (var i = 0; i < inverse.Length; i++) inverse[order[i]] = i;
            return inverse.ToSeq();
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The axes in another order, or reversed where none is given: <c>[m, n] → [n, m]</c>.</summary>
        /// <exception cref="ShapeException">The axes are not a permutation of the tensor's.</exception>
        public static Tensor Transpose(Tensor x, params ReadOnlySpan<int> axes)
        {
            var order = new int[axes.IsEmpty ? x.Rank : axes.Length];
            for (var i = 0; i < order.Length; i++) order[i] = axes.IsEmpty ? x.Rank - 1 - i : x.Shape.Axis("Transpose", axes[i]);
            var inOrder = order.Length == x.Rank;
            for (var i = 0; i < order.Length; i++) inOrder &= order[i] == i;
            return inOrder ? x : new Permute(order.ToSeq()).Apply(x);
        }

        /// <summary>The tensor with one axis moved to another place, the rest in order.</summary>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public static Tensor MoveAxis(Tensor x, int from, int to)
        {
            var order = Enumerable.Range(0, x.Rank).ToList();
            var axis = x.Shape.Axis("MoveAxis", from);
            order.RemoveAt(axis);
            order.Insert(x.Shape.Axis("MoveAxis", to), axis);
            return Transpose(x, [.. order]);
        }
    }

    public abstract partial class Tensor
    {
        /// <summary>The axes reversed: the transpose of a matrix.</summary>
        public Tensor T => TensorMath.Transpose(this);
    }
}
