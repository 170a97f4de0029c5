using System.Runtime.CompilerServices;
using static Functional.Kernels.ExponentialKernel;
using static Functional.Kernels.LogarithmKernel;
using static Functional.Kernels.Precision;

namespace Functional.Kernels;

/// <summary>
/// xʸ. For floating point C's pow with all its edges, within 1 ulp: e^(y ln x) with ln x in two parts. For integers the
/// wrapping product; a negative exponent gives the truncated reciprocal, and of zero throws <see cref="DivideByZeroException"/>.
/// </summary>
public readonly struct Power : IBinaryOperator, IWideBinary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> =>
        T.IsInteger ? Integer(x, y) : T.Widened<Power>(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x, T y) where T : struct, ILanes<T>
    {
        T zero = T.Of(0), one = T.Of(1), infinity = T.Of(double.PositiveInfinity);
        T magnitude = T.Abs(x);
        (T log, T logLow) = LogPair(magnitude);
        // Zero and infinity have logarithms ∓∞; e^±∞ is then what C says, whatever the sign of y.
        T regular = IsPositiveFinite(magnitude);
        log = T.Select(regular, log, T.Select(T.Equal(magnitude, zero), -infinity, infinity));
        T product = y * log;
        T low = T.FusedMultiplyAdd(y, log, -product) + y * logLow;
        T inside = T.Less(T.Abs(product), T.Of(750));
        (T k, T high, T error) = ExpPair(T.Hold(product, -750, 750), inside & low);
        T result = T.Scale(high + error, k);
        result = T.Select(T.Equal(magnitude, one), one, result);

        T whole = T.Equal(T.Round(y), y);
        T half = y * T.Of(0.5);
        T odd = whole & ~T.Equal(T.Round(half), half);
        result ^= x & odd & T.Of(-0.0);
        T undefined = T.Less(x, zero) & T.Less(-infinity, x) & ~whole;
        result = T.Select(undefined, T.Of(double.NaN), result);
        result = T.Select(T.Equal(x, x) & T.Equal(y, y), result, x + y);
        return T.Select(T.Equal(x, one) | T.Equal(y, zero), one, result);
    }

    // Squarings: each round doubles the exponent the base stands for and takes it where the exponent's bit is set.
    private static T Integer<T>(T x, T y) where T : struct, ILanes<T>
    {
        T zero = T.Of(0), one = T.Of(1), negative = T.Less(y, T.Of(0));
        if (T.Any(negative & T.Equal(x, zero)))
            throw new DivideByZeroException("Power: zero to a negative integer power. Convert to a float type, where it is infinite.");
        T unit = T.Equal(T.Abs(x), one);
        T result = T.Select(negative & ~unit, zero, one);
        T exponent = T.Select(negative, (y & one) & unit, y);
        while (T.Any(~T.Equal(exponent, zero)))
        {
            result = T.Select(T.Equal(exponent & one, one), result * x, result);
            x *= x;
            exponent = T.ShiftRight(exponent, 1);
        }
        return result;
    }
}

/// <summary>∛x: a polynomial for m^(−1/3), a step of fourth order, and a correction from the exact residual.</summary>
public readonly struct Cbrt : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Cbrt>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T magnitude = T.Abs(x);
        T subnormal = T.Less(magnitude, T.Of(2.2250738585072014e-308));
        T scaled = T.Select(subnormal, magnitude * T.Of(18014398509481984.0), magnitude);
        T exponent = T.ShiftRight(scaled, 52);
        T m = T.SubtractBits(scaled, T.ShiftLeft(T.SubtractBits(exponent, T.OfBits(1023)), 52));
        T k = T.AddBits(exponent, T.OfBits(0x4338000000000000)) - T.Of(6755399441055744.0 + 1023);
        T third = T.Floor(T.FusedMultiplyAdd(k, T.Of(1.0 / 3), T.Of(1.0 / 6)));
        T rest = k - T.Of(3) * third;
        T isOne = T.Equal(rest, T.Of(1)), isTwo = T.Equal(rest, T.Of(2));
        T a = m * T.Select(isTwo, T.Of(4), T.Select(isOne, T.Of(2), T.Of(1)));
        T y = T.Of(-0.016511679091286462)
            .Horner(m, 0.15224956438221762).Horner(m, -0.5865141615889806).Horner(m, 1.2271496200207155)
            .Horner(m, -1.5540274077106597).Horner(m, 1.7776471684890054);
        y *= T.Select(isTwo, T.Of(0.6299605249474366), T.Select(isOne, T.Of(0.7937005259840998), T.Of(1)));
        T h = T.Residual(a * y * y, y, T.Of(1));
        y = T.FusedMultiplyAdd(y, h * T.Of(14.0 / 81).Horner(h, 2.0 / 9).Horner(h, 1.0 / 3), y);
        T root = a * y * y;
        (T square, T squareLow) = Product(root, root);
        T residual = T.Residual(square, root, a) - squareLow * root;
        root = T.FusedMultiplyAdd(residual, y * y * T.Of(1.0 / 3), root);
        T result = root * PowerOfTwo(third - (subnormal & T.Of(18)));
        return CopySign(T.Select(IsPositiveFinite(magnitude), result, magnitude), x);
    }
}

/// <summary>√(x² + y²) without overflow; infinite if either is, even beside NaN.</summary>
public readonly struct Hypot : IBinaryOperator, IWideBinary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => T.Widened<Hypot>(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x, T y) where T : struct, ILanes<T>
    {
        T width = T.Abs(x), height = T.Abs(y);
        T large = T.Max(width, height), infinity = T.Of(double.PositiveInfinity);
        T huge = T.Less(T.Of(1e150), large), tiny = T.Less(large, T.Of(1e-140));
        T scale = T.Select(huge, T.Of(2.409919865102884e-181), T.Select(tiny, T.Of(4.149515568880993e180), T.Of(1)));
        T back = T.Select(huge, T.Of(4.149515568880993e180), T.Select(tiny, T.Of(2.409919865102884e-181), T.Of(1)));
        T a = large * scale, b = T.Min(width, height) * scale;
        (T a2, T a2Low) = Product(a, a);
        (T b2, T b2Low) = Product(b, b);
        (T sum, T low) = QuickSum(a2, b2);
        (T root, T error) = SquareRoot(sum, low + (a2Low + b2Low));
        T result = T.Select(T.Equal(large, T.Of(0)), large, (root + error) * back);
        T infinite = T.Equal(width, infinity) | T.Equal(height, infinity);
        return T.Select(infinite, infinity, result);
    }
}
