using System.Collections;
using System.Runtime.CompilerServices;

namespace Functional;

/// <summary>The extents of a tensor's axes, outermost first. A scalar's shape is empty. Equal when the extents are.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    // All axes of a rank, asked for by every full reduction.
    private static readonly Seq<int>[] Every = [.. Enumerable.Range(0, 9).Select(rank => toSeq(Enumerable.Range(0, rank).ToArray()))];

    private readonly int[]? extents;

    /// <summary>The shape with these extents; the array is copied.</summary>
    /// <exception cref="ShapeException">An extent is negative, or the elements are more than an array can hold.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        long size = 1;
        var empty = extents.Contains(0);
        foreach (var extent in extents)
        {
            if (extent < 0) throw new ShapeException($"Shape: the extent {extent} is negative in [{string.Join(",", extents.ToArray())}].");
            size = empty ? 0 : size * extent;
            if (size > System.Array.MaxLength)
                throw new ShapeException($"Shape: [{string.Join(",", extents.ToArray())}] has more elements than the {System.Array.MaxLength} an array can hold.");
        }
        this.extents = extents.Length == 0 ? null : extents.ToArray();
    }

    /// <summary>The shape of a scalar: no axes, one element.</summary>
    public static Shape Scalar => default;

    /// <summary>The shape with these extents, for <c>Shape s = [3, 4]</c>.</summary>
    public static Shape Create(ReadOnlySpan<int> extents) => new(extents);

    /// <summary>The extents in order, without a copy.</summary>
    public ReadOnlySpan<int> Extents => extents;

    /// <summary>The number of axes.</summary>
    public int Rank => extents is null ? 0 : extents.Length;

    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>The number of elements: the product of the extents, 1 for a scalar.</summary>
    public int Size => SizeOf(0, Rank);

    /// <summary>The product of the extents of the axes from one up to before another.</summary>
    internal int SizeOf(int first, int end)
    {
        var size = 1;
        for (var axis = first; axis < end; axis++) size *= extents![axis];
        return size;
    }

    /// <summary>The extent of an axis, counted from 0.</summary>
    public int this[int axis] => Extents[axis];

    /// <summary>The extent of an axis, <c>^1</c> the last.</summary>
    public int this[Index axis] => Extents[axis.GetOffset(Rank)];

    /// <summary>The extents of a range of axes.</summary>
    public Shape this[Range axes]
    {
        get
        {
            var (start, length) = axes.GetOffsetAndLength(Rank);
            return new(Extents.Slice(start, length));
        }
    }

    /// <summary>Elements to step over for a unit step along each axis, row-major: the last axis is contiguous.</summary>
    public int[] Strides()
    {
        var strides = new int[Rank];
        var step = 1;
        for (var axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= this[axis];
        }
        return strides;
    }

    /// <summary>This shape followed by another's axes.</summary>
    public Shape Concat(Shape other) => new([.. Extents, .. other.Extents]);

    /// <summary>This shape with one more axis at a place.</summary>
    public Shape Insert(int axis, int extent) => new([.. Extents[..axis], extent, .. Extents[axis..]]);

    /// <summary>This shape without some axes (0-based, in any order).</summary>
    public Shape Without(IEnumerable<int> axes)
    {
        Span<bool> dropped = stackalloc bool[Rank];
        foreach (var axis in axes) dropped[axis] = true;
        var kept = new int[dropped.Count(false)];
        for (int axis = 0, place = 0; axis < Rank; axis++)
            if (!dropped[axis]) kept[place++] = this[axis];
        return kept.Length == 0 ? Scalar : new(kept);
    }

    /// <summary>This shape with the extent of one axis replaced.</summary>
    public Shape With(int axis, int extent)
    {
        int[] copy = [.. Extents];
        copy[axis] = extent;
        return new(copy);
    }

    /// <summary>An axis counted from 0, from one that may be negative (−1 the last).</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int Axis(string operation, int axis) =>
        axis >= -Rank && axis < Rank
            ? axis < 0 ? axis + Rank : axis
            : throw new ShapeException(Rank == 0
                ? $"{operation}: axis {axis} of a scalar, which has no axes."
                : $"{operation}: axis {axis} is out of range for shape {this}; expected −{Rank} to {Rank - 1}.");

    /// <summary>Axes counted from 0, ascending; none given means all of them.</summary>
    /// <exception cref="ShapeException">An axis does not exist, or is named twice.</exception>
    public Seq<int> Axes(string operation, ReadOnlySpan<int> axes)
    {
        if (axes.IsEmpty) return Every[Math.Min(Rank, Every.Length - 1)].Count == Rank ? Every[Rank] : toSeq(Enumerable.Range(0, Rank).ToArray());
        var normal = new int[axes.Length];
        for (var i = 0; i < axes.Length; i++) normal[i] = Axis(operation, axes[i]);
        normal.AsSpan().Sort();
        for (var i = 1; i < normal.Length; i++)
            if (normal[i] == normal[i - 1]) throw new ShapeException($"{operation}: axis {normal[i]} of shape {this} is named twice.");
        return toSeq(normal);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Shape other) =>
        ReferenceEquals(extents, other.extents) || Extents.SequenceEqual(other.Extents);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var extent in Extents) hash.Add(extent);
        return hash.ToHashCode();
    }

    /// <summary>Whether the extents agree.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether some extent differs.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The shape with an array's numbers as extents.</summary>
    public static implicit operator Shape(int[] extents) => new(extents);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(extents ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The extents in brackets: <c>[3,4]</c>, <c>[]</c> for a scalar.</summary>
    public override string ToString() => $"[{string.Join(",", extents ?? [])}]";
}
