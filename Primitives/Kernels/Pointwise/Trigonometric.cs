using System.Runtime.CompilerServices;
using static Functional.Kernels.TrigonometricKernel;

namespace Functional.Kernels;

/// <summary>sin x over the whole range; NaN at ±∞.</summary>
public readonly struct Sin : IUnaryOperator, INearUnary, IScalarFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Native<Sin>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => SingleKernel.Sine<WideSine, T>(x, 0);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => T.Any(~IsNear(x)) ? Any(x) : Near(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.IsNearSingle<T>(T x) => SingleKernel.IsNear(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.NearSingle<T>(T x) => SingleKernel.NearSine(x, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.IsNearWide<T>(T x) => IsNear(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.NearWide<T>(T x) => Near(x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T Any<T>(T x) where T : struct, ILanes<T> => T.Select(IsNear(x), Near(x), T.EachLane<Sin>(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Near<T>(T x) where T : struct, ILanes<T>
    {
        T result = Sine(x, 0);
        return T.Select(T.Less(T.Abs(x), T.Of(7.450580596923828e-09)), x, result);
    }

    /// <inheritdoc/>
    public static double Scalar(double x) => double.Abs(x) < Far ? 0 : double.Sin(x);
}

/// <summary>sin x of any f32 number, on f64 lanes.</summary>
internal readonly struct WideSine : IWideUnary
{
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
    public static T Wide<T>(T x) where T : struct, ILanes<T> => Sin.Wide(x);
}

/// <summary>cos x over the whole range; NaN at ±∞.</summary>
public readonly struct Cos : IUnaryOperator, INearUnary, IScalarFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Native<Cos>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => SingleKernel.Sine<WideCosine, T>(x, 1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => T.Any(~IsNear(x)) ? Any(x) : Near(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.IsNearSingle<T>(T x) => SingleKernel.IsNear(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.NearSingle<T>(T x) => SingleKernel.NearSine(x, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.IsNearWide<T>(T x) => IsNear(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.NearWide<T>(T x) => Near(x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T Any<T>(T x) where T : struct, ILanes<T> => T.Select(IsNear(x), Near(x), T.EachLane<Cos>(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Near<T>(T x) where T : struct, ILanes<T> => Sine(x, 1);

    /// <inheritdoc/>
    public static double Scalar(double x) => double.Abs(x) < Far ? 0 : double.Cos(x);
}

/// <summary>cos x of any f32 number, on f64 lanes.</summary>
internal readonly struct WideCosine : IWideUnary
{
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
    public static T Wide<T>(T x) where T : struct, ILanes<T> => Cos.Wide(x);
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
    public static T Wide<T>(T x) where T : struct, ILanes<T> => T.Any(~IsNear(x)) ? Any(x) : Near(x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T Any<T>(T x) where T : struct, ILanes<T> => T.Select(IsNear(x), Near(x), T.EachLane<Tan>(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Near<T>(T x) where T : struct, ILanes<T>
    {
        T result = Tangent(x);
        return T.Select(T.Less(T.Abs(x), T.Of(7.450580596923828e-09)), x, result);
    }

    /// <inheritdoc/>
    public static double Scalar(double x) => double.Abs(x) < Far ? 0 : double.Tan(x);
}
