using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>f64 lanes in a 512-bit register.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct Doubles512(Vector512<double> value) : ILanes<Doubles512, double>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The register.</summary>
    public readonly Vector512<double> Value = value;

    public static int Count { [MethodImpl(Inline)] get => Vector512<double>.Count; }
    public static bool IsInteger { [MethodImpl(Inline)] get => false; }
    public static bool IsLogical { [MethodImpl(Inline)] get => false; }
    public ulong SignBits { [MethodImpl(Inline)] get => Value.ExtractMostSignificantBits(); }

    [MethodImpl(Inline)] public static Doubles512 operator +(Doubles512 x, Doubles512 y) => new(x.Value + y.Value);
    [MethodImpl(Inline)] public static Doubles512 operator -(Doubles512 x, Doubles512 y) => new(x.Value - y.Value);
    [MethodImpl(Inline)] public static Doubles512 operator *(Doubles512 x, Doubles512 y) => new(x.Value * y.Value);
    [MethodImpl(Inline)] public static Doubles512 operator -(Doubles512 x) => new(-x.Value);
    [MethodImpl(Inline)] public static Doubles512 operator &(Doubles512 x, Doubles512 y) => new(x.Value & y.Value);
    [MethodImpl(Inline)] public static Doubles512 operator |(Doubles512 x, Doubles512 y) => new(x.Value | y.Value);
    [MethodImpl(Inline)] public static Doubles512 operator ^(Doubles512 x, Doubles512 y) => new(x.Value ^ y.Value);
    [MethodImpl(Inline)] public static Doubles512 operator ~(Doubles512 x) => new(~x.Value);

    [MethodImpl(Inline)] public static Doubles512 operator /(Doubles512 x, Doubles512 y) => new(x.Value / y.Value);

    [MethodImpl(Inline)]
    public static Doubles512 operator %(Doubles512 x, Doubles512 y) => EachPair<Modulus>(x, y);

    [MethodImpl(Inline)] public static Doubles512 Of(double value) => new(Vector512.Create(value));

    [MethodImpl(Inline)] public static Doubles512 OfBits(long bits) => new(Vector512.Create(bits).AsDouble());

    [MethodImpl(Inline)]
    public static Doubles512 FusedMultiplyAdd(Doubles512 a, Doubles512 b, Doubles512 c) => new(Vector512.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(Inline)]
    public static Doubles512 Residual(Doubles512 a, Doubles512 b, Doubles512 c) =>
        new(Avx512F.IsSupported ? Avx512F.FusedMultiplyAddNegated(a.Value, b.Value, c.Value) : Vector512.FusedMultiplyAdd(-a.Value, b.Value, c.Value));

    [MethodImpl(Inline)]
    public static Doubles512 Horner(Doubles512 p, Doubles512 x, double c) => new(Vector512.FusedMultiplyAdd(p.Value, x.Value, Vector512.Create(c)));

    [MethodImpl(Inline)] public static Doubles512 Sqrt(Doubles512 x) => new(Vector512.Sqrt(x.Value));

    [MethodImpl(Inline)] public static Doubles512 Floor(Doubles512 x) => new(Vector512.Floor(x.Value));

    [MethodImpl(Inline)] public static Doubles512 Ceiling(Doubles512 x) => new(Vector512.Ceiling(x.Value));

    [MethodImpl(Inline)] public static Doubles512 Round(Doubles512 x) => new(Vector512.Round(x.Value));

    [MethodImpl(Inline)] public static Doubles512 Truncate(Doubles512 x) => new(Vector512.Truncate(x.Value));

    [MethodImpl(Inline)] public static Doubles512 Abs(Doubles512 x) => new(Vector512.Abs(x.Value));
    [MethodImpl(Inline)] public static Doubles512 Max(Doubles512 x, Doubles512 y) => new(Vector512.Max(x.Value, y.Value));
    [MethodImpl(Inline)] public static Doubles512 Min(Doubles512 x, Doubles512 y) => new(Vector512.Min(x.Value, y.Value));
    [MethodImpl(Inline)] public static Doubles512 Equal(Doubles512 x, Doubles512 y) => new(Vector512.Equals(x.Value, y.Value));
    [MethodImpl(Inline)] public static Doubles512 Less(Doubles512 x, Doubles512 y) => new(Vector512.LessThan(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Doubles512 LessOrEqual(Doubles512 x, Doubles512 y) => new(Vector512.LessThanOrEqual(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Doubles512 Select(Doubles512 mask, Doubles512 yes, Doubles512 no) =>
        new(Vector512.ConditionalSelect(mask.Value, yes.Value, no.Value));

    [MethodImpl(Inline)] public static bool Any(Doubles512 mask) => mask.Value.AsUInt64() != Vector512<ulong>.Zero;

    [MethodImpl(Inline)]
    public static Doubles512 AddBits(Doubles512 x, Doubles512 y) => new((x.Value.AsInt64() + y.Value.AsInt64()).AsDouble());

    [MethodImpl(Inline)]
    public static Doubles512 SubtractBits(Doubles512 x, Doubles512 y) => new((x.Value.AsInt64() - y.Value.AsInt64()).AsDouble());

    [MethodImpl(Inline)] public static Doubles512 ShiftLeft(Doubles512 x, int count) => new((x.Value.AsInt64() << count).AsDouble());

    [MethodImpl(Inline)] public static Doubles512 ShiftRight(Doubles512 x, int count) => new((x.Value.AsInt64() >>> count).AsDouble());

    [MethodImpl(Inline)] public static Doubles512 ShiftRightArithmetic(Doubles512 x, int count) => new((x.Value.AsInt64() >> count).AsDouble());

    [MethodImpl(Inline)]
    public static Doubles512 Hold(Doubles512 x, double low, double high)
    {
        Vector512<double> held = x.Value;
        if (!double.IsPositiveInfinity(high)) held = Vector512.MinNative(Vector512.Create(high), held);
        return new(double.IsNegativeInfinity(low) ? held : Vector512.MaxNative(Vector512.Create(low), held));
    }

    [MethodImpl(Inline)]
    public static Doubles512 Scale(Doubles512 x, Doubles512 k) =>
        Avx512F.IsSupported ? new(Avx512F.Scale(x.Value, k.Value)) : ExponentialKernel.ScaleInSteps(x, k);

    [MethodImpl(Inline)]
    public static Doubles512 Native<TFunction>(Doubles512 x) where TFunction : struct, INativeUnary => TFunction.Wide(x);

    [MethodImpl(Inline)]
    public static Doubles512 Widened<TFunction>(Doubles512 x) where TFunction : struct, IWideUnary => TFunction.Wide(x);

    [MethodImpl(Inline)]
    public static Doubles512 Widened<TFunction>(Doubles512 x, Doubles512 y) where TFunction : struct, IWideBinary => TFunction.Wide(x, y);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Doubles512 EachLane<TFunction>(Doubles512 x) where TFunction : struct, IScalarFunction
    {
        Vector512<double> register = x.Value;
        ref double first = ref Unsafe.As<Vector512<double>, double>(ref register);
        double last = first, value = TFunction.Scalar(last);
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
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
    private static Doubles512 EachPair<TFunction>(Doubles512 x, Doubles512 y) where TFunction : struct, IScalarPair
    {
        Vector512<double> left = x.Value, right = y.Value;
        ref double first = ref Unsafe.As<Vector512<double>, double>(ref left);
        ref double second = ref Unsafe.As<Vector512<double>, double>(ref right);
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
            Unsafe.Add(ref first, lane) = TFunction.Scalar(Unsafe.Add(ref first, lane), Unsafe.Add(ref second, lane));
        return new(left);
    }

    [MethodImpl(Inline)]
    public static Doubles512 Load(ref readonly double source, nuint offset) =>
        new(Vector512.LoadUnsafe(in source, offset));

    [MethodImpl(Inline)] public static Doubles512 Fill(double value) => new(Vector512.Create(value));
    [MethodImpl(Inline)] public void Store(ref double destination, nuint offset) => Value.StoreUnsafe(ref destination, offset);
}
