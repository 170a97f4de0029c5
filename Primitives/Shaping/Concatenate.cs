using System.Runtime.CompilerServices;
using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>Tensors one after the other along an axis. Linear; its transpose cuts the cotangent apart.</summary>
    /// <param name="Axis">The axis whose extents add up.</param>
    public sealed record Concatenate(int Axis) : SingleResult, ILinear, IWritesInto
    {
        // Bytes of rows that stay in the nearest cache while each operand's part of them is written.
        private const int Near = 16384;

        /// <inheritdoc/>
        public override string Name => "concatenate";

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            if (operands.IsEmpty) throw new ShapeException("Concatenate: needs at least one tensor, given none.");
            var first = operands[0];
            var joined = first.Shape.Axis("Concatenate", Axis);
            var extent = 0;
            foreach (var operand in operands)
            {
                if (operand.DType != first.DType) throw new DTypeException($"Concatenate: element types differ: {first} and {operand}. Convert one first.");
                if (operand.Rank != first.Rank) throw new ShapeException($"Concatenate: {first} and {operand} have {first.Rank} and {operand.Rank} axes. Use Stack to add an axis, or ExpandDims before.");
                for (var axis = 0; axis < first.Rank; axis++)
                    if (axis != joined && operand.Shape[axis] != first.Shape[axis])
                        throw new ShapeException($"Concatenate: {first} and {operand} differ at axis {axis} ({first.Shape[axis]} ≠ {operand.Shape[axis]}); only axis {joined} may differ.");
                extent += operand.Shape[joined];
            }
            return new(first.DType, first.Shape.With(joined, extent));
        }

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => type.DType switch
        {
            DType.Float64 => new Dense<double>(Joined(operands, type, new double[type.Size]), type),
            DType.Float32 => new Dense<float>(Joined(operands, type, new float[type.Size]), type),
            DType.Int32 => new Dense<int>(Joined(operands, type, new int[type.Size]), type),
            DType.Int64 => new Dense<long>(Joined(operands, type, new long[type.Size]), type),
            _ => new Dense<bool>(Joined(operands, type, new bool[type.Size]), type),
        };

        /// <inheritdoc/>
        void IWritesInto.Write(ReadOnlySpan<Tensor> operands, TensorType type, Array destination) => _ = type.DType switch
        {
            DType.Float64 => Joined(operands, type, (double[])destination),
            DType.Float32 => Joined(operands, type, (float[])destination),
            DType.Int32 => Joined(operands, type, (int[])destination),
            DType.Int64 => Joined(operands, type, (long[])destination),
            _ => (Array)Joined(operands, type, (bool[])destination),
        };

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => result.DType.IsFloat()
            ? Apply([.. tangents.Zip(operands).Map(pair => pair.Item1.IfNone(() => TensorMath.Zeros(pair.Item2.Shape, result.DType)))])
            : None;

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands)
        {
            var parts = new Option<Tensor>[operands.Count];
            var start = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                var extent = operands[i].Type.Shape[Axis];
                if (operands[i].IsLinear) parts[i] = cotangents[0].Map(cotangent => TensorMath.Along(cotangent, Axis, start, extent));
                start += extent;
            }
            return parts.ToSeq();
        }

        /// <inheritdoc/>
        protected override Tensor BatchedResult(Seq<Batched> operands, int size) =>
            new Concatenate(Axis + 1).Apply([.. operands.Map(operand => operand.Each(size))]);

        /// <inheritdoc/>
        protected override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result) =>
            Pattern.Moved(operands, result.Size, rows => Apply(rows));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape(lowestRank: 1);
            var axis = sampler.Integer(0, shape.Rank - 1);
            var dtype = sampler.Numeric();
            var count = sampler.Integer(1, 3);
            return new(new Concatenate(axis), Enumerable.Range(0, count).Select(_ => sampler.Tensor(dtype, shape.With(axis, sampler.Extent()))).ToSeq().Strict());
        }

        private T[] Joined<T>(ReadOnlySpan<Tensor> operands, TensorType type, T[] elements)
            where T : unmanaged
        {
            var row = type.Shape[Axis..].Size;
            var parts = new int[operands.Length];
            for (var i = 0; i < parts.Length; i++) parts[i] = operands[i].Shape[Axis..].Size;
            var block = Math.Max(1, Near / Math.Max(1, row * Unsafe.SizeOf<T>())) * row;
            for (var first = 0; first < elements.Length; first += block)
            {
                var rows = elements.AsSpan(first, Math.Min(block, elements.Length - first));
                var start = 0;
                for (var i = 0; i < parts.Length; start += parts[i++])
                    Strided.PlaceRows<T>(operands[i].Elements<T>().AsSpan(first / row * parts[i], rows.Length / row * parts[i]), parts[i], rows, start, row);
            }
            return elements;
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Tensors one after the other along an axis: <c>[m, k], [n, k] → [m + n, k]</c>. Element types are promoted.</summary>
        /// <exception cref="ShapeException">There is no tensor, or they differ in another axis; the message names it.</exception>
        public static Tensor Concatenate(ReadOnlySpan<Tensor> tensors, int axis = 0)
        {
            if (tensors.IsEmpty) throw new ShapeException("Concatenate: needs at least one tensor, given none.");
            var joined = tensors[0].Shape.Axis("Concatenate", axis);
            return tensors.Length == 1 ? tensors[0] : new Concatenate(joined).Apply(Unified(tensors));
        }

        /// <inheritdoc cref="Concatenate(ReadOnlySpan{Tensor}, int)"/>
        public static Tensor Concatenate(IEnumerable<Tensor> tensors, int axis = 0) => Concatenate([.. tensors], axis);

        /// <summary>Tensors of one shape as the slices of a new axis: n of <c>[m, k] → [n, m, k]</c>. Element types are promoted.</summary>
        /// <exception cref="ShapeException">There is no tensor, or their shapes differ.</exception>
        public static Tensor Stack(ReadOnlySpan<Tensor> tensors, int axis = 0)
        {
            if (tensors.IsEmpty) throw new ShapeException("Stack: needs at least one tensor, given none.");
            var first = tensors[0];
            foreach (var tensor in tensors)
                if (tensor.Shape != first.Shape)
                    throw new ShapeException($"Stack: shapes differ: {first.Type} and {tensor.Type}. Use Concatenate to join along an axis they have.");
            return Concatenate(Unified(tensors).Map(tensor => ExpandDims(tensor, axis)), axis);
        }

        /// <inheritdoc cref="Stack(ReadOnlySpan{Tensor}, int)"/>
        public static Tensor Stack(IEnumerable<Tensor> tensors, int axis = 0) => Stack([.. tensors], axis);

        // A literal among tensors takes their type, as it does in arithmetic.
        private static Tensor[] Unified(ReadOnlySpan<Tensor> tensors)
        {
            var all = tensors.ToArray();
            var firm = all.Filter(tensor => !tensor.IsWeak).DefaultIfEmpty(all.MaxBy(tensor => tensor.DType)!).Max(tensor => tensor.DType);
            var common = all.Filter(tensor => tensor.IsWeak).Fold(firm, (dtype, literal) => Promotion.Unify(Values.Scalar(dtype, 0), literal).X.DType);
            return all.Map(tensor => Convert(tensor, common)).ToArray();
        }
    }
}
