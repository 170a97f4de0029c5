using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The operand repeated along new axes and along its axes of extent 1.</summary>
    /// <param name="Shape">The result's shape.</param>
    /// <param name="Axes">The result's axis for each axis of the operand, ascending.</param>
    public sealed record Broadcast(Shape Shape, Seq<int> Axes) : View
    {
        /// <inheritdoc/>
        public override string Name => "broadcast";

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            var operand = operands[0];
            var fits = operand.Rank == Axes.Count;
            for (var axis = 0; fits && axis < operand.Rank; axis++)
                fits = Axes[axis] < Shape.Rank
                    && (axis == 0 || Axes[axis - 1] < Axes[axis])
                    && (operand.Shape[axis] == 1 || operand.Shape[axis] == Shape[Axes[axis]]);
            return fits
                ? new(operand.DType, Shape)
                : throw new ShapeException($"Broadcast: {operand} does not stretch to {Shape}; each axis must agree or be 1.");
        }

        /// <inheritdoc/>
        protected override IndexMap Map(TensorType operand)
        {
            var strides = new int[Shape.Rank];
            var steps = operand.Shape.Strides();
            for (var axis = 0; axis < operand.Rank; axis++)
                if (operand.Shape[axis] != 1) strides[Axes[axis]] = steps[axis];
            return new(0, strides.ToSeq());
        }

        // What is repeated goes into a program once, with its broadcast: a batch shares a constant, and makes no copies of it.
        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
        {
            var result = (Dense)base.Evaluate(operands, type);
            if (operands[0].Rank == 0 ? type.Rank > 0 : type.Size > operands[0].Size) result.Recipe = new Remade(this, operands[0]);
            return result;
        }

        /// <inheritdoc/>
        protected override Tensor Transpose(Tensor cotangent, TensorType operand)
        {
            var axes = Axes;
            var repeated = Enumerable.Range(0, Shape.Rank)
                .Where(axis => !axes.Contains(axis) || (operand.Shape[axes.ToList().IndexOf(axis)] == 1 && Shape[axis] != 1)).ToSeq();
            var summed = repeated.IsEmpty ? cotangent : new Sum(repeated).Apply(cotangent);
            return summed.Shape == operand.Shape ? summed : new Reshape(operand.Shape).Apply(summed);
        }

        /// <inheritdoc/>
        protected override View Batched(TensorType operand, int size) => new Broadcast(Shape.Insert(0, size), 0.Cons(Axes.Map(axis => axis + 1)).Strict());

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape();
            var axes = sampler.Axes(shape.Rank);
            Shape operand = [.. axes.Map(axis => sampler.Flip() ? 1 : shape[axis])];
            return new(new Broadcast(shape, axes), Seq1(sampler.Tensor(sampler.Numeric(), operand)));
        }
    }

    /// <summary>Batches with every member in place.</summary>
    internal static class Batches
    {
        /// <summary>The tensor with the batch axis first; one shared by all is repeated.</summary>
        internal static Tensor Each(this Batched batched, int size) =>
            batched.IsBatched ? batched.Value : TensorMath.BroadcastTo(batched.Value, batched.Value.Shape.Insert(0, size));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The tensor stretched to a shape by NumPy's rule: axes align from the last, an extent of 1 repeats.</summary>
        /// <exception cref="ShapeException">An extent is neither 1 nor that of the shape.</exception>
        public static Tensor BroadcastTo(Tensor x, Shape shape)
        {
            if (x.Shape == shape) return x;
            if (x.Rank > shape.Rank) throw new ShapeException($"Broadcast: {x.Type} has more axes than {shape}.");
            return new Broadcast(shape, Enumerable.Range(shape.Rank - x.Rank, x.Rank).ToSeq()).Apply(x);
        }

        /// <summary>A tensor of one number.</summary>
        public static Tensor Full(Shape shape, double number, DType dtype = DType.Float64) => BroadcastTo(Values.Scalar(dtype, number), shape);

        /// <summary>A tensor of zeros.</summary>
        public static Tensor Zeros(Shape shape, DType dtype = DType.Float64) => Full(shape, 0, dtype);

        /// <summary>A tensor of ones.</summary>
        public static Tensor Ones(Shape shape, DType dtype = DType.Float64) => Full(shape, 1, dtype);

        /// <summary>The shape that tensors of these shapes broadcast to together.</summary>
        /// <exception cref="ShapeException">Extents of an axis differ and none is 1; the message names the axis.</exception>
        internal static Shape Broadcasted(string operation, TensorType x, TensorType y)
        {
            var extents = new int[Math.Max(x.Rank, y.Rank)];
            for (var i = 1; i <= extents.Length; i++)
            {
                var left = i <= x.Rank ? x.Shape[^i] : 1;
                var right = i <= y.Rank ? y.Shape[^i] : 1;
                if (left != right && left != 1 && right != 1)
                    throw new ShapeException($"{operation}: shapes do not broadcast: {x} and {y} differ at axis −{i} ({left} ≠ {right}, and neither is 1).");
                extents[^i] = left == 1 ? right : left;
            }
            return extents;
        }
    }
}
