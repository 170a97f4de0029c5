using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The elements from the last to the first along axes: its own inverse, and its own transpose.</summary>
    /// <param name="Axes">The axes that are turned around, ascending.</param>
    public sealed record Reverse(Seq<int> Axes) : View
    {
        /// <inheritdoc/>
        public override string Name => "reverse";

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            foreach (var axis in Axes) operands[0].Shape.Axis("Reverse", axis);
            return operands[0];
        }

        /// <inheritdoc/>
        protected override IndexMap Map(TensorType operand)
        {
            var offset = 0;
            var strides = operand.Shape.Strides();
            foreach (var axis in Axes)
            {
                offset += (operand.Shape[axis] - 1) * strides[axis];
                strides[axis] = -strides[axis];
            }
            return new(offset, strides.ToSeq());
        }

        /// <inheritdoc/>
        protected override Tensor Transpose(Tensor cotangent, TensorType operand) => Apply(cotangent);

        /// <inheritdoc/>
        protected override View Batched(TensorType operand, int size) => new Reverse(Axes.Map(axis => axis + 1).Strict());

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape();
            return new(new Reverse(sampler.Axes(shape.Rank)), Seq1(sampler.Tensor(sampler.Numeric(), shape)));
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The elements from the last to the first along axes, or along all where none is named.</summary>
        /// <exception cref="ShapeException">There is no such axis, or one is named twice.</exception>
        public static Tensor Flip(Tensor x, params ReadOnlySpan<int> axes)
        {
            var turned = x.Shape.Axes("Flip", axes);
            return turned.IsEmpty ? x : new Reverse(turned).Apply(x);
        }
    }
}
