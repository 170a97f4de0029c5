using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>What a fold combines with: an associative operation, its neutral element, and what stands for no elements.</summary>
internal interface IFoldOperator<T>
    where T : unmanaged
{
    /// <summary>Combined with any x it gives x, bit for bit.</summary>
    static abstract T Neutral { get; }

    /// <summary>The fold of no elements.</summary>
    static abstract T Empty { get; }

    /// <summary>Two elements combined.</summary>
    static abstract T Combine(T x, T y);

    /// <summary>Lanes combined with lanes: the same function.</summary>
    static abstract Vector512<T> Combine(Vector512<T> x, Vector512<T> y);

    /// <inheritdoc cref="Combine(Vector512{T}, Vector512{T})"/>
    static abstract Vector256<T> Combine(Vector256<T> x, Vector256<T> y);

    /// <inheritdoc cref="Combine(Vector512{T}, Vector512{T})"/>
    static abstract Vector128<T> Combine(Vector128<T> x, Vector128<T> y);
}

/// <summary>x + y; integers wrap. −0 is neutral (−0 + 0 is +0), and no elements sum to +0.</summary>
internal readonly struct SumFold<T> : IFoldOperator<T>
    where T : unmanaged, INumber<T>
{
    public static T Neutral => -T.Zero;

    public static T Empty => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T x, T y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Combine(Vector512<T> x, Vector512<T> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Combine(Vector256<T> x, Vector256<T> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Combine(Vector128<T> x, Vector128<T> y) => x + y;
}

/// <summary>x · y; integers wrap.</summary>
internal readonly struct ProductFold<T> : IFoldOperator<T>
    where T : unmanaged, INumber<T>
{
    public static T Neutral => T.One;

    public static T Empty => T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T x, T y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Combine(Vector512<T> x, Vector512<T> y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Combine(Vector256<T> x, Vector256<T> y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Combine(Vector128<T> x, Vector128<T> y) => x * y;
}

/// <summary>The larger, NaN if either is; +0 is larger than −0. On bytes 0 and 1 it is ∨, which is false for none.</summary>
internal readonly struct MaximumFold<T> : IFoldOperator<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Neutral => T.CreateSaturating(double.NegativeInfinity);

    public static T Empty => Neutral;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T x, T y) => T.Max(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Combine(Vector512<T> x, Vector512<T> y) => Vector512.Max(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Combine(Vector256<T> x, Vector256<T> y) => Vector256.Max(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Combine(Vector128<T> x, Vector128<T> y) => Vector128.Max(x, y);
}

/// <summary>The smaller, NaN if either is; −0 is smaller than +0. On bytes 0 and 1 it is ∧, which is true for none.</summary>
internal readonly struct MinimumFold<T> : IFoldOperator<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Neutral => T.CreateSaturating(double.PositiveInfinity);

    // Truth is the byte 1.
    public static T Empty => typeof(T) == typeof(byte) ? T.One : Neutral;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T x, T y) => T.Min(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Combine(Vector512<T> x, Vector512<T> y) => Vector512.Min(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Combine(Vector256<T> x, Vector256<T> y) => Vector256.Min(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Combine(Vector128<T> x, Vector128<T> y) => Vector128.Min(x, y);
}
