using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// A loop over whole registers. What remains goes through a register's length of padding, filled with the first of the
/// remaining elements, so that no padded lane does what no element asked for.
/// </summary>
internal interface ILoop
{
    /// <summary>Whether f32 is computed in f64, so that half a register of f32 fills a register.</summary>
    static abstract bool Widens { get; }

    /// <summary>Fills the destination; y is empty for functions of one operand.</summary>
    static abstract void Run<TLanes, T, TResult>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<TResult> destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged
        where TResult : unmanaged;
}

/// <summary>The choice of a loop's register, and the steps loops share.</summary>
internal static class Loops
{
    /// <summary>Runs the loop on the widest registers the hardware has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Widest<TLoop, T, TResult>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<TResult> destination)
        where TLoop : struct, ILoop
        where T : unmanaged
        where TResult : unmanaged
    {
        bool half = typeof(T) == typeof(float) && TLoop.Widens;
        if (typeof(T) == typeof(double))
            WidestDouble<TLoop, TResult>(MemoryMarshal.Cast<T, double>(x), MemoryMarshal.Cast<T, double>(y), destination);
        else if (Vector512.IsHardwareAccelerated && !half) TLoop.Run<Lanes512<T>, T, TResult>(x, y, destination);
        else if (Vector256.IsHardwareAccelerated && (!half || Vector512.IsHardwareAccelerated)) TLoop.Run<Lanes256<T>, T, TResult>(x, y, destination);
        else TLoop.Run<Lanes128<T>, T, TResult>(x, y, destination);
    }

    private static void WidestDouble<TLoop, TResult>(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<TResult> destination)
        where TLoop : struct, ILoop
        where TResult : unmanaged
    {
        if (Vector512.IsHardwareAccelerated) TLoop.Run<Doubles512, double, TResult>(x, y, destination);
        else if (Vector256.IsHardwareAccelerated) TLoop.Run<Doubles256, double, TResult>(x, y, destination);
        else TLoop.Run<Doubles128, double, TResult>(x, y, destination);
    }

    /// <summary>The elements from <paramref name="start"/> on, then the first of them again.</summary>
    public static void Pad<T>(ReadOnlySpan<T> x, int start, Span<T> padded)
    {
        x = x.Length == 1 ? x : x[start..];
        padded.Fill(x[0]);
        x.CopyTo(padded);
    }

    // Multiplying copies the byte eight times, the mask keeps bit j in byte j, and the carry out of +0x7F tells it from zero.
    /// <summary>The lowest <paramref name="count"/> bits as logical values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Spread<TResult>(ulong bits, ref TResult destination, int count)
    {
        const ulong Each = 0x0101010101010101;
        ref byte target = ref Unsafe.As<TResult, byte>(ref destination);
        for (int done = 0; done < count; done += 8, bits >>= 8)
        {
            ulong word = (((bits & 0xFF) * Each & 0x8040201008040201) + 0x7F * Each >> 7) & Each;
            if (count - done >= 8) Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, done), word);
            else
                for (int j = done; j < count; j++, word >>= 8)
                    Unsafe.Add(ref target, j) = (byte)(word & 1);
        }
    }
}

/// <summary>destination[i] = f(x[i]).</summary>
internal readonly struct UnaryLoop<TOperator> : ILoop
    where TOperator : struct, IUnaryOperator
{
    public static bool Widens => typeof(IWideUnary).IsAssignableFrom(typeof(TOperator));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes, T, TResult>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<TResult> destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged
        where TResult : unmanaged
    {
        ref T source = ref MemoryMarshal.GetReference(x);
        ref T target = ref Unsafe.As<TResult, T>(ref MemoryMarshal.GetReference(destination));
        nuint whole = (nuint)(destination.Length & -TLanes.Count);
        for (nuint i = 0; i < whole; i += (nuint)TLanes.Count)
            TOperator.Invoke(TLanes.Load(in source, i)).Store(ref target, i);
        if (whole < (nuint)destination.Length) Tail<TLanes, T, TResult>(x, destination, (int)whole);
    }

    private static void Tail<TLanes, T, TResult>(ReadOnlySpan<T> x, Span<TResult> destination, int whole)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged
        where TResult : unmanaged
    {
        Span<T> padded = stackalloc T[TLanes.Count];
        Loops.Pad(x, whole, padded);
        Run<TLanes, T, T>(padded, default, padded);
        MemoryMarshal.Cast<T, TResult>(padded)[..(destination.Length - whole)].CopyTo(destination[whole..]);
    }
}

