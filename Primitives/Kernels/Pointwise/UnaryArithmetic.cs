using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>−x; the smallest integer is its own negative.</summary>
public readonly struct Negate : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => -x;

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, Span<double> destination)
    {
        TensorPrimitives.Negate(x, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, Span<float> destination)
    {
        TensorPrimitives.Negate(x, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<long> x, Span<long> destination)
    {
        TensorPrimitives.Negate(x, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<int> x, Span<int> destination)
    {
        TensorPrimitives.Negate(x, destination);
        return true;
    }
}

/// <summary>|x|; the smallest integer is its own absolute value.</summary>
public readonly struct Abs : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Abs(x);

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, Span<double> destination)
    {
        TensorPrimitives.Abs(x, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, Span<float> destination)
    {
        TensorPrimitives.Abs(x, destination);
        return true;
    }
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

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, Span<double> destination)
    {
        TensorPrimitives.Floor(x, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, Span<float> destination)
    {
        TensorPrimitives.Floor(x, destination);
        return true;
    }
}

/// <summary>The smallest integer at least x.</summary>
public readonly struct Ceiling : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.IsInteger ? x : T.Ceiling(x);

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, Span<double> destination)
    {
        TensorPrimitives.Ceiling(x, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, Span<float> destination)
    {
        TensorPrimitives.Ceiling(x, destination);
        return true;
    }
}

/// <summary>The nearest integer, ties to even.</summary>
public readonly struct Round : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.IsInteger ? x : T.Round(x);

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, Span<double> destination)
    {
        TensorPrimitives.Round(x, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, Span<float> destination)
    {
        TensorPrimitives.Round(x, destination);
        return true;
    }
}

/// <summary>√x, correctly rounded.</summary>
public readonly struct Sqrt : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Sqrt(x);

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<double> x, Span<double> destination)
    {
        TensorPrimitives.Sqrt(x, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<float> x, Span<float> destination)
    {
        TensorPrimitives.Sqrt(x, destination);
        return true;
    }
}

/// <summary>1/√x; f64 within 1.5 ulp, f32 within 0.51 ulp.</summary>
public readonly struct ReciprocalSqrt : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<ReciprocalSqrt>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => T.Of(1) / T.Sqrt(x);
}
