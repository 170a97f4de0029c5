using System.Runtime.CompilerServices;
using static Functional.Kernels.Precision;

namespace Functional.Kernels;

/// <summary>
/// The quantiles of the normal distribution, by the rational approximations of M. J. Wichura, "Algorithm AS 241: The percentage
/// points of the normal distribution" (1988): relative error near 10⁻¹⁶ down to the smallest probabilities.
/// </summary>
internal static class QuantileKernel
{
    private const double RootHalf = 0.7071067811865476;

    /// <summary>Φ⁻¹(½ + q) / √2, where 2 · (½ − |q|) is given beside q, exact where it is small.</summary>
    public static T OverRootTwo<T>(T q, T twiceTail) where T : struct, ILanes<T>
    {
        T r = T.Sqrt(T.Of(0.6931471805599453) - LogarithmKernel.Log(twiceTail));
        T outer = CopySign(T.Select(T.LessOrEqual(r, T.Of(5)), Outer(r - T.Of(1.6)), Far(r - T.Of(5))), q);
        T quantile = T.Select(T.LessOrEqual(T.Abs(q), T.Of(0.425)), q * Central(T.FusedMultiplyAdd(-q, q, T.Of(0.180625))), outer);
        return T.Select(T.Equal(twiceTail, T.Of(0)), CopySign(T.Of(double.PositiveInfinity), q), quantile * T.Of(RootHalf));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Central<T>(T r) where T : struct, ILanes<T> =>
        T.Of(2509.0809287301226727)
            .Horner(r, 33430.575583588128105).Horner(r, 67265.770927008700853).Horner(r, 45921.953931549871457)
            .Horner(r, 13731.693765509461125).Horner(r, 1971.5909503065514427).Horner(r, 133.14166789178437745)
            .Horner(r, 3.387132872796366608)
        / T.Of(5226.495278852854561)
            .Horner(r, 28729.085735721942674).Horner(r, 39307.89580009271061).Horner(r, 21213.794301586595867)
            .Horner(r, 5394.1960214247511077).Horner(r, 687.1870074920579083).Horner(r, 42.313330701600911252)
            .Horner(r, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Outer<T>(T r) where T : struct, ILanes<T> =>
        T.Of(7.7454501427834140764e-4)
            .Horner(r, 0.0227238449892691845833).Horner(r, 0.24178072517745061177).Horner(r, 1.27045825245236838258)
            .Horner(r, 3.64784832476320460504).Horner(r, 5.7694972214606914055).Horner(r, 4.6303378461565452959)
            .Horner(r, 1.42343711074968357734)
        / T.Of(1.05075007164441684324e-9)
            .Horner(r, 5.475938084995344946e-4).Horner(r, 0.0151986665636164571966).Horner(r, 0.14810397642748007459)
            .Horner(r, 0.68976733498510000455).Horner(r, 1.6763848301838038494).Horner(r, 2.05319162663775882187)
            .Horner(r, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Far<T>(T r) where T : struct, ILanes<T> =>
        T.Of(2.01033439929228813265e-7)
            .Horner(r, 2.71155556874348757815e-5).Horner(r, 0.0012426609473880784386).Horner(r, 0.026532189526576123093)
            .Horner(r, 0.29656057182850489123).Horner(r, 1.7848265399172913358).Horner(r, 5.4637849111641143699)
            .Horner(r, 6.6579046435011037772)
        / T.Of(2.04426310338993978564e-15)
            .Horner(r, 1.4215117583164458887e-7).Horner(r, 1.8463183175100546818e-5).Horner(r, 7.868691311456132591e-4)
            .Horner(r, 0.0148753612908506148525).Horner(r, 0.13692988092273580531).Horner(r, 0.59983220655588793769)
            .Horner(r, 1);
}

/// <summary>The x with erf x = y.</summary>
public readonly struct ErfInv : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<ErfInv>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    public static T Wide<T>(T x) where T : struct, ILanes<T> => QuantileKernel.OverRootTwo(T.Of(0.5) * x, T.Of(1) - T.Abs(x));
}

/// <summary>The x with erfc x = y, accurate for small y.</summary>
public readonly struct ErfcInv : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<ErfcInv>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    public static T Wide<T>(T x) where T : struct, ILanes<T> => QuantileKernel.OverRootTwo(T.Of(0.5) * (T.Of(1) - x), T.Min(x, T.Of(2) - x));
}
