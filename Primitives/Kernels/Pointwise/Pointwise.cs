using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// Elementwise loops over spans. Elements are f32, f64, i32, i64 or (where the operator is logical) bool. A destination
/// may be an input itself; it must not overlap one partly.
/// </summary>
public static partial class Pointwise
{
    /// <summary>destination[i] = f(x[i]).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Unary<TOperator, T>(ReadOnlySpan<T> x, Span<T> destination)
        where TOperator : struct, IUnaryOperator
        where T : unmanaged
    {
        RequireLength(x.Length, destination.Length);
        if (x.IsEmpty || TrySpan<TOperator, T>(x, destination)) return;
        if (typeof(T) == typeof(bool)) Widest<TOperator, byte>(AsBytes(x), AsBytes(destination));
        else Widest<TOperator, T>(x, destination);

        static void Widest<TOp, TElement>(ReadOnlySpan<TElement> x, Span<TElement> destination)
            where TOp : struct, IUnaryOperator
            where TElement : unmanaged
        {
            if (Vector512.IsHardwareAccelerated) UnaryLoop<TOp, Lanes512<TElement>, TElement>(x, destination);
            else if (Vector256.IsHardwareAccelerated) UnaryLoop<TOp, Lanes256<TElement>, TElement>(x, destination);
            else UnaryLoop<TOp, Lanes128<TElement>, TElement>(x, destination);
        }
    }

    /// <summary>destination[i] = f(x[i], y[i]); an operand of length 1 stands for every element.</summary>
    /// <exception cref="ArgumentException">A length is neither 1 nor the destination's.</exception>
    public static void Binary<TOperator, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where TOperator : struct, IBinaryOperator
        where T : unmanaged
    {
        RequireLength(x.Length, y.Length, destination.Length);
        if (destination.IsEmpty || TrySpan<TOperator, T>(x, y, destination)) return;
        if (typeof(T) == typeof(bool)) Widest<TOperator, byte>(AsBytes(x), AsBytes(y), AsBytes(destination));
        else Widest<TOperator, T>(x, y, destination);

        static void Widest<TOp, TElement>(ReadOnlySpan<TElement> x, ReadOnlySpan<TElement> y, Span<TElement> destination)
            where TOp : struct, IBinaryOperator
            where TElement : unmanaged
        {
            if (Vector512.IsHardwareAccelerated) BinaryLoop<TOp, Lanes512<TElement>, TElement>(x, y, destination);
            else if (Vector256.IsHardwareAccelerated) BinaryLoop<TOp, Lanes256<TElement>, TElement>(x, y, destination);
            else BinaryLoop<TOp, Lanes128<TElement>, TElement>(x, y, destination);
        }
    }

    /// <summary>destination[i] says whether the predicate holds of x[i].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Test<TPredicate, T>(ReadOnlySpan<T> x, Span<bool> destination)
        where TPredicate : struct, IPredicate
        where T : unmanaged
    {
        RequireLength(x.Length, destination.Length);
        if (x.IsEmpty) return;
        if (typeof(T) == typeof(bool)) Widest<TPredicate, byte>(AsBytes(x), destination);
        else Widest<TPredicate, T>(x, destination);

        static void Widest<TOp, TElement>(ReadOnlySpan<TElement> x, Span<bool> destination)
            where TOp : struct, IPredicate
            where TElement : unmanaged
        {
            if (Vector512.IsHardwareAccelerated) TestLoop<TOp, Lanes512<TElement>, TElement>(x, destination);
            else if (Vector256.IsHardwareAccelerated) TestLoop<TOp, Lanes256<TElement>, TElement>(x, destination);
            else TestLoop<TOp, Lanes128<TElement>, TElement>(x, destination);
        }
    }

