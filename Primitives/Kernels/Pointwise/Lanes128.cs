using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>f32, i32, i64 or byte lanes in a 128-bit register.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct Lanes128<T>(Vector128<T> value) : ILanes<Lanes128<T>, T>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The register.</summary>
    public readonly Vector128<T> Value = value;

    public static int Count { [MethodImpl(Inline)] get => Vector128<T>.Count; }
    public static bool IsInteger { [MethodImpl(Inline)] get => typeof(T) != typeof(float); }
    public static bool IsLogical { [MethodImpl(Inline)] get => typeof(T) == typeof(byte); }
    public ulong SignBits { [MethodImpl(Inline)] get => Value.ExtractMostSignificantBits(); }

    [MethodImpl(Inline)] private static Lanes128<T> From<TOther>(Vector128<TOther> v) => new(v.As<TOther, T>());
    private Vector128<float> Single { [MethodImpl(Inline)] get => Value.As<T, float>(); }
    private Vector128<long> Long { [MethodImpl(Inline)] get => Value.As<T, long>(); }
    private Vector128<int> Int { [MethodImpl(Inline)] get => Value.As<T, int>(); }

    [MethodImpl(Inline)] public static Lanes128<T> operator +(Lanes128<T> x, Lanes128<T> y) => new(x.Value + y.Value);
    [MethodImpl(Inline)] public static Lanes128<T> operator -(Lanes128<T> x, Lanes128<T> y) => new(x.Value - y.Value);
    [MethodImpl(Inline)] public static Lanes128<T> operator *(Lanes128<T> x, Lanes128<T> y) => new(x.Value * y.Value);
    [MethodImpl(Inline)] public static Lanes128<T> operator -(Lanes128<T> x) => new(-x.Value);
    [MethodImpl(Inline)] public static Lanes128<T> operator &(Lanes128<T> x, Lanes128<T> y) => new(x.Value & y.Value);
    [MethodImpl(Inline)] public static Lanes128<T> operator |(Lanes128<T> x, Lanes128<T> y) => new(x.Value | y.Value);
    [MethodImpl(Inline)] public static Lanes128<T> operator ^(Lanes128<T> x, Lanes128<T> y) => new(x.Value ^ y.Value);
    [MethodImpl(Inline)] public static Lanes128<T> operator ~(Lanes128<T> x) => new(~x.Value);

    [MethodImpl(Inline)]
    public static Lanes128<T> operator /(Lanes128<T> x, Lanes128<T> y) =>
        IsInteger ? EachPair<IntegerQuotient>(x, y) : new(x.Value / y.Value);

    [MethodImpl(Inline)]
    public static Lanes128<T> operator %(Lanes128<T> x, Lanes128<T> y) => EachPair<Modulus>(x, y);

    [MethodImpl(Inline)]
    public static Lanes128<T> Of(double value) =>
        typeof(T) == typeof(float) ? From(Vector128.Create((float)value))
        : typeof(T) == typeof(long) ? From(Vector128.Create((long)value))
        : typeof(T) == typeof(int) ? From(Vector128.Create((int)value))
        : From(Vector128.Create((byte)value));

    [MethodImpl(Inline)] public static Lanes128<T> OfBits(long bits) => From(Vector128.Create(bits));

    [MethodImpl(Inline)]
    public static Lanes128<T> FusedMultiplyAdd(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c) =>
        From(Vector128.FusedMultiplyAdd(a.Single, b.Single, c.Single));

    [MethodImpl(Inline)]
    public static Lanes128<T> Residual(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c) =>
        From(Fma.IsSupported ? Fma.MultiplyAddNegated(a.Single, b.Single, c.Single) : Vector128.FusedMultiplyAdd(-a.Single, b.Single, c.Single));

    [MethodImpl(Inline)]
    public static Lanes128<T> Horner(Lanes128<T> p, Lanes128<T> x, double c) =>
        From(Vector128.FusedMultiplyAdd(p.Single, x.Single, Vector128.Create((float)c)));

    [MethodImpl(Inline)] public static Lanes128<T> Sqrt(Lanes128<T> x) => new(Vector128.Sqrt(x.Value));

    [MethodImpl(Inline)] public static Lanes128<T> Floor(Lanes128<T> x) => From(Vector128.Floor(x.Single));

    [MethodImpl(Inline)] public static Lanes128<T> Ceiling(Lanes128<T> x) => From(Vector128.Ceiling(x.Single));

    [MethodImpl(Inline)] public static Lanes128<T> Round(Lanes128<T> x) => From(Vector128.Round(x.Single));

    [MethodImpl(Inline)] public static Lanes128<T> Truncate(Lanes128<T> x) => From(Vector128.Truncate(x.Single));

    [MethodImpl(Inline)] public static Lanes128<T> Abs(Lanes128<T> x) => new(Vector128.Abs(x.Value));
    [MethodImpl(Inline)] public static Lanes128<T> Max(Lanes128<T> x, Lanes128<T> y) => new(Vector128.Max(x.Value, y.Value));
    [MethodImpl(Inline)] public static Lanes128<T> Min(Lanes128<T> x, Lanes128<T> y) => new(Vector128.Min(x.Value, y.Value));
    [MethodImpl(Inline)] public static Lanes128<T> Equal(Lanes128<T> x, Lanes128<T> y) => new(Vector128.Equals(x.Value, y.Value));
    [MethodImpl(Inline)] public static Lanes128<T> Less(Lanes128<T> x, Lanes128<T> y) => new(Vector128.LessThan(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Lanes128<T> LessOrEqual(Lanes128<T> x, Lanes128<T> y) => new(Vector128.LessThanOrEqual(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Lanes128<T> Select(Lanes128<T> mask, Lanes128<T> yes, Lanes128<T> no) =>
        Avx512F.VL.IsSupported || !Sse41.IsSupported ? new(Vector128.ConditionalSelect(mask.Value, yes.Value, no.Value))
        : typeof(T) == typeof(float) ? From(Sse41.BlendVariable(no.Single, yes.Single, mask.Single))
        : typeof(T) == typeof(double) ? From(Sse41.BlendVariable(no.Value.AsDouble(), yes.Value.AsDouble(), mask.Value.AsDouble()))
        : From(Sse41.BlendVariable(no.Value.AsByte(), yes.Value.AsByte(), mask.Value.AsByte()));

    [MethodImpl(Inline)] public static bool Any(Lanes128<T> mask) => mask.Value.As<T, ulong>() != Vector128<ulong>.Zero;

    [MethodImpl(Inline)]
    public static Lanes128<T> AddBits(Lanes128<T> x, Lanes128<T> y) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long + y.Long) : From(x.Int + y.Int);

    [MethodImpl(Inline)]
    public static Lanes128<T> SubtractBits(Lanes128<T> x, Lanes128<T> y) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long - y.Long) : From(x.Int - y.Int);

    [MethodImpl(Inline)]
    public static Lanes128<T> ShiftLeft(Lanes128<T> x, int count) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long << count) : From(x.Int << count);

    [MethodImpl(Inline)]
    public static Lanes128<T> ShiftRight(Lanes128<T> x, int count) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long >>> count) : From(x.Int >>> count);

    [MethodImpl(Inline)]
    public static Lanes128<T> ShiftRightArithmetic(Lanes128<T> x, int count) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long >> count) : From(x.Int >> count);

    [MethodImpl(Inline)]
    public static Lanes128<T> Hold(Lanes128<T> x, double low, double high)
    {
        Vector128<float> held = x.Single;
        if (!double.IsPositiveInfinity(high)) held = Vector128.MinNative(Vector128.Create((float)high), held);
        return From(double.IsNegativeInfinity(low) ? held : Vector128.MaxNative(Vector128.Create((float)low), held));
    }

    [MethodImpl(Inline)]
    public static Lanes128<T> Scale(Lanes128<T> x, Lanes128<T> k) =>
        Avx512F.VL.IsSupported ? From(Avx512F.VL.Scale(x.Single, k.Single)) : SingleKernel.ScaleInSteps(x, k);

    [MethodImpl(Inline)]
    public static Lanes128<T> Native<TFunction>(Lanes128<T> x) where TFunction : struct, INativeUnary => TFunction.Single(x);

    [MethodImpl(Inline)]
    public static Lanes128<T> Widened<TFunction>(Lanes128<T> x) where TFunction : struct, IWideUnary
    {
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> wide = TFunction.Single(new Doubles256(Wide(x.Single))).Value;
            return From(Narrow(wide));
        }
        (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(x.Single);
        return From(Vector128.Narrow(
            TFunction.Single(new Doubles128(lower)).Value,
            TFunction.Single(new Doubles128(upper)).Value));
    }

    [MethodImpl(Inline)]
    public static Lanes128<T> Widened<TFunction>(Lanes128<T> x, Lanes128<T> y) where TFunction : struct, IWideBinary
    {
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> wide = TFunction.Wide(new Doubles256(Wide(x.Single)), new Doubles256(Wide(y.Single))).Value;
            return From(Narrow(wide));
        }
        (Vector128<double> lowerX, Vector128<double> upperX) = Vector128.Widen(x.Single);
        (Vector128<double> lowerY, Vector128<double> upperY) = Vector128.Widen(y.Single);
        return From(Vector128.Narrow(
            TFunction.Wide(new Doubles128(lowerX), new Doubles128(lowerY)).Value,
            TFunction.Wide(new Doubles128(upperX), new Doubles128(upperY)).Value));
    }

    [MethodImpl(Inline)]
    private static Vector256<double> Wide(Vector128<float> x) =>
        Avx.IsSupported ? Avx.ConvertToVector256Double(x)
        : Vector256.Create(Vector128.WidenLower(x), Vector128.WidenUpper(x));

    [MethodImpl(Inline)]
    private static Vector128<float> Narrow(Vector256<double> x) =>
        Avx.IsSupported ? Avx.ConvertToVector128Single(x) : Vector128.Narrow(x.GetLower(), x.GetUpper());

    public static Lanes128<T> EachLane<TFunction>(Lanes128<T> x) where TFunction : struct, IScalarFunction =>
        throw new NotSupportedException($"EachLane: needs f64 lanes, given {typeof(T).Name}. Use Widened.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Lanes128<T> EachPair<TFunction>(Lanes128<T> x, Lanes128<T> y) where TFunction : struct, IScalarPair
    {
        Vector128<T> left = x.Value, right = y.Value;
        ref T first = ref Unsafe.As<Vector128<T>, T>(ref left);
        ref T second = ref Unsafe.As<Vector128<T>, T>(ref right);
        for (int lane = 0; lane < Vector128<T>.Count; lane++)
            Unsafe.Add(ref first, lane) = TFunction.Scalar(Unsafe.Add(ref first, lane), Unsafe.Add(ref second, lane));
        return new(left);
    }

    [MethodImpl(Inline)]
    public static Lanes128<T> Load(ref readonly T source, nuint offset) =>
        new(Vector128.LoadUnsafe(in source, offset));

    [MethodImpl(Inline)] public static Lanes128<T> Fill(T value) => new(Vector128.Create(value));
    [MethodImpl(Inline)] public void Store(ref T destination, nuint offset) => Value.StoreUnsafe(ref destination, offset);
}
