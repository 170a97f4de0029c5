using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The same elements in row-major order under another shape of the same size.</summary>
    /// <param name="Shape">The result's shape.</param>
    public sealed record Reshape(Shape Shape) : View
    {
        /// <inheritdoc/>
        public override string Name => "reshape";

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands) =>
            operands[0].Size == Shape.Size
                ? new(operands[0].DType, Shape)
                : throw new ShapeException($"Reshape: {operands[0]} has {operands[0].Size} elements, which do not fill {Shape} with its {Shape.Size}.");

        /// <inheritdoc/>
        protected override IndexMap Map(TensorType operand) => new(0, Shape.Strides().ToSeq());

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => ((Dense)operands[0]).Reshaped(Shape);

        /// <inheritdoc/>
        protected override Tensor Transpose(Tensor cotangent, TensorType operand) => new Reshape(operand.Shape).Apply(cotangent);

        /// <inheritdoc/>
        protected override View Batched(TensorType operand, int size) => new Reshape(Shape.Insert(0, size));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape();
            return new(new Reshape(sampler.Flip() ? [shape.Size] : [.. shape.Reverse()]), Seq1(sampler.Tensor(sampler.Numeric(), shape)));
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The same elements in row-major order under another shape; one extent may be −1 and is then worked out.</summary>
        /// <exception cref="ShapeException">The sizes differ.</exception>
        public static Tensor Reshape(Tensor x, params ReadOnlySpan<int> extents)
        {
            var shape = Complete(x.Type, extents);
            return shape == x.Shape ? x : new Reshape(shape).Apply(x);
        }

        /// <summary>The tensor with an axis of extent 1 put in at a place (0 to the rank, negative from the end).</summary>
        /// <exception cref="ShapeException">There is no such place.</exception>
        public static Tensor ExpandDims(Tensor x, int axis)
        {
            var place = x.Shape.Insert(0, 1).Axis("ExpandDims", axis);
            return new Reshape(x.Shape.Insert(place, 1)).Apply(x);
        }

        /// <summary>The tensor without axes of extent 1: those named, or all.</summary>
        /// <exception cref="ShapeException">A named axis is longer.</exception>
        public static Tensor Squeeze(Tensor x, params ReadOnlySpan<int> axes)
        {
            var shape = x.Shape;
            var dropped = axes.IsEmpty ? Enumerable.Range(0, x.Rank).Where(axis => shape[axis] == 1).ToSeq() : shape.Axes("Squeeze", axes);
            var longer = dropped.Find(axis => shape[axis] != 1);
            longer.IfSome(axis => throw new ShapeException($"Squeeze: axis {axis} of {x.Type} has extent {shape[axis]}; only axes of extent 1 can go."));
            return dropped.IsEmpty ? x : new Reshape(shape.Without(dropped)).Apply(x);
        }

        private static Shape Complete(TensorType operand, ReadOnlySpan<int> extents)
        {
            var open = extents.IndexOf(-1);
            if (open < 0) return new(extents);
            if (extents[(open + 1)..].Contains(-1)) throw new ShapeException($"Reshape: only one extent may be −1, given [{string.Join(",", extents.ToArray())}].");
            int[] complete = [.. extents];
            complete[open] = 1;
            var rest = new Shape(complete).Size;
            if (rest == 0 || operand.Size % rest != 0)
                throw new ShapeException($"Reshape: the {operand.Size} elements of {operand} do not divide into [{string.Join(",", extents.ToArray())}].");
            complete[open] = operand.Size / rest;
            return complete;
        }
    }
}
