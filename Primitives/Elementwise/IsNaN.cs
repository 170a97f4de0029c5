using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>Whether x is NaN, element by element.</summary>
    public sealed record IsNaN : Test<IsNaNOperator>
    {
        /// <inheritdoc/>
        public override string Name => "isnan";

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => Any(sampler);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Whether x is NaN, element by element.</summary>
        public static Tensor IsNaN(Tensor x) => new IsNaN().Of(x);
    }
}
