using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>x held between two bounds, min(max(x, low), high), element by element. The derivative goes to x from bound to bound, both included, else to the bound.</summary>
    public sealed record Clamp : Elementwise
    {
        /// <inheritdoc/>
        public override string Name => "clamp";

        /// <inheritdoc/>
        protected override DType ResultDType(ReadOnlySpan<TensorType> operands) =>
            operands[0].DType == operands[1].DType && operands[0].DType == operands[2].DType && operands[0].DType != DType.Bool
                ? operands[0].DType
                : throw new DTypeException($"Clamp: takes numbers of one type, given {operands[0]}, {operands[1]} and {operands[2]}.");

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => type.DType switch
        {
            DType.Float64 => Held<double>(operands, type),
            DType.Float32 => Held<float>(operands, type),
            DType.Int32 => Held<int>(operands, type),
            _ => Held<long>(operands, type),
        };

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents)
        {
            if (!result.DType.IsFloat()) return None;
            var (x, low, high) = (operands[0], operands[1], operands[2]);
            var above = TensorMath.Greater(x, high);
            var below = TensorMath.And(TensorMath.Less(x, low), TensorMath.Not(above));
            var inside = TensorMath.Not(TensorMath.Or(above, below));
            return Plus(
                tangents[0].Map(tangent => Spread(TensorMath.Where(inside, tangent, 0), result)),
                Plus(
                    tangents[1].Map(tangent => Spread(TensorMath.Where(below, tangent, 0), result)),
                    tangents[2].Map(tangent => Spread(TensorMath.Where(above, tangent, 0), result))));
        }

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape();
            var dtype = sampler.Float();
            Shape Any() => sampler.Flip() ? shape : Shape.Scalar;
            return new(this, Seq(
                sampler.Tensor(new(dtype, shape), () => sampler.Integer(-3, 3) + 0.2),
                sampler.Tensor(new(dtype, Any()), () => sampler.Integer(-2, -1)),
                sampler.Tensor(new(dtype, Any()), () => sampler.Integer(1, 2))));
        }

        private static Tensor Held<T>(ReadOnlySpan<Tensor> operands, TensorType type)
            where T : unmanaged
        {
            var elements = new T[type.Size];
            Kernels.Pointwise.Clamp<T>(operands[0].Elements<T>(), operands[1].Elements<T>(), operands[2].Elements<T>(), elements);
            return new Dense<T>(elements, type);
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>x held between two bounds, element by element: min(max(x, low), high); shapes broadcast, element types are promoted.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public static Tensor Clamp(Tensor x, Tensor low, Tensor high)
        {
            (x, low) = Promotion.Unify(x, low);
            (x, high) = Promotion.Unify(x, high);
            low = Convert(low, x.DType);
            var shape = Broadcasted("Clamp", new(x.DType, Broadcasted("Clamp", x.Type, low.Type)), high.Type);
            return new Clamp().Apply(BroadcastTo(x, shape), low.Rank == 0 ? low : BroadcastTo(low, shape), high.Rank == 0 ? high : BroadcastTo(high, shape));
        }
    }
}
