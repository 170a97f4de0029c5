using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>¬x, bit by bit for integers, element by element.</summary>
    public sealed record Not : Step<Kernels.Not>
    {
        /// <inheritdoc/>
        public override string Name => "not";

        /// <inheritdoc/>
        protected override DType ResultDType(ReadOnlySpan<TensorType> operands) =>
            operands[0].DType.IsFloat() ? throw new DTypeException($"not: takes truth values or integers, given {operands[0]}.") : operands[0].DType;

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Choose(DType.Bool, DType.Int32, DType.Int64), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>¬x, bit by bit for integers, element by element.</summary>
        /// <exception cref="DTypeException">The operand is of floats.</exception>
        public static Tensor Not(Tensor x) => new Not().Apply(x);
    }

    public abstract partial class Tensor
    {
        /// <summary>¬x, element by element.</summary>
        public static Tensor operator !(Tensor x) => new Not().Apply(x);

        /// <summary>¬x, bit by bit for integers, element by element.</summary>
        public static Tensor operator ~(Tensor x) => new Not().Apply(x);
    }
}
