using Functional.Primitives;

namespace Functional;

// Repeating is a broadcast along a new axis, and a reshape that lets the axis run into its neighbour.
public static partial class TensorMath
{
    /// <summary>The whole tensor laid out again and again along its axes: <c>[1, 2]</c> twice is <c>[1, 2, 1, 2]</c>.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="counts">How often along each axis, aligned from the last; axes are added in front where there are more counts.</param>
    /// <exception cref="ShapeException">A count is negative.</exception>
    public static Tensor Tile(Tensor x, params ReadOnlySpan<int> counts)
    {
        var rank = Math.Max(x.Rank, counts.Length);
        var extents = new int[2 * rank];
        System.Array.Fill(extents, 1);
        for (var i = 1; i <= x.Rank; i++) extents[^((2 * i) - 1)] = x.Shape[^i];
        for (var i = 1; i <= counts.Length; i++)
            extents[^(2 * i)] = counts[^i] >= 0 ? counts[^i] : throw new ShapeException($"Tile: the count {counts[^i]} of {x.Type} is negative.");
        var places = Enumerable.Range(rank - x.Rank, x.Rank).Select(axis => (2 * axis) + 1).ToSeq().Strict();
        var tiled = new Broadcast(extents, places).Apply(x);
        Shape shape = [.. Enumerable.Range(0, rank).Select(axis => extents[2 * axis] * extents[(2 * axis) + 1])];
        return new Reshape(shape).Apply(tiled);
    }

    /// <summary>Each slice along an axis several times in a row: <c>[1, 2]</c> twice is <c>[1, 1, 2, 2]</c>.</summary>
    /// <exception cref="ShapeException">There is no such axis, or the count is negative.</exception>
    public static Tensor Repeat(Tensor x, int count, int axis = 0)
    {
        var repeated = x.Shape.Axis("Repeat", axis);
        if (count < 0) throw new ShapeException($"Repeat: the count {count} of {x.Type} is negative.");
        var places = Enumerable.Range(0, x.Rank).Select(place => place <= repeated ? place : place + 1).ToSeq().Strict();
        var apart = new Broadcast(x.Shape.Insert(repeated + 1, count), places).Apply(x);
        return new Reshape(x.Shape.With(repeated, x.Shape[repeated] * count)).Apply(apart);
    }
}
