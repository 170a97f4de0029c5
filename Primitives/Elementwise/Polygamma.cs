using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The n-th derivative of the digamma function, ψ⁽ⁿ⁾(x), element by element. d = ψ⁽ⁿ⁺¹⁾(x) dx.</summary>
    /// <param name="Order">n, at least 1.</param>
    public sealed record Polygamma(int Order) : Unary
    {
        /// <inheritdoc/>
        public override string Name => "polygamma";

        /// <inheritdoc/>
        protected override int Work => ElementaryWork;

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => TensorMath.Polygamma(Order + 1, x);

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
        {
            if (operands[0] is Dense<float> single)
            {
                var rounded = new float[type.Size];
                Pointwise.Polygamma(Order, single.Elements, rounded);
                return Values.Of(rounded, type.Shape);
            }
            var elements = new double[type.Size];
            Pointwise.Polygamma(Order, operands[0].Elements<double>(), elements);
            return Values.Of(elements, type.Shape);
        }

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) =>
            new(new Polygamma(sampler.Integer(1, 3)), Seq1(sampler.Tensor(sampler.Float(), sampler.Shape(), 0.6, 5)));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The derivatives of the digamma function: ψ⁽ⁿ⁾(x), element by element.</summary>
        /// <param name="order">n; 0 is the digamma function itself.</param>
        /// <param name="x">Floats.</param>
        /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
        public static Tensor Polygamma(int order, Tensor x)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(order);
            return order == 0 ? Digamma(x) : new Polygamma(order).Of(x);
        }
    }
}
