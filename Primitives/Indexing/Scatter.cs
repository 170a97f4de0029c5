using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>
    /// The first operand with the second's elements in place of its own at places: <c>[outer, n₁ … nₖ, inner], [outer, S, inner],
    /// S × k</c>. Where indices are repeated the last stays. Linear in both operands.
    /// </summary>
    /// <param name="Axis">The first indexed axis.</param>
    public sealed record Scatter(int Axis) : SingleResult, ILinear
    {
        /// <inheritdoc/>
        public override string Name => "scatter";

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            var (x, updates) = (operands[0], operands[1]);
            var places = Indices.Shape("Scatter", operands[2..]);
            var last = Axis + operands.Length - 2;
            if (x.DType != updates.DType) throw new DTypeException($"Scatter: element types differ: {x} and {updates}. Convert one first.");
            if (last > x.Rank) throw new ShapeException($"Scatter: {operands.Length - 2} indices from axis {Axis} on are more than the {x.Rank} axes of {x}.");
            var expected = x.Shape[..Axis].Concat(places).Concat(x.Shape[last..]);
            return updates.Shape == expected ? x : throw new ShapeException($"Scatter: the updates {updates} do not have the shape {expected} of the places in {x}.");
        }

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
        {
            Dense<double> x => Replaced(x, operands),
            Dense<float> x => Replaced(x, operands),
            Dense<int> x => Replaced(x, operands),
            Dense<long> x => Replaced(x, operands),
            var x => Replaced((Dense<bool>)x, operands),
        };

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => result.DType.IsFloat()
            ? Apply([
                tangents[0].IfNone(() => TensorMath.Zeros(operands[0].Shape, result.DType)),
                tangents[1].IfNone(() => TensorMath.Zeros(operands[1].Shape, result.DType)),
                .. operands.Skip(2)])
            : None;

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands)
        {
            var indices = operands.Skip(2).Map(index => index.Value).ToSeq().Strict();
            var updates = operands[1].Type;
            var kept = operands[0].IsLinear
                ? cotangents[0].Map(cotangent => Apply([cotangent, TensorMath.Zeros(updates.Shape, updates.DType), .. indices]))
                : None;
            var replacing = operands[1].IsLinear
                ? cotangents[0].Map(cotangent => Last(new Gather(Axis).Apply([cotangent, .. indices]), operands[0].Type, indices))
                : None;
            return Seq(kept, replacing).Then(indices.Map(_ => Option<Tensor>.None));
        }

        /// <inheritdoc/>
        protected override Tensor BatchedResult(Seq<Batched> operands, int size)
        {
            var (x, updates, indices) = (operands[0].Each(size), operands[1].Each(size), operands.Skip(2).ToSeq().Strict());
            if (!indices.Exists(index => index.IsBatched))
                return new Scatter(Axis + 1).Apply([x, updates, .. indices.Map(index => index.Value)]);
            var each = Apply([TensorMath.MoveAxis(x, 0, Axis), TensorMath.MoveAxis(updates, 0, Axis), .. Indices.Numbered(indices, size)]);
            return TensorMath.MoveAxis(each, Axis, 0);
        }

        // Where the indices are not known an element may stay, or any of the updates may stand in its place.
        /// <inheritdoc/>
        protected override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result)
        {
            var indices = operands[2..].ToArray();
            if (System.Array.TrueForAll(indices, index => index.IsKnown))
                return Pattern.Moved(operands[..2], result.Size, rows => Apply([.. rows, .. indices.Select(index => index.Value)]));
            var extents = result.Shape[Axis..(Axis + indices.Length)];
            return Pattern.Union(result.Size, operands[0].Pattern, ScatterAdd.Anywhere(operands[1], Axis, indices[0].Type.Shape, extents, result));
        }

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var extents = sampler.Shape(lowestRank: 1, highestRank: 2, mayBeEmpty: false);
            var (outer, places, inner) = (sampler.Shape(highestRank: 1), sampler.Shape(highestRank: 2), sampler.Shape(highestRank: 1));
            var dtype = sampler.Numeric();
            var x = sampler.Tensor(dtype, outer.Concat(extents).Concat(inner));
            var updates = sampler.Tensor(dtype, outer.Concat(places).Concat(inner));
            return new(new Scatter(outer.Rank), x.Cons(updates.Cons(Indices.Sample(sampler, places, extents))).Strict());
        }

        // An update moves the result only where it is the last at its place: numbered from 1, the last leaves its number there.
        private Tensor Last(Tensor cotangent, TensorType x, Seq<Tensor> indices)
        {
            var places = indices[0].Shape;
            var numbers = TensorMath.Reshape(TensorMath.Arange(places.Size), [.. places]);
            var extents = x.Shape[Axis..(Axis + indices.Count)];
            var stays = new Scatter(0).Apply([TensorMath.Zeros(extents, DType.Int64), numbers, .. indices]);
            var isLast = TensorMath.Equal(new Gather(0).Apply([stays, .. indices]), numbers);
            var mask = new Broadcast(cotangent.Shape, Enumerable.Range(Axis, places.Rank).ToSeq().Strict()).Apply(isLast);
            return TensorMath.Where(mask, cotangent, Values.Scalar(cotangent.DType, 0));
        }

        private Dense<T> Replaced<T>(Dense<T> x, ReadOnlySpan<Tensor> operands)
            where T : unmanaged
        {
            var elements = x.Elements.AsSpan().ToArray();
            var last = Axis + operands.Length - 2;
            var places = Indices.Places("Scatter", x.Type, Axis, operands[2..]);
            Indexed.Scatter<T>(operands[1].Elements<T>(), x.Shape.SizeOf(Axis, last), x.Shape.SizeOf(last, x.Rank), places, elements);
            return new(elements, x.Type);
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The tensor with updates in place of the slices of an axis that indices name: <c>[m, n, k] and [m, S, k]</c> for axis 1. Of repeated indices the last stays.</summary>
        /// <param name="x">What is changed in the result; itself it stays as it is.</param>
        /// <param name="indices">Integers of shape S, negative from the end.</param>
        /// <param name="updates">Broadcast to the shape of <c>Take(x, indices, axis)</c>, converted to the tensor's element type.</param>
        /// <param name="axis">The axis that is indexed.</param>
        /// <exception cref="ShapeException">The updates do not fit, or an index is out of range.</exception>
        /// <exception cref="DTypeException">The indices are not integers.</exception>
        public static Tensor Scatter(Tensor x, Tensor indices, Tensor updates, int axis = 0)
        {
            var along = x.Shape.Axis("Scatter", axis);
            return new Scatter(along).Apply(x, Slices("Scatter", x.Type, indices, Convert(updates, x.DType), along), indices);
        }

        // Updates as many as the slices of an axis that indices name.
        private static Tensor Slices(string operation, TensorType x, Tensor indices, Tensor updates, int axis)
        {
            Indices.Demand(operation, indices.Type);
            var slices = x.Shape[..axis].Concat(indices.Shape).Concat(x.Shape[(axis + 1)..]);
            var expected = new TensorType(updates.DType, slices);
            return Broadcasted(operation, expected, updates.Type) == slices
                ? BroadcastTo(updates, slices)
                : throw new ShapeException($"{operation}: the updates {updates.Type} do not broadcast to {slices}, the slices that {indices.Type} names along axis {axis} of {x}.");
        }
    }
}
