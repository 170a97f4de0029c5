using System.Buffers;
using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>
    /// The operand's elements at places: k integer tensors of one shape S index k neighbouring axes,
    /// <c>[outer, n₁ … nₖ, inner], S × k → [outer, S, inner]</c>. Linear in the operand; its transpose is <see cref="ScatterAdd"/>.
    /// </summary>
    /// <param name="Axis">The first indexed axis.</param>
    public sealed record Gather(int Axis) : SingleResult, ILinear, IWritesInto
    {
        /// <inheritdoc/>
        public override string Name => "gather";

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            var x = operands[0];
            var places = Indices.Shape("Gather", operands[1..]);
            var last = Axis + operands.Length - 1;
            return Axis >= 0 && last <= x.Rank
                ? new(x.DType, x.Shape[..Axis].Concat(places).Concat(x.Shape[last..]))
                : throw new ShapeException($"Gather: {operands.Length - 1} indices from axis {Axis} on are more than the {x.Rank} axes of {x}.");
        }

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
        {
            Dense<double> x => new Dense<double>(Taken(x, operands[1..], new double[type.Size]), type),
            Dense<float> x => new Dense<float>(Taken(x, operands[1..], new float[type.Size]), type),
            Dense<int> x => new Dense<int>(Taken(x, operands[1..], new int[type.Size]), type),
            Dense<long> x => new Dense<long>(Taken(x, operands[1..], new long[type.Size]), type),
            var x => new Dense<bool>(Taken((Dense<bool>)x, operands[1..], new bool[type.Size]), type),
        };

        /// <inheritdoc/>
        void IWritesInto.Write(ReadOnlySpan<Tensor> operands, TensorType type, Array destination) => _ = operands[0] switch
        {
            Dense<double> x => Taken(x, operands[1..], (double[])destination),
            Dense<float> x => Taken(x, operands[1..], (float[])destination),
            Dense<int> x => Taken(x, operands[1..], (int[])destination),
            Dense<long> x => Taken(x, operands[1..], (long[])destination),
            var x => (Array)Taken((Dense<bool>)x, operands[1..], (bool[])destination),
        };

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) =>
            tangents[0].Map(tangent => Apply([tangent, .. operands.Tail]));

        // Σₛ ū[s]·x[i(s)] = Σⱼ (Σ over s with i(s) = j of ū[s])·x[j].
        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands)
        {
            var extents = operands[0].Type.Shape[Axis..(Axis + operands.Count - 1)];
            var gathered = cotangents[0].Map(cotangent => new ScatterAdd(Axis, extents).Apply([cotangent, .. operands.Tail.Map(index => index.Value)]));
            return gathered.Cons(operands.Tail.Map(_ => Option<Tensor>.None)).Strict();
        }

        /// <inheritdoc/>
        protected override Tensor BatchedResult(Seq<Batched> operands, int size)
        {
            var (x, indices) = (operands[0], operands.Tail);
            if (!indices.Exists(index => index.IsBatched))
                return new Gather(Axis + 1).Apply([x.Value, .. indices.Map(index => index.Value)]);
            var taken = x.IsBatched
                ? Apply([TensorMath.MoveAxis(x.Value, 0, Axis), .. Indices.Numbered(indices, size)])
                : Apply([x.Value, .. indices.Map(index => index.Each(size))]);
            return TensorMath.MoveAxis(taken, Axis, 0);
        }

        // Along an axis whose indices are not known any element may be meant.
        /// <inheritdoc/>
        protected override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result)
        {
            var (x, indices) = Indices.Settled(operands[0], operands[1..], Axis);
            return x.Pattern.Moved(result.Size, x.Type.Shape, rows => Apply([rows, .. indices]));
        }

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape(lowestRank: 1, mayBeEmpty: false);
            var axis = sampler.Integer(0, shape.Rank - 1);
            var count = sampler.Integer(1, shape.Rank - axis);
            var indices = Indices.Sample(sampler, sampler.Shape(highestRank: 2), shape[axis..(axis + count)]);
            return new(new Gather(axis), sampler.Tensor(sampler.Numeric(), shape).Cons(indices).Strict());
        }

        private T[] Taken<T>(Dense<T> x, ReadOnlySpan<Tensor> indices, T[] elements)
            where T : unmanaged
        {
            var last = Axis + indices.Length;
            var places = Indices.Rented("Gather", x.Type, Axis, indices);
            Indexed.Gather<T>(x.Elements, x.Shape.SizeOf(Axis, last), x.Shape.SizeOf(last, x.Rank), places.AsSpan(0, indices[0].Size), elements);
            ArrayPool<int>.Shared.Return(places);
            return elements;
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>
        /// The elements at places of the first axes: k integer tensors that broadcast to one shape S index k axes,
        /// <c>[n₁ … nₖ, rest], S × k → [S, rest]</c>, negative from the end.
        /// </summary>
        /// <exception cref="ShapeException">The indices do not broadcast, are more than the axes, or one is out of range.</exception>
        /// <exception cref="DTypeException">An index is not an integer.</exception>
        public static Tensor Gather(Tensor x, params ReadOnlySpan<Tensor> indices)
        {
            if (indices.IsEmpty) throw new ShapeException("Gather: needs an index, given none.");
            return new Gather(0).Apply([x, .. Together("Gather", indices)]);
        }

        /// <summary>The slices of an axis that indices name: <c>[m, n, k], S → [m, S, k]</c> for axis 1; negative indices count from the end.</summary>
        /// <exception cref="ShapeException">There is no such axis, or an index is out of range.</exception>
        /// <exception cref="DTypeException">The indices are not integers.</exception>
        public static Tensor Take(Tensor x, Tensor indices, int axis = 0) => new Gather(x.Shape.Axis("Take", axis)).Apply(x, indices);

        /// <summary>For each place along the other axes, the elements of an axis that its own indices name: <c>[m, n, k], [m, j, k] → [m, j, k]</c> for axis 1.</summary>
        /// <exception cref="ShapeException">The shapes differ in another axis, or an index is out of range.</exception>
        /// <exception cref="DTypeException">The indices are not integers.</exception>
        public static Tensor TakeAlongAxis(Tensor x, Tensor indices, int axis = -1)
        {
            var along = x.Shape.Axis("TakeAlongAxis", axis);
            if (indices.Rank != x.Rank || indices.Shape.With(along, x.Shape[along]) != x.Shape)
                throw new ShapeException($"TakeAlongAxis: {x.Type} and {indices.Type} may differ in axis {along} only.");
            var (before, after) = (x.Shape.SizeOf(0, along), x.Shape.SizeOf(along + 1, x.Rank));
            var places = Reshape(indices, [before, indices.Shape[along], after]);
            // An axis of extent 1 has one place only, and needs no index.
            var (axes, counted) = (new List<int>(), new List<Tensor>());
            if (before != 1) (axes, counted) = ([before], [Iota(places.Shape, 0, DType.Int32)]);
            axes.Add(x.Shape[along]);
            counted.Add(places);
            if (after != 1)
            {
                axes.Add(after);
                counted.Add(Iota(places.Shape, 2, DType.Int32));
            }
            return Reshape(new Gather(0).Apply([Reshape(x, [.. axes]), .. counted]), [.. indices.Shape]);
        }

        /// <summary>Indices broadcast to one shape.</summary>
        internal static Tensor[] Together(string operation, ReadOnlySpan<Tensor> indices)
        {
            var shape = indices[0].Type;
            foreach (var index in indices)
            {
                Indices.Demand(operation, index.Type);
                shape = shape with { Shape = Broadcasted(operation, shape, index.Type) };
            }
            return indices.ToArray().Map(index => BroadcastTo(index, shape.Shape)).ToArray();
        }
    }
}
