using System.Numerics;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The place along an axis, at every place: 0, 1, 2, … along it, the same along the others. It has no operands.</summary>
    /// <param name="Shape">The result's shape.</param>
    /// <param name="Axis">The axis that is counted along.</param>
    /// <param name="DType">The type of the numbers.</param>
    public sealed record Iota(Shape Shape, int Axis, DType DType) : SingleResult
    {
        /// <inheritdoc/>
        public override string Name => "iota";

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            Shape.Axis("Iota", Axis);
            return DType == DType.Bool ? throw new DTypeException("Iota: counts in numbers, not in bool.") : new(DType, Shape);
        }

        // A range goes into a program as itself, not as its elements.
        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
        {
            Dense range = DType switch
            {
                DType.Float64 => Counted<double>(type),
                DType.Float32 => Counted<float>(type),
                DType.Int32 => Counted<int>(type),
                _ => Counted<long>(type),
            };
            range.Recipe = new Remade(this);
            return range;
        }

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => None;

        /// <inheritdoc/>
        protected override Tensor BatchedResult(Seq<Batched> operands, int size) => new Iota(Shape.Insert(0, size), Axis + 1, DType).Apply();

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape(lowestRank: 1);
            return new(new Iota(shape, sampler.Integer(0, shape.Rank - 1), sampler.Numeric()), Seq<Tensor>());
        }

        private Dense<T> Counted<T>(TensorType type)
            where T : unmanaged, INumber<T>
        {
            var elements = new T[type.Size];
            var extent = Shape[Axis];
            var inner = Shape[(Axis + 1)..].Size;
            for (var (start, place) = (0, 0); start < elements.Length; start += inner, place = place + 1 == extent ? 0 : place + 1)
                elements.AsSpan(start, inner).Fill(T.CreateTruncating(place));
            return new(elements, type);
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The place along an axis, at every place of a shape.</summary>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public static Tensor Iota(Shape shape, int axis = 0, DType dtype = DType.Int64) => new Iota(shape, shape.Axis("Iota", axis), dtype).Apply();

        /// <summary>The integers 0, 1, … up to before a count, in i64.</summary>
        public static Tensor Arange(int count) => new Iota([Math.Max(0, count)], 0, DType.Int64).Apply();

        /// <summary>The integers from a start up to before a stop, every so many, in i64.</summary>
        /// <exception cref="ShapeException">The step is 0.</exception>
        public static Tensor Arange(int start, int stop, int step = 1)
        {
            if (step == 0) throw new ShapeException($"Arange: a step of 0 never gets from {start} to {stop}.");
            var count = Math.Ceiling(((double)stop - start) / step);
            return (Arange((int)Math.Max(0, count)) * step) + start;
        }

        /// <summary>The numbers start, start + step, … up to before a stop, in f64. Use <see cref="Linspace"/> where the count matters.</summary>
        /// <exception cref="ShapeException">The step is 0.</exception>
        public static Tensor Arange(double start, double stop, double step = 1)
        {
            if (step == 0) throw new ShapeException($"Arange: a step of 0 never gets from {start} to {stop}.");
            var count = Math.Ceiling((stop - start) / step);
            return (new Iota([(int)Math.Max(0, count)], 0, DType.Float64).Apply() * step) + start;
        }

        /// <summary>Evenly spaced numbers from a start up to and with a stop, in f64. The ends may be traced, and are differentiable.</summary>
        /// <param name="start">A scalar.</param>
        /// <param name="stop">A scalar.</param>
        /// <param name="count">How many; one alone is the start.</param>
        public static Tensor Linspace(Tensor start, Tensor stop, int count = 50)
        {
            if (start.Rank != 0 || stop.Rank != 0) throw new ShapeException($"Linspace: the ends are scalars, given {start.Type} and {stop.Type}.");
            var place = new Iota([Math.Max(0, count)], 0, DType.Float64).Apply() / Math.Max(1.0, count - 1.0);
            // Each end is met exactly: the other's weight there is 0.
            return (start * (1.0 - place)) + (stop * place);
        }

        /// <summary>The coordinates of a grid: for axes of extents m, n, … one tensor <c>[m, n, …]</c> each, in that order (NumPy's <c>indexing="ij"</c>).</summary>
        /// <exception cref="ShapeException">An axis is given by other than a vector.</exception>
        public static Seq<Tensor> Meshgrid(params ReadOnlySpan<Tensor> axes)
        {
            var extents = new int[axes.Length];
            for (var axis = 0; axis < extents.Length; axis++)
                extents[axis] = axes[axis].Rank == 1 ? axes[axis].Shape[0] : throw new ShapeException($"Meshgrid: axis {axis} is given by a vector, not by {axes[axis].Type}.");
            var shape = new Shape(extents);
            return axes.ToArray().Select((axis, i) => new Broadcast(shape, Seq1(i)).Apply(axis)).ToSeq().Strict();
        }
    }
}
