using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>f32, i32, i64 or byte lanes in a 256-bit register.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct Lanes256<T>(Vector256<T> value) : ILanes<Lanes256<T>, T>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The register.</summary>
    public readonly Vector256<T> Value = value;

    public static int Count { [MethodImpl(Inline)] get => Vector256<T>.Count; }
    public static bool IsInteger { [MethodImpl(Inline)] get => typeof(T) != typeof(float); }
    public static bool IsLogical { [MethodImpl(Inline)] get => typeof(T) == typeof(byte); }
    public ulong SignBits { [MethodImpl(Inline)] get => Value.ExtractMostSignificantBits(); }

    [MethodImpl(Inline)] private static Lanes256<T> From<TOther>(Vector256<TOther> v) => new(v.As<TOther, T>());
    private Vector256<float> Single { [MethodImpl(Inline)] get => Value.As<T, float>(); }
    private Vector256<long> Long { [MethodImpl(Inline)] get => Value.As<T, long>(); }
    private Vector256<int> Int { [MethodImpl(Inline)] get => Value.As<T, int>(); }

    [MethodImpl(Inline)] public static Lanes256<T> operator +(Lanes256<T> x, Lanes256<T> y) => new(x.Value + y.Value);
    [MethodImpl(Inline)] public static Lanes256<T> operator -(Lanes256<T> x, Lanes256<T> y) => new(x.Value - y.Value);
    [MethodImpl(Inline)] public static Lanes256<T> operator *(Lanes256<T> x, Lanes256<T> y) => new(x.Value * y.Value);
    [MethodImpl(Inline)] public static Lanes256<T> operator -(Lanes256<T> x) => new(-x.Value);
    [MethodImpl(Inline)] public static Lanes256<T> operator &(Lanes256<T> x, Lanes256<T> y) => new(x.Value & y.Value);
    [MethodImpl(Inline)] public static Lanes256<T> operator |(Lanes256<T> x, Lanes256<T> y) => new(x.Value | y.Value);
    [MethodImpl(Inline)] public static Lanes256<T> operator ^(Lanes256<T> x, Lanes256<T> y) => new(x.Value ^ y.Value);
    [MethodImpl(Inline)] public static Lanes256<T> operator ~(Lanes256<T> x) => new(~x.Value);

    [MethodImpl(Inline)]
    public static Lanes256<T> operator /(Lanes256<T> x, Lanes256<T> y) =>
        IsInteger ? EachPair<IntegerQuotient>(x, y) : new(x.Value / y.Value);

    [MethodImpl(Inline)]
    public static Lanes256<T> operator %(Lanes256<T> x, Lanes256<T> y) => EachPair<Modulus>(x, y);

    [MethodImpl(Inline)]
    public static Lanes256<T> Of(double value) =>
        typeof(T) == typeof(float) ? From(Vector256.Create((float)value))
        : typeof(T) == typeof(long) ? From(Vector256.Create((long)value))
        : typeof(T) == typeof(int) ? From(Vector256.Create((int)value))
        : From(Vector256.Create((byte)value));

    [MethodImpl(Inline)] public static Lanes256<T> OfBits(long bits) => From(Vector256.Create(bits));

    [MethodImpl(Inline)]
    public static Lanes256<T> FusedMultiplyAdd(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c) =>
        From(Vector256.FusedMultiplyAdd(a.Single, b.Single, c.Single));

    [MethodImpl(Inline)]
    public static Lanes256<T> Residual(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c) =>
        From(Fma.IsSupported ? Fma.MultiplyAddNegated(a.Single, b.Single, c.Single) : Vector256.FusedMultiplyAdd(-a.Single, b.Single, c.Single));

    [MethodImpl(Inline)]
    public static Lanes256<T> Horner(Lanes256<T> p, Lanes256<T> x, double c) =>
        From(Vector256.FusedMultiplyAdd(p.Single, x.Single, Vector256.Create((float)c)));

    [MethodImpl(Inline)] public static Lanes256<T> Sqrt(Lanes256<T> x) => new(Vector256.Sqrt(x.Value));

    [MethodImpl(Inline)] public static Lanes256<T> Floor(Lanes256<T> x) => From(Vector256.Floor(x.Single));

    [MethodImpl(Inline)] public static Lanes256<T> Ceiling(Lanes256<T> x) => From(Vector256.Ceiling(x.Single));

    [MethodImpl(Inline)] public static Lanes256<T> Round(Lanes256<T> x) => From(Vector256.Round(x.Single));

    [MethodImpl(Inline)] public static Lanes256<T> Truncate(Lanes256<T> x) => From(Vector256.Truncate(x.Single));

    [MethodImpl(Inline)] public static Lanes256<T> Abs(Lanes256<T> x) => new(Vector256.Abs(x.Value));
    [MethodImpl(Inline)] public static Lanes256<T> Max(Lanes256<T> x, Lanes256<T> y) => new(Vector256.Max(x.Value, y.Value));
    [MethodImpl(Inline)] public static Lanes256<T> Min(Lanes256<T> x, Lanes256<T> y) => new(Vector256.Min(x.Value, y.Value));
    [MethodImpl(Inline)] public static Lanes256<T> Equal(Lanes256<T> x, Lanes256<T> y) => new(Vector256.Equals(x.Value, y.Value));
    [MethodImpl(Inline)] public static Lanes256<T> Less(Lanes256<T> x, Lanes256<T> y) => new(Vector256.LessThan(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Lanes256<T> LessOrEqual(Lanes256<T> x, Lanes256<T> y) => new(Vector256.LessThanOrEqual(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Lanes256<T> Select(Lanes256<T> mask, Lanes256<T> yes, Lanes256<T> no) =>
        Avx512F.VL.IsSupported || !Avx2.IsSupported ? new(Vector256.ConditionalSelect(mask.Value, yes.Value, no.Value))
        : typeof(T) == typeof(float) ? From(Avx.BlendVariable(no.Single, yes.Single, mask.Single))
        : typeof(T) == typeof(double) ? From(Avx.BlendVariable(no.Value.AsDouble(), yes.Value.AsDouble(), mask.Value.AsDouble()))
        : From(Avx2.BlendVariable(no.Value.AsByte(), yes.Value.AsByte(), mask.Value.AsByte()));

    [MethodImpl(Inline)] public static bool Any(Lanes256<T> mask) => mask.Value.As<T, ulong>() != Vector256<ulong>.Zero;

    [MethodImpl(Inline)]
    public static Lanes256<T> AddBits(Lanes256<T> x, Lanes256<T> y) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long + y.Long) : From(x.Int + y.Int);

    [MethodImpl(Inline)]
    public static Lanes256<T> SubtractBits(Lanes256<T> x, Lanes256<T> y) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long - y.Long) : From(x.Int - y.Int);

    [MethodImpl(Inline)]
    public static Lanes256<T> ShiftLeft(Lanes256<T> x, int count) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long << count) : From(x.Int << count);

    [MethodImpl(Inline)]
    public static Lanes256<T> ShiftRight(Lanes256<T> x, int count) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long >>> count) : From(x.Int >>> count);

    [MethodImpl(Inline)]
    public static Lanes256<T> ShiftRightArithmetic(Lanes256<T> x, int count) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long >> count) : From(x.Int >> count);

    [MethodImpl(Inline)]
    public static Lanes256<T> Hold(Lanes256<T> x, double low, double high)
    {
        Vector256<float> held = x.Single;
        if (!double.IsPositiveInfinity(high)) held = Vector256.MinNative(Vector256.Create((float)high), held);
        return From(double.IsNegativeInfinity(low) ? held : Vector256.MaxNative(Vector256.Create((float)low), held));
    }

    [MethodImpl(Inline)]
    public static Lanes256<T> Scale(Lanes256<T> x, Lanes256<T> k) =>
        Avx512F.VL.IsSupported ? From(Avx512F.VL.Scale(x.Single, k.Single)) : SingleKernel.ScaleInSteps(x, k);

    [MethodImpl(Inline)]
    public static Lanes256<T> Native<TFunction>(Lanes256<T> x) where TFunction : struct, INativeUnary => TFunction.Single(x);

    [MethodImpl(Inline)]
    public static Lanes256<T> Widened<TFunction>(Lanes256<T> x) where TFunction : struct, IWideUnary
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<double> wide = TFunction.Single(new Doubles512(Wide(x.Single))).Value;
            return From(Narrow(wide));
        }
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(x.Single);
        return From(Vector256.Narrow(
            TFunction.Single(new Doubles256(lower)).Value,
            TFunction.Single(new Doubles256(upper)).Value));
    }

    [MethodImpl(Inline)]
    public static Lanes256<T> Widened<TFunction>(Lanes256<T> x, Lanes256<T> y) where TFunction : struct, IWideBinary
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<double> wide = TFunction.Wide(new Doubles512(Wide(x.Single)), new Doubles512(Wide(y.Single))).Value;
            return From(Narrow(wide));
        }
        (Vector256<double> lowerX, Vector256<double> upperX) = Vector256.Widen(x.Single);
        (Vector256<double> lowerY, Vector256<double> upperY) = Vector256.Widen(y.Single);
        return From(Vector256.Narrow(
            TFunction.Wide(new Doubles256(lowerX), new Doubles256(lowerY)).Value,
            TFunction.Wide(new Doubles256(upperX), new Doubles256(upperY)).Value));
    }

    [MethodImpl(Inline)]
    private static Vector512<double> Wide(Vector256<float> x) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector512Double(x)
        : Vector512.Create(Vector256.WidenLower(x), Vector256.WidenUpper(x));

    [MethodImpl(Inline)]
    private static Vector256<float> Narrow(Vector512<double> x) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector256Single(x) : Vector256.Narrow(x.GetLower(), x.GetUpper());

    public static Lanes256<T> EachLane<TFunction>(Lanes256<T> x) where TFunction : struct, IScalarFunction =>
        throw new NotSupportedException($"EachLane: needs f64 lanes, given {typeof(T).Name}. Use Widened.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Lanes256<T> EachPair<TFunction>(Lanes256<T> x, Lanes256<T> y) where TFunction : struct, IScalarPair
    {
        Vector256<T> left = x.Value, right = y.Value;
        ref T first = ref Unsafe.As<Vector256<T>, T>(ref left);
        ref T second = ref Unsafe.As<Vector256<T>, T>(ref right);
        for (int lane = 0; lane < Vector256<T>.Count; lane++)
            Unsafe.Add(ref first, lane) = TFunction.Scalar(Unsafe.Add(ref first, lane), Unsafe.Add(ref second, lane));
        return new(left);
    }

    [MethodImpl(Inline)]
    public static Lanes256<T> Load(ref readonly T source, nuint offset) =>
        new(Vector256.LoadUnsafe(in source, offset));

    [MethodImpl(Inline)] public static Lanes256<T> Fill(T value) => new(Vector256.Create(value));
    [MethodImpl(Inline)] public void Store(ref T destination, nuint offset) => Value.StoreUnsafe(ref destination, offset);
}
