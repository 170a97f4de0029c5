using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The largest integer not above x, element by element. Flat wherever it has a derivative.</summary>
    public sealed record Floor : Step<Kernels.Floor>
    {
        /// <inheritdoc/>
        public override string Name => "floor";

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(new(sampler.Float(), sampler.Shape()), () => sampler.Integer(-3, 2) + sampler.Real(0.1, 0.4))));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The largest integer not above x.</summary>
        public static Tensor Floor(Tensor x) => new Floor().Of(x);
    }
}
