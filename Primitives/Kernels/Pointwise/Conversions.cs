using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Functional.Kernels;

// C#'s casts between bool, i32, i64, f32 and f64: floats to integers saturate and NaN is 0, i64 to i32 wraps, a logical
// value is 0 or 1, and every number but ±0 is true. The span forms are TensorPrimitives', which these casts define.
public static partial class Pointwise
{
    /// <summary>destination[i] = x[i] in another element type, as C# casts.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="NotSupportedException">An element type is not bool, i32, i64, f32 or f64.</exception>
    public static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> x, Span<TTo> destination)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        RequireLength(x.Length, destination.Length);
        if (typeof(TFrom) == typeof(TTo)) x.CopyTo(As<TTo, TFrom>(destination));
        else if (typeof(TTo) == typeof(bool)) Test<IsNonzero, TFrom>(x, As<TTo, bool>(destination));
        else if (typeof(TFrom) == typeof(bool)) FromNumber(As<TFrom, byte>(x), destination);
        else if (typeof(TFrom) == typeof(int)) FromNumber(As<TFrom, int>(x), destination);
        else if (typeof(TFrom) == typeof(long)) FromNumber(As<TFrom, long>(x), destination);
        else if (typeof(TFrom) == typeof(float)) FromNumber(As<TFrom, float>(x), destination);
        else if (typeof(TFrom) == typeof(double)) FromNumber(As<TFrom, double>(x), destination);
        else throw Unsupported<TFrom, TTo>();
    }

    /// <summary>One element in another type, as C# casts.</summary>
    /// <exception cref="NotSupportedException">An element type is not bool, i32, i64, f32 or f64.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TTo Convert<TFrom, TTo>(TFrom x)
        where TFrom : unmanaged
        where TTo : unmanaged =>
        x switch
        {
            TTo same => same,
            bool logical => FromNumber<byte, TTo>(logical ? (byte)1 : (byte)0),
            int number => FromNumber<int, TTo>(number),
            long number => FromNumber<long, TTo>(number),
            float number => FromNumber<float, TTo>(number),
            double number => FromNumber<double, TTo>(number),
            _ => throw Unsupported<TFrom, TTo>(),
        };

    private static void FromNumber<TFrom, TTo>(ReadOnlySpan<TFrom> x, Span<TTo> destination)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(int)) ToInteger(x, As<TTo, int>(destination));
        else if (typeof(TTo) == typeof(long)) ToInteger(x, As<TTo, long>(destination));
        else if (typeof(TTo) == typeof(float)) TensorPrimitives.ConvertTruncating(x, As<TTo, float>(destination));
        else if (typeof(TTo) == typeof(double)) TensorPrimitives.ConvertTruncating(x, As<TTo, double>(destination));
        else throw Unsupported<TFrom, TTo>();
    }

    private static void ToInteger<TFrom, TTo>(ReadOnlySpan<TFrom> x, Span<TTo> destination)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        if (typeof(TFrom) == typeof(long)) TensorPrimitives.ConvertTruncating(x, destination);
        else TensorPrimitives.ConvertSaturating(x, destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo FromNumber<TFrom, TTo>(TFrom x)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(bool)) return Unsafe.BitCast<bool, TTo>(!TFrom.IsZero(x));
        if (typeof(TTo) == typeof(int)) return Unsafe.BitCast<int, TTo>(typeof(TFrom) == typeof(long) ? int.CreateTruncating(x) : int.CreateSaturating(x));
        if (typeof(TTo) == typeof(long)) return Unsafe.BitCast<long, TTo>(long.CreateSaturating(x));
        if (typeof(TTo) == typeof(float)) return Unsafe.BitCast<float, TTo>(float.CreateTruncating(x));
        if (typeof(TTo) == typeof(double)) return Unsafe.BitCast<double, TTo>(double.CreateTruncating(x));
        throw Unsupported<TFrom, TTo>();
    }

    private static NotSupportedException Unsupported<TFrom, TTo>() =>
        new($"Convert: {typeof(TFrom).Name} to {typeof(TTo).Name}. Elements are bool, i32, i64, f32 or f64.");
}
