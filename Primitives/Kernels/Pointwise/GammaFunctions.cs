using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>ln|Γ(x)|, one lane after another; see <see cref="Gamma.LogGamma"/>.</summary>
public readonly struct LogGamma : IUnaryOperator, IWideUnary, IScalarFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<LogGamma>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => T.EachLane<LogGamma>(x);

    /// <inheritdoc/>
    public static double Scalar(double x) => Gamma.LogGamma(x);
}

/// <summary>ψ(x), one lane after another; see <see cref="Gamma.Digamma"/>.</summary>
public readonly struct Digamma : IUnaryOperator, IWideUnary, IScalarFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Digamma>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => T.EachLane<Digamma>(x);

    /// <inheritdoc/>
    public static double Scalar(double x) => Gamma.Digamma(x);
}

/// <summary>ψ′(x), one lane after another; see <see cref="Gamma.Polygamma"/>.</summary>
public readonly struct Trigamma : IUnaryOperator, IWideUnary, IScalarFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Trigamma>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T> => T.EachLane<Trigamma>(x);

    /// <inheritdoc/>
    public static double Scalar(double x) => Gamma.Polygamma(1, x);
}

public static partial class Pointwise
{
    /// <summary>destination[i] = ψ⁽ⁿ⁾(x[i]); f32 is computed in f64.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">n &lt; 0.</exception>
    public static void Polygamma(int n, ReadOnlySpan<double> x, Span<double> destination)
    {
        RequireLength(x.Length, destination.Length);
        for (int i = 0; i < x.Length; i++) destination[i] = Gamma.Polygamma(n, x[i]);
    }

    /// <inheritdoc cref="Polygamma(int, ReadOnlySpan{double}, Span{double})"/>
    public static void Polygamma(int n, ReadOnlySpan<float> x, Span<float> destination)
    {
        RequireLength(x.Length, destination.Length);
        for (int i = 0; i < x.Length; i++) destination[i] = (float)Gamma.Polygamma(n, x[i]);
    }
}
