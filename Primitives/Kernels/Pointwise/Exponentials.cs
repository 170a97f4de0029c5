using System.Runtime.CompilerServices;
using static Functional.Kernels.ExponentialKernel;
using static Functional.Kernels.Precision;

namespace Functional.Kernels;

/// <summary>eˣ.</summary>
public readonly struct Exp : IUnaryOperator, INativeUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Native<Exp>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => SingleKernel.Exp(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => ExponentialKernel.Exp(x);
}

/// <summary>2ˣ; exact at integers.</summary>
public readonly struct Exp2 : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Exp2>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T>
    {
        T held = T.Hold(x, -200, 200);
        T k = Nearest(held);
        T r = (held - k) * T.Of(0.6931471805599453);
        T scale = PowerOfTwo(k);
        return T.FusedMultiplyAdd(scale * r, SingleSlope(r), scale);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T held = T.Hold(x, -1080, 1030);
        T k = Nearest(held);
        T f = held - k;
        (T r, T low) = Product(f, T.Of(0.6931471805599453));
        low = T.FusedMultiplyAdd(f, T.Of(2.3190468138462996e-17), low);
        (T high, T error) = QuickSum(T.Of(1), r);
        return T.Scale(high + T.FusedMultiplyAdd(r * r, Tail(r), error + low), k);
    }
}

/// <summary>eˣ − 1, accurate near 0.</summary>
public readonly struct Expm1 : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Expm1>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => SingleExpm1(T.Hold(x, -150, 150)) | (x & T.Of(-0.0));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        (T k, T r) = Reduce(T.Hold(x, -50, 710));
        (T e, T low) = QuickSum(r, r * r * Tail(r));
        // Half of 2ᵏ, so that k = 1024 does not overflow; 2ᵏ(1 + e) − 1 as an exact sum.
        T half = T.Scale(T.Of(0.5), k);
        (T sum, T error) = Sum(half - T.Of(0.5), half * e);
        T result = sum + T.FusedMultiplyAdd(half, low, error);
        return T.Select(T.Less(T.Abs(x), T.Of(5.551115123125783e-17)), x, result + result);
    }
}

/// <summary>1 / (1 + e⁻ˣ), which is σ(−|x|) below 0 and 1 − σ(−|x|) above.</summary>
public readonly struct Sigmoid : IUnaryOperator, INativeUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Native<Sigmoid>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => OfTail(x, SigmoidTail.Single(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => OfTail(x, SigmoidTail.Wide(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OfTail<T>(T x, T tail) where T : struct, ILanes<T> => T.Select(T.Less(x, T.Of(0)), tail, T.Of(1) - tail);
}

/// <summary>σ(−|x|) = e/(1 + e) with e = e^−|x|: the part of the logistic function that x and −x share.</summary>
internal readonly struct SigmoidTail : IUnaryOperator, INativeUnary, IEven
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Native<SigmoidTail>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => OfDecay(SingleKernel.Decay(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => OfDecay(ExponentialKernel.Decay(x));

    // What 1 + e loses is given back by 1/(1 + e) = 1 − e/(1 + e).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OfDecay<T>(T e) where T : struct, ILanes<T>
    {
        (T d, T low) = QuickSum(T.Of(1), e);
        T quotient = e / d, rest = T.Residual(quotient, low, T.Residual(quotient, d, e));
        return T.FusedMultiplyAdd(rest, T.Of(1) - quotient, quotient);
    }
}

/// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|).</summary>
public readonly struct Softplus : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Softplus>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T>
    {
        T e = ExponentialKernel.SingleExp(T.Hold(-T.Abs(x), -150, double.PositiveInfinity));
        T s = e / (T.Of(2) + e);
        return T.Select(T.Less(x, T.Of(0)), T.Of(0), x) + s * LogarithmKernel.SingleSlope(s * s);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        (T e, T low) = ScaledPair(T.Hold(-T.Abs(x), -746, double.PositiveInfinity), T.Of(0));
        return T.Max(x, T.Of(0)) + LogarithmKernel.Log1p(e, low);
    }
}
