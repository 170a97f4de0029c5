using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>x − y·trunc(x / y), as C# has it: of the sign of x. d = dx − trunc(x / y) dy.</summary>
    public sealed record Remainder : Binary<Kernels.Remainder>
    {
        /// <inheritdoc/>
        public override string Name => "rem";

        /// <inheritdoc/>
        protected override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent);

        /// <inheritdoc/>
        protected override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(-tangent * TensorMath.Round((x - z) / y));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => Away(sampler);

        // Away from multiples of y, where the remainder jumps.
        private Application Away(Sampler sampler)
        {
            var shape = sampler.Shape();
            var dtype = sampler.Float();
            var y = sampler.Tensor(new(dtype, shape), () => 2);
            var x = sampler.Tensor(new(dtype, shape), () => (2 * sampler.Integer(-2, 2)) + (sampler.Flip() ? 1 : -1) + sampler.Real(-0.5, 0.5));
            return new(this, Seq(x, y));
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The remainder of x / y truncated, of the sign of x; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Remainder(Tensor x, Tensor y) => new Remainder().Of(x, y);
    }

    public abstract partial class Tensor
    {
        /// <summary>The remainder of x / y truncated, of the sign of x; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor operator %(Tensor x, Tensor y) => new Remainder().Of(x, y);
    }
}
