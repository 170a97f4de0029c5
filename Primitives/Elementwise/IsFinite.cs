using Functional.Primitives;

namespace Functional.Primitives
{
    /// <summary>Whether x is neither NaN nor infinite, element by element.</summary>
    public sealed record IsFinite : Test<Kernels.IsFinite>
    {
        /// <inheritdoc/>
        public override string Name => "isfinite";
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Whether x is neither NaN nor infinite, element by element.</summary>
        public static Tensor IsFinite(Tensor x) => new IsFinite().Apply(x);
    }
}