    /// <summary>destination[i] says whether the comparison holds of x[i] and y[i]; an operand of length 1 stands for every element.</summary>
    /// <exception cref="ArgumentException">A length is neither 1 nor the destination's.</exception>
    public static void Compare<TComparison, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> destination)
        where TComparison : struct, IComparison
        where T : unmanaged
    {
        RequireLength(x.Length, y.Length, destination.Length);
        if (destination.IsEmpty) return;
        if (typeof(T) == typeof(bool)) Widest<TComparison, byte>(AsBytes(x), AsBytes(y), destination);
        else Widest<TComparison, T>(x, y, destination);

        static void Widest<TOp, TElement>(ReadOnlySpan<TElement> x, ReadOnlySpan<TElement> y, Span<bool> destination)
            where TOp : struct, IComparison
            where TElement : unmanaged
        {
            if (Vector512.IsHardwareAccelerated) CompareLoop<TOp, Lanes512<TElement>, TElement>(x, y, destination);
            else if (Vector256.IsHardwareAccelerated) CompareLoop<TOp, Lanes256<TElement>, TElement>(x, y, destination);
            else CompareLoop<TOp, Lanes128<TElement>, TElement>(x, y, destination);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void UnaryLoop<TOperator, TLanes, T>(ReadOnlySpan<T> x, Span<T> destination)
        where TOperator : struct, IUnaryOperator
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged
    {
        ref T source = ref MemoryMarshal.GetReference(x);
        ref T target = ref MemoryMarshal.GetReference(destination);
        nuint length = (nuint)destination.Length;
        for (nuint i = 0; i < length; i += (nuint)TLanes.Count)
        {
            bool whole = length - i >= (nuint)TLanes.Count;
            TLanes result = TOperator.Invoke(whole ? TLanes.Load(in source, i) : TLanes.LoadFirst(in Unsafe.Add(ref source, i), (int)(length - i)));
            if (whole) result.Store(ref target, i);
            else result.StoreFirst(ref Unsafe.Add(ref target, i), (int)(length - i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BinaryLoop<TOperator, TLanes, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where TOperator : struct, IBinaryOperator
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged
    {
        Operand<TLanes, T> left = new(x);
        Operand<TLanes, T> right = new(y);
        ref T target = ref MemoryMarshal.GetReference(destination);
        nuint length = (nuint)destination.Length;
        for (nuint i = 0; i < length; i += (nuint)TLanes.Count)
        {
            bool whole = length - i >= (nuint)TLanes.Count;
            TLanes result = whole
                ? TOperator.Invoke(left.At(i), right.At(i))
                : TOperator.Invoke(left.First(i, (int)(length - i)), right.First(i, (int)(length - i)));
            if (whole) result.Store(ref target, i);
            else result.StoreFirst(ref Unsafe.Add(ref target, i), (int)(length - i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void TestLoop<TPredicate, TLanes, T>(ReadOnlySpan<T> x, Span<bool> destination)
        where TPredicate : struct, IPredicate
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged
    {
        Operand<TLanes, T> operand = new(x);
        ref bool target = ref MemoryMarshal.GetReference(destination);
        nuint length = (nuint)destination.Length;
        for (nuint i = 0; i < length; i += (nuint)TLanes.Count)
        {
            int count = (int)nuint.Min(length - i, (nuint)TLanes.Count);
            TLanes mask = TPredicate.Invoke(count == TLanes.Count ? operand.At(i) : operand.First(i, count));
            Spread(mask.SignBits, ref Unsafe.Add(ref target, i), count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void CompareLoop<TComparison, TLanes, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> destination)
        where TComparison : struct, IComparison
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged
    {
        Operand<TLanes, T> left = new(x);
        Operand<TLanes, T> right = new(y);
        ref bool target = ref MemoryMarshal.GetReference(destination);
        nuint length = (nuint)destination.Length;
        for (nuint i = 0; i < length; i += (nuint)TLanes.Count)
        {
            int count = (int)nuint.Min(length - i, (nuint)TLanes.Count);
            TLanes mask = count == TLanes.Count
                ? TComparison.Invoke(left.At(i), right.At(i))
                : TComparison.Invoke(left.First(i, count), right.First(i, count));
            Spread(mask.SignBits, ref Unsafe.Add(ref target, i), count);
        }
    }

    // Multiplying copies the byte eight times, the mask keeps bit j in byte j, and the carry out of +0x7F tells it from zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(ulong bits, ref bool destination, int count)
    {
        const ulong Each = 0x0101010101010101;
        for (int done = 0; done < count; done += 8, bits >>= 8)
        {
            ulong word = (((bits & 0xFF) * Each & 0x8040201008040201) + 0x7F * Each >> 7) & Each;
            if (count - done >= 8) Unsafe.WriteUnaligned(ref Unsafe.As<bool, byte>(ref Unsafe.Add(ref destination, done)), word);
            else
                for (int j = done; j < count; j++, word >>= 8)
                    Unsafe.Add(ref destination, j) = (word & 1) != 0;
        }
    }

    private static ReadOnlySpan<byte> AsBytes<T>(ReadOnlySpan<T> x) where T : unmanaged => MemoryMarshal.Cast<T, byte>(x);

    private static Span<byte> AsBytes<T>(Span<T> x) where T : unmanaged => MemoryMarshal.Cast<T, byte>(x);

    private static void RequireLength(int x, int destination)
    {
        if (x != destination)
            throw new ArgumentException($"Pointwise: x has {x} elements, the destination {destination}. Give a destination of the same length.");
    }

    private static void RequireLength(int x, int y, int destination)
    {
        if ((x != destination && x != 1) || (y != destination && y != 1))
            throw new ArgumentException($"Pointwise: x has {x} elements, y {y}, the destination {destination}. Each operand needs 1 element or the destination's number.");
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

    public Operand(ReadOnlySpan<T> x)
    {
        source = ref MemoryMarshal.GetReference(x);
        single = x.Length == 1;
        lanes = TLanes.Fill(source);
    }

    /// <summary>The lanes from element i on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes At(nuint i) => single ? lanes : TLanes.Load(in source, i);

    /// <summary>The lanes of <paramref name="count"/> elements from i on, the others repeating element i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes First(nuint i, int count) => single ? lanes : TLanes.LoadFirst(in Unsafe.Add(ref source, i), count);
}
