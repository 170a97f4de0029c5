using System.Runtime.CompilerServices;
using static Functional.Kernels.LogarithmKernel;

namespace Functional.Kernels;

/// <summary>ln x.</summary>
public readonly struct Log : IUnaryOperator, INearUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Native<Log>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => SingleKernel.Log(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => LogarithmKernel.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.IsNearSingle<T>(T x) => SingleKernel.IsNormal(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.NearSingle<T>(T x) => SingleKernel.NormalLog(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.IsNearWide<T>(T x) => LogarithmKernel.IsNormal(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T INearUnary.NearWide<T>(T x) => LogarithmKernel.NormalLog(x);
}

/// <summary>ln x of any f32 number, on f64 lanes.</summary>
internal readonly struct WideLog : IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => SingleLog(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => LogarithmKernel.Log(x);
}

/// <summary>log₂ x; exact at powers of two.</summary>
public readonly struct Log2 : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Log2>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => SingleLog(x) * T.Of(1.4426950408889634);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => LogInBase(x, 1.4426950408889634, 2.0355273740931033e-17, 1, 0);
}

/// <summary>log₁₀ x.</summary>
public readonly struct Log10 : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Log10>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => SingleLog(x) * T.Of(0.4342944819032518);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => LogInBase(x, 0.4342944819032518, 1.098319650216765e-17, 0.30102999566361177, 3.694239077158931e-13);
}

/// <summary>ln(1 + x), accurate near 0.</summary>
public readonly struct Log1p : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Log1p>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => SingleLog1p(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => LogarithmKernel.Log1p(x, T.Of(0));
}
