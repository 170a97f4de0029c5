using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>The fold of each column of a matrix by rows, in the order that <see cref="Fold"/> defines, many columns at a time.</summary>
internal static class FoldRows
{
    // Elements of a row that are carried through the tree together: some kilobytes, so that what is combined stays near.
    private const int Strip = 512;

    /// <summary>destination[j] = the fold of source[i·columns + j] over i; there are at least one row and two columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Across<T, TOperator>(ReadOnlySpan<T> source, int rows, Span<T> destination)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        if (Vector512.IsHardwareAccelerated) Across<T, TOperator, FoldWhole<T>>(source, rows, destination);
        else if (Vector256.IsHardwareAccelerated) Across<T, TOperator, FoldHalves<T>>(source, rows, destination);
        else Across<T, TOperator, FoldQuarters<T>>(source, rows, destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Across<T, TOperator, TLanes>(ReadOnlySpan<T> source, int rows, Span<T> destination)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
        where TLanes : unmanaged, IFoldLanes<TLanes, T>
    {
        var lanes = Vector512<T>.Count;
        var columns = destination.Length;
        var whole = columns * lanes <= Strip * 2;
        var width = whole ? columns : Even(columns);
        var used = Math.Min(rows, lanes);
        var each = (rows + lanes - 1) / lanes;
        var levels = BitOperations.Log2((uint)each) + 1;
        var segment = whole ? lanes * columns : width;
        var pool = ArrayPool<T>.Shared.Rent((lanes * width) + (levels * segment));
        var lane = pool.AsSpan(0, lanes * width);
        var scratch = pool.AsSpan(lanes * width, levels * segment);
        if (whole)
        {
            // As many rows as lanes are one run of storage.
            var last = rows - ((each - 1) * lanes);
            Tree<T, TOperator, TLanes>(source, segment, each, lane[..Math.Min(segment, rows * columns)], last * columns, scratch);
            Halve<T, TOperator, TLanes>(lane, used, columns, destination);
        }
        else
        {
            for (var column = 0; column < columns; column += width)
            {
                var strip = Math.Min(width, columns - column);
                for (var i = 0; i < used; i++)
                    Tree<T, TOperator, TLanes>(source[((i * columns) + column)..], lanes * columns, (rows - i + lanes - 1) / lanes, lane.Slice(i * strip, strip), strip, scratch);
                Halve<T, TOperator, TLanes>(lane, used, strip, destination.Slice(column, strip));
            }
        }
        ArrayPool<T>.Shared.Return(pool);
    }

    private static int Even(int columns)
    {
        var strips = (columns + Strip - 1) / Strip;
        return Math.Min(columns, ((columns + strips - 1) / strips + 15) & ~15);
    }

    // Lane i takes in lane i + half, until one is left.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Halve<T, TOperator, TLanes>(Span<T> lane, int used, int width, Span<T> destination)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
        where TLanes : unmanaged, IFoldLanes<TLanes, T>
    {
        for (var half = (int)BitOperations.RoundUpToPowerOf2((uint)used) / 2; half > 0; half /= 2)
        {
            var paired = (used - half) * width;
            Combine<T, TOperator, TLanes>(lane[..paired], lane.Slice(half * width, paired), lane[..paired]);
            used = half;
        }
        lane[..width].CopyTo(destination);
    }

    // The perfect tree over rows at a stride; the last row may be short, and is neutral where it ends.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tree<T, TOperator, TLanes>(ReadOnlySpan<T> source, int stride, int rows, Span<T> destination, int last, Span<T> scratch)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
        where TLanes : unmanaged, IFoldLanes<TLanes, T>
    {
        var width = destination.Length;
        if (rows == 1)
        {
            source[..last].CopyTo(destination);
            destination[last..].Fill(TOperator.Neutral);
            return;
        }
        if (rows == 8 && last == width)
        {
            Eight<T, TOperator, TLanes>(source, stride, destination);
            return;
        }
        if (rows == 2)
        {
            Combine<T, TOperator, TLanes>(source[..last], source.Slice(stride, last), destination[..last]);
            source[last..width].CopyTo(destination[last..]);
            return;
        }
        var half = (int)(BitOperations.RoundUpToPowerOf2((uint)rows) / 2);
        Tree<T, TOperator, TLanes>(source, stride, half, destination, width, scratch);
        var rest = source[(half * stride)..];
        if (rows - half == 1)
        {
            Combine<T, TOperator, TLanes>(destination[..last], rest[..last], destination[..last]);
            return;
        }
        var right = scratch[..width];
        Tree<T, TOperator, TLanes>(rest, stride, rows - half, right, last, scratch[width..]);
        Combine<T, TOperator, TLanes>(destination, right, destination);
    }

    private static void Combine<T, TOperator, TLanes>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
        where TLanes : unmanaged, IFoldLanes<TLanes, T>
    {
        ref var left = ref MemoryMarshal.GetReference(x);
        ref var right = ref MemoryMarshal.GetReference(y);
        ref var result = ref MemoryMarshal.GetReference(z);
        var i = 0;
        for (; i <= z.Length - Vector512<T>.Count; i += Vector512<T>.Count)
            TLanes.Store(TLanes.Combine<TOperator>(TLanes.Load(ref Unsafe.Add(ref left, i)), TLanes.Load(ref Unsafe.Add(ref right, i))), ref Unsafe.Add(ref result, i));
        for (; i < z.Length; i++) z[i] = TOperator.Combine(x[i], y[i]);
    }

    private static void Eight<T, TOperator, TLanes>(ReadOnlySpan<T> source, int stride, Span<T> destination)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
        where TLanes : unmanaged, IFoldLanes<TLanes, T>
    {
        ref var first = ref MemoryMarshal.GetReference(source);
        ref var fifth = ref Unsafe.Add(ref first, 4 * stride);
        ref var result = ref MemoryMarshal.GetReference(destination);
        var i = 0;
        for (; i <= destination.Length - Vector512<T>.Count; i += Vector512<T>.Count)
        {
            TLanes.Store(
                TLanes.Combine<TOperator>(Four<T, TOperator, TLanes>(ref Unsafe.Add(ref first, i), stride), Four<T, TOperator, TLanes>(ref Unsafe.Add(ref fifth, i), stride)),
                ref Unsafe.Add(ref result, i));
        }
        for (; i < destination.Length; i++)
            destination[i] = TOperator.Combine(OneOfFour<T, TOperator>(source[i..], stride), OneOfFour<T, TOperator>(source[(i + (4 * stride))..], stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Four<T, TOperator, TLanes>(ref T first, int stride)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
        where TLanes : unmanaged, IFoldLanes<TLanes, T> =>
        TLanes.Combine<TOperator>(
            TLanes.Combine<TOperator>(TLanes.Load(ref first), TLanes.Load(ref Unsafe.Add(ref first, stride))),
            TLanes.Combine<TOperator>(TLanes.Load(ref Unsafe.Add(ref first, 2 * stride)), TLanes.Load(ref Unsafe.Add(ref first, 3 * stride))));

    private static T OneOfFour<T, TOperator>(ReadOnlySpan<T> source, int stride)
        where T : unmanaged
        where TOperator : IFoldOperator<T> =>
        TOperator.Combine(TOperator.Combine(source[0], source[stride]), TOperator.Combine(source[2 * stride], source[3 * stride]));
}
