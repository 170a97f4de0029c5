// The room of kernels: loops over spans. Nothing here knows a tensor, a program or a derivative; a kernel takes elements
// and extents, and an element of its result never depends on where it stands or on how many stand beside it.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>Copies between row-major storage and views of it given by an offset and a stride for each axis.</summary>
public static class Strided
{
    private const int Tile = 32;
    private const int Block = 4;

    // Rows that are put together at one time: as many as a cache line has elements of each column.
    private const int Together = 16;

    // Elements of a row below which a call for each row takes longer than the row.
    private const int Short = 16;

    /// <summary>destination[i₀, i₁, …] = source[offset + Σ stride·i], the destination row-major with these extents.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<T>(ReadOnlySpan<T> source, int offset, ReadOnlySpan<int> strides, ReadOnlySpan<int> extents, Span<T> destination)
    {
        if (destination.IsEmpty) return;
        Span<int> merged = stackalloc int[extents.Length];
        Span<int> steps = stackalloc int[extents.Length];
        var rank = Merge(strides, extents, merged, steps);
        CopyAxes(source, offset, steps[..rank], merged[..rank], destination);
    }

    /// <summary>destination[offset + Σ stride·i] = source[i₀, i₁, …], the source row-major with these extents.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Place<T>(ReadOnlySpan<T> source, ReadOnlySpan<int> extents, Span<T> destination, int offset, ReadOnlySpan<int> strides)
    {
        if (source.IsEmpty) return;
        Span<int> merged = stackalloc int[extents.Length];
        Span<int> steps = stackalloc int[extents.Length];
        var rank = Merge(strides, extents, merged, steps);
        PlaceAxes(source, merged[..rank], destination, offset, steps[..rank]);
    }

    /// <summary>destination[r·step + start …] = row r of the source, rows of this length one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PlaceRows<T>(ReadOnlySpan<T> source, int length, Span<T> destination, int start, int step)
    {
        if (length == 1)
        {
            // The last index is in range, and so are those before.
            if (source.IsEmpty) return;
            _ = destination[start + ((source.Length - 1) * step)];
            ref var place = ref destination[start];
            for (var i = 0; i < source.Length; i++) Unsafe.Add(ref place, (nint)i * step) = source[i];
        }
        else
            for (; !source.IsEmpty; source = source[length..], start += step) source[..length].CopyTo(destination[start..]);
    }

    /// <summary>
    /// destination[offset + Σ stride·i + k] = source k [i₀, i₁, …], each source row-major with these extents from its own start and
    /// the first element on. Where columns become rows, that is in registers.
    /// </summary>
    internal static void PlaceTogether<T>(ReadOnlySpan<Array?> sources, ReadOnlySpan<int> starts, int first, ReadOnlySpan<int> extents, Span<T> destination, int offset, ReadOnlySpan<int> strides)
    {
        if (extents.Length > 1)
        {
            var inner = 1;
            foreach (var extent in extents[1..]) inner *= extent;
            for (var i = 0; i < extents[0]; i++)
                PlaceTogether(sources, starts, first + (i * inner), extents[1..], destination, offset + (i * strides[0]), strides[1..]);
            return;
        }
        var (rows, step) = extents.Length == 0 ? (1, 0) : (extents[0], strides[0]);
        for (var row = 0; row < rows; row += Together)
        {
            var height = Math.Min(Together, rows - row);
            var column = 0;
            var wide = Unsafe.SizeOf<T>() == 8 ? 2 : Unsafe.SizeOf<T>() == 4 ? 4 : sources.Length + 1;
            for (; column <= sources.Length - wide; column += wide)
            {
                ref T to = ref Within(destination, offset + (row * step) + column, step, 1, height, wide);
                if (Unsafe.SizeOf<T>() == 8)
                    Interleave(ref First<ulong>(sources, starts, column, first + row, height), ref First<ulong>(sources, starts, column + 1, first + row, height), ref Unsafe.As<T, ulong>(ref to), step, height);
                else
                    Interleave(
                        ref First<uint>(sources, starts, column, first + row, height), ref First<uint>(sources, starts, column + 1, first + row, height),
                        ref First<uint>(sources, starts, column + 2, first + row, height), ref First<uint>(sources, starts, column + 3, first + row, height),
                        ref Unsafe.As<T, uint>(ref to), step, height);
            }
            for (; column < sources.Length; column++)
                PlaceRow(((T[])sources[column]!).AsSpan(starts[column] + first + row, height), destination, offset + (row * step) + column, step);
        }
    }

