using Functional.Primitives;

namespace Functional.Primitives
{
    /// <summary>The smaller of x and y, element by element, NaN if either is; ties share the derivative.</summary>
    public sealed record Minimum : Extremum<Kernels.Min>
    {
        /// <inheritdoc/>
        public override string Name => "min";

        /// <inheritdoc/>
        protected override Tensor Beats(Tensor x, Tensor y) => TensorMath.Less(x, y);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The smaller of x and y, NaN if either is; ties share the derivative equally. Shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Minimum(Tensor x, Tensor y) => new Minimum().Of(x, y);
    }
}
