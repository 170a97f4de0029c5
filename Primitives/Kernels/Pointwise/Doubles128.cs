using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>f64 lanes in a 128-bit register.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct Doubles128(Vector128<double> value) : ILanes<Doubles128, double>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The register.</summary>
    public readonly Vector128<double> Value = value;

    public static int Count { [MethodImpl(Inline)] get => Vector128<double>.Count; }
    public static bool IsInteger { [MethodImpl(Inline)] get => false; }
    public static bool IsLogical { [MethodImpl(Inline)] get => false; }
    public ulong SignBits { [MethodImpl(Inline)] get => Value.ExtractMostSignificantBits(); }

    [MethodImpl(Inline)] public static Doubles128 operator +(Doubles128 x, Doubles128 y) => new(x.Value + y.Value);
    [MethodImpl(Inline)] public static Doubles128 operator -(Doubles128 x, Doubles128 y) => new(x.Value - y.Value);
    [MethodImpl(Inline)] public static Doubles128 operator *(Doubles128 x, Doubles128 y) => new(x.Value * y.Value);
    [MethodImpl(Inline)] public static Doubles128 operator -(Doubles128 x) => new(-x.Value);
    [MethodImpl(Inline)] public static Doubles128 operator &(Doubles128 x, Doubles128 y) => new(x.Value & y.Value);
    [MethodImpl(Inline)] public static Doubles128 operator |(Doubles128 x, Doubles128 y) => new(x.Value | y.Value);
    [MethodImpl(Inline)] public static Doubles128 operator ^(Doubles128 x, Doubles128 y) => new(x.Value ^ y.Value);
    [MethodImpl(Inline)] public static Doubles128 operator ~(Doubles128 x) => new(~x.Value);

    [MethodImpl(Inline)] public static Doubles128 operator /(Doubles128 x, Doubles128 y) => new(x.Value / y.Value);

    [MethodImpl(Inline)]
    public static Doubles128 operator %(Doubles128 x, Doubles128 y) => EachPair<Modulus>(x, y);

    [MethodImpl(Inline)] public static Doubles128 Of(double value) => new(Vector128.Create(value));

    [MethodImpl(Inline)] public static Doubles128 OfBits(long bits) => new(Vector128.Create(bits).AsDouble());

    [MethodImpl(Inline)]
    public static Doubles128 FusedMultiplyAdd(Doubles128 a, Doubles128 b, Doubles128 c) => new(Vector128.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(Inline)]
    public static Doubles128 Residual(Doubles128 a, Doubles128 b, Doubles128 c) =>
        new(Fma.IsSupported ? Fma.MultiplyAddNegated(a.Value, b.Value, c.Value) : Vector128.FusedMultiplyAdd(-a.Value, b.Value, c.Value));

    [MethodImpl(Inline)]
    public static Doubles128 Horner(Doubles128 p, Doubles128 x, double c) => new(Vector128.FusedMultiplyAdd(p.Value, x.Value, Vector128.Create(c)));

    [MethodImpl(Inline)] public static Doubles128 Sqrt(Doubles128 x) => new(Vector128.Sqrt(x.Value));

    [MethodImpl(Inline)] public static Doubles128 Floor(Doubles128 x) => new(Vector128.Floor(x.Value));

    [MethodImpl(Inline)] public static Doubles128 Ceiling(Doubles128 x) => new(Vector128.Ceiling(x.Value));

    [MethodImpl(Inline)] public static Doubles128 Round(Doubles128 x) => new(Vector128.Round(x.Value));

    [MethodImpl(Inline)] public static Doubles128 Truncate(Doubles128 x) => new(Vector128.Truncate(x.Value));

    [MethodImpl(Inline)] public static Doubles128 Abs(Doubles128 x) => new(Vector128.Abs(x.Value));
    [MethodImpl(Inline)] public static Doubles128 Max(Doubles128 x, Doubles128 y) => new(Vector128.Max(x.Value, y.Value));
    [MethodImpl(Inline)] public static Doubles128 Min(Doubles128 x, Doubles128 y) => new(Vector128.Min(x.Value, y.Value));
    [MethodImpl(Inline)] public static Doubles128 Equal(Doubles128 x, Doubles128 y) => new(Vector128.Equals(x.Value, y.Value));
    [MethodImpl(Inline)] public static Doubles128 Less(Doubles128 x, Doubles128 y) => new(Vector128.LessThan(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Doubles128 LessOrEqual(Doubles128 x, Doubles128 y) => new(Vector128.LessThanOrEqual(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Doubles128 Select(Doubles128 mask, Doubles128 yes, Doubles128 no) =>
        new(Sse41.IsSupported && !Avx512F.VL.IsSupported ? Sse41.BlendVariable(no.Value, yes.Value, mask.Value) : Vector128.ConditionalSelect(mask.Value, yes.Value, no.Value));

    [MethodImpl(Inline)] public static bool Any(Doubles128 mask) => mask.Value.AsUInt64() != Vector128<ulong>.Zero;

    [MethodImpl(Inline)]
    public static Doubles128 AddBits(Doubles128 x, Doubles128 y) => new((x.Value.AsInt64() + y.Value.AsInt64()).AsDouble());

    [MethodImpl(Inline)]
    public static Doubles128 SubtractBits(Doubles128 x, Doubles128 y) => new((x.Value.AsInt64() - y.Value.AsInt64()).AsDouble());

    [MethodImpl(Inline)] public static Doubles128 ShiftLeft(Doubles128 x, int count) => new((x.Value.AsInt64() << count).AsDouble());

    [MethodImpl(Inline)] public static Doubles128 ShiftRight(Doubles128 x, int count) => new((x.Value.AsInt64() >>> count).AsDouble());

    // There is no such shift of 64 bits before AVX-512, but a comparison.
    [MethodImpl(Inline)]
    public static Doubles128 ShiftRightArithmetic(Doubles128 x, int count) =>
        new((count == 63 && !Avx512F.VL.IsSupported ? Vector128.LessThan(x.Value.AsInt64(), Vector128<long>.Zero) : x.Value.AsInt64() >> count).AsDouble());

    [MethodImpl(Inline)]
    public static Doubles128 Hold(Doubles128 x, double low, double high)
    {
        Vector128<double> held = x.Value;
        if (!double.IsPositiveInfinity(high)) held = Vector128.MinNative(Vector128.Create(high), held);
        return new(double.IsNegativeInfinity(low) ? held : Vector128.MaxNative(Vector128.Create(low), held));
    }

    [MethodImpl(Inline)]
    public static Doubles128 Scale(Doubles128 x, Doubles128 k) =>
        Avx512F.VL.IsSupported ? new(Avx512F.VL.Scale(x.Value, k.Value)) : ExponentialKernel.ScaleInSteps(x, k);

    [MethodImpl(Inline)]
    public static Doubles128 Native<TFunction>(Doubles128 x) where TFunction : struct, INativeUnary => TFunction.Wide(x);

    [MethodImpl(Inline)]
    public static Doubles128 Widened<TFunction>(Doubles128 x) where TFunction : struct, IWideUnary => TFunction.Wide(x);

    [MethodImpl(Inline)]
    public static Doubles128 Widened<TFunction>(Doubles128 x, Doubles128 y) where TFunction : struct, IWideBinary => TFunction.Wide(x, y);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Doubles128 EachLane<TFunction>(Doubles128 x) where TFunction : struct, IScalarFunction
    {
        Vector128<double> register = x.Value;
        ref double first = ref Unsafe.As<Vector128<double>, double>(ref register);
        double last = first, value = TFunction.Scalar(last);
        for (int lane = 0; lane < Vector128<double>.Count; lane++)
        {
            ref double element = ref Unsafe.Add(ref first, lane);
            // Padding repeats an element; its function is not computed again.
            if (BitConverter.DoubleToInt64Bits(element) != BitConverter.DoubleToInt64Bits(last))
                (last, value) = (element, TFunction.Scalar(element));
            element = value;
        }
        return new(register);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Doubles128 EachPair<TFunction>(Doubles128 x, Doubles128 y) where TFunction : struct, IScalarPair
    {
        Vector128<double> left = x.Value, right = y.Value;
        ref double first = ref Unsafe.As<Vector128<double>, double>(ref left);
        ref double second = ref Unsafe.As<Vector128<double>, double>(ref right);
        for (int lane = 0; lane < Vector128<double>.Count; lane++)
            Unsafe.Add(ref first, lane) = TFunction.Scalar(Unsafe.Add(ref first, lane), Unsafe.Add(ref second, lane));
        return new(left);
    }

    [MethodImpl(Inline)]
    public static Doubles128 Load(ref readonly double source, nuint offset) =>
        new(Vector128.LoadUnsafe(in source, offset));

    [MethodImpl(Inline)] public static Doubles128 Fill(double value) => new(Vector128.Create(value));
    [MethodImpl(Inline)] public void Store(ref double destination, nuint offset) => Value.StoreUnsafe(ref destination, offset);
}
