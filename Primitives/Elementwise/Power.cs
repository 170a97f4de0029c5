using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>xʸ, element by element, as C# has it. d = y xʸ⁻¹ dx + xʸ ln x dy; the first is 0 where y is, the second where x is.</summary>
    public sealed record Power : Binary<Kernels.Power>
    {
        /// <inheritdoc/>
        public override string Name => "pow";

        /// <inheritdoc/>
        protected override int Work => ElementaryWork;

        /// <inheritdoc/>
        protected override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent * TensorMath.Where(TensorMath.Equal(y, 0), 0, y * TensorMath.Pow(x, TensorMath.Where(TensorMath.Equal(y, 0), 1, y - 1))));

        /// <inheritdoc/>
        protected override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent * TensorMath.Where(TensorMath.Equal(x, 0), 0, z * TensorMath.Log(TensorMath.Where(TensorMath.Equal(x, 0), 1, x))));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => Pair(sampler, sampler.Float(), 0.4, 3);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>xʸ, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Pow(Tensor x, Tensor y) => new Power().Of(x, y);
    }
}
