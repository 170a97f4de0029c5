using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Functional.Kernels;

// The typed way from the one generic entry to the span kernel an operator declares for a type.
public static partial class Pointwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySpan<TOperator, T>(ReadOnlySpan<T> x, Span<T> destination)
        where TOperator : struct, IUnaryOperator
        where T : unmanaged
    {
        if (typeof(T) == typeof(double)) return TOperator.TrySpan(As<T, double>(x), As<T, double>(destination));
        if (typeof(T) == typeof(float)) return TOperator.TrySpan(As<T, float>(x), As<T, float>(destination));
        if (typeof(T) == typeof(long)) return TOperator.TrySpan(As<T, long>(x), As<T, long>(destination));
        if (typeof(T) == typeof(int)) return TOperator.TrySpan(As<T, int>(x), As<T, int>(destination));
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySpan<TOperator, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where TOperator : struct, IBinaryOperator
        where T : unmanaged
    {
        if (x.Length != destination.Length || y.Length != destination.Length) return false;
        if (typeof(T) == typeof(double)) return TOperator.TrySpan(As<T, double>(x), As<T, double>(y), As<T, double>(destination));
        if (typeof(T) == typeof(float)) return TOperator.TrySpan(As<T, float>(x), As<T, float>(y), As<T, float>(destination));
        if (typeof(T) == typeof(long)) return TOperator.TrySpan(As<T, long>(x), As<T, long>(y), As<T, long>(destination));
        if (typeof(T) == typeof(int)) return TOperator.TrySpan(As<T, int>(x), As<T, int>(y), As<T, int>(destination));
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<TTo> As<T, TTo>(ReadOnlySpan<T> x) where T : unmanaged where TTo : unmanaged =>
        MemoryMarshal.Cast<T, TTo>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Span<TTo> As<T, TTo>(Span<T> x) where T : unmanaged where TTo : unmanaged =>
        MemoryMarshal.Cast<T, TTo>(x);
}
