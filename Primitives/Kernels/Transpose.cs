using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>Transposes small blocks of four- or eight-byte elements in registers; only bits move, so one form serves all types.</summary>
internal static class Transpose
{
    /// <summary>The columns of the 4×4 block whose rows are given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<uint>, Vector128<uint>, Vector128<uint>, Vector128<uint>) Block(
        Vector128<uint> row0, Vector128<uint> row1, Vector128<uint> row2, Vector128<uint> row3)
    {
        Vector128<ulong> low01 = Low(row0, row1).AsUInt64(), high01 = High(row0, row1).AsUInt64();
        Vector128<ulong> low23 = Low(row2, row3).AsUInt64(), high23 = High(row2, row3).AsUInt64();
        return (Low(low01, low23).AsUInt32(), High(low01, low23).AsUInt32(), Low(high01, high23).AsUInt32(), High(high01, high23).AsUInt32());
    }

    /// <summary>The columns of the 2×2 block whose rows are given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<ulong>, Vector128<ulong>) Block(Vector128<ulong> row0, Vector128<ulong> row1) =>
        (Low(row0, row1), High(row0, row1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Low(Vector128<uint> x, Vector128<uint> y) =>
        Sse2.IsSupported ? Sse2.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> High(Vector128<uint> x, Vector128<uint> y) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[2], y[2], x[3], y[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Low(Vector128<ulong> x, Vector128<ulong> y) =>
        Sse2.IsSupported ? Sse2.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> High(Vector128<ulong> x, Vector128<ulong> y) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[1], y[1]);
}
