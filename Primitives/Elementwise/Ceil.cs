using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The smallest integer not below x, element by element. Flat wherever it has a derivative.</summary>
    public sealed record Ceil : Step<Kernels.Ceiling>
    {
        /// <inheritdoc/>
        public override string Name => "ceil";

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(new(sampler.Float(), sampler.Shape()), () => sampler.Integer(-3, 2) + sampler.Real(0.1, 0.4))));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The smallest integer not below x.</summary>
        public static Tensor Ceil(Tensor x) => new Ceil().Of(x);
    }
}
