using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>f64 lanes in a 256-bit register.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct Doubles256(Vector256<double> value) : ILanes<Doubles256, double>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The register.</summary>
    public readonly Vector256<double> Value = value;

    public static int Count { [MethodImpl(Inline)] get => Vector256<double>.Count; }
    public static bool IsInteger { [MethodImpl(Inline)] get => false; }
    public static bool IsLogical { [MethodImpl(Inline)] get => false; }
    public ulong SignBits { [MethodImpl(Inline)] get => Value.ExtractMostSignificantBits(); }

    [MethodImpl(Inline)] public static Doubles256 operator +(Doubles256 x, Doubles256 y) => new(x.Value + y.Value);
    [MethodImpl(Inline)] public static Doubles256 operator -(Doubles256 x, Doubles256 y) => new(x.Value - y.Value);
    [MethodImpl(Inline)] public static Doubles256 operator *(Doubles256 x, Doubles256 y) => new(x.Value * y.Value);
    [MethodImpl(Inline)] public static Doubles256 operator -(Doubles256 x) => new(-x.Value);
    [MethodImpl(Inline)] public static Doubles256 operator &(Doubles256 x, Doubles256 y) => new(x.Value & y.Value);
    [MethodImpl(Inline)] public static Doubles256 operator |(Doubles256 x, Doubles256 y) => new(x.Value | y.Value);
    [MethodImpl(Inline)] public static Doubles256 operator ^(Doubles256 x, Doubles256 y) => new(x.Value ^ y.Value);
    [MethodImpl(Inline)] public static Doubles256 operator ~(Doubles256 x) => new(~x.Value);

    [MethodImpl(Inline)] public static Doubles256 operator /(Doubles256 x, Doubles256 y) => new(x.Value / y.Value);

    [MethodImpl(Inline)]
    public static Doubles256 operator %(Doubles256 x, Doubles256 y) => EachPair<Modulus>(x, y);

    [MethodImpl(Inline)] public static Doubles256 Of(double value) => new(Vector256.Create(value));

    [MethodImpl(Inline)] public static Doubles256 OfBits(long bits) => new(Vector256.Create(bits).AsDouble());

    [MethodImpl(Inline)]
    public static Doubles256 FusedMultiplyAdd(Doubles256 a, Doubles256 b, Doubles256 c) => new(Vector256.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(Inline)]
    public static Doubles256 Residual(Doubles256 a, Doubles256 b, Doubles256 c) =>
        new(Fma.IsSupported ? Fma.MultiplyAddNegated(a.Value, b.Value, c.Value) : Vector256.FusedMultiplyAdd(-a.Value, b.Value, c.Value));

    [MethodImpl(Inline)]
    public static Doubles256 Horner(Doubles256 p, Doubles256 x, double c) => new(Vector256.FusedMultiplyAdd(p.Value, x.Value, Vector256.Create(c)));

    [MethodImpl(Inline)] public static Doubles256 Sqrt(Doubles256 x) => new(Vector256.Sqrt(x.Value));

    [MethodImpl(Inline)] public static Doubles256 Floor(Doubles256 x) => new(Vector256.Floor(x.Value));

    [MethodImpl(Inline)] public static Doubles256 Ceiling(Doubles256 x) => new(Vector256.Ceiling(x.Value));

    [MethodImpl(Inline)] public static Doubles256 Round(Doubles256 x) => new(Vector256.Round(x.Value));

    [MethodImpl(Inline)] public static Doubles256 Truncate(Doubles256 x) => new(Vector256.Truncate(x.Value));

    [MethodImpl(Inline)] public static Doubles256 Abs(Doubles256 x) => new(Vector256.Abs(x.Value));
    [MethodImpl(Inline)] public static Doubles256 Max(Doubles256 x, Doubles256 y) => new(Vector256.Max(x.Value, y.Value));
    [MethodImpl(Inline)] public static Doubles256 Min(Doubles256 x, Doubles256 y) => new(Vector256.Min(x.Value, y.Value));
    [MethodImpl(Inline)] public static Doubles256 Equal(Doubles256 x, Doubles256 y) => new(Vector256.Equals(x.Value, y.Value));
    [MethodImpl(Inline)] public static Doubles256 Less(Doubles256 x, Doubles256 y) => new(Vector256.LessThan(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Doubles256 LessOrEqual(Doubles256 x, Doubles256 y) => new(Vector256.LessThanOrEqual(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Doubles256 Select(Doubles256 mask, Doubles256 yes, Doubles256 no) =>
        new(Avx.IsSupported && !Avx512F.VL.IsSupported ? Avx.BlendVariable(no.Value, yes.Value, mask.Value) : Vector256.ConditionalSelect(mask.Value, yes.Value, no.Value));

    [MethodImpl(Inline)] public static bool Any(Doubles256 mask) => mask.Value.AsUInt64() != Vector256<ulong>.Zero;

    [MethodImpl(Inline)]
    public static Doubles256 AddBits(Doubles256 x, Doubles256 y) => new((x.Value.AsInt64() + y.Value.AsInt64()).AsDouble());

    [MethodImpl(Inline)]
    public static Doubles256 SubtractBits(Doubles256 x, Doubles256 y) => new((x.Value.AsInt64() - y.Value.AsInt64()).AsDouble());

    [MethodImpl(Inline)] public static Doubles256 ShiftLeft(Doubles256 x, int count) => new((x.Value.AsInt64() << count).AsDouble());

    [MethodImpl(Inline)] public static Doubles256 ShiftRight(Doubles256 x, int count) => new((x.Value.AsInt64() >>> count).AsDouble());

    // There is no such shift of 64 bits before AVX-512, but a comparison.
    [MethodImpl(Inline)]
    public static Doubles256 ShiftRightArithmetic(Doubles256 x, int count) =>
        new((count == 63 && !Avx512F.VL.IsSupported ? Vector256.LessThan(x.Value.AsInt64(), Vector256<long>.Zero) : x.Value.AsInt64() >> count).AsDouble());

    [MethodImpl(Inline)]
    public static Doubles256 Hold(Doubles256 x, double low, double high)
    {
        Vector256<double> held = x.Value;
        if (!double.IsPositiveInfinity(high)) held = Vector256.MinNative(Vector256.Create(high), held);
        return new(double.IsNegativeInfinity(low) ? held : Vector256.MaxNative(Vector256.Create(low), held));
    }

    [MethodImpl(Inline)]
    public static Doubles256 Scale(Doubles256 x, Doubles256 k) =>
        Avx512F.VL.IsSupported ? new(Avx512F.VL.Scale(x.Value, k.Value)) : ExponentialKernel.ScaleInSteps(x, k);

    [MethodImpl(Inline)]
    public static Doubles256 Native<TFunction>(Doubles256 x) where TFunction : struct, INativeUnary => TFunction.Wide(x);

    [MethodImpl(Inline)]
    public static Doubles256 Widened<TFunction>(Doubles256 x) where TFunction : struct, IWideUnary => TFunction.Wide(x);

    [MethodImpl(Inline)]
    public static Doubles256 Widened<TFunction>(Doubles256 x, Doubles256 y) where TFunction : struct, IWideBinary => TFunction.Wide(x, y);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Doubles256 EachLane<TFunction>(Doubles256 x) where TFunction : struct, IScalarFunction
    {
        Vector256<double> register = x.Value;
        ref double first = ref Unsafe.As<Vector256<double>, double>(ref register);
        double last = first, value = TFunction.Scalar(last);
        for (int lane = 0; lane < Vector256<double>.Count; lane++)
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
    private static Doubles256 EachPair<TFunction>(Doubles256 x, Doubles256 y) where TFunction : struct, IScalarPair
    {
        Vector256<double> left = x.Value, right = y.Value;
        ref double first = ref Unsafe.As<Vector256<double>, double>(ref left);
        ref double second = ref Unsafe.As<Vector256<double>, double>(ref right);
        for (int lane = 0; lane < Vector256<double>.Count; lane++)
            Unsafe.Add(ref first, lane) = TFunction.Scalar(Unsafe.Add(ref first, lane), Unsafe.Add(ref second, lane));
        return new(left);
    }

    [MethodImpl(Inline)]
    public static Doubles256 Load(ref readonly double source, nuint offset) =>
        new(Vector256.LoadUnsafe(in source, offset));

    [MethodImpl(Inline)] public static Doubles256 Fill(double value) => new(Vector256.Create(value));
    [MethodImpl(Inline)] public void Store(ref double destination, nuint offset) => Value.StoreUnsafe(ref destination, offset);
}
