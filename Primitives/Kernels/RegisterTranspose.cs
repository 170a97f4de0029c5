using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>Transposes small blocks of four- or eight-byte elements in registers; only bits move, so one form serves all types.</summary>
internal static class RegisterTranspose
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

    /// <summary>As the 4×4 block of 128 bits, for two blocks side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<uint>, Vector256<uint>, Vector256<uint>, Vector256<uint>) Blocks(
        Vector256<uint> row0, Vector256<uint> row1, Vector256<uint> row2, Vector256<uint> row3)
    {
        if (Avx2.IsSupported)
        {
            Vector256<ulong> low01 = Avx2.UnpackLow(row0, row1).AsUInt64(), high01 = Avx2.UnpackHigh(row0, row1).AsUInt64();
            Vector256<ulong> low23 = Avx2.UnpackLow(row2, row3).AsUInt64(), high23 = Avx2.UnpackHigh(row2, row3).AsUInt64();
            return (Avx2.UnpackLow(low01, low23).AsUInt32(), Avx2.UnpackHigh(low01, low23).AsUInt32(),
                Avx2.UnpackLow(high01, high23).AsUInt32(), Avx2.UnpackHigh(high01, high23).AsUInt32());
        }

        var (a0, a1, a2, a3) = Block(row0.GetLower(), row1.GetLower(), row2.GetLower(), row3.GetLower());
        var (b0, b1, b2, b3) = Block(row0.GetUpper(), row1.GetUpper(), row2.GetUpper(), row3.GetUpper());
        return (Vector256.Create(a0, b0), Vector256.Create(a1, b1), Vector256.Create(a2, b2), Vector256.Create(a3, b3));
    }

    /// <summary>As the 2×2 block of 128 bits, for two blocks side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<ulong>, Vector256<ulong>) Blocks(Vector256<ulong> row0, Vector256<ulong> row1)
    {
        if (Avx2.IsSupported)
            return (Avx2.UnpackLow(row0, row1), Avx2.UnpackHigh(row0, row1));
        var (a0, a1) = Block(row0.GetLower(), row1.GetLower());
        var (b0, b1) = Block(row0.GetUpper(), row1.GetUpper());
        return (Vector256.Create(a0, b0), Vector256.Create(a1, b1));
    }

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
