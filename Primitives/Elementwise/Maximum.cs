using Functional.Primitives;

namespace Functional.Primitives
{
    /// <summary>The larger of x and y, element by element, NaN if either is; ties share the derivative.</summary>
    public sealed record Maximum : Extremum<Kernels.Max>
    {
        /// <inheritdoc/>
        public override string Name => "max";

        /// <inheritdoc/>
        protected override Tensor Beats(Tensor x, Tensor y) => TensorMath.Greater(x, y);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The larger of x and y, NaN if either is; ties share the derivative equally. Shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Maximum(Tensor x, Tensor y) => new Maximum().Of(x, y);
    }
}
