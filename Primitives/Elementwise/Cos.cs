using System.Numerics.Tensors;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>cos x, element by element.</summary>
    public sealed record Cos : Unary
    {
        /// <inheritdoc/>
        public override string Name => "cos";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => -TensorMath.Sin(x);

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
        {
            switch (operands[0])
            {
                case Dense<double> x: { var z = new double[x.Size]; TensorPrimitives.Cos<double>(x.Elements, z); return Values.Of(z, x.Shape); }
                case Dense<float> x: { var z = new float[x.Size]; TensorPrimitives.Cos<float>(x.Elements, z); return Values.Of(z, x.Shape); }
                default: throw new DTypeException("later");
            }
        }

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>cos x, element by element.</summary>
        public static Tensor Cos(Tensor x) => new Cos().Of(x);
    }
}
