using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// Polynomials, and sums and products with their rounding errors (Dekker, Knuth): high + low is exact for the sums and
/// the product. With them the functions of this room stay within a unit in the last place where plain formulas lose two.
/// </summary>
internal static class Precision
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>One step of Horner's rule: p·x + c.</summary>
    [MethodImpl(Inline)]
    public static T Horner<T>(this T p, T x, double c) where T : struct, ILanes<T> => T.Horner(p, x, c);

    /// <summary>x + y for |x| ≥ |y| or x = 0.</summary>
    [MethodImpl(Inline)]
    public static (T High, T Low) QuickSum<T>(T x, T y) where T : struct, ILanes<T>
    {
        T high = x + y;
        return (high, y - (high - x));
    }

    /// <summary>x + y.</summary>
    [MethodImpl(Inline)]
    public static (T High, T Low) Sum<T>(T x, T y) where T : struct, ILanes<T>
    {
        T high = x + y;
        T part = high - x;
        return (high, (x - (high - part)) + (y - part));
    }

    /// <summary>x − y.</summary>
    [MethodImpl(Inline)]
    public static (T High, T Low) Difference<T>(T x, T y) where T : struct, ILanes<T>
    {
        T high = x - y;
        T part = high - x;
        return (high, (x - (high - part)) - (y + part));
    }

    /// <summary>x · y.</summary>
    [MethodImpl(Inline)]
    public static (T High, T Low) Product<T>(T x, T y) where T : struct, ILanes<T>
    {
        T high = x * y;
        return (high, T.FusedMultiplyAdd(x, y, -high));
    }

    /// <summary>(n + nLow) / (d + dLow), the low part to a few bits; for a normal 1/d.</summary>
    [MethodImpl(Inline)]
    public static (T High, T Low) Quotient<T>(T n, T nLow, T d, T dLow) where T : struct, ILanes<T>
    {
        T inverse = T.Of(1) / d;
        T high = n * inverse;
        return (high, (T.Residual(high, d, n) + T.Residual(high, dLow, nLow)) * inverse);
    }

    /// <summary>√(x + low); 0 for 0.</summary>
    [MethodImpl(Inline)]
    public static (T High, T Low) SquareRoot<T>(T x, T low) where T : struct, ILanes<T>
    {
        T high = T.Sqrt(x);
        T error = (T.Residual(high, high, x) + low) / (high + high);
        return (high, T.Select(T.Equal(high, T.Of(0)), T.Of(0), error));
    }

    /// <summary>|magnitude| with the sign of <paramref name="sign"/>.</summary>
    [MethodImpl(Inline)]
    public static T CopySign<T>(T magnitude, T sign) where T : struct, ILanes<T>
    {
        T bit = T.Of(-0.0);
        return (magnitude & ~bit) | (sign & bit);
    }

    /// <summary>The mask of the lanes whose sign bit is set, −0 among them.</summary>
    [MethodImpl(Inline)]
    public static T SignMask<T>(T x) where T : struct, ILanes<T> => T.ShiftRightArithmetic(x, 63);

    /// <summary>The mask of the lanes that are neither zero, infinite nor NaN, for x ≥ 0.</summary>
    [MethodImpl(Inline)]
    public static T IsPositiveFinite<T>(T x) where T : struct, ILanes<T> =>
        T.Less(T.Of(0), x) & T.Less(x, T.Of(double.PositiveInfinity));
}
