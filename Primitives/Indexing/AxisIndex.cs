namespace Functional;

/// <summary>
/// What stands at one place between the brackets of <c>t[i, 2..5, ^1, ..]</c>: a place (the axis goes), a range (the axis
/// stays), an integer tensor (its axes take the axis's place), a new axis, or all axes that are not named.
/// </summary>
public readonly struct AxisIndex
{
    internal enum Kind
    {
        Range,
        Place,
        Places,
        NewAxis,
        Ellipsis,
    }

    private readonly Range range;
    private readonly int place;
    private readonly bool fromEnd;

    private AxisIndex(Kind what, Range range = default, int step = 1, int place = 0, bool fromEnd = false, Tensor? indices = null)
    {
        What = what;
        Stride = step;
        Indices = indices;
        this.range = range;
        this.place = place;
        this.fromEnd = fromEnd;
    }

    /// <summary>A new axis of extent 1.</summary>
    public static AxisIndex NewAxis => new(Kind.NewAxis);

    /// <summary>As many whole axes as the other indices leave.</summary>
    public static AxisIndex Ellipsis => new(Kind.Ellipsis);

    /// <summary>Every so many of a range; a negative step walks the same range from its last element to its first.</summary>
    public static AxisIndex Step(Range range, int step) => new(Kind.Range, range, step);

    /// <summary>A place, negative from the end.</summary>
    public static implicit operator AxisIndex(int place) => new(Kind.Place, place: place);

    /// <summary>A place, <c>^1</c> the last.</summary>
    public static implicit operator AxisIndex(Index place) => new(Kind.Place, place: place.Value, fromEnd: place.IsFromEnd);

    /// <summary>A range of places, <c>..</c> all of them.</summary>
    public static implicit operator AxisIndex(Range range) => new(Kind.Range, range);

    /// <summary>Places as values: integers, negative from the end, which broadcast together with the other integer tensors.</summary>
    public static implicit operator AxisIndex(Tensor indices) => new(Kind.Places, indices: indices);

    internal Kind What { get; }

    internal int Stride { get; }

    internal Tensor? Indices { get; }

    /// <summary>Whether this names an axis of the tensor.</summary>
    internal bool Consumes => What is Kind.Range or Kind.Place or Kind.Places;

    /// <summary>The place from 0.</summary>
    /// <exception cref="ShapeException">It is not in the axis.</exception>
    internal int Place(TensorType x, int axis)
    {
        var extent = x.Shape[axis];
        var offset = fromEnd ? extent - place : place < 0 ? extent + place : place;
        return offset >= 0 && offset < extent ? offset : throw Primitives.Indices.Outside("Index", fromEnd ? new Index(place, true) : (object)place, axis, x);
    }

    /// <summary>The places of the range.</summary>
    /// <exception cref="ShapeException">It is not in the axis.</exception>
    internal Walk Walk(TensorType x, int axis)
    {
        var extent = x.Shape[axis];
        var (start, stop) = (range.Start.GetOffset(extent), range.End.GetOffset(extent));
        return start >= 0 && stop >= start && stop <= extent
            ? Functional.Walk.Over("Index", start, stop - start, Stride)
            : throw new ShapeException($"Index: the range {range} does not lie in axis {axis} of {x}, which has extent {extent}.");
    }
}
