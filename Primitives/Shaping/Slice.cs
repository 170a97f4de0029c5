using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>Elements at evenly spaced places: result place i is operand place Starts + Steps·i. Its transpose pads.</summary>
    /// <param name="Starts">The first place along each axis.</param>
    /// <param name="Steps">The distance between places along each axis, at least 1.</param>
    /// <param name="Extents">The result's shape.</param>
    public sealed record Slice(Seq<int> Starts, Seq<int> Steps, Shape Extents) : View
    {
        /// <inheritdoc/>
        public override string Name => "slice";

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            var operand = operands[0];
            if (Starts.Count != operand.Rank || Steps.Count != operand.Rank || Extents.Rank != operand.Rank)
                throw new ShapeException($"Slice: {operand} needs a start, a step and an extent for each of its {operand.Rank} axes, given {Starts.Count}, {Steps.Count} and {Extents.Rank}.");
            for (var axis = 0; axis < operand.Rank; axis++)
                if (Steps[axis] < 1 || Starts[axis] < 0 || Starts[axis] + Span(axis) > operand.Shape[axis])
                    throw new ShapeException($"Slice: {Extents[axis]} places from {Starts[axis]} by {Steps[axis]} do not lie in axis {axis} of {operand}, which has extent {operand.Shape[axis]}.");
            return new(operand.DType, Extents);
        }

        /// <inheritdoc/>
        protected override IndexMap Map(TensorType operand)
        {
            var offset = 0;
            var strides = operand.Shape.Strides();
            for (var axis = 0; axis < strides.Length; axis++)
            {
                offset += Starts[axis] * strides[axis];
                strides[axis] *= Steps[axis];
            }
            return new(offset, strides.ToSeq());
        }

        // Σ ū[i]·x[start + step·i] = Σ x̄[j]·x[j], where x̄ is ū spread out and 0 between and around.
        /// <inheritdoc/>
        protected override Tensor Transpose(Tensor cotangent, TensorType operand)
        {
            var after = Enumerable.Range(0, operand.Rank).Select(axis => operand.Shape[axis] - Starts[axis] - Span(axis)).ToSeq().Strict();
            return new Pad(Starts, after, Steps.Map(step => step - 1).Strict()).Apply(cotangent, Values.Scalar(operand.DType, 0));
        }

        /// <inheritdoc/>
        protected override View Batched(TensorType operand, int size) =>
            new Slice(0.Cons(Starts).Strict(), 1.Cons(Steps).Strict(), Extents.Insert(0, size));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape();
            var starts = shape.Select(extent => sampler.Integer(0, extent)).ToSeq().Strict();
            var steps = shape.Select(_ => sampler.Integer(1, 3)).ToSeq().Strict();
            Shape extents = [.. Enumerable.Range(0, shape.Rank).Select(axis => sampler.Integer(0, (shape[axis] - starts[axis] + steps[axis] - 1) / steps[axis]))];
            return new(new Slice(starts, steps, extents), Seq1(sampler.Tensor(sampler.Numeric(), shape)));
        }

        private int Span(int axis) => Extents[axis] == 0 ? 0 : ((Extents[axis] - 1) * Steps[axis]) + 1;
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>
        /// The elements from <paramref name="starts"/> up to before <paramref name="stops"/> along each axis, every so many.
        /// A negative step walks the same range from its last element to its first.
        /// </summary>
        /// <param name="x">The tensor.</param>
        /// <param name="starts">A place for each axis, negative from the end.</param>
        /// <param name="stops">The place after the last for each axis, negative from the end.</param>
        /// <param name="steps">The distance for each axis; 1 where none are given.</param>
        /// <exception cref="ShapeException">A range does not lie in its axis; the message names the axis.</exception>
        public static Tensor Slice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> stops, ReadOnlySpan<int> steps = default)
        {
            if (starts.Length != x.Rank || stops.Length != x.Rank || (steps.Length != x.Rank && !steps.IsEmpty))
                throw new ShapeException($"Slice: {x.Type} needs a start and a stop for each of its {x.Rank} axes, given {starts.Length} and {stops.Length}.");
            var walks = new Walk[x.Rank];
            for (var axis = 0; axis < walks.Length; axis++)
            {
                var extent = x.Shape[axis];
                var start = starts[axis] < 0 ? starts[axis] + extent : starts[axis];
                var stop = stops[axis] < 0 ? stops[axis] + extent : stops[axis];
                if (start < 0 || stop < start || stop > extent)
                    throw new ShapeException($"Slice: {starts[axis]} to {stops[axis]} does not lie in axis {axis} of {x.Type}, which has extent {extent}.");
                walks[axis] = Walk.Over("Slice", start, stop - start, steps.IsEmpty ? 1 : steps[axis]);
            }
            return Walked(x, walks);
        }

        /// <summary>The tensor cut along an axis into parts of equal extent.</summary>
        /// <exception cref="ShapeException">The parts do not divide the extent.</exception>
        public static Seq<Tensor> Split(Tensor x, int parts, int axis = 0)
        {
            var cut = x.Shape.Axis("Split", axis);
            var extent = x.Shape[cut];
            if (parts < 1 || extent % parts != 0)
                throw new ShapeException($"Split: {parts} equal parts do not fill axis {cut} of {x.Type}, which has extent {extent}. Give the places to cut at instead.");
            return Enumerable.Range(0, parts).Select(part => Along(x, cut, part * (extent / parts), extent / parts)).ToSeq().Strict();
        }

        /// <summary>The tensor cut along an axis before each of some places, ascending: <c>[2, 5]</c> gives the parts ..2, 2..5 and 5...</summary>
        /// <exception cref="ShapeException">A place is not in the axis, or they do not ascend.</exception>
        public static Seq<Tensor> Split(Tensor x, ReadOnlySpan<int> places, int axis = 0)
        {
            var cut = x.Shape.Axis("Split", axis);
            var extent = x.Shape[cut];
            var parts = new Tensor[places.Length + 1];
            var start = 0;
            for (var part = 0; part < parts.Length; part++)
            {
                var stop = part < places.Length ? places[part] : extent;
                if (stop < start || stop > extent)
                    throw new ShapeException($"Split: the places [{string.Join(",", places.ToArray())}] do not ascend within axis {cut} of {x.Type}, which has extent {extent}.");
                parts[part] = Along(x, cut, start, stop - start);
                start = stop;
            }
            return parts.ToSeq();
        }

        /// <summary>The elements moved along an axis by a number of places; what leaves at one end enters at the other.</summary>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public static Tensor Roll(Tensor x, int shift, int axis = 0)
        {
            var rolled = x.Shape.Axis("Roll", axis);
            var extent = x.Shape[rolled];
            if (extent == 0 || shift % extent == 0) return x;
            var last = ((shift % extent) + extent) % extent;
            return Concatenate([Along(x, rolled, extent - last, last), Along(x, rolled, 0, extent - last)], rolled);
        }

        /// <summary>A range of one axis, the others whole.</summary>
        internal static Tensor Along(Tensor x, int axis, int start, int extent)
        {
            if (extent == x.Shape[axis]) return x;
            var starts = new int[x.Rank];
            starts[axis] = start;
            return new Slice(starts.ToSeq(), Enumerable.Repeat(1, x.Rank).ToSeq().Strict(), x.Shape.With(axis, extent)).Apply(x);
        }

        /// <summary>The tensor along walks, one for each axis: a slice, then those axes reversed that are walked backward.</summary>
        internal static Tensor Walked(Tensor x, Walk[] walks)
        {
            Shape extents = [.. walks.Select(walk => walk.Extent)];
            var slice = new Slice(walks.Map(walk => walk.Start).ToSeq().Strict(), walks.Map(walk => walk.Step).ToSeq().Strict(), extents);
            var forward = extents == x.Shape ? x : slice.Apply(x);
            var backward = Enumerable.Range(0, walks.Length).Where(axis => walks[axis].Backward).ToSeq().Strict();
            return backward.IsEmpty ? forward : new Reverse(backward).Apply(forward);
        }
    }

    /// <summary>Places of an axis in order: Start, Start + Step, …, read backward or not.</summary>
    internal readonly record struct Walk(int Start, int Step, int Extent, bool Backward)
    {
        /// <summary>Every so many of the places of a range; a negative step begins with the last.</summary>
        internal static Walk Over(string operation, int start, int length, int step)
        {
            if (step is 0 or int.MinValue) throw new ShapeException($"{operation}: a step of {step} leads nowhere; use 1 or −1 for each element in turn.");
            var distance = Math.Abs(step);
            var extent = length == 0 ? 0 : ((length - 1) / distance) + 1;
            var first = step > 0 || extent == 0 ? start : start + length - 1 - ((extent - 1) * distance);
            return new(first, extent > 1 ? distance : 1, extent, step < 0 && extent > 1);
        }
    }
}
