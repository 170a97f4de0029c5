using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The place of the smallest element along an axis.</summary>
    /// <param name="Axis">The axis that is combined away; it may not be empty.</param>
    public sealed record ArgMin(int Axis) : ArgExtreme(Axis)
    {
        /// <inheritdoc/>
        public override string Name => "argmin";

        /// <inheritdoc/>
        protected override Monoid Monoid => Monoid.Minimum;

        /// <inheritdoc/>
        protected override ArgExtreme Along(int axis) => new ArgMin(axis);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The place of the smallest element along an axis, or among all in row-major order, in i64: the first of ties, NaN before every number.</summary>
        /// <exception cref="ShapeException">There is no such axis, or it is empty.</exception>
        public static Tensor ArgMin(Tensor x, int? axis = null) =>
            axis is { } along ? new ArgMin(x.Shape.Axis("ArgMin", along)).Apply(x) : new ArgMin(0).Apply(Reshape(x, x.Size));
    }
}
