using System.Runtime.CompilerServices;
using static Functional.Kernels.ExponentialKernel;
using static Functional.Kernels.Precision;

namespace Functional.Kernels;

/// <summary>
/// erf x = x + x P(x²) for |x| &lt; 1, and erfc x = e^−x² Q(t) / (1 + 2x), t = (x − 3)/(x + 3), for x ≥ ½ (the form of
/// M. M. Shepherd and J. G. Laframboise, Mathematics of Computation 36, 1981).
/// </summary>
internal static class ErrorFunctionKernel
{
    /// <summary>erf x − x for |x| ≤ 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tail<T>(T x) where T : struct, ILanes<T>
    {
        T z = x * x;
        T p = T.Of(5.956905633653028e-11)
            .Horner(z, -1.1372693191126323e-09).Horner(z, 1.4659736155673959e-08).Horner(z, -1.6350307065234626e-07)
            .Horner(z, 1.6460999970345427e-06).Horner(z, -1.4925595235970651e-05).Horner(z, 0.00012055331110409494)
            .Horner(z, -0.0008548326980801447).Horner(z, 0.0052239776248174784).Horner(z, -0.02686617064507674)
            .Horner(z, 0.11283791670954878).Horner(z, -0.3761263890318375);
        return T.FusedMultiplyAdd(x, T.Of(0.1283791670955126), x * (z * p));
    }

    /// <summary>erfc x for x ≥ ½.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Complement<T>(T x) where T : struct, ILanes<T>
    {
        T held = T.Hold(x, 0.45, 27.5);
        T t = (held - T.Of(3)) / (held + T.Of(3));
        T q = T.Of(-4.819971581991126e-09)
            .Horner(t, -1.0096333797401699e-08).Horner(t, 3.5489820960622545e-08).Horner(t, 9.725436494084162e-08)
            .Horner(t, -1.3567738403155552e-07).Horner(t, -6.128754926539542e-07).Horner(t, 3.5349863091448884e-07)
            .Horner(t, 3.4704763768340144e-06).Horner(t, -7.303431788850293e-07).Horner(t, -2.0099922580094685e-05)
            .Horner(t, 4.9492347360956755e-06).Horner(t, 0.0001250992136022878).Horner(t, -0.00010515976842654433)
            .Horner(t, -0.0007798322535249472).Horner(t, 0.001888690357008306).Horner(t, 0.0025293918146319454)
            .Horner(t, -0.023770514918556238).Horner(t, 0.0683080273440331).Horner(t, -0.11927366341531172)
            .Horner(t, 0.12964515870275992).Horner(t, -0.04756229435345069).Horner(t, -0.13562110612458117)
            .Horner(t, 1.2530080582697296);
        (T square, T squareLow) = Product(held, held);
        (T k, T high, T low) = ExpPair(-square, -squareLow);
        return T.Scale((high + low) * q / T.FusedMultiplyAdd(T.Of(2), held, T.Of(1)), k);
    }
}

/// <summary>The error function 2/√π ∫₀ˣ e^−t² dt.</summary>
public readonly struct Erf : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Erf>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T magnitude = T.Abs(x);
        T near = magnitude + ErrorFunctionKernel.Tail(magnitude);
        T far = T.Of(1) - ErrorFunctionKernel.Complement(magnitude);
        return CopySign(T.Select(T.Less(magnitude, T.Of(1)), near, far), x);
    }
}

/// <summary>1 − erf x, accurate for large x.</summary>
public readonly struct Erfc : IUnaryOperator, IWideUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.Widened<Erfc>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Single<T>(T x) where T : struct, ILanes<T> => Wide(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wide<T>(T x) where T : struct, ILanes<T>
    {
        T magnitude = T.Abs(x);
        T near = T.Of(1) - (x + ErrorFunctionKernel.Tail(x));
        T complement = ErrorFunctionKernel.Complement(magnitude);
        T far = T.Select(T.Less(x, T.Of(0)), T.Of(2) - complement, complement);
        return T.Select(T.Less(magnitude, T.Of(0.5)), near, far);
    }
}
