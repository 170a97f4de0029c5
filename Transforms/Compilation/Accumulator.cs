using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Functional.Kernels;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>
/// Folds of what a loop leaves in a scratch buffer, in the order that the evaluator's kernels define: the trees of chunks are
/// subtrees of the tree of a row, so chunks may be folded where they are made, by any number of threads, to the same bits.
/// </summary>
internal abstract class Accumulator
{
    /// <summary>Elements that a loop makes before they are folded: some kilobytes, a power of two of registers.</summary>
    internal const int Chunk = 1024;

    /// <summary>Elements that one thread takes: a power of two of chunks.</summary>
    internal const int Task = 16 * Chunk;

    /// <summary>What the loop writes to.</summary>
    internal abstract System.Array Scratch { get; }

    /// <summary>Folds whole rows in the scratch buffer.</summary>
    internal abstract void Rows(int rows, int length, System.Array destination, int at);

    /// <summary>Takes in a chunk of a row, the last of which may be short.</summary>
    internal abstract void Push(int count);

    /// <summary>Room for the trees of so many tasks.</summary>
    internal abstract System.Array Partials(int tasks);

    /// <summary>Writes the tree of the chunks so far to a place, and begins anew.</summary>
    internal abstract void Finish(System.Array partials, int at);

    /// <summary>The fold of a row from the trees of its tasks.</summary>
    internal abstract void Combine(System.Array partials, int first, int tasks, System.Array destination, int at);

    internal static Accumulator Of(Monoid monoid, DType type) => type switch
    {
        DType.Float64 => Of<double>(monoid),
        DType.Float32 => Of<float>(monoid),
        DType.Int64 => Of<long>(monoid),
        DType.Int32 => Of<int>(monoid),
        _ => Of<byte>(monoid),
    };

    // Truth is the byte 1: ∨ and ∧ are the larger and the smaller.
    private static Accumulator Of<T>(Monoid monoid)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => monoid switch
        {
            Monoid.Sum => Of<T, SumFold<T>>(),
            Monoid.Product => Of<T, ProductFold<T>>(),
            Monoid.Maximum or Monoid.Or => Of<T, MaximumFold<T>>(),
            Monoid.Minimum or Monoid.And => Of<T, MinimumFold<T>>(),
            _ => throw new InvalidOperationException($"no fold for {monoid}"),
        };

    private static Accumulator Of<T, TOperator>()
        where T : unmanaged
        where TOperator : struct, IFoldOperator<T> =>
        Vector512.IsHardwareAccelerated ? new Accumulator<T, TOperator, FoldWhole<T>>()
        : Vector256.IsHardwareAccelerated ? new Accumulator<T, TOperator, FoldHalves<T>>()
        : new Accumulator<T, TOperator, FoldQuarters<T>>();
}

/// <inheritdoc/>
internal sealed class Accumulator<T, TOperator, TLanes> : Accumulator
    where T : unmanaged
    where TOperator : struct, IFoldOperator<T>
    where TLanes : unmanaged, IFoldLanes<TLanes, T>
{
    private readonly T[] scratch = new T[Chunk];
    private readonly TLanes[] pending = new TLanes[32];
    private int depth;
    private uint pushed;

    internal override System.Array Scratch => scratch;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Rows(int rows, int length, System.Array destination, int at)
    {
        var folds = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref First(destination), at), rows);
        if (rows == 1) folds[0] = FoldRow<T, TOperator, TLanes>.Of(ref scratch[0], length);
        else Fold.Along<T, TOperator>(scratch.AsSpan(0, rows * length), [rows, length], [1], folds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Push(int count) => Carry(FoldRow<T, TOperator, TLanes>.Tree(ref scratch[0], count));

    internal override System.Array Partials(int tasks) => new TLanes[tasks];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Finish(System.Array partials, int at) => ((TLanes[])partials)[at] = Total();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Combine(System.Array partials, int first, int tasks, System.Array destination, int at)
    {
        foreach (var partial in ((TLanes[])partials).AsSpan(first, tasks)) Carry(partial);
        Unsafe.Add(ref First(destination), at) = FoldRow<T, TOperator, TLanes>.Lanes(Total());
    }

    // Equal trees pair up, as the digits of a counter carry.
    private void Carry(TLanes tree)
    {
        for (var bits = pushed++; (bits & 1) != 0; bits >>= 1) tree = TLanes.Combine<TOperator>(pending[--depth], tree);
        pending[depth++] = tree;
    }

    private TLanes Total()
    {
        var total = pending[--depth];
        while (depth > 0) total = TLanes.Combine<TOperator>(pending[--depth], total);
        pushed = 0;
        return total;
    }

    private static ref T First(System.Array destination) => ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(destination));
}
