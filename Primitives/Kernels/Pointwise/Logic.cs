using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>The complement: logical of bool, bitwise of integers.</summary>
public readonly struct Not : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.IsLogical ? x ^ T.Of(1) : ~x;

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<long> x, Span<long> destination)
    {
        TensorPrimitives.OnesComplement(x, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<int> x, Span<int> destination)
    {
        TensorPrimitives.OnesComplement(x, destination);
        return true;
    }
}

/// <summary>x and y: logical of bool, bitwise of integers.</summary>
public readonly struct And : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x & y;

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<long> x, ReadOnlySpan<long> y, Span<long> destination)
    {
        TensorPrimitives.BitwiseAnd(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<int> x, ReadOnlySpan<int> y, Span<int> destination)
    {
        TensorPrimitives.BitwiseAnd(x, y, destination);
        return true;
    }
}

/// <summary>x or y: logical of bool, bitwise of integers.</summary>
public readonly struct Or : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x | y;

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<long> x, ReadOnlySpan<long> y, Span<long> destination)
    {
        TensorPrimitives.BitwiseOr(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<int> x, ReadOnlySpan<int> y, Span<int> destination)
    {
        TensorPrimitives.BitwiseOr(x, y, destination);
        return true;
    }
}

/// <summary>x exclusive-or y: logical of bool, bitwise of integers.</summary>
public readonly struct Xor : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => x ^ y;

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<long> x, ReadOnlySpan<long> y, Span<long> destination)
    {
        TensorPrimitives.Xor(x, y, destination);
        return true;
    }

    /// <inheritdoc/>
    public static bool TrySpan(ReadOnlySpan<int> x, ReadOnlySpan<int> y, Span<int> destination)
    {
        TensorPrimitives.Xor(x, y, destination);
        return true;
    }
}
