using System.Numerics.Tensors;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>sin x, element by element.</summary>
    public sealed record Sin : Unary
    {
        /// <inheritdoc/>
        public override string Name => "sin";

        /// <inheritdoc/>
        protected override Tensor Derivative(Tensor x, Tensor y) => TensorMath.Cos(x);

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
        {
            switch (operands[0])
            {
                case Dense<double> x: { var z = new double[x.Size]; TensorPrimitives.Sin<double>(x.Elements, z); return Values.Of(z, x.Shape); }
                case Dense<float> x: { var z = new float[x.Size]; TensorPrimitives.Sin<float>(x.Elements, z); return Values.Of(z, x.Shape); }
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
        /// <summary>sin x, element by element.</summary>
        public static Tensor Sin(Tensor x) => new Sin().Of(x);
    }
}
