using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>A function of two numbers of one type, for operations that registers do not have.</summary>
internal interface IScalarPair
{
    /// <summary>The function at (x, y).</summary>
    static abstract T Scalar<T>(T x, T y) where T : unmanaged;
}

/// <summary>x / y of integers, truncated; the smallest integer over −1 wraps to itself.</summary>
internal readonly struct IntegerQuotient : IScalarPair
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Scalar<T>(T x, T y) where T : unmanaged
    {
        if (x is long a && y is long b)
        {
            long quotient = b == -1 ? unchecked(-a) : a / b;
            return Unsafe.BitCast<long, T>(quotient);
        }
        if (x is int c && y is int d)
        {
            int quotient = d == -1 ? unchecked(-c) : c / d;
            return Unsafe.BitCast<int, T>(quotient);
        }
        throw new NotSupportedException($"Divide: needs i32 or i64 lanes, given {typeof(T).Name}.");
    }
}

/// <summary>C#'s x % y: the sign of x, exact.</summary>
internal readonly struct Modulus : IScalarPair
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Scalar<T>(T x, T y) where T : unmanaged
    {
        if (x is double a && y is double b) return Unsafe.BitCast<double, T>(a % b);
        if (x is float c && y is float d) return Unsafe.BitCast<float, T>(c % d);
        if (x is long e && y is long f) return Unsafe.BitCast<long, T>(f == -1 ? 0 : e % f);
        if (x is int g && y is int h) return Unsafe.BitCast<int, T>(h == -1 ? 0 : g % h);
        throw new NotSupportedException($"Remainder: needs numeric lanes, given {typeof(T).Name}.");
    }
}
