using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>The fold of elements that lie side by side, in the order that <see cref="Fold"/> defines.</summary>
internal static class FoldRow
{
    private const int Leaf = 64;

    // A register of 512 bits that a call gives back goes through the stack, and is late where it lies across cache lines there:
    // rows of usual lengths are folded without a call.

    /// <summary>The fold of <paramref name="count"/> elements, at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Of<T, TOperator>(ref T first, int count)
        where T : unmanaged
        where TOperator : IFoldOperator<T> =>
        count <= Vector512<T>.Count ? Few<T, TOperator>(ref first, count)
        : count == 8 * Vector512<T>.Count ? Lanes<T, TOperator>(Tree8<T, TOperator>(ref first))
        : count == 16 * Vector512<T>.Count ? Lanes<T, TOperator>(Tree16<T, TOperator>(ref first))
        : Lanes<T, TOperator>(Tree<T, TOperator>(ref first, count));

    // At most one element in a lane, so that half the lanes on half are a tree of the elements.
    private static T Few<T, TOperator>(ref T first, int count)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
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
                return Lanes<T, TOperator>(Padded<T, TOperator>(ref first, count));
        }
    }

    /// <summary>The lanes of <paramref name="count"/> elements, each combined as a tree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Vector512<T> Tree<T, TOperator>(ref T first, int count)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        var lanes = Vector512<T>.Count;
        if (count <= lanes) return count == lanes ? Vector512.LoadUnsafe(ref first) : Padded<T, TOperator>(ref first, count);
        if (count == 2 * Leaf * lanes)
            return TOperator.Combine(Tree64<T, TOperator>(ref first), Tree64<T, TOperator>(ref Unsafe.Add(ref first, Leaf * lanes)));
        if (count == 32 * lanes) return Tree32<T, TOperator>(ref first);
        if (count == 16 * lanes) return Tree16<T, TOperator>(ref first);
        if (count == 8 * lanes) return Tree8<T, TOperator>(ref first);
        var vectors = (uint)((count + lanes - 1) / lanes);
        var half = (int)(BitOperations.RoundUpToPowerOf2(vectors) / 2) * lanes;
        return TOperator.Combine(Tree<T, TOperator>(ref first, half), Tree<T, TOperator>(ref Unsafe.Add(ref first, half), count - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Tree64<T, TOperator>(ref T first)
        where T : unmanaged
        where TOperator : IFoldOperator<T> =>
        TOperator.Combine(Tree32<T, TOperator>(ref first), Tree32<T, TOperator>(ref Unsafe.Add(ref first, 32 * Vector512<T>.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Tree32<T, TOperator>(ref T first)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        var eight = 8 * Vector512<T>.Count;
        return TOperator.Combine(
            TOperator.Combine(Tree8<T, TOperator>(ref first), Tree8<T, TOperator>(ref Unsafe.Add(ref first, eight))),
            TOperator.Combine(Tree8<T, TOperator>(ref Unsafe.Add(ref first, 2 * eight)), Tree8<T, TOperator>(ref Unsafe.Add(ref first, 3 * eight))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Tree16<T, TOperator>(ref T first)
        where T : unmanaged
        where TOperator : IFoldOperator<T> =>
        TOperator.Combine(Tree8<T, TOperator>(ref first), Tree8<T, TOperator>(ref Unsafe.Add(ref first, 8 * Vector512<T>.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Tree8<T, TOperator>(ref T first)
        where T : unmanaged
        where TOperator : IFoldOperator<T> =>
        TOperator.Combine(
            TOperator.Combine(Pair<T, TOperator>(ref first, 0), Pair<T, TOperator>(ref first, 2)),
            TOperator.Combine(Pair<T, TOperator>(ref first, 4), Pair<T, TOperator>(ref first, 6)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Pair<T, TOperator>(ref T first, int vector)
        where T : unmanaged
        where TOperator : IFoldOperator<T> =>
        TOperator.Combine(
            Vector512.LoadUnsafe(ref Unsafe.Add(ref first, vector * Vector512<T>.Count)),
            Vector512.LoadUnsafe(ref Unsafe.Add(ref first, (vector + 1) * Vector512<T>.Count)));

    private static unsafe Vector512<T> Padded<T, TOperator>(ref T first, int count)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        var padded = Vector512.Create(TOperator.Neutral);
        if (Avx512F.IsSupported && sizeof(T) >= 4)
        {
            fixed (T* source = &first)
            {
                return sizeof(T) == 4
                    ? Avx512F.MaskLoad((int*)source, Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)), padded.AsInt32()).As<int, T>()
                    : Avx512F.MaskLoad((long*)source, Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)), padded.AsInt64()).As<long, T>();
            }
        }
        ref var lane = ref Unsafe.As<Vector512<T>, T>(ref padded);
        for (var i = 0; i < count; i++) Unsafe.Add(ref lane, i) = Unsafe.Add(ref first, i);
        return padded;
    }

    // Half the lanes on half, until one is left; the upper lanes of what is combined are of no account.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Lanes<T, TOperator>(Vector512<T> lanes)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        var half = TOperator.Combine(lanes.GetLower().ToVector512Unsafe(), lanes.GetUpper().ToVector512Unsafe()).GetLower();
        var quarter = TOperator.Combine(half.GetLower().ToVector256Unsafe().ToVector512Unsafe(), half.GetUpper().ToVector256Unsafe().ToVector512Unsafe()).GetLower().GetLower();
        return Vector128<T>.Count switch
        {
            2 => TOperator.Combine(quarter[0], quarter[1]),
            4 => TOperator.Combine(TOperator.Combine(quarter[0], quarter[2]), TOperator.Combine(quarter[1], quarter[3])),
            _ => Narrow<T, TOperator>(quarter),
        };
    }

    private static T Narrow<T, TOperator>(Vector128<T> lanes)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        ref var lane = ref Unsafe.As<Vector128<T>, T>(ref lanes);
        for (var half = Vector128<T>.Count / 2; half > 0; half /= 2)
            for (var i = 0; i < half; i++) Unsafe.Add(ref lane, i) = TOperator.Combine(Unsafe.Add(ref lane, i), Unsafe.Add(ref lane, i + half));
        return lane;
    }
}
