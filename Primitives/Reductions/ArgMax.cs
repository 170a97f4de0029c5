using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The place of the largest element along an axis.</summary>
    /// <param name="Axis">The axis that is combined away; it may not be empty.</param>
    public sealed record ArgMax(int Axis) : ArgExtreme(Axis)
    {
        /// <inheritdoc/>
        public override string Name => "argmax";

        /// <inheritdoc/>
        protected override Monoid Monoid => Monoid.Maximum;

        /// <inheritdoc/>
        protected override ArgExtreme Along(int axis) => new ArgMax(axis);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The place of the largest element along an axis, or among all in row-major order, in i64: the first of ties, NaN before every number.</summary>
        /// <exception cref="ShapeException">There is no such axis, or it is empty.</exception>
        public static Tensor ArgMax(Tensor x, int? axis = null) =>
            axis is { } along ? new ArgMax(x.Shape.Axis("ArgMax", along)).Apply(x) : new ArgMax(0).Apply(Reshape(x, x.Size));
    }
}
