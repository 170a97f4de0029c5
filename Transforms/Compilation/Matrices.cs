namespace Functional.Compilation;

/// <summary>A batch of matrices in a buffer: element (i, j) of matrix b stands at Offset + b·BatchStride + i·RowStride + j·ColumnStride.</summary>
internal readonly record struct Matrices(int Offset, int Batch, int BatchStride, int Rows, int RowStride, int Columns, int ColumnStride)
{
    /// <summary>The same numbers as matrices with rows and columns exchanged.</summary>
    internal Matrices Transposed => new(Offset, Batch, BatchStride, Columns, ColumnStride, Rows, RowStride);

    /// <summary>Whether the elements of a row lie side by side.</summary>
    internal bool IsRowMajor => Columns == 1 || ColumnStride == 1;

    /// <summary>The matrices from one up to before another.</summary>
    internal Matrices OfBatch(int first, int end) => this with { Offset = Offset + (first * BatchStride), Batch = end - first };

    /// <summary>The rows from one up to before another.</summary>
    internal Matrices OfRows(int first, int end) => this with { Offset = Offset + (first * RowStride), Rows = end - first };

    /// <summary>Where each element stands, matrix after matrix, row after row.</summary>
    internal Affine Map => Affine.Of(Offset, [BatchStride, RowStride, ColumnStride], [Batch, Rows, Columns]);

    /// <summary>An operand whose axes are a batch's, rows' and columns'; none where the axes of one role do not step as one.</summary>
    internal static Matrices? Of(int offset, ReadOnlySpan<int> extents, ReadOnlySpan<int> strides, ReadOnlySpan<int> batch, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns) =>
        Merged(extents, strides, batch) is var (outer, outerStride) && Merged(extents, strides, rows) is var (height, rowStride) && Merged(extents, strides, columns) is var (width, columnStride)
            ? new(offset, outer, outerStride, height, rowStride, width, columnStride)
            : null;

    /// <summary>Its extents and steps.</summary>
    public override string ToString() => $"{(Batch == 1 ? string.Empty : $"{Batch} × ")}[{Rows},{Columns}]{(ColumnStride == 1 || Columns == 1 ? string.Empty : $" by steps of {RowStride}, {ColumnStride}")}";

    // Neighbours are one axis when a step along the outer is a full run along the inner.
    private static (int Extent, int Stride)? Merged(ReadOnlySpan<int> extents, ReadOnlySpan<int> strides, ReadOnlySpan<int> group)
    {
        var (extent, stride) = (1, 0);
        foreach (var axis in group)
        {
            if (extents[axis] == 1) continue;
            if (strides[axis] < 0 || (extent != 1 && stride != strides[axis] * extents[axis])) return null;
            (extent, stride) = (extent * extents[axis], strides[axis]);
        }
        return (extent, stride);
    }
}
