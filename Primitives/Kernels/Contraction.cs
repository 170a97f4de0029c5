namespace Functional.Kernels;

/// <summary>
/// Contractions of row-major operands as batched matrix products. Axes of one role that lie one in the other count as one axis,
/// so most contractions read their operands in place, transposed or not; an operand whose axes interleave is copied in order first.
/// </summary>
public static class Contraction
{
    /// <summary>result[b, i, j] = Σ_p x[b, i, p]·y[b, p, j], where b, i, p and j each stand for some axes.</summary>
    /// <param name="x">The left operand, row-major.</param>
    /// <param name="xAxes">Its axes by role.</param>
    /// <param name="y">The right operand, row-major.</param>
    /// <param name="yAxes">Its axes by role; batch and summed axes pair with the left operand's.</param>
    /// <param name="result">Row-major: batch axes, then x's free ones, then y's.</param>
    public static void Run<T>(ReadOnlySpan<T> x, AxisRoles xAxes, ReadOnlySpan<T> y, AxisRoles yAxes, Span<T> result)
        where T : unmanaged
    {
        var left = Matrices(ref x, xAxes, xAxes.Free, xAxes.Summed);
        var right = Matrices(ref y, yAxes, yAxes.Summed, yAxes.Free);
        MatMul.MultiplyBatched(
            x, left.Rows.Stride, left.Columns.Stride, y, right.Rows.Stride, right.Columns.Stride,
            result, right.Columns.Extent, left.Rows.Extent, left.Columns.Extent, right.Columns.Extent,
            left.Batch.Extent, left.Batch.Stride, right.Batch.Stride, left.Rows.Extent * right.Columns.Extent);
    }

    private static (Axis Batch, Axis Rows, Axis Columns) Matrices<T>(
        ref ReadOnlySpan<T> elements, AxisRoles axes, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns)
    {
        Span<int> strides = stackalloc int[axes.Extents.Length];
        var step = 1;
        for (var axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= axes.Extents[axis];
        }
        if (Merged(axes.Batch, axes.Extents, strides, out var batch)
            && Merged(rows, axes.Extents, strides, out var row)
            && Merged(columns, axes.Extents, strides, out var column))
            return (batch, row, column);
        int[] order = [.. axes.Batch, .. rows, .. columns];
        elements = InOrder(elements, order, axes.Extents, strides);
        var (m, n) = (Extent(rows, axes.Extents), Extent(columns, axes.Extents));
        return (new(Extent(axes.Batch, axes.Extents), m * n), new(m, n), new(n, 1));
    }

    // Neighbours are one axis when a step along the outer is a full run along the inner.
    private static bool Merged(ReadOnlySpan<int> group, ReadOnlySpan<int> extents, ReadOnlySpan<int> strides, out Axis merged)
    {
        merged = new(1, 0);
        foreach (var axis in group)
        {
            if (extents[axis] == 1) continue;
            if (merged.Extent != 1 && merged.Stride != strides[axis] * extents[axis]) return false;
            merged = new(merged.Extent * extents[axis], strides[axis]);
        }
        return true;
    }

    private static T[] InOrder<T>(ReadOnlySpan<T> elements, ReadOnlySpan<int> order, ReadOnlySpan<int> extents, ReadOnlySpan<int> strides)
    {
        Span<int> steps = stackalloc int[order.Length];
        Span<int> ordered = stackalloc int[order.Length];
        for (var i = 0; i < order.Length; i++) (steps[i], ordered[i]) = (strides[order[i]], extents[order[i]]);
        var copy = new T[elements.Length];
        Strided.Copy(elements, 0, steps, ordered, copy);
        return copy;
    }

    private static int Extent(ReadOnlySpan<int> group, ReadOnlySpan<int> extents)
    {
        var extent = 1;
        foreach (var axis in group) extent *= extents[axis];
        return extent;
    }

    private readonly record struct Axis(int Extent, int Stride);
}

/// <summary>What each axis of an operand does in a contraction.</summary>
/// <param name="extents">The operand's extents.</param>
/// <param name="batch">Axes kept and paired with the other operand's.</param>
/// <param name="free">Axes kept for themselves.</param>
/// <param name="summed">Axes multiplied with the other operand's and summed.</param>
public readonly ref struct AxisRoles(ReadOnlySpan<int> extents, ReadOnlySpan<int> batch, ReadOnlySpan<int> free, ReadOnlySpan<int> summed)
{
    /// <summary>The operand's extents.</summary>
    public ReadOnlySpan<int> Extents { get; } = extents;

    /// <summary>Axes kept and paired with the other operand's.</summary>
    public ReadOnlySpan<int> Batch { get; } = batch;

    /// <summary>Axes kept for themselves.</summary>
    public ReadOnlySpan<int> Free { get; } = free;

    /// <summary>Axes multiplied with the other operand's and summed.</summary>
    public ReadOnlySpan<int> Summed { get; } = summed;
}