/// <summary>destination[i] = f(x[i], y[i]).</summary>
internal readonly struct BinaryLoop<TOperator> : ILoop
    where TOperator : struct, IBinaryOperator
{
    public static bool Widens => typeof(IWideBinary).IsAssignableFrom(typeof(TOperator));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes, T, TResult>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<TResult> destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged
        where TResult : unmanaged
    {
        Operand<TLanes, T> left = new(x), right = new(y);
        ref T target = ref Unsafe.As<TResult, T>(ref MemoryMarshal.GetReference(destination));
        nuint whole = (nuint)(destination.Length & -TLanes.Count);
        for (nuint i = 0; i < whole; i += (nuint)TLanes.Count)
            TOperator.Invoke(left.At(i), right.At(i)).Store(ref target, i);
        if (whole < (nuint)destination.Length) Tail<TLanes, T, TResult>(x, y, destination, (int)whole);
    }

    private static void Tail<TLanes, T, TResult>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<TResult> destination, int whole)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged
        where TResult : unmanaged
    {
        Span<T> left = stackalloc T[TLanes.Count];
        Span<T> right = stackalloc T[TLanes.Count];
        Loops.Pad(x, whole, left);
        Loops.Pad(y, whole, right);
        Run<TLanes, T, T>(left, right, left);
        MemoryMarshal.Cast<T, TResult>(left)[..(destination.Length - whole)].CopyTo(destination[whole..]);
    }
}

/// <summary>destination[i] says whether the predicate holds of x[i].</summary>
internal readonly struct TestLoop<TPredicate> : ILoop
    where TPredicate : struct, IPredicate
{
    public static bool Widens => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes, T, TResult>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<TResult> destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged
        where TResult : unmanaged
    {
        ref T source = ref MemoryMarshal.GetReference(x);
        ref TResult target = ref MemoryMarshal.GetReference(destination);
        int whole = destination.Length & -TLanes.Count;
        for (int i = 0; i < whole; i += TLanes.Count)
            Loops.Spread(TPredicate.Invoke(TLanes.Load(in source, (nuint)i)).SignBits, ref Unsafe.Add(ref target, i), TLanes.Count);
        if (whole == destination.Length) return;
        Span<T> padded = stackalloc T[TLanes.Count];
        Loops.Pad(x, whole, padded);
        ulong bits = TPredicate.Invoke(TLanes.Load(in padded[0], 0)).SignBits;
        Loops.Spread(bits, ref Unsafe.Add(ref target, whole), destination.Length - whole);
    }
}

/// <summary>destination[i] says whether the comparison holds of x[i] and y[i].</summary>
internal readonly struct CompareLoop<TComparison> : ILoop
    where TComparison : struct, IComparison
{
    public static bool Widens => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes, T, TResult>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<TResult> destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged
        where TResult : unmanaged
    {
        Operand<TLanes, T> left = new(x), right = new(y);
        ref TResult target = ref MemoryMarshal.GetReference(destination);
        int whole = destination.Length & -TLanes.Count;
        for (int i = 0; i < whole; i += TLanes.Count)
            Loops.Spread(TComparison.Invoke(left.At((nuint)i), right.At((nuint)i)).SignBits, ref Unsafe.Add(ref target, i), TLanes.Count);
        if (whole == destination.Length) return;
        Span<T> paddedX = stackalloc T[TLanes.Count];
        Span<T> paddedY = stackalloc T[TLanes.Count];
        Loops.Pad(x, whole, paddedX);
        Loops.Pad(y, whole, paddedY);
        ulong bits = TComparison.Invoke(TLanes.Load(in paddedX[0], 0), TLanes.Load(in paddedY[0], 0)).SignBits;
        Loops.Spread(bits, ref Unsafe.Add(ref target, whole), destination.Length - whole);
    }
}

/// <summary>An operand of a loop: a span, or one element standing for every element.</summary>
internal readonly ref struct Operand<TLanes, T>
    where TLanes : struct, ILanes<TLanes, T>
    where T : unmanaged
{
    private readonly ref T source;
    private readonly bool single;
    private readonly TLanes lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Operand(ReadOnlySpan<T> x)
    {
        source = ref MemoryMarshal.GetReference(x);
        single = x.Length == 1;
        lanes = TLanes.Fill(source);
    }

    /// <summary>The lanes from element i on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes At(nuint i) => single ? lanes : TLanes.Load(in source, i);
}
