using System.Runtime.CompilerServices;
using static Functional.Kernels.ExponentialKernel;
using static Functional.Kernels.LogarithmKernel;
using static Functional.Kernels.Precision;

namespace Functional.Kernels;

/// <summary>sinh x = (eˣ − e⁻ˣ)/2; a polynomial for |x| &lt; 1.</summary>
public readonly struct Sinh : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Sinh>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T magnitude = T.Abs(x), z = x * x;
        T p = T.Of(2.8445297426378895e-15)
            .Horner(z, 7.646625253572627e-13).Horner(z, 1.6059048397722392e-10).Horner(z, 2.5052108364049466e-08)
            .Horner(z, 2.7557319224040365e-06).Horner(z, 0.00019841269841269773).Horner(z, 0.008333333333333333)
            .Horner(z, 0.16666666666666666);
        T near = T.FusedMultiplyAdd(magnitude * z, p, magnitude);
        (T k, T high, T low) = ExpPair(T.Hold(magnitude, double.NegativeInfinity, 712), T.Of(0));
        k -= T.Of(1);
        T half = T.Scale(high, k);
        T far = half + (T.Scale(low, k) - T.Of(0.25) / half);
        return CopySign(T.Select(T.Less(magnitude, T.Of(1)), near, far), x);
    }
}

/// <summary>cosh x = (eˣ + e⁻ˣ)/2.</summary>
public readonly struct Cosh : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Cosh>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        (T k, T high, T low) = ExpPair(T.Hold(T.Abs(x), double.NegativeInfinity, 712), T.Of(0));
        k -= T.Of(1);
        T half = T.Scale(high, k);
        return half + (T.Scale(low, k) + T.Of(0.25) / half);
    }
}

/// <summary>tanh x = 1 − 2/(e²ˣ + 1); a polynomial for |x| &lt; 0.625.</summary>
public readonly struct Tanh : IUnaryOperator, INativeUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Native<Tanh>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => SingleKernel.Tanh(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T magnitude = T.Abs(x), z = x * x;
        T p = T.Of(9.169802962594125e-07)
            .Horner(z, -4.770407604158626e-06).Horner(z, 1.4832436363010692e-05).Horner(z, -3.8798752660740784e-05)
            .Horner(z, 9.676677508527027e-05).Horner(z, -0.00023909639584823709).Horner(z, 0.0005900223269622351)
            .Horner(z, -0.0014558338271481032).Horner(z, 0.0035921279948128537).Horner(z, -0.008863235527878958)
            .Horner(z, 0.021869488536096358).Horner(z, -0.053968253968253076).Horner(z, 0.13333333333333333)
            .Horner(z, -0.3333333333333333);
        T near = T.FusedMultiplyAdd(magnitude * z, p, magnitude);
        T far = T.Of(1) - T.Of(2) / (ExponentialKernel.Exp(T.Hold(magnitude + magnitude, double.NegativeInfinity, 50)) + T.Of(1));
        return CopySign(T.Select(T.Less(magnitude, T.Of(0.625)), near, far), x);
    }
}

/// <summary>arsinh x = ln(|x| + √(x² + 1)) with the sign of x, as ln(1 + |x| + x²/(1 + √(x² + 1))).</summary>
public readonly struct Asinh : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Asinh>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T magnitude = T.Abs(x);
        T large = T.Less(T.Of(268435456), magnitude);
        T v = T.Select(large, T.Of(1), magnitude);
        (T square, T squareLow) = Product(v, v);
        (T sum, T sumLow) = Sum(T.Of(1), square);
        (T root, T rootLow) = SquareRoot(sum, sumLow + squareLow);
        (T d, T dLow) = QuickSum(root, T.Of(1));
        (T q, T qLow) = Quotient(square, squareLow, d, dLow + rootLow);
        (T a, T aLow) = QuickSum(v, q);
        (T u, T c) = Sum(T.Of(1), a);
        T result = LogOfSum(T.Select(large, magnitude, u), T.Select(large, T.Of(0), c + (aLow + qLow)), large & T.Of(1));
        return CopySign(T.Select(T.Less(magnitude, T.Of(3.725290298461914e-09)), magnitude, result), x);
    }
}

/// <summary>arcosh x = ln(1 + t + √(t(t + 2))) with t = x − 1; NaN below 1.</summary>
public readonly struct Acosh : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Acosh>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T large = T.Less(T.Of(268435456), x);
        T v = T.Select(large, T.Of(1), x);
        (T t, T tLow) = Sum(v, T.Of(-1));
        (T sum, T sumLow) = Sum(T.Of(2), t);
        (T w, T wLow) = Product(t, sum);
        wLow += T.FusedMultiplyAdd(t, sumLow, tLow * (v + v));
        (T root, T rootLow) = SquareRoot(w, wLow);
        (T a, T aLow) = Sum(t, root);
        (T u, T c) = Sum(T.Of(1), a);
        T result = LogOfSum(T.Select(large, x, u), T.Select(large, T.Of(0), c + (aLow + rootLow + tLow)), large & T.Of(1));
        return T.Select(T.Less(x, T.Of(1)), T.Of(double.NaN), result);
    }
}

/// <summary>artanh x = ½ ln(1 + 2|x|/(1 − |x|)) with the sign of x; ±∞ at ±1, NaN beyond.</summary>
public readonly struct Atanh : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Atanh>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T magnitude = T.Abs(x);
        (T d, T dLow) = QuickSum(T.Of(1), -magnitude);
        (T q, T qLow) = Quotient(magnitude + magnitude, T.Of(0), d, dLow);
        T result = T.Of(0.5) * LogarithmKernel.Log1p(q, qLow);
        result = T.Select(T.Less(magnitude, T.Of(3.725290298461914e-09)), magnitude, result);
        result = T.Select(T.Equal(magnitude, T.Of(1)), T.Of(double.PositiveInfinity), result);
        result = T.Select(T.Less(T.Of(1), magnitude), T.Of(double.NaN), result);
        return CopySign(result, x);
    }
}
