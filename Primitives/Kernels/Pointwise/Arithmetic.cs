using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>−x; the smallest integer is its own negative.</summary>
public readonly struct Negate : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => -x;
}

/// <summary>|x|; the smallest integer is its own absolute value.</summary>
public readonly struct Abs : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Abs(x);
}

/// <summary>−1, 0 or 1 with the sign of x; ±0 and NaN are themselves.</summary>
public readonly struct Sign : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> =>
        T.Select(T.Less(T.Of(0), x), T.Of(1), T.Select(T.Less(x, T.Of(0)), -T.Of(1), x));
}

/// <summary>The largest integer at most x.</summary>
public readonly struct Floor : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.IsInteger ? x : T.Floor(x);
}

/// <summary>The smallest integer at least x.</summary>
public readonly struct Ceiling : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.IsInteger ? x : T.Ceiling(x);
}

/// <summary>The nearest integer, ties to even.</summary>
public readonly struct Round : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.IsInteger ? x : T.Round(x);
}

/// <summary>√x, correctly rounded.</summary>
public readonly struct Sqrt : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Sqrt(x);
}

/// <summary>1/√x; f64 within 1.5 ulp, f32 within 0.51 ulp.</summary>
public readonly struct ReciprocalSqrt : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<ReciprocalSqrt>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => T.Of(1) / T.Sqrt(x);
}

/// <summary>The complement: logical of bool, bitwise of integers.</summary>
public readonly struct Not : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.IsLogical ? x ^ T.Of(1) : ~x;
}

/// <summary>x + y; integers wrap.</summary>
public readonly struct Add : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x + y;
}

/// <summary>x − y; integers wrap.</summary>
public readonly struct Subtract : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x - y;
}

/// <summary>x · y; integers wrap.</summary>
public readonly struct Multiply : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x * y;
}

/// <summary>x / y. Integers truncate, the smallest over −1 wraps to itself, and a zero divisor throws <see cref="DivideByZeroException"/>.</summary>
public readonly struct Divide : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x / y;
}

/// <summary>C#'s x % y: exact, with the sign of x. An integer zero divisor throws <see cref="DivideByZeroException"/>.</summary>
public readonly struct Remainder : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x % y;
}

/// <summary>IEEE 754:2019 maximum: NaN propagates, +0 &gt; −0.</summary>
public readonly struct Max : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => T.Max(x, y);
}

/// <summary>IEEE 754:2019 minimum: NaN propagates, −0 &lt; +0.</summary>
public readonly struct Min : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => T.Min(x, y);
}

/// <summary>x and y: logical of bool, bitwise of integers.</summary>
public readonly struct And : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x & y;
}

/// <summary>x or y: logical of bool, bitwise of integers.</summary>
public readonly struct Or : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x | y;
}

/// <summary>x exclusive-or y: logical of bool, bitwise of integers.</summary>
public readonly struct Xor : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x ^ y;
}
