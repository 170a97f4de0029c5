using Functional.Primitives;

namespace Functional.Primitives
{
    /// <summary>Whether x is NaN, element by element.</summary>
    public sealed record IsNaN : Test<Kernels.IsNaN>
    {
        /// <inheritdoc/>
        public override string Name => "isnan";
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Whether x is NaN, element by element.</summary>
        public static Tensor IsNaN(Tensor x) => new IsNaN().Apply(x);
    }
}
