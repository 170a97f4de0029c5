using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Functional.Kernels;

namespace Functional.Compilation;

// What emitted loops call. Parts of registers are filled up with their first element, so that no lane does what no element
// asked for. Elementary functions are compiled once each, at full optimisation, and called where a loop has many of them; the
// first operand becomes the result. They stand in locals of the loop: what is passed by value goes through the end of its frame,
// which may lie across two cache lines, and a register that is read back from there waits until everything before is done.
internal static class Registers512
{
    private const MethodImplOptions Called = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    [MethodImpl(Called)]
    internal static void Unary<TOperator, T>(ref Vector512<T> x) where TOperator : struct, IUnaryOperator where T : unmanaged => x = OnLanes.Unary<TOperator, T>(x);

    [MethodImpl(Called)]
    internal static void Binary<TOperator, T>(ref Vector512<T> x, ref Vector512<T> y) where TOperator : struct, IBinaryOperator where T : unmanaged => x = OnLanes.Binary<TOperator, T>(x, y);

    [MethodImpl(Called)]
    internal static void LoadPart<T>(ref T source, nint count, ref Vector512<T> part) where T : unmanaged =>
        part = PartLoad.Of(ref source, (int)count, Vector512.Create(source));

    [MethodImpl(Called)]
    internal static unsafe void StorePart<T>(Vector512<T> x, ref T destination, nint count)
        where T : unmanaged
    {
        if (Avx512F.IsSupported)
        {
            fixed (T* first = &destination)
            {
                if (sizeof(T) == 4) Avx512F.MaskStore((int*)first, Vector512.LessThan(Vector512<int>.Indices, Vector512.Create((int)count)), x.AsInt32());
                else Avx512F.MaskStore((long*)first, Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)), x.AsInt64());
                return;
            }
        }
        Parts.Copy(ref Unsafe.As<Vector512<T>, T>(ref x), ref destination, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Widen(Vector256<float> x) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector512Double(x) : Vector512.WidenLower(x.ToVector512());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Widen(Vector256<int> x) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector512Double(x) : Vector512.ConvertToDouble(Vector512.WidenLower(x.ToVector512()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Narrow(Vector512<double> x) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector256Single(x) : Vector256.Narrow(x.GetLower(), x.GetUpper());

    /// <summary>A mask of 32 bits a lane as one of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<long> WidenMask(Vector256<int> x) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector512Int64(x) : Vector512.WidenLower(x.ToVector512());

    /// <summary>A mask of 64 bits a lane as one of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> NarrowMask(Vector512<long> x) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector256Int32(x) : Vector256.Narrow(x.GetLower(), x.GetUpper());
}

internal static class Registers256
{
    private const MethodImplOptions Called = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    [MethodImpl(Called)]
    internal static void Unary<TOperator, T>(ref Vector256<T> x) where TOperator : struct, IUnaryOperator where T : unmanaged => x = OnLanes.Unary<TOperator, T>(x);

    [MethodImpl(Called)]
    internal static void Binary<TOperator, T>(ref Vector256<T> x, ref Vector256<T> y) where TOperator : struct, IBinaryOperator where T : unmanaged => x = OnLanes.Binary<TOperator, T>(x, y);

    [MethodImpl(Called)]
    internal static void LoadPart<T>(ref T source, nint count, ref Vector256<T> part) where T : unmanaged =>
        part = PartLoad.Of(ref source, (int)count, Vector256.Create(source));

    [MethodImpl(Called)]
    internal static void StorePart<T>(Vector256<T> x, ref T destination, nint count) where T : unmanaged =>
        Parts.Copy(ref Unsafe.As<Vector256<T>, T>(ref x), ref destination, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Widen(Vector128<float> x) => Avx.IsSupported ? Avx.ConvertToVector256Double(x) : Vector256.WidenLower(x.ToVector256());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Widen(Vector128<int> x) =>
        Avx.IsSupported ? Avx.ConvertToVector256Double(x) : Vector256.ConvertToDouble(Vector256.WidenLower(x.ToVector256()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Narrow(Vector256<double> x) => Avx.IsSupported ? Avx.ConvertToVector128Single(x) : Vector128.Narrow(x.GetLower(), x.GetUpper());

    /// <summary>A mask of 32 bits a lane as one of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<long> WidenMask(Vector128<int> x) => Avx2.IsSupported ? Avx2.ConvertToVector256Int64(x) : Vector256.WidenLower(x.ToVector256());

    /// <summary>A mask of 64 bits a lane as one of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> NarrowMask(Vector256<long> x) => Vector128.Narrow(x.GetLower(), x.GetUpper());
}

internal static class Registers128
{
    private const MethodImplOptions Called = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    [MethodImpl(Called)]
    internal static void Unary<TOperator, T>(ref Vector128<T> x) where TOperator : struct, IUnaryOperator where T : unmanaged => x = OnLanes.Unary<TOperator, T>(x);

    [MethodImpl(Called)]
    internal static void Binary<TOperator, T>(ref Vector128<T> x, ref Vector128<T> y) where TOperator : struct, IBinaryOperator where T : unmanaged => x = OnLanes.Binary<TOperator, T>(x, y);

    [MethodImpl(Called)]
    internal static void LoadPart<T>(ref T source, nint count, ref Vector128<T> part) where T : unmanaged =>
        part = PartLoad.Of(ref source, (int)count, Vector128.Create(source));

    [MethodImpl(Called)]
    internal static void StorePart<T>(Vector128<T> x, ref T destination, nint count) where T : unmanaged =>
        Parts.Copy(ref Unsafe.As<Vector128<T>, T>(ref x), ref destination, count);
}

/// <summary>Operators at one element, called.</summary>
internal static class Scalars
{
    private const MethodImplOptions Called = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    [MethodImpl(Called)]
    internal static T Unary<TOperator, T>(T x) where TOperator : struct, IUnaryOperator where T : unmanaged => OnLanes.Unary<TOperator, T>(x);

    [MethodImpl(Called)]
    internal static T Binary<TOperator, T>(T x, T y) where TOperator : struct, IBinaryOperator where T : unmanaged => OnLanes.Binary<TOperator, T>(x, y);
}

/// <summary>Elements one by one, and truth values between memory, where they are bytes, and registers, where they are masks.</summary>
internal static class Parts
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    internal static void Copy<T>(ref T source, ref T destination, nint count)
    {
        for (nint i = 0; i < count; i++) Unsafe.Add(ref destination, i) = Unsafe.Add(ref source, i);
    }

    /// <summary>Elements in another type, as C# casts.</summary>
    internal static void Convert<TFrom, TTo>(ref TFrom source, ref TTo destination, int count)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        for (var i = 0; i < count; i++) Unsafe.Add(ref destination, i) = Pointwise.Convert<TFrom, TTo>(Unsafe.Add(ref source, i));
    }

    [MethodImpl(Inline)]
    internal static Vector512<long> Mask512Long(ref bool source) => Avx512F.IsSupported
        ? -Avx512F.ConvertToVector512Int64(Vector128.CreateScalar(Bytes(ref source, 8, 8)).AsByte())
        : Mask512Long(ref source, 8);

    [MethodImpl(Inline)]
    internal static Vector512<long> Mask512Long(ref bool source, nint count) =>
        Vector512.Create(Quarter(Bytes(ref source, count, 8)), Quarter(Bytes(ref source, count, 8) >> 32));

    [MethodImpl(Inline)]
    internal static Vector256<long> Mask256Long(ref bool source) => Mask256Long(ref source, 4);

    [MethodImpl(Inline)]
    internal static Vector256<long> Mask256Long(ref bool source, nint count) => Quarter(Bytes(ref source, count, 4));

    [MethodImpl(Inline)]
    internal static Vector256<int> Mask256Int(ref bool source) => Mask256Int(ref source, 8);

    [MethodImpl(Inline)]
    internal static Vector256<int> Mask256Int(ref bool source, nint count) => Eighth(Bytes(ref source, count, 8));

    [MethodImpl(Inline)]
    internal static Vector512<int> Mask512Int(ref bool source) => Avx512F.IsSupported
        ? -Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref Unsafe.As<bool, byte>(ref source)))
        : Mask512Int(ref source, 16);

    [MethodImpl(Inline)]
    internal static Vector512<int> Mask512Int(ref bool source, nint count)
    {
        var lower = Bytes(ref source, Math.Min(count, 8), 8);
        var upper = count > 8 ? Bytes(ref Unsafe.Add(ref source, 8), count - 8, 8) : 0;
        return Vector512.Create(Eighth(lower), Eighth(upper));
    }

    [MethodImpl(Inline)]
    internal static void StoreMask(Vector512<int> mask, ref bool destination)
    {
        if (Avx512F.IsSupported) Avx512F.ConvertToVector128Byte(mask & Vector512.Create(1)).StoreUnsafe(ref Unsafe.As<bool, byte>(ref destination));
        else Loops.Spread(mask.ExtractMostSignificantBits(), ref destination, 16);
    }

    [MethodImpl(Inline)]
    internal static void StoreMask(Vector512<long> mask, ref bool destination)
    {
        if (Avx512F.IsSupported) Write(Avx512F.ConvertToVector128Byte(mask & Vector512.Create(1L)).AsUInt64().ToScalar(), ref destination);
        else Loops.Spread(mask.ExtractMostSignificantBits(), ref destination, 8);
    }

    [MethodImpl(Inline)]
    internal static void StoreMask(Vector256<int> mask, ref bool destination)
    {
        var words = Vector128.Narrow(mask.GetLower(), mask.GetUpper());
        Write((Vector128.Narrow(words, words) & Vector128.Create((sbyte)1)).AsUInt64().ToScalar(), ref destination);
    }

    [MethodImpl(Inline)]
    internal static void StoreMask(Vector256<long> mask, ref bool destination)
    {
        var halves = Vector128.Narrow(mask.GetLower(), mask.GetUpper());
        var words = Vector128.Narrow(halves, halves);
        Write((Vector128.Narrow(words, words) & Vector128.Create((sbyte)1)).AsUInt32().ToScalar(), ref destination);
    }

    [MethodImpl(Inline)]
    internal static void StoreMask(ulong bits, ref bool destination, nint count) => Loops.Spread(bits, ref destination, (int)count);

    [MethodImpl(Inline)]
    private static void Write<T>(T bytes, ref bool destination) where T : unmanaged => Unsafe.WriteUnaligned(ref Unsafe.As<bool, byte>(ref destination), bytes);

    [MethodImpl(Inline)]
    private static ulong Bytes(ref bool source, nint count, int width)
    {
        ref var first = ref Unsafe.As<bool, byte>(ref source);
        return count >= width
            ? width == 8 ? Unsafe.ReadUnaligned<ulong>(ref first) : Unsafe.ReadUnaligned<uint>(ref first)
            : Some(ref first, count);
    }

    private static ulong Some(ref byte source, nint count)
    {
        ulong bytes = 0;
        for (nint i = 0; i < count; i++) bytes |= (ulong)Unsafe.Add(ref source, i) << (int)(8 * i);
        return bytes;
    }

    // Truth is the byte 1, and −1 has every bit set.
    [MethodImpl(Inline)]
    private static Vector256<long> Quarter(ulong bytes)
    {
        if (Avx2.IsSupported) return -Avx2.ConvertToVector256Int64(Vector128.CreateScalar((uint)bytes).AsByte());
        var words = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar((uint)bytes).AsByte()));
        return -Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt64();
    }

    [MethodImpl(Inline)]
    private static Vector256<int> Eighth(ulong bytes)
    {
        if (Avx2.IsSupported) return -Avx2.ConvertToVector256Int32(Vector128.CreateScalar(bytes).AsByte());
        var halves = Vector128.WidenLower(Vector128.CreateScalar(bytes).AsByte());
        return -Vector256.Create(Vector128.WidenLower(halves), Vector128.WidenUpper(halves)).AsInt32();
    }
}
