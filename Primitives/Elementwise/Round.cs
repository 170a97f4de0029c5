using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The nearest integer, halves to the even one, element by element. Flat wherever it has a derivative.</summary>
    public sealed record Round : Step<Kernels.Round>
    {
        /// <inheritdoc/>
        public override string Name => "round";

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(new(sampler.Float(), sampler.Shape()), () => sampler.Integer(-3, 2) + sampler.Real(0.1, 0.4))));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The nearest integer, halves to the even one.</summary>
        public static Tensor Round(Tensor x) => new Round().Of(x);
    }
}
