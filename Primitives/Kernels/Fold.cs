using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Functional.Kernels;

/// <summary>
/// Elements combined along axes, pairwise. The order of combination is one for all layouts: a sequence x₀ … xₙ₋₁ is dealt to
/// as many lanes as elements fill 64 bytes, xᵢ to lane i mod lanes; each lane is combined as a perfect binary tree over its
/// elements in order, missing leaves being neutral, and so are the lanes, halves on halves. A result therefore depends on its
/// own sequence alone, whether that is a row, a column or scattered over several axes, and its error grows with log n.
/// </summary>
internal static class Fold
{
    // Rows up to this length, if there are many, are turned into columns and folded side by side.
    private const int Short = 32;

    private const int Tile = 256;

    /// <summary>destination[kept] = the fold of source[kept, folded] over the folded axes; source is row-major, the destination too.</summary>
    /// <param name="source">All elements, row-major.</param>
    /// <param name="extents">The extents of the source's axes.</param>
    /// <param name="axes">The axes to combine away, ascending.</param>
    /// <param name="destination">The elements of the kept axes, row-major.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Along<T, TOperator>(ReadOnlySpan<T> source, ReadOnlySpan<int> extents, ReadOnlySpan<int> axes, Span<T> destination)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        if (destination.IsEmpty) return;
        if (source.IsEmpty)
        {
            destination.Fill(TOperator.Empty);
            return;
        }
        Span<int> runs = stackalloc int[extents.Length];
        Span<bool> folded = stackalloc bool[extents.Length];
        var count = Merge(extents, axes, runs, folded);
        runs = runs[..count];
        folded = folded[..count];
        switch (folded.Count(true))
        {
            case 0:
                source.CopyTo(destination);
                return;
            case 1:
                Run<T, TOperator>(source, runs, folded.IndexOf(true), destination);
                return;
            default:
                Gathered<T, TOperator>(source, runs, folded, destination);
                return;
        }
    }

    // Neighbouring axes that are both folded or both kept are one; axes of extent 1 are none.
    private static int Merge(ReadOnlySpan<int> extents, ReadOnlySpan<int> axes, Span<int> runs, Span<bool> folded)
    {
        var count = 0;
        for (var axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] == 1) continue;
            var isFolded = axes.Contains(axis);
            if (count > 0 && folded[count - 1] == isFolded)
            {
                runs[count - 1] *= extents[axis];
                continue;
            }
            folded[count] = isFolded;
            runs[count++] = extents[axis];
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TOperator>(ReadOnlySpan<T> source, ReadOnlySpan<int> runs, int at, Span<T> destination)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        var n = runs[at];
        var inner = at + 1 < runs.Length ? runs[at + 1] : 1;
        var outer = destination.Length / inner;
        if (inner > 1)
        {
            for (var i = 0; i < outer; i++)
                FoldRows.Across<T, TOperator>(source.Slice(i * n * inner, n * inner), n, destination.Slice(i * inner, inner));
            return;
        }
        if (n <= Short && outer >= Tile) Turned<T, TOperator>(source, n, destination);
        else Rows<T, TOperator>(source, n, destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<T, TOperator>(ReadOnlySpan<T> source, int n, Span<T> destination)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        ref var first = ref MemoryMarshal.GetReference(source);
        for (var i = 0; i < destination.Length; i++) destination[i] = FoldRow.Of<T, TOperator>(ref Unsafe.Add(ref first, i * n), n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turned<T, TOperator>(ReadOnlySpan<T> source, int n, Span<T> destination)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        var pool = ArrayPool<T>.Shared.Rent(n * Tile);
        for (var start = 0; start < destination.Length; start += Tile)
        {
            var count = Math.Min(Tile, destination.Length - start);
            var columns = pool.AsSpan(0, n * count);
            Strided.Copy(source.Slice(start * n, n * count), 0, [1, n], [n, count], columns);
            if (count > 1) FoldRows.Across<T, TOperator>(columns, n, destination.Slice(start, count));
            else Rows<T, TOperator>(columns, n, destination[start..]);
        }
        ArrayPool<T>.Shared.Return(pool);
    }

    // Several folded runs are brought together first, before the last run where that is kept.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gathered<T, TOperator>(ReadOnlySpan<T> source, ReadOnlySpan<int> runs, ReadOnlySpan<bool> folded, Span<T> destination)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        var inner = folded[^1] ? 1 : runs[^1];
        var n = source.Length / destination.Length;
        int[] order =
        [
            .. Places(folded, false, inner == 1 ? runs.Length : runs.Length - 1),
            .. Places(folded, true, runs.Length),
            .. inner == 1 ? System.Array.Empty<int>() : [runs.Length - 1],
        ];
        var extents = new int[order.Length];
        var steps = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            extents[i] = runs[order[i]];
            steps[i] = 1;
            foreach (var run in runs[(order[i] + 1)..]) steps[i] *= run;
        }
        var gathered = new T[source.Length];
        Strided.Copy(source, 0, steps, extents, gathered);
        Run<T, TOperator>(gathered, [destination.Length / inner, n, inner], 1, destination);
    }

    private static List<int> Places(ReadOnlySpan<bool> folded, bool wanted, int end)
    {
        var places = new List<int>();
        for (var i = 0; i < end; i++)
            if (folded[i] == wanted) places.Add(i);
        return places;
    }
}
