using System.Buffers;
using System.Numerics;
using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>
    /// Zeros with the operand's elements added at places: <c>[outer, S, inner], S × k → [outer, n₁ … nₖ, inner]</c>. Where
    /// indices are repeated the elements add up, in order. Linear in the operand; its transpose is <see cref="Gather"/>.
    /// </summary>
    /// <param name="Axis">The first indexed axis.</param>
    /// <param name="Extents">The extents of the indexed axes.</param>
    public sealed record ScatterAdd(int Axis, Shape Extents) : SingleResult, ILinear, IWritesInto
    {
        /// <inheritdoc/>
        public override string Name => "scatter_add";

        /// <inheritdoc/>
        public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) =>
            new(operands[0].Size, Programs.Cost.Traffic(operands, results));

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            var updates = operands[0];
            var places = Indices.Shape("ScatterAdd", operands[1..]);
            var last = Axis + places.Rank;
            if (updates.DType == DType.Bool) throw new DTypeException($"ScatterAdd: adds numbers, given {updates}.");
            if (Extents.Rank != operands.Length - 1)
                throw new ShapeException($"ScatterAdd: {operands.Length - 1} indices for the {Extents.Rank} axes of {Extents}.");
            return last <= updates.Rank && updates.Shape[Axis..last] == places
                ? new(updates.DType, updates.Shape[..Axis].Concat(Extents).Concat(updates.Shape[last..]))
                : throw new ShapeException($"ScatterAdd: the updates {updates} do not have the indices' shape {places} from axis {Axis} on.");
        }

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
        {
            Dense<double> updates => new Dense<double>(Added(updates, operands[1..], type, new double[type.Size]), type),
            Dense<float> updates => new Dense<float>(Added(updates, operands[1..], type, new float[type.Size]), type),
            Dense<int> updates => new Dense<int>(Added(updates, operands[1..], type, new int[type.Size]), type),
            var updates => new Dense<long>(Added((Dense<long>)updates, operands[1..], type, new long[type.Size]), type),
        };

        /// <inheritdoc/>
        void IWritesInto.Write(ReadOnlySpan<Tensor> operands, TensorType type, Array destination)
        {
            System.Array.Clear(destination);
            _ = operands[0] switch
            {
                Dense<double> updates => Added(updates, operands[1..], type, (double[])destination),
                Dense<float> updates => Added(updates, operands[1..], type, (float[])destination),
                Dense<int> updates => Added(updates, operands[1..], type, (int[])destination),
                var updates => (Array)Added((Dense<long>)updates, operands[1..], type, (long[])destination),
            };
        }

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) =>
            tangents[0].Map(tangent => Apply([tangent, .. operands.Tail]));

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
            cotangents[0].Map(cotangent => new Gather(Axis).Apply([cotangent, .. operands.Tail.Map(index => index.Value)]))
                .Cons(operands.Tail.Map(_ => Option<Tensor>.None)).Strict();

        /// <inheritdoc/>
        protected override Tensor BatchedResult(Seq<Batched> operands, int size)
        {
            var (updates, indices) = (operands[0].Each(size), operands.Tail);
            if (!indices.Exists(index => index.IsBatched))
                return new ScatterAdd(Axis + 1, Extents).Apply([updates, .. indices.Map(index => index.Value)]);
            var each = new ScatterAdd(Axis, Extents.Insert(0, size));
            return TensorMath.MoveAxis(each.Apply([TensorMath.MoveAxis(updates, 0, Axis), .. Indices.Numbered(indices, size)]), Axis, 0);
        }

        /// <inheritdoc/>
        protected override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result)
        {
            var indices = operands[1..].ToArray();
            if (!System.Array.TrueForAll(indices, index => index.IsKnown)) return Anywhere(operands[0], Axis, indices[0].Type.Shape, Extents, result);
            var targets = new Gather(Axis).Apply([Ordinals.Of(result.Shape), .. indices.Select(index => index.Value)]);
            return operands[0].Pattern.Placed(targets.Elements<int>(), result.Size);
        }

        /// <summary>Updates [outer, S, inner], any of S at any place of the indexed axes.</summary>
        internal static Pattern Anywhere(Dependent updates, int axis, Shape places, Shape extents, TensorType result)
        {
            var shape = updates.Type.Shape;
            Shape united = [shape[..axis].Size, places.Size, shape[(axis + places.Rank)..].Size];
            var targets = new Broadcast(united, Seq(0, 2)).Apply(Ordinals.Of([united[0], united[2]])).Elements<int>();
            var any = updates.Pattern.Placed(targets, united[0] * united[2]);
            var spread = new Broadcast([united[0], extents.Size, united[2]], Seq(0, 2));
            return any.Moved(result.Size, [united[0], united[2]], rows => spread.Apply(rows));
        }

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var extents = sampler.Shape(lowestRank: 1, highestRank: 2, mayBeEmpty: false);
            var (outer, places, inner) = (sampler.Shape(highestRank: 1), sampler.Shape(highestRank: 2), sampler.Shape(highestRank: 1));
            var updates = sampler.Tensor(sampler.Numeric(), outer.Concat(places).Concat(inner));
            return new(new ScatterAdd(outer.Rank, extents), updates.Cons(Indices.Sample(sampler, places, extents)).Strict());
        }

        private T[] Added<T>(Dense<T> updates, ReadOnlySpan<Tensor> indices, TensorType type, T[] elements)
            where T : unmanaged, INumber<T>
        {
            var places = Indices.Rented("ScatterAdd", type, Axis, indices);
            Indexed.ScatterAdd<T>(updates.Elements, Extents.Size, type.Shape.SizeOf(Axis + Extents.Rank, type.Rank), places.AsSpan(0, indices[0].Size), elements);
            ArrayPool<int>.Shared.Return(places);
            return elements;
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The tensor with updates added to the slices of an axis that indices name: <c>[m, n, k] and [m, S, k]</c> for axis 1. Repeated indices add up.</summary>
        /// <param name="x">What is added to.</param>
        /// <param name="indices">Integers of shape S, negative from the end.</param>
        /// <param name="updates">Broadcast to the shape of <c>Take(x, indices, axis)</c>, converted to the tensor's element type.</param>
        /// <param name="axis">The axis that is indexed.</param>
        /// <exception cref="ShapeException">The updates do not fit, or an index is out of range.</exception>
        /// <exception cref="DTypeException">The indices are not integers.</exception>
        public static Tensor ScatterAdd(Tensor x, Tensor indices, Tensor updates, int axis = 0)
        {
            var along = x.Shape.Axis("ScatterAdd", axis);
            var slices = Slices("ScatterAdd", x.Type, indices, Convert(updates, x.DType), along);
            return x + new ScatterAdd(along, [x.Shape[along]]).Apply(slices, indices);
        }

        /// <summary>1 at the place that each index names along a new last axis, 0 elsewhere: <c>S → [S, count]</c>.</summary>
        /// <param name="indices">Integers, negative from the end.</param>
        /// <param name="count">The extent of the new axis.</param>
        /// <param name="dtype">The type of the ones.</param>
        /// <exception cref="ShapeException">An index is out of range.</exception>
        /// <exception cref="DTypeException">The indices are not integers.</exception>
        public static Tensor OneHot(Tensor indices, int count, DType dtype = DType.Float64)
        {
            var flat = Reshape(indices, [indices.Size]);
            var hot = new ScatterAdd(0, [indices.Size, count]).Apply(Ones(flat.Shape, dtype), Iota(flat.Shape, 0, DType.Int32), flat);
            return Reshape(hot, [.. indices.Shape, count]);
        }
    }
}
