using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>x + y; integers wrap.</summary>
public readonly struct Add : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x + y;

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> destination)
    {
        TensorPrimitives.Add(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
    {
        TensorPrimitives.Add(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<long> x, ReadOnlySpan<long> y, Span<long> destination)
    {
        TensorPrimitives.Add(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<int> x, ReadOnlySpan<int> y, Span<int> destination)
    {
        TensorPrimitives.Add(x, y, destination);
        return true;
    }
}

/// <summary>x − y; integers wrap.</summary>
public readonly struct Subtract : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x - y;

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> destination)
    {
        TensorPrimitives.Subtract(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
    {
        TensorPrimitives.Subtract(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<long> x, ReadOnlySpan<long> y, Span<long> destination)
    {
        TensorPrimitives.Subtract(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<int> x, ReadOnlySpan<int> y, Span<int> destination)
    {
        TensorPrimitives.Subtract(x, y, destination);
        return true;
    }
}

/// <summary>x · y; integers wrap.</summary>
public readonly struct Multiply : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x * y;

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> destination)
    {
        TensorPrimitives.Multiply(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
    {
        TensorPrimitives.Multiply(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<long> x, ReadOnlySpan<long> y, Span<long> destination)
    {
        TensorPrimitives.Multiply(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<int> x, ReadOnlySpan<int> y, Span<int> destination)
    {
        TensorPrimitives.Multiply(x, y, destination);
        return true;
    }
}

/// <summary>x / y. Integers truncate, the smallest over −1 wraps to itself, and a zero divisor throws <see cref="DivideByZeroException"/>.</summary>
public readonly struct Divide : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x / y;

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> destination)
    {
        TensorPrimitives.Divide(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
    {
        TensorPrimitives.Divide(x, y, destination);
        return true;
    }
}

/// <summary>C#'s x % y: exact, with the sign of x. An integer zero divisor throws <see cref="DivideByZeroException"/>.</summary>
public readonly struct Remainder : IBinaryOperator, IWideBinary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> =>
        T.IsInteger ? x % y : T.Widened<Remainder>(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x, T y) where T : struct, ILanes<T>
    {
        // Below 2⁵² the truncated quotient is right or one off, so x − q y is exact, and adding y once mends it.
        T a = T.Abs(x), b = T.Abs(y);
        T q = T.Truncate(a / b);
        T r = T.Residual(q, b, a);
        r = T.Select(T.Less(r, T.Of(0)), r + b, r);
        r = T.Select(T.LessOrEqual(b, r), r - b, r);
        r = Precision.CopySign(T.Select(T.Less(a, b), a, r), x);
        T near = T.Less(q, T.Of(4503599627370496.0)) & T.Less(b, T.Of(double.PositiveInfinity));
        return T.Any(~near) ? T.Select(near, r, x % y) : r;
    }
}

/// <summary>IEEE 754:2019 maximum: NaN propagates, +0 &gt; −0.</summary>
public readonly struct Max : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => T.Max(x, y);

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> destination)
    {
        TensorPrimitives.Max(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
    {
        TensorPrimitives.Max(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<long> x, ReadOnlySpan<long> y, Span<long> destination)
    {
        TensorPrimitives.Max(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<int> x, ReadOnlySpan<int> y, Span<int> destination)
    {
        TensorPrimitives.Max(x, y, destination);
        return true;
    }
}

/// <summary>IEEE 754:2019 minimum: NaN propagates, −0 &lt; +0.</summary>
public readonly struct Min : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => T.Min(x, y);

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> destination)
    {
        TensorPrimitives.Min(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
    {
        TensorPrimitives.Min(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<long> x, ReadOnlySpan<long> y, Span<long> destination)
    {
        TensorPrimitives.Min(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<int> x, ReadOnlySpan<int> y, Span<int> destination)
    {
        TensorPrimitives.Min(x, y, destination);
        return true;
    }
}
