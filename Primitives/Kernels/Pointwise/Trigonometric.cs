using System.Runtime.CompilerServices;
using static Functional.Kernels.TrigonometricKernel;

namespace Functional.Kernels;

/// <summary>sin x over the whole range; NaN at ±∞.</summary>
public readonly struct Sin : IUnaryOperator, IWideUnary, IScalarFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Sin>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T>
    {
        T result = SingleSine(x, 0);
        T near = T.Less(T.Abs(x), T.Of(Far));
        return T.Any(~near) ? T.Select(near, result, T.EachLane<Sin>(x)) : result;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T result = Sine(x, 0);
        result = T.Select(T.Less(T.Abs(x), T.Of(7.450580596923828e-09)), x, result);
        T near = T.Less(T.Abs(x), T.Of(Far));
        return T.Any(~near) ? T.Select(near, result, T.EachLane<Sin>(x)) : result;
    }

    /// <inheritdoc/>
    public static double Scalar(double x) => double.Abs(x) < Far ? 0 : double.Sin(x);
}

/// <summary>cos x over the whole range; NaN at ±∞.</summary>
public readonly struct Cos : IUnaryOperator, IWideUnary, IScalarFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Cos>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T>
    {
        T result = SingleSine(x, 1);
        T near = T.Less(T.Abs(x), T.Of(Far));
        return T.Any(~near) ? T.Select(near, result, T.EachLane<Cos>(x)) : result;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T result = Sine(x, 1);
        T near = T.Less(T.Abs(x), T.Of(Far));
        return T.Any(~near) ? T.Select(near, result, T.EachLane<Cos>(x)) : result;
    }

    /// <inheritdoc/>
    public static double Scalar(double x) => double.Abs(x) < Far ? 0 : double.Cos(x);
}

/// <summary>tan x over the whole range; NaN at ±∞.</summary>
public readonly struct Tan : IUnaryOperator, IWideUnary, IScalarFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Tan>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T result = Tangent(x);
        result = T.Select(T.Less(T.Abs(x), T.Of(7.450580596923828e-09)), x, result);
        T near = T.Less(T.Abs(x), T.Of(Far));
        return T.Any(~near) ? T.Select(near, result, T.EachLane<Tan>(x)) : result;
    }

    /// <inheritdoc/>
    public static double Scalar(double x) => double.Abs(x) < Far ? 0 : double.Tan(x);
}
