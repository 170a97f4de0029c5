using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>x + y, element by element: linear in both.</summary>
    public sealed record Add : Binary<Kernels.Add>, ILinear
    {
        /// <inheritdoc/>
        public override string Name => "add";

        /// <inheritdoc/>
        protected override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent);

        /// <inheritdoc/>
        protected override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => Some(tangent);

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
            cotangents[0].Case is not Tensor cotangent ? Seq<Option<Tensor>>(None, None) : operands.Map(operand => operand.IsLinear ? Some(Gathered(cotangent, operand.Type)) : None).Strict();

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) => Pair(sampler, sampler.Numeric(), -3, 3);
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>x + y, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Add(Tensor x, Tensor y) => new Add().Of(x, y);
    }

    public abstract partial class Tensor
    {
        /// <summary>x + y, element by element; shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor operator +(Tensor x, Tensor y) => new Add().Of(x, y);
    }
}
