using Functional.Kernels;

// The room of compilation: a program becomes loops over registers, the loops one step after another over buffers planned
// beforehand. Each stage is a function from a value to a value: simplify, fuse into kernels, plan buffers, emit, run.
// The evaluator is the reference: what is compiled has its bits, elements and reductions alike.
namespace Functional.Compilation;

/// <summary>
/// Where in a buffer each place of a domain stands: the place, row-major in <see cref="Extents"/>, has digits i, and stands at
/// Offset + Σ stride·i. Axes of extent 1 are left out, and neighbours that step as one are one, so that equal maps are equal.
/// </summary>
internal sealed class Affine : IEquatable<Affine>
{
    private readonly int[] extents;
    private readonly int[] strides;

    private Affine(int offset, int[] extents, int[] strides) => (Offset, this.extents, this.strides) = (offset, extents, strides);

    internal int Offset { get; }

    internal ReadOnlySpan<int> Extents => extents;

    internal ReadOnlySpan<int> Strides => strides;

    /// <summary>Whether place p stands at p.</summary>
    internal bool IsIdentity => Offset == 0 && (extents.Length == 0 || (extents.Length == 1 && strides[0] == 1));

    /// <summary>Whether all places stand at one.</summary>
    internal bool IsConstant => strides.AsSpan().IndexOfAnyExcept(0) < 0;

    /// <summary>The step along the last axis.</summary>
    internal int Inner => strides.Length == 0 ? 0 : strides[^1];

    internal int Size
    {
        get
        {
            var size = 1;
            foreach (var extent in extents) size *= extent;
            return size;
        }
    }

    internal static Affine Identity(int size) => size == 1 ? new(0, [], []) : new(0, [size], [1]);