    // The elements of a source from one on, of which there are so many.
    private static ref T First<T>(ReadOnlySpan<Array?> sources, ReadOnlySpan<int> starts, int source, int first, int count)
    {
        var array = sources[source]!;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(starts[source] + first + count, array.Length);
        return ref Unsafe.Add(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), (nint)(starts[source] + first));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Interleave(ref ulong x, ref ulong y, ref ulong to, nint step, int rows)
    {
        var row = 0;
        for (; row <= rows - 2; row += 2, to = ref Unsafe.Add(ref to, 2 * step))
        {
            var (even, odd) = RegisterTranspose.Block(Vector128.LoadUnsafe(ref x, (nuint)row), Vector128.LoadUnsafe(ref y, (nuint)row));
            even.StoreUnsafe(ref to);
            odd.StoreUnsafe(ref Unsafe.Add(ref to, step));
        }
        if (row == rows) return;
        to = Unsafe.Add(ref x, row);
        Unsafe.Add(ref to, 1) = Unsafe.Add(ref y, row);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Interleave(ref uint x, ref uint y, ref uint z, ref uint w, ref uint to, nint step, int rows)
    {
        var row = 0;
        for (; row <= rows - Block; row += Block, to = ref Unsafe.Add(ref to, Block * step))
        {
            var (first, second, third, fourth) = RegisterTranspose.Block(
                Vector128.LoadUnsafe(ref x, (nuint)row), Vector128.LoadUnsafe(ref y, (nuint)row), Vector128.LoadUnsafe(ref z, (nuint)row), Vector128.LoadUnsafe(ref w, (nuint)row));
            first.StoreUnsafe(ref to);
            second.StoreUnsafe(ref Unsafe.Add(ref to, step));
            third.StoreUnsafe(ref Unsafe.Add(ref to, 2 * step));
            fourth.StoreUnsafe(ref Unsafe.Add(ref to, 3 * step));
        }
        for (; row < rows; row++, to = ref Unsafe.Add(ref to, step))
        {
            to = Unsafe.Add(ref x, row);
            Unsafe.Add(ref to, 1) = Unsafe.Add(ref y, row);
            Unsafe.Add(ref to, 2) = Unsafe.Add(ref z, row);
            Unsafe.Add(ref to, 3) = Unsafe.Add(ref w, row);
        }
    }

    /// <summary>Fills equal parts of the destination with one value each.</summary>
    public static void Fill<T>(ReadOnlySpan<T> values, Span<T> destination)
    {
        if (destination.IsEmpty) return;
        var part = destination.Length / values.Length;
        for (var i = 0; i < values.Length; i++) destination.Slice(i * part, part).Fill(values[i]);
    }

    // Two neighbouring axes are one when a step along the outer is a full run along the inner.
    private static int Merge(ReadOnlySpan<int> strides, ReadOnlySpan<int> extents, Span<int> merged, Span<int> steps)
    {
        var rank = 0;
        for (var axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] == 1) continue;
            if (rank > 0 && steps[rank - 1] == strides[axis] * extents[axis])
            {
                merged[rank - 1] *= extents[axis];
                steps[rank - 1] = strides[axis];
                continue;
            }
            merged[rank] = extents[axis];
            steps[rank++] = strides[axis];
        }
        return rank;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyAxes<T>(ReadOnlySpan<T> source, int offset, ReadOnlySpan<int> strides, ReadOnlySpan<int> extents, Span<T> destination)
    {
        switch (extents.Length)
        {
            case 0:
                destination[0] = source[offset];
                return;
            case 1:
                CopyRow(source, offset, strides[0], destination[..extents[0]]);
                return;
            case 2 when extents[1] < Short:
                CopyShort(source, offset, strides[0], strides[1], extents[0], extents[1], destination);
                return;
            case 2 when strides[0] == 1 && strides[1] > 1:
                CopyTransposed(source, offset, strides[1], extents[0], extents[1], destination);
                return;
        }
        var inner = destination.Length / extents[0];
        for (var i = 0; i < extents[0]; i++)
            CopyAxes(source, offset + (i * strides[0]), strides[1..], extents[1..], destination.Slice(i * inner, inner));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRow<T>(ReadOnlySpan<T> source, int offset, int stride, Span<T> destination)
    {
        if (stride == 1) source.Slice(offset, destination.Length).CopyTo(destination);
        else if (stride == 0) destination.Fill(source[offset]);
        else
        {
            ref T from = ref Within(source, offset, stride, 0, destination.Length, 1);
            for (var i = 0; i < destination.Length; i++, from = ref Unsafe.Add(ref from, (nint)stride)) destination[i] = from;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PlaceRow<T>(ReadOnlySpan<T> source, Span<T> destination, int offset, int stride)
    {
        ref T to = ref Within(destination, offset, stride, 0, source.Length, 1);
        for (var i = 0; i < source.Length; i++, to = ref Unsafe.Add(ref to, (nint)stride)) to = source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyShort<T>(ReadOnlySpan<T> source, int offset, int rowStride, int stride, int rows, int columns, Span<T> destination)
    {
        ref T from = ref Within(source, offset, rowStride, stride, rows, columns);
        ref T to = ref MemoryMarshal.GetReference(destination[..(rows * columns)]);
        if (columns is 2 or 3 or 4)
        {
            for (var row = 0; row < rows; row++, from = ref Unsafe.Add(ref from, (nint)rowStride), to = ref Unsafe.Add(ref to, columns)) MoveFew(ref from, stride, ref to, 1, columns);
            return;
        }
        for (var row = 0; row < rows; row++, from = ref Unsafe.Add(ref from, (nint)rowStride))
        {
            ref T element = ref from;
            for (var column = 0; column < columns; column++, element = ref Unsafe.Add(ref element, (nint)stride), to = ref Unsafe.Add(ref to, 1)) to = element;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PlaceShort<T>(ReadOnlySpan<T> source, int rows, int columns, Span<T> destination, int offset, int rowStride, int stride)
    {
        ref T to = ref Within(destination, offset, rowStride, stride, rows, columns);
        ref T from = ref MemoryMarshal.GetReference(source[..(rows * columns)]);
        if (columns is 2 or 3 or 4)
        {
            for (var row = 0; row < rows; row++, to = ref Unsafe.Add(ref to, (nint)rowStride), from = ref Unsafe.Add(ref from, columns)) MoveFew(ref from, 1, ref to, stride, columns);
            return;
        }
        for (var row = 0; row < rows; row++, to = ref Unsafe.Add(ref to, (nint)rowStride))
        {
            ref T element = ref to;
            for (var column = 0; column < columns; column++, element = ref Unsafe.Add(ref element, (nint)stride), from = ref Unsafe.Add(ref from, 1)) element = from;
        }
    }

    // Two to four elements.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MoveFew<T>(ref T from, nint fromStride, ref T to, nint toStride, int count)
    {
        to = from;
        Unsafe.Add(ref to, toStride) = Unsafe.Add(ref from, fromStride);
        if (count > 2) Unsafe.Add(ref to, 2 * toStride) = Unsafe.Add(ref from, 2 * fromStride);
        if (count > 3) Unsafe.Add(ref to, 3 * toStride) = Unsafe.Add(ref from, 3 * fromStride);
    }

    // The first of a view's elements, all of which are looked after here once.
    private static ref T Within<T>(ReadOnlySpan<T> elements, int offset, int rowStride, int stride, int rows, int columns)
    {
        var (alongRows, along) = ((rows - 1) * rowStride, (columns - 1) * stride);
        _ = elements[offset + Math.Min(alongRows, 0) + Math.Min(along, 0)];
        _ = elements[offset + Math.Max(alongRows, 0) + Math.Max(along, 0)];
        return ref Unsafe.Add(ref MemoryMarshal.GetReference(elements), (nint)offset);
    }

    // Tiles keep both sides' cache lines in use while rows become columns, four by four in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyTransposed<T>(ReadOnlySpan<T> source, int offset, int stride, int rows, int columns, Span<T> destination)
    {
        ref T from = ref Within(source, offset, 1, stride, rows, columns);
        ref T to = ref MemoryMarshal.GetReference(destination[..(rows * columns)]);
        for (var row = 0; row < rows; row += Tile)
        {
            var (height, wholeHeight) = Parts(rows - row);
            for (var column = 0; column < columns; column += Tile)
            {
                var (width, wholeWidth) = Parts(columns - column);
                ref T corner = ref Unsafe.Add(ref from, row + ((nint)column * stride)), target = ref Unsafe.Add(ref to, ((nint)row * columns) + column);
                for (var i = 0; i < wholeHeight; i += Block)
                    for (var j = 0; j < wholeWidth; j += Block)
                        TransposeBlock(ref Unsafe.Add(ref corner, i + ((nint)j * stride)), stride, ref Unsafe.Add(ref target, ((nint)i * columns) + j), columns);
                for (var i = 0; i < height; i++)
                    for (var j = i < wholeHeight ? wholeWidth : 0; j < width; j++)
                        Unsafe.Add(ref target, ((nint)i * columns) + j) = Unsafe.Add(ref corner, i + ((nint)j * stride));
            }
        }

        // How much of a tile there is, and how much of that in whole blocks.
        static (int All, int InBlocks) Parts(int left) => Math.Min(left, Tile) is var all && Unsafe.SizeOf<T>() is 4 or 8 ? (all, all & -Block) : (all, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock<T>(ref T from, nint stride, ref T to, nint step)
    {
        if (Unsafe.SizeOf<T>() == 4)
        {
            ref uint source = ref Unsafe.As<T, uint>(ref from), destination = ref Unsafe.As<T, uint>(ref to);
            var (x0, x1, x2, x3) = RegisterTranspose.Block(
                Vector128.LoadUnsafe(ref source), Vector128.LoadUnsafe(ref Unsafe.Add(ref source, stride)),
                Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 2 * stride)), Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 3 * stride)));
            x0.StoreUnsafe(ref destination);
            x1.StoreUnsafe(ref Unsafe.Add(ref destination, step));
            x2.StoreUnsafe(ref Unsafe.Add(ref destination, 2 * step));
            x3.StoreUnsafe(ref Unsafe.Add(ref destination, 3 * step));
            return;
        }
        for (var half = 0; half < Block; half += 2)
        {
            ref ulong source = ref Unsafe.As<T, ulong>(ref Unsafe.Add(ref from, half)), destination = ref Unsafe.As<T, ulong>(ref Unsafe.Add(ref to, half * step));
            var (x0, x1) = RegisterTranspose.Block(Vector128.LoadUnsafe(ref source), Vector128.LoadUnsafe(ref Unsafe.Add(ref source, stride)));
            var (y0, y1) = RegisterTranspose.Block(Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 2 * stride)), Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 3 * stride)));
            x0.StoreUnsafe(ref destination);
            y0.StoreUnsafe(ref Unsafe.Add(ref destination, 2));
            x1.StoreUnsafe(ref Unsafe.Add(ref destination, step));
            y1.StoreUnsafe(ref Unsafe.Add(ref destination, step + 2));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PlaceAxes<T>(ReadOnlySpan<T> source, ReadOnlySpan<int> extents, Span<T> destination, int offset, ReadOnlySpan<int> strides)
    {
        if (extents.Length == 0)
        {
            destination[offset] = source[0];
            return;
        }
        if (extents.Length == 1)
        {
            if (strides[0] == 1) source[..extents[0]].CopyTo(destination[offset..]);
            else PlaceRow(source[..extents[0]], destination, offset, strides[0]);
            return;
        }
        if (extents.Length == 2 && extents[1] < Short)
        {
            PlaceShort(source, extents[0], extents[1], destination, offset, strides[0], strides[1]);
            return;
        }
        var inner = source.Length / extents[0];
        for (var i = 0; i < extents[0]; i++)
            PlaceAxes(source.Slice(i * inner, inner), extents[1..], destination, offset + (i * strides[0]), strides[1..]);
    }
}
