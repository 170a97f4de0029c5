using Functional.Primitives;

namespace Functional;

public abstract partial class Tensor
{
    /// <summary>
    /// NumPy's indexing, <c>t[i, 2..5, ^1, ..]</c>: a place drops its axis, a range keeps it, integer tensors broadcast together
    /// and their axes take the place of the axes they index (the front, where other axes stand between those). Axes that are
    /// not named are whole.
    /// </summary>
    /// <param name="indices">One for each axis, from the first; <see cref="AxisIndex.Ellipsis"/> and <see cref="AxisIndex.NewAxis"/> name none.</param>
    /// <exception cref="ShapeException">There are more indices than axes, or one is out of range; the message names it, its axis and the axis's extent.</exception>
    /// <exception cref="DTypeException">A tensor index is not of integers.</exception>
    public Tensor this[params ReadOnlySpan<AxisIndex> indices] => Indexer.Of(this, indices);
}

/// <summary>NumPy's indexing as a slice, a reshape and a gather; what changes nothing is left out.</summary>
internal static class Indexer
{
    internal static Tensor Of(Tensor x, ReadOnlySpan<AxisIndex> given)
    {
        var indices = Spread(x.Type, given);
        // Beside a tensor a place is a tensor of one place: it takes part in where the gathered axes go.
        var gathers = System.Array.Exists(indices, index => index.What == AxisIndex.Kind.Places);
        var walks = new Walk[x.Rank];
        var shape = new List<int>();
        var gathered = new List<(int Axis, Tensor Indices)>();
        var axis = 0;
        foreach (var index in indices)
        {
            switch (index.What)
            {
                case AxisIndex.Kind.NewAxis:
                    shape.Add(1);
                    break;
                case AxisIndex.Kind.Range:
                    walks[axis] = index.Walk(x.Type, axis);
                    shape.Add(walks[axis++].Extent);
                    break;
                case AxisIndex.Kind.Place when !gathers:
                    walks[axis] = new(index.Place(x.Type, axis), 1, 1, false);
                    axis++;
                    break;
                default:
                    gathered.Add((shape.Count, index.Indices ?? Values.Scalar(index.Place(x.Type, axis))));
                    walks[axis] = new(0, 1, x.Shape[axis], false);
                    shape.Add(x.Shape[axis++]);
                    break;
            }
        }
        var sliced = TensorMath.Walked(x, walks);
        var shaped = sliced.Shape == new Shape([.. shape]) ? sliced : new Reshape(new Shape([.. shape])).Apply(sliced);
        return gathered.Count == 0 ? shaped : Gathered(shaped, gathered);
    }

    // One index for each axis, and the new axes between them: the ellipsis, or else the end, is filled with whole axes.
    private static AxisIndex[] Spread(TensorType x, ReadOnlySpan<AxisIndex> given)
    {
        var (named, ellipsis) = (0, -1);
        for (var i = 0; i < given.Length; i++)
        {
            if (given[i].Consumes) named++;
            if (given[i].Indices is { } indices) Indices.Demand("Index", indices.Type);
            if (given[i].What != AxisIndex.Kind.Ellipsis) continue;
            if (ellipsis >= 0) throw new ShapeException($"Index: two ellipses for {x} leave open which axes each stands for; use .. for a whole axis.");
            ellipsis = i;
        }
        if (named > x.Rank) throw new ShapeException($"Index: {named} indices for {x}, which has {x.Rank} {(x.Rank == 1 ? "axis" : "axes")}.");
        AxisIndex[] whole = [.. Enumerable.Repeat<AxisIndex>(System.Range.All, x.Rank - named)];
        return ellipsis < 0 ? [.. given, .. whole] : [.. given[..ellipsis], .. whole, .. given[(ellipsis + 1)..]];
    }

    private static Tensor Gathered(Tensor x, List<(int Axis, Tensor Indices)> gathered)
    {
        var places = TensorMath.Together("Index", [.. gathered.Select(index => index.Indices)]);
        var axes = gathered.ConvertAll(index => index.Axis);
        if (axes[^1] - axes[0] == axes.Count - 1) return new Gather(axes[0]).Apply([x, .. places]);
        var others = Enumerable.Range(0, x.Rank).Where(axis => !axes.Contains(axis));
        return new Gather(0).Apply([TensorMath.Transpose(x, [.. axes, .. others]), .. places]);
    }
}

public static partial class TensorMath
{
    /// <summary>The tensor with other elements at what <c>x[indices]</c> reads; where it reads one place twice, the last stays.</summary>
    /// <param name="x">What is changed in the result; itself it stays as it is.</param>
    /// <param name="elements">Broadcast to the shape of <c>x[indices]</c>, converted to the tensor's element type.</param>
    /// <param name="indices">As between the brackets of <c>x[…]</c>.</param>
    /// <exception cref="ShapeException">The elements do not broadcast, or an index is out of range.</exception>
    public static Tensor SetAt(Tensor x, Tensor elements, params ReadOnlySpan<AxisIndex> indices)
    {
        var places = Read(x, indices);
        var flat = Scatter(Reshape(x, [x.Size]), places, Slices("SetAt", elements, places, x.DType));
        return Reshape(flat, [.. x.Shape]);
    }

    /// <summary>The tensor with numbers added at what <c>x[indices]</c> reads; where it reads one place twice, both are added.</summary>
    /// <param name="x">What is added to.</param>
    /// <param name="numbers">Broadcast to the shape of <c>x[indices]</c>, converted to the tensor's element type.</param>
    /// <param name="indices">As between the brackets of <c>x[…]</c>.</param>
    /// <exception cref="ShapeException">The numbers do not broadcast, or an index is out of range.</exception>
    public static Tensor AddAt(Tensor x, Tensor numbers, params ReadOnlySpan<AxisIndex> indices)
    {
        var places = Read(x, indices);
        var flat = ScatterAdd(Reshape(x, [x.Size]), places, Slices("AddAt", numbers, places, x.DType));
        return Reshape(flat, [.. x.Shape]);
    }

    // Indexing the row-major places tells which places an index reads.
    private static Tensor Read(Tensor x, ReadOnlySpan<AxisIndex> indices) =>
        Reshape(Iota([x.Size], 0, DType.Int32), [.. x.Shape])[indices];

    private static Tensor Slices(string operation, Tensor elements, Tensor places, DType dtype) =>
        Broadcasted(operation, places.Type, elements.Type) == places.Shape
            ? BroadcastTo(Convert(elements, dtype), places.Shape)
            : throw new ShapeException($"{operation}: {elements.Type} does not broadcast to {places.Shape}, the shape of what is indexed.");
}