    internal static Affine Of(int offset, ReadOnlySpan<int> strides, ReadOnlySpan<int> extents)
    {
        var (merged, steps) = (new List<int>(), new List<int>());
        for (var axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] == 1) continue;
            if (steps.Count > 0 && steps[^1] == strides[axis] * extents[axis])
            {
                merged[^1] *= extents[axis];
                steps[^1] = strides[axis];
                continue;
            }
            merged.Add(extents[axis]);
            steps.Add(strides[axis]);
        }
        return new(offset, [.. merged], [.. steps]);
    }

    /// <summary>p → this(view(p)), where the view has these steps along these axes; none where that is not affine along them.</summary>
    internal Affine? After(int offset, ReadOnlySpan<int> viewStrides, ReadOnlySpan<int> viewExtents)
    {
        var composed = new int[viewStrides.Length];
        if (extents.Length <= 1)
        {
            var step = Inner;
            for (var axis = 0; axis < composed.Length; axis++) composed[axis] = step * viewStrides[axis];
            return Of(Offset + (step * offset), composed, viewExtents);
        }
        // The view's place and steps in digits: right as long as no digit carries.
        Span<int> lowest = stackalloc int[extents.Length];
        Span<int> highest = stackalloc int[extents.Length];
        Digits(offset, lowest);
        lowest.CopyTo(highest);
        var place = Offset + Dot(lowest);
        Span<int> digits = stackalloc int[extents.Length];
        for (var axis = 0; axis < composed.Length; axis++)
        {
            Digits(Math.Abs(viewStrides[axis]), digits);
            var sign = Math.Sign(viewStrides[axis]);
            composed[axis] = sign * Dot(digits);
            for (var k = 0; k < digits.Length; k++) (sign < 0 ? lowest : highest)[k] += sign * digits[k] * (viewExtents[axis] - 1);
        }
        for (var k = 0; k < extents.Length; k++)
            if (lowest[k] < 0 || highest[k] >= extents[k]) return null;
        return Of(place, composed, viewExtents);
    }

    /// <summary>The steps along the axes of a finer domain; none where it is not one that splits these axes.</summary>
    internal int[]? Over(ReadOnlySpan<int> finer)
    {
        var steps = new int[finer.Length];
        var axis = extents.Length - 1;
        var (rest, step) = axis >= 0 ? (extents[axis], strides[axis]) : (1, 0);
        for (var k = finer.Length - 1; k >= 0; k--)
        {
            if (finer[k] == 1) continue;
            if (rest == 1 || rest % finer[k] != 0) return null;
            steps[k] = step;
            step *= finer[k];
            rest /= finer[k];
            if (rest == 1 && --axis >= 0) (rest, step) = (extents[axis], strides[axis]);
        }
        return steps;
    }

    /// <summary>The elements of a tensor that the places stand at, in their order, in a given shape.</summary>
    internal Tensor Ordered(Dense tensor, Shape shape) => tensor switch
    {
        Dense<double> known => Values.Of(Ordered(known.Elements), shape),
        Dense<float> known => Values.Of(Ordered(known.Elements), shape),
        Dense<long> known => Values.Of(Ordered(known.Elements), shape),
        Dense<int> known => Values.Of(Ordered(known.Elements), shape),
        _ => Values.Of(Ordered(tensor.Elements<bool>()), shape),
    };

    /// <summary>The same places and so many beside each, as one more axis.</summary>
    internal Affine Beside(int count) => Of(Offset, [.. strides, 1], [.. extents, count]);

    /// <summary>Whether the places of another map are these, so many elements on.</summary>
    internal bool IsBeside(Affine other, int count) => other.Offset == Offset + count && extents.AsSpan().SequenceEqual(other.extents) && strides.AsSpan().SequenceEqual(other.strides);

    /// <summary>The step along a leading axis of this extent, and the axes after it; none where the first axis does not divide so.</summary>
    internal (int Stride, int[] Extents, int[] Strides)? Split(int lead) =>
        extents.Length == 0 || extents[0] % lead != 0 ? null
        : extents[0] == lead ? (strides[0], extents[1..], strides[1..])
        : (strides[0] * (extents[0] / lead), [extents[0] / lead, .. extents.AsSpan(1)], strides);

    /// <summary>The coarsest axes that split both of two domains of one size; none where an axis of one cuts one of the other.</summary>
    internal static int[]? Refine(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        var axes = new List<int>();
        var (i, j) = (x.Length - 1, y.Length - 1);
        var (left, right) = (1, 1);
        while (true)
        {
            while (left == 1 && i >= 0) left = x[i--];
            while (right == 1 && j >= 0) right = y[j--];
            if (left == 1 || right == 1)
            {
                axes.Reverse();
                return left == right ? [.. axes] : null;
            }
            var part = Math.Min(left, right);
            if (left % part != 0 || right % part != 0) return null;
            axes.Add(part);
            left /= part;
            right /= part;
        }
    }

    public bool Equals(Affine? other) =>
        other is not null && Offset == other.Offset && extents.AsSpan().SequenceEqual(other.extents) && strides.AsSpan().SequenceEqual(other.strides);

    public override bool Equals(object? obj) => Equals(obj as Affine);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Offset);
        foreach (var extent in extents) hash.Add(extent);
        foreach (var stride in strides) hash.Add(stride);
        return hash.ToHashCode();
    }

    public override string ToString() => $"{Offset}+[{string.Join(",", strides)}]·[{string.Join(",", extents)}]";

    private void Digits(int place, Span<int> digits)
    {
        for (var k = digits.Length - 1; k >= 0; k--) (place, digits[k]) = k == 0 ? (0, place) : Math.DivRem(place, extents[k]);
    }

    private int Dot(ReadOnlySpan<int> digits)
    {
        var sum = 0;
        for (var k = 0; k < digits.Length; k++) sum += strides[k] * digits[k];
        return sum;
    }

    private T[] Ordered<T>(T[] elements)
    {
        var ordered = new T[Size];
        Strided.Copy<T>(elements, Offset, strides, extents, ordered);
        return ordered;
    }
}
