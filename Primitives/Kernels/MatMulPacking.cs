using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>
/// Copies a strided slab into a panel, panel[p·width + lane] = source[lane·laneStride + p·step], so that the micro-kernel reads it
/// front to back. Reading through the strides makes a transposed operand cost no more than a plain one.
/// </summary>
internal static unsafe class MatMulPacking<T> where T : unmanaged
{
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
        for (int p = 0; p < depth; p++)
        {
            T* from = source + (p * step), to = panel + ((nint)p * width);
            int lane = 0;
            for (; lane <= lanes - Vector512<T>.Count; lane += Vector512<T>.Count)
                Vector512.Store(Vector512.Load(from + lane), to + lane);
            for (; lane < vectorized; lane += Vector128<T>.Count)
                Vector128.Store(Vector128.Load(from + lane), to + lane);
            for (; lane < lanes; lane++)
                to[lane] = from[lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed4(T* source, nint laneStride, int lanes, int depth, int width, T* panel)
    {
        int wholeLanes = lanes & ~3, wholeDepth = depth & ~3;
        for (int p = 0; p < wholeDepth; p += 4)
        {
            for (int lane = 0; lane < wholeLanes; lane += 4)
            {
                uint* from = (uint*)(source + (lane * laneStride) + p), to = (uint*)(panel + ((nint)p * width) + lane);
                Vector128<uint> x0 = Vector128.Load(from), x1 = Vector128.Load(from + laneStride);
                Vector128<uint> x2 = Vector128.Load(from + (2 * laneStride)), x3 = Vector128.Load(from + (3 * laneStride));
                Vector128<ulong> y0 = InterleaveLow(x0, x1).AsUInt64(), y1 = InterleaveHigh(x0, x1).AsUInt64();
                Vector128<ulong> y2 = InterleaveLow(x2, x3).AsUInt64(), y3 = InterleaveHigh(x2, x3).AsUInt64();
                InterleaveLow(y0, y2).AsUInt32().Store(to);
                InterleaveHigh(y0, y2).AsUInt32().Store(to + width);
                InterleaveLow(y1, y3).AsUInt32().Store(to + (2 * width));
                InterleaveHigh(y1, y3).AsUInt32().Store(to + (3 * width));
            }
        }

        PackElements(source, laneStride, 1, wholeLanes, lanes, 0, wholeDepth, width, panel);
        PackElements(source, laneStride, 1, 0, lanes, wholeDepth, depth, width, panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed8(T* source, nint laneStride, int lanes, int depth, int width, T* panel)
    {
        int wholeLanes = lanes & ~1, wholeDepth = depth & ~1;
        for (int p = 0; p < wholeDepth; p += 2)
        {
            for (int lane = 0; lane < wholeLanes; lane += 2)
            {
                ulong* from = (ulong*)(source + (lane * laneStride) + p), to = (ulong*)(panel + ((nint)p * width) + lane);
                Vector128<ulong> x0 = Vector128.Load(from), x1 = Vector128.Load(from + laneStride);
                InterleaveLow(x0, x1).Store(to);
                InterleaveHigh(x0, x1).Store(to + width);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> InterleaveLow(Vector128<uint> x, Vector128<uint> y) =>
        Sse2.IsSupported ? Sse2.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> InterleaveHigh(Vector128<uint> x, Vector128<uint> y) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[2], y[2], x[3], y[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> InterleaveLow(Vector128<ulong> x, Vector128<ulong> y) =>
        Sse2.IsSupported ? Sse2.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> InterleaveHigh(Vector128<ulong> x, Vector128<ulong> y) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[1], y[1]);
}
