using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// Copies a strided slab into a panel, panel[p·width + lane] = source[lane·laneStride + p·step], so that the micro-kernel reads it
/// front to back. Reading through the strides makes a transposed operand cost no more than a plain one.
/// </summary>
internal static unsafe class MatMulPacking<T> where T : unmanaged
{
    private const int ChunkDepth = 64;

    // Bytes from one row to the next past which the processor does not see that they are read one after another.
    private const int FarApart = 1024;

    private const int RowsAhead = 16;

    /// <summary>Packs <paramref name="lanes"/> of the panel's <paramref name="width"/> lanes; the rest become zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(T* source, nint laneStride, nint step, int lanes, int depth, int width, T* panel)
    {
        if (lanes < width)
            new Span<T>(panel, depth * width).Clear();
        if (laneStride == 1)
            PackRows(source, step, lanes, depth, width, panel);
        else if (step == 1 && sizeof(T) == 4)
            PackTransposed4(source, laneStride, lanes, depth, width, panel);
        else if (step == 1 && sizeof(T) == 8)
            PackTransposed8(source, laneStride, lanes, depth, width, panel);
        else
            PackElements(source, laneStride, step, 0, lanes, 0, depth, width, panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRows(T* source, nint step, int lanes, int depth, int width, T* panel)
    {
        int vectorized = lanes - (lanes % Vector128<T>.Count);
        bool isFar = step * sizeof(T) >= FarApart;
        for (int p = 0; p < depth; p++)
        {
            T* from = source + (p * step), to = panel + ((nint)p * width);
            if (isFar)
                Prefetch.Row(from + (RowsAhead * step), lanes);
            int lane = 0;
            for (; Vector512.IsHardwareAccelerated && lane <= lanes - Vector512<T>.Count; lane += Vector512<T>.Count)
                Vector512.Store(Vector512.Load(from + lane), to + lane);
            for (; Vector256.IsHardwareAccelerated && lane <= lanes - Vector256<T>.Count; lane += Vector256<T>.Count)
                Vector256.Store(Vector256.Load(from + lane), to + lane);
            for (; lane < vectorized; lane += Vector128<T>.Count)
                Vector128.Store(Vector128.Load(from + lane), to + lane);
            for (; lane < lanes; lane++)
                to[lane] = from[lane];
        }
    }

    // Only as many lanes at a time as a block has, for lanes a power of two apart would fight for the same lines of the cache.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed4(T* source, nint laneStride, int lanes, int depth, int width, T* panel)
    {
        int wholeLanes = lanes & ~3, wholeDepth = depth & ~3;
        for (int start = 0; start < wholeDepth; start += ChunkDepth)
        {
            int end = Math.Min(wholeDepth, start + ChunkDepth);
            for (int lane = 0; lane < wholeLanes; lane += 4)
            {
                uint* from = (uint*)(source + (lane * laneStride) + start), from2 = from + (2 * laneStride);
                uint* to = (uint*)(panel + ((nint)start * width) + lane), to2 = to + (2 * width);
                for (int p = start; p < end; p += 4, from += 4, from2 += 4, to += 4 * width, to2 += 4 * width)
                {
                    (Vector128<uint> x0, Vector128<uint> x1, Vector128<uint> x2, Vector128<uint> x3) = RegisterTranspose.Block(
                        Vector128.Load(from), Vector128.Load(from + laneStride), Vector128.Load(from2), Vector128.Load(from2 + laneStride));
                    x0.Store(to);
                    x1.Store(to + width);
                    x2.Store(to2);
                    x3.Store(to2 + width);
                }
            }

            if (lanes - wholeLanes >= 2)
                PackTwo((uint*)(source + (wholeLanes * laneStride) + start), laneStride, end - start, width, (uint*)(panel + ((nint)start * width) + wholeLanes));
        }

        PackElements(source, laneStride, 1, wholeLanes + (lanes - wholeLanes >= 2 ? 2 : 0), lanes, 0, wholeDepth, width, panel);
        PackElements(source, laneStride, 1, 0, lanes, wholeDepth, depth, width, panel);
    }

    // Two lanes beside each other, four places at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackTwo(uint* from, nint laneStride, int depth, int width, uint* to)
    {
        for (int p = 0; p < depth; p += 4, from += 4, to += 4 * width)
        {
            Vector128<ulong> x = Vector128.Load(from).AsUInt64(), y = Vector128.Load(from + laneStride).AsUInt64();
            (Vector128<ulong> near, Vector128<ulong> far) = (Pairs(x.ToScalar(), y.ToScalar()), Pairs(x.GetElement(1), y.GetElement(1)));
            *(ulong*)to = near.ToScalar();
            *(ulong*)(to + width) = near.GetElement(1);
            *(ulong*)(to + (2 * width)) = far.ToScalar();
            *(ulong*)(to + (3 * width)) = far.GetElement(1);
        }
    }

    // x₀ x₁ and y₀ y₁ as x₀ y₀ x₁ y₁.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Pairs(ulong x, ulong y) =>
        Vector128.Shuffle(Vector128.Create(x, y).AsUInt32(), Vector128.Create(0u, 2u, 1u, 3u)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed8(T* source, nint laneStride, int lanes, int depth, int width, T* panel)
    {
        int wholeLanes = lanes & ~1, wholeDepth = depth & ~1;
        for (int start = 0; start < wholeDepth; start += ChunkDepth)
        {
            int end = Math.Min(wholeDepth, start + ChunkDepth);
            for (int lane = 0; lane < wholeLanes; lane += 2)
            {
                ulong* from = (ulong*)(source + (lane * laneStride) + start), to = (ulong*)(panel + ((nint)start * width) + lane);
                for (int p = start; p < end; p += 2, from += 2, to += 2 * width)
                {
                    (Vector128<ulong> x0, Vector128<ulong> x1) = RegisterTranspose.Block(Vector128.Load(from), Vector128.Load(from + laneStride));
                    x0.Store(to);
                    x1.Store(to + width);
                }
            }
        }

        PackElements(source, laneStride, 1, wholeLanes, lanes, 0, wholeDepth, width, panel);
        PackElements(source, laneStride, 1, 0, lanes, wholeDepth, depth, width, panel);
    }

    private static void PackElements(
        T* source, nint laneStride, nint step, int firstLane, int endLane, int firstDepth, int endDepth, int width, T* panel)
    {
        for (int p = firstDepth; p < endDepth; p++)
        {
            T* from = source + (p * step), to = panel + ((nint)p * width);
            for (int lane = firstLane; lane < endLane; lane++)
                to[lane] = from[lane * laneStride];
        }
    }
}
