// The room of indexing: elements at places that are values themselves. Indices are integer tensors, negative from the end;
// one that is out of range throws, nothing is clamped or dropped. Gather and ScatterAdd are each other's transpose.
using System.Buffers;
using Functional.Kernels;
using Functional.Programs;

namespace Functional.Primitives;

/// <summary>What the primitives of this room share: the indices of neighbouring axes, one integer tensor each, all of one shape.</summary>
internal static class Indices
{
    /// <summary>The one shape of the indices.</summary>
    /// <exception cref="DTypeException">An index is not an integer.</exception>
    /// <exception cref="ShapeException">There is none, or their shapes differ.</exception>
    internal static Shape Shape(string operation, ReadOnlySpan<TensorType> indices)
    {
        if (indices.IsEmpty) throw new ShapeException($"{operation}: needs an index, given none.");
        foreach (var index in indices)
        {
            Demand(operation, index);
            if (index.Shape != indices[0].Shape)
                throw new ShapeException($"{operation}: index shapes differ: {indices[0]} and {index}. Broadcast them first.");
        }
        return indices[0].Shape;
    }

    /// <summary>Refuses what is no index.</summary>
    /// <exception cref="DTypeException">The type is not one of integers.</exception>
    internal static void Demand(string operation, TensorType index)
    {
        if (index.DType == DType.Bool)
            throw new DTypeException($"{operation}: a mask {index} selects a number of elements that only its values tell. Use Where(mask, x, 0), which keeps the shape.");
        if (!index.DType.IsInteger())
            throw new DTypeException($"{operation}: indices are integers, given {index}. Convert them first.");
    }

    /// <summary>Row-major places over the indexed axes, from <paramref name="axis"/> on.</summary>
    /// <exception cref="ShapeException">An index is out of range; the message names it, its axis and the axis's extent.</exception>
    internal static int[] Places(string operation, TensorType x, int axis, ReadOnlySpan<Tensor> indices)
    {
        var places = new int[indices[0].Size];
        Locate(operation, x, axis, indices, places);
        return places;
    }

    /// <summary>Whether every index is in range.</summary>
    internal static bool AreWithin(Shape x, int axis, ReadOnlySpan<Tensor> indices)
    {
        foreach (var index in indices)
        {
            if (Locate(index, x[axis++], new int[index.Size]) >= 0) return false;
        }
        return true;
    }

    /// <summary>As <see cref="Places"/>, to where they are wanted.</summary>
    /// <exception cref="ShapeException">An index is out of range.</exception>
    internal static void Write(string operation, TensorType x, int axis, ReadOnlySpan<Tensor> indices, Span<int> places)
    {
        places.Clear();
        Locate(operation, x, axis, indices, places);
    }

    /// <summary>As <see cref="Places"/>, in an array of the shared pool, to be given back; it may be longer.</summary>
    /// <exception cref="ShapeException">An index is out of range.</exception>
    internal static int[] Rented(string operation, TensorType x, int axis, ReadOnlySpan<Tensor> indices)
    {
        var rented = ArrayPool<int>.Shared.Rent(indices[0].Size);
        Write(operation, x, axis, indices, rented.AsSpan(0, indices[0].Size));
        return rented;
    }

    private static void Locate(string operation, TensorType x, int axis, ReadOnlySpan<Tensor> indices, Span<int> places)
    {
        foreach (var index in indices)
        {
            var wrong = Locate(index, x.Shape[axis], places);
            if (wrong >= 0) throw Outside(operation, ((Dense)index).Storage.GetValue(wrong)!, axis, x);
            axis++;
        }
    }

    private static int Locate(Tensor index, int extent, Span<int> places) => index is Dense<int> narrow
        ? Indexed.Locate<int>(narrow.Elements, extent, places)
        : Indexed.Locate<long>(index.Elements<long>(), extent, places);

    /// <summary>The error of an index that is out of range.</summary>
    internal static ShapeException Outside(string operation, object index, int axis, TensorType x) => new(x.Shape[axis] == 0
        ? $"{operation}: index {index} is out of range for axis {axis} of {x}, which has extent 0 and so no elements."
        : $"{operation}: index {index} is out of range for axis {axis} of {x}, which has extent {x.Shape[axis]}; expected −{x.Shape[axis]} to {x.Shape[axis] - 1}.");

    /// <summary>The indices for each member of a batch, with the member's own number before them.</summary>
    internal static Tensor[] Numbered(Seq<Batched> indices, int size)
    {
        var each = indices.Map(index => index.Each(size)).Strict();
        return [new Iota(each[0].Shape, 0, DType.Int32).Apply(), .. each];
    }

    /// <summary>The elements of indexed axes with those whose indices are not known united, and indices that are known.</summary>
    internal static (Dependent X, Tensor[] Indices) Settled(Dependent x, ReadOnlySpan<Dependent> indices, int axis)
    {
        var known = new Tensor[indices.Length];
        var shape = x.Type.Shape;
        for (var i = 0; i < known.Length; i++)
        {
            if (!indices[i].IsKnown) shape = shape.With(axis + i, 1);
            known[i] = indices[i].IsKnown ? indices[i].Value : TensorMath.Zeros(indices[i].Type.Shape, indices[i].Type.DType);
        }
        if (shape == x.Type.Shape) return (x, known);
        var targets = TensorMath.BroadcastTo(Ordinals.Of(shape), x.Type.Shape).Elements<int>();
        return (new(x.Type with { Shape = shape }, x.Pattern.Placed(targets, shape.Size)), known);
    }

    /// <summary>Indices that fit axes of these extents, some of them counted from the end.</summary>
    internal static Seq<Tensor> Sample(Sampler sampler, Shape shape, Shape extents)
    {
        Tensor Draw(int extent)
        {
            var dtype = sampler.Integral();
            return sampler.Tensor(new(dtype, shape), () => sampler.Integer(-extent, extent - 1));
        }
        return extents.Map(Draw).ToSeq().Strict();
    }
}
