using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>
    /// The operand with a value put before, after and between its elements: operand place i stands at Low + (Interior + 1)·i.
    /// Linear in both. The value is a scalar, or one for each place of leading axes that are not padded.
    /// </summary>
    /// <param name="Low">How many go before the first element of each axis.</param>
    /// <param name="High">How many go after the last.</param>
    /// <param name="Interior">How many go between two neighbours.</param>
    public sealed record Pad(Seq<int> Low, Seq<int> High, Seq<int> Interior) : SingleResult, ILinear
    {
        /// <inheritdoc/>
        public override string Name => "pad";

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            var (x, value) = (operands[0], operands[1]);
            if (x.DType != value.DType) throw new DTypeException($"Pad: {x} is padded with {value}; convert one first.");
            if (Low.Count != x.Rank || High.Count != x.Rank || Interior.Count != x.Rank)
                throw new ShapeException($"Pad: {x} needs a width for each of its {x.Rank} axes, given {Low.Count} before, {High.Count} after and {Interior.Count} between.");
            var extents = new int[x.Rank];
            for (var axis = 0; axis < extents.Length; axis++)
            {
                if (Low[axis] < 0 || High[axis] < 0 || Interior[axis] < 0)
                    throw new ShapeException($"Pad: a width for axis {axis} of {x} is negative ({Low[axis]}, {High[axis]}, {Interior[axis]}). Cut with Slice instead.");
                extents[axis] = Low[axis] + x.Shape[axis] + (Math.Max(0, x.Shape[axis] - 1) * Interior[axis]) + High[axis];
            }
            var result = new Shape(extents);
            return value.Rank <= x.Rank && value.Shape == x.Shape[..value.Rank] && value.Shape == result[..value.Rank]
                ? new(x.DType, result)
                : throw new ShapeException($"Pad: the value {value} is neither a scalar nor one for each place of leading axes of {x} that are not padded.");
        }

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
        {
            Dense<double> x => Padded(x, (Dense<double>)operands[1], type),
            Dense<float> x => Padded(x, (Dense<float>)operands[1], type),
            Dense<int> x => Padded(x, (Dense<int>)operands[1], type),
            Dense<long> x => Padded(x, (Dense<long>)operands[1], type),
            var x => Padded((Dense<bool>)x, (Dense<bool>)operands[1], type),
        };

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => result.DType.IsFloat()
            ? Apply(
                tangents[0].IfNone(() => TensorMath.Zeros(operands[0].Shape, result.DType)),
                tangents[1].IfNone(() => Values.Scalar(result.DType, 0)))
            : None;

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands)
        {
            if (cotangents[0].Case is not Tensor cotangent) return Seq<Option<Tensor>>(None, None);
            var inside = new Slice(Low, Interior.Map(width => width + 1).Strict(), operands[0].Type.Shape).Apply(cotangent);
            return Seq(
                operands[0].IsLinear ? Some(inside) : None,
                operands[1].IsLinear ? Some(Around(cotangent, inside, operands[1].Type)) : None);
        }

        /// <inheritdoc/>
        protected override Tensor BatchedResult(Seq<Batched> operands, int size)
        {
            var (x, value) = (operands[0], operands[1]);
            var each = new Pad(0.Cons(Low).Strict(), 0.Cons(High).Strict(), 0.Cons(Interior).Strict());
            return each.Apply(x.Each(size), value.IsBatched || value.Rank > 0 ? value.Each(size) : value.Value);
        }

        /// <inheritdoc/>
        protected override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result) =>
            Pattern.Moved(operands, result.Size, rows => Apply(rows));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape();
            var dtype = sampler.Numeric();
            var kept = sampler.Integer(0, shape.Rank);
            Seq<int> Widths() => Enumerable.Range(0, shape.Rank).Select(axis => axis < kept ? 0 : sampler.Integer(0, 2)).ToSeq().Strict();
            return new(new Pad(Widths(), Widths(), Widths()), Seq(sampler.Tensor(dtype, shape), sampler.Tensor(dtype, sampler.Flip() ? Shape.Scalar : shape[..kept])));
        }

        // What stands where no element of the operand went, summed for each value: ct − ct is exactly 0 at the others.
        private Tensor Around(Tensor cotangent, Tensor inside, TensorType value)
        {
            var outside = cotangent - Apply(inside, Values.Scalar(cotangent.DType, 0));
            return value.Rank == cotangent.Rank ? outside : new Sum(Enumerable.Range(value.Rank, cotangent.Rank - value.Rank).ToSeq().Strict()).Apply(outside);
        }

        private Dense<T> Padded<T>(Dense<T> x, Dense<T> value, TensorType type)
            where T : unmanaged
        {
            var elements = new T[type.Size];
            var offset = 0;
            var strides = type.Shape.Strides();
            for (var axis = 0; axis < strides.Length; axis++)
            {
                offset += Low[axis] * strides[axis];
                strides[axis] *= Interior[axis] + 1;
            }
            Strided.Fill<T>(value.Elements, elements);
            Strided.Place<T>(x.Elements, x.Shape.Extents, elements, offset, strides);
            return new(elements, type);
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The tensor with a value put before, after and between the elements of each axis.</summary>
        /// <param name="x">The tensor.</param>
        /// <param name="low">How many go before the first element of each axis.</param>
        /// <param name="high">How many go after the last element of each axis.</param>
        /// <param name="value">A scalar, converted to the tensor's element type; 0 where none is given.</param>
        /// <param name="interior">How many go between two neighbours along each axis; none where not given.</param>
        /// <exception cref="ShapeException">There is not one width for each axis, or one is negative.</exception>
        public static Tensor Pad(Tensor x, ReadOnlySpan<int> low, ReadOnlySpan<int> high, Tensor? value = null, ReadOnlySpan<int> interior = default)
        {
            if (value is { Rank: > 0 }) throw new ShapeException($"Pad: the value is a scalar, given {value.Type}.");
            var between = interior.IsEmpty ? new int[x.Rank] : interior.ToArray();
            return new Pad(low.ToArray().ToSeq(), high.ToArray().ToSeq(), between.ToSeq()).Apply(x, Convert(value ?? 0.0, x.DType));
        }
    }
}
