using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>x where the mask is true, y where it is false, element by element: linear in x and y.</summary>
    public sealed record Select : Elementwise, ILinear
    {
        /// <inheritdoc/>
        public override string Name => "select";

        /// <inheritdoc/>
        protected override DType ResultDType(ReadOnlySpan<TensorType> operands)
        {
            if (operands[0].DType != DType.Bool) throw new DTypeException($"Where: the mask is {operands[0]}; expected bool. Compare it with something first.");
            return operands[1].DType == operands[2].DType
                ? operands[1].DType
                : throw new DTypeException($"Where: element types differ: {operands[1]} and {operands[2]}. Convert one first.");
        }

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => type.DType switch
        {
            DType.Float64 => Selected<double>(operands, type),
            DType.Float32 => Selected<float>(operands, type),
            DType.Int32 => Selected<int>(operands, type),
            DType.Int64 => Selected<long>(operands, type),
            _ => Selected<bool>(operands, type),
        };

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents)
        {
            if (tangents[1].IsNone && tangents[2].IsNone) return None;
            Tensor zero = Values.Scalar(result.DType, 0);
            return Some(Spread(Apply(operands[0], tangents[1].IfNone(zero), tangents[2].IfNone(zero)), result));
        }

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands)
        {
            if (cotangents[0].Case is not Tensor cotangent) return Seq<Option<Tensor>>(None, None, None);
            var mask = operands[0].Value;
            Tensor zero = Values.Scalar(cotangent.DType, 0);
            return Seq(
                None,
                operands[1].IsLinear ? Some(Gathered(Apply(mask, cotangent, zero), operands[1].Type)) : None,
                operands[2].IsLinear ? Some(Gathered(Apply(mask, zero, cotangent), operands[2].Type)) : None);
        }

        /// <inheritdoc/>
        protected override Option<Tensor> Factor(ReadOnlySpan<Dependent> operands, int operand) =>
            !operands[0].IsKnown ? None : Some(operand == 1 ? operands[0].Value : TensorMath.Not(operands[0].Value));

        /// <inheritdoc/>
        public override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.Pointwise(typeof(Select));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape();
            var dtype = sampler.Choose(DType.Bool, DType.Int32, DType.Int64, DType.Float32, DType.Float64);
            Shape Any() => sampler.Flip() ? shape : Shape.Scalar;
            return new(this, Seq(sampler.Tensor(DType.Bool, Any()), sampler.Tensor(dtype, shape), sampler.Tensor(dtype, Any())));
        }

        private static Tensor Selected<T>(ReadOnlySpan<Tensor> operands, TensorType type)
            where T : unmanaged
        {
            var elements = new T[type.Size];
            Pointwise.Select<T>(operands[0].Elements<bool>(), operands[1].Elements<T>(), operands[2].Elements<T>(), elements);
            return Values.Of(elements, type.Shape);
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>x where the mask is true, y elsewhere; shapes broadcast, element types are promoted. Both are computed; only the chosen one has a derivative.</summary>
        /// <exception cref="DTypeException">The mask is not of truth values.</exception>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Where(Tensor mask, Tensor x, Tensor y)
        {
            var areLiterals = x.IsWeak && y.IsWeak;
            if (x.DType != y.DType || x.IsWeak || y.IsWeak) (x, y) = Promotion.Unify(x, y);
            var shape = Broadcasted("Where", mask.Type, new(x.DType, Broadcasted("Where", x.Type, y.Type)));
            var result = new Select().Apply(Stretched(mask), Stretched(x), Stretched(y));
            return areLiterals ? result.Weakened() : result;

            Tensor Stretched(Tensor part) => part.Rank == 0 ? part : BroadcastTo(part, shape);
        }
    }
}
