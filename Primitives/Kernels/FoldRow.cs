using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>The fold of elements that lie side by side, in the order that <see cref="Fold"/> defines.</summary>
internal static class FoldRow
{
    /// <summary>The fold of <paramref name="count"/> elements, at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Of<T, TOperator>(ref T first, int count)
        where T : unmanaged
        where TOperator : IFoldOperator<T> =>
        Vector512.IsHardwareAccelerated ? FoldRow<T, TOperator, FoldWhole<T>>.Of(ref first, count)
        : Vector256.IsHardwareAccelerated ? FoldRow<T, TOperator, FoldHalves<T>>.Of(ref first, count)
        : FoldRow<T, TOperator, FoldQuarters<T>>.Of(ref first, count);
}

/// <inheritdoc cref="FoldRow"/>
/// <typeparam name="T">Of an element.</typeparam>
/// <typeparam name="TOperator">What combines them.</typeparam>
/// <typeparam name="TLanes">The registers of 64 bytes.</typeparam>
internal static class FoldRow<T, TOperator, TLanes>
    where T : unmanaged
    where TOperator : IFoldOperator<T>
    where TLanes : unmanaged, IFoldLanes<TLanes, T>
{
    private const int Leaf = 64;

    private static int Count => Vector512<T>.Count;

    // A register of 512 bits that a call gives back goes through the stack, and is late where it lies across cache lines there:
    // rows of usual lengths are folded without a call.

    /// <summary>The fold of <paramref name="count"/> elements, at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Of(ref T first, int count) =>
        count <= Count ? Few(ref first, count)
        : count == 8 * Count ? Lanes(Tree8(ref first))
        : count == 16 * Count ? Lanes(Combine(Tree8(ref first), Tree8(ref Unsafe.Add(ref first, 8 * Count))))
        : Lanes(Tree(ref first, count));

    // At most one element in a lane, so that half the lanes on half are a tree of the elements.
    private static T Few(ref T first, int count)
    {
        switch (count)
        {
            case 1:
                return first;
            case 2:
                return TOperator.Combine(first, Unsafe.Add(ref first, 1));
            case 3:
                return TOperator.Combine(TOperator.Combine(first, Unsafe.Add(ref first, 2)), Unsafe.Add(ref first, 1));
            case 4:
                return TOperator.Combine(
                    TOperator.Combine(first, Unsafe.Add(ref first, 2)),
                    TOperator.Combine(Unsafe.Add(ref first, 1), Unsafe.Add(ref first, 3)));
            default:
                return Lanes(Last(ref first, count));
        }
    }

    /// <summary>The lanes of <paramref name="count"/> elements, each combined as a tree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static TLanes Tree(ref T first, int count) =>
        typeof(TLanes) == typeof(FoldWhole<T>) ? Halved(ref first, count) : Counted(ref first, count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TLanes Halved(ref T first, int count)
    {
        if (count <= 8 * Count) return Few8(ref first, count);
        if (count == 2 * Leaf * Count) return Combine(Tree64(ref first), Tree64(ref Unsafe.Add(ref first, Leaf * Count)));
        if (count == 32 * Count) return Tree32(ref first);
        var half = (int)(BitOperations.RoundUpToPowerOf2((uint)((count + Count - 1) / Count)) / 2) * Count;
        return Combine(half == 8 * Count ? Tree8(ref first) : Halved(ref first, half), Halved(ref Unsafe.Add(ref first, half), count - half));
    }

    // Eight registers at a time: equal trees pair up, as the digits of a counter carry, and what is left at the end joins from the right.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe TLanes Counted(ref T first, int count)
    {
        var pending = stackalloc TLanes[32];
        var depth = 0;
        for (uint pushed = 0; count > 8 * Count; pushed++, count -= 8 * Count)
        {
            var tree = Tree8(ref first);
            for (var bits = pushed; (bits & 1) != 0; bits >>= 1) tree = Combine(pending[--depth], tree);
            pending[depth++] = tree;
            first = ref Unsafe.Add(ref first, 8 * Count);
        }
        var total = Few8(ref first, count);
        while (depth > 0) total = Combine(pending[--depth], total);
        return total;
    }

    // Up to eight registers, the last of which may be in part.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Few8(ref T first, int count)
    {
        if (count == 8 * Count) return Tree8(ref first);
        var whole = (count - 1) / Count;
        var total = Last(ref Unsafe.Add(ref first, whole * Count), count - (whole * Count));
        if ((whole & 1) != 0) total = Combine(At(ref first, whole - 1), total);
        if ((whole & 2) != 0) total = Combine(Pair(ref first, whole & 4), total);
        return (whole & 4) != 0 ? Combine(Combine(Pair(ref first, 0), Pair(ref first, 2)), total) : total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Last(ref T first, int count) => count == Count ? TLanes.Load(ref first) : TLanes.LoadPart(ref first, count, TOperator.Neutral);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Tree64(ref T first) => Combine(Tree32(ref first), Tree32(ref Unsafe.Add(ref first, 32 * Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Tree32(ref T first) => Combine(
        Combine(Tree8(ref first), Tree8(ref Unsafe.Add(ref first, 8 * Count))),
        Combine(Tree8(ref Unsafe.Add(ref first, 16 * Count)), Tree8(ref Unsafe.Add(ref first, 24 * Count))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Tree8(ref T first) =>
        Combine(Combine(Pair(ref first, 0), Pair(ref first, 2)), Combine(Pair(ref first, 4), Pair(ref first, 6)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Pair(ref T first, int register) => Combine(At(ref first, register), At(ref first, register + 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes At(ref T first, int register) => TLanes.Load(ref Unsafe.Add(ref first, register * Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Combine(TLanes x, TLanes y) => TLanes.Combine<TOperator>(x, y);

    /// <summary>Half the lanes on half, until one is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Lanes(TLanes lanes)
    {
        var quarter = TLanes.Quarter<TOperator>(lanes);
        return Vector128<T>.Count switch
        {
            2 => TOperator.Combine(quarter[0], quarter[1]),
            4 => TOperator.Combine(TOperator.Combine(quarter[0], quarter[2]), TOperator.Combine(quarter[1], quarter[3])),
            _ => Narrow(quarter),
        };
    }

    private static T Narrow(Vector128<T> lanes)
    {
        ref var lane = ref Unsafe.As<Vector128<T>, T>(ref lanes);
        for (var half = Vector128<T>.Count / 2; half > 0; half /= 2)
            for (var i = 0; i < half; i++) Unsafe.Add(ref lane, i) = TOperator.Combine(Unsafe.Add(ref lane, i), Unsafe.Add(ref lane, i + half));
        return lane;
    }
}
