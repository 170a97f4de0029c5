using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>f32, i32, i64 or byte lanes in a 512-bit register.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct Lanes512<T>(Vector512<T> value) : ILanes<Lanes512<T>, T>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The register.</summary>
    public readonly Vector512<T> Value = value;

    public static int Count { [MethodImpl(Inline)] get => Vector512<T>.Count; }
    public static bool IsInteger { [MethodImpl(Inline)] get => typeof(T) != typeof(float); }
    public static bool IsLogical { [MethodImpl(Inline)] get => typeof(T) == typeof(byte); }
    public ulong SignBits { [MethodImpl(Inline)] get => Value.ExtractMostSignificantBits(); }

    [MethodImpl(Inline)] private static Lanes512<T> From<TOther>(Vector512<TOther> v) => new(v.As<TOther, T>());
    private Vector512<float> Single { [MethodImpl(Inline)] get => Value.As<T, float>(); }
    private Vector512<long> Long { [MethodImpl(Inline)] get => Value.As<T, long>(); }
    private Vector512<int> Int { [MethodImpl(Inline)] get => Value.As<T, int>(); }

    [MethodImpl(Inline)] public static Lanes512<T> operator +(Lanes512<T> x, Lanes512<T> y) => new(x.Value + y.Value);
    [MethodImpl(Inline)] public static Lanes512<T> operator -(Lanes512<T> x, Lanes512<T> y) => new(x.Value - y.Value);
    [MethodImpl(Inline)] public static Lanes512<T> operator *(Lanes512<T> x, Lanes512<T> y) => new(x.Value * y.Value);
    [MethodImpl(Inline)] public static Lanes512<T> operator -(Lanes512<T> x) => new(-x.Value);
    [MethodImpl(Inline)] public static Lanes512<T> operator &(Lanes512<T> x, Lanes512<T> y) => new(x.Value & y.Value);
    [MethodImpl(Inline)] public static Lanes512<T> operator |(Lanes512<T> x, Lanes512<T> y) => new(x.Value | y.Value);
    [MethodImpl(Inline)] public static Lanes512<T> operator ^(Lanes512<T> x, Lanes512<T> y) => new(x.Value ^ y.Value);
    [MethodImpl(Inline)] public static Lanes512<T> operator ~(Lanes512<T> x) => new(~x.Value);

    [MethodImpl(Inline)]
    public static Lanes512<T> operator /(Lanes512<T> x, Lanes512<T> y) =>
        IsInteger ? EachPair<IntegerQuotient>(x, y) : new(x.Value / y.Value);

    [MethodImpl(Inline)]
    public static Lanes512<T> operator %(Lanes512<T> x, Lanes512<T> y) => EachPair<Modulus>(x, y);

    [MethodImpl(Inline)]
    public static Lanes512<T> Of(double value) =>
        typeof(T) == typeof(float) ? From(Vector512.Create((float)value))
        : typeof(T) == typeof(long) ? From(Vector512.Create((long)value))
        : typeof(T) == typeof(int) ? From(Vector512.Create((int)value))
        : From(Vector512.Create((byte)value));

    [MethodImpl(Inline)] public static Lanes512<T> OfBits(long bits) => From(Vector512.Create(bits));

    [MethodImpl(Inline)]
    public static Lanes512<T> FusedMultiplyAdd(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c) =>
        From(Vector512.FusedMultiplyAdd(a.Single, b.Single, c.Single));

    [MethodImpl(Inline)]
    public static Lanes512<T> Residual(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c) =>
        From(Avx512F.IsSupported ? Avx512F.FusedMultiplyAddNegated(a.Single, b.Single, c.Single) : Vector512.FusedMultiplyAdd(-a.Single, b.Single, c.Single));

    [MethodImpl(Inline)]
    public static Lanes512<T> Horner(Lanes512<T> p, Lanes512<T> x, double c) =>
        From(Vector512.FusedMultiplyAdd(p.Single, x.Single, Vector512.Create((float)c)));

    [MethodImpl(Inline)] public static Lanes512<T> Sqrt(Lanes512<T> x) => new(Vector512.Sqrt(x.Value));

    [MethodImpl(Inline)] public static Lanes512<T> Floor(Lanes512<T> x) => From(Vector512.Floor(x.Single));

    [MethodImpl(Inline)] public static Lanes512<T> Ceiling(Lanes512<T> x) => From(Vector512.Ceiling(x.Single));

    [MethodImpl(Inline)] public static Lanes512<T> Round(Lanes512<T> x) => From(Vector512.Round(x.Single));

    [MethodImpl(Inline)] public static Lanes512<T> Truncate(Lanes512<T> x) => From(Vector512.Truncate(x.Single));

    [MethodImpl(Inline)] public static Lanes512<T> Abs(Lanes512<T> x) => new(Vector512.Abs(x.Value));
    [MethodImpl(Inline)] public static Lanes512<T> Max(Lanes512<T> x, Lanes512<T> y) => new(Vector512.Max(x.Value, y.Value));
    [MethodImpl(Inline)] public static Lanes512<T> Min(Lanes512<T> x, Lanes512<T> y) => new(Vector512.Min(x.Value, y.Value));
    [MethodImpl(Inline)] public static Lanes512<T> Equal(Lanes512<T> x, Lanes512<T> y) => new(Vector512.Equals(x.Value, y.Value));
    [MethodImpl(Inline)] public static Lanes512<T> Less(Lanes512<T> x, Lanes512<T> y) => new(Vector512.LessThan(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Lanes512<T> LessOrEqual(Lanes512<T> x, Lanes512<T> y) => new(Vector512.LessThanOrEqual(x.Value, y.Value));

    [MethodImpl(Inline)]
    public static Lanes512<T> Select(Lanes512<T> mask, Lanes512<T> yes, Lanes512<T> no) =>
        new(Vector512.ConditionalSelect(mask.Value, yes.Value, no.Value));

    [MethodImpl(Inline)] public static bool Any(Lanes512<T> mask) => mask.Value.As<T, ulong>() != Vector512<ulong>.Zero;

    [MethodImpl(Inline)]
    public static Lanes512<T> AddBits(Lanes512<T> x, Lanes512<T> y) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long + y.Long) : From(x.Int + y.Int);

    [MethodImpl(Inline)]
    public static Lanes512<T> SubtractBits(Lanes512<T> x, Lanes512<T> y) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long - y.Long) : From(x.Int - y.Int);

    [MethodImpl(Inline)]
    public static Lanes512<T> ShiftLeft(Lanes512<T> x, int count) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long << count) : From(x.Int << count);

    [MethodImpl(Inline)]
    public static Lanes512<T> ShiftRight(Lanes512<T> x, int count) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long >>> count) : From(x.Int >>> count);

    [MethodImpl(Inline)]
    public static Lanes512<T> ShiftRightArithmetic(Lanes512<T> x, int count) =>
        Unsafe.SizeOf<T>() == sizeof(long) ? From(x.Long >> count) : From(x.Int >> count);

    [MethodImpl(Inline)]
    public static Lanes512<T> Hold(Lanes512<T> x, double low, double high)
    {
        Vector512<float> held = x.Single;
        if (!double.IsPositiveInfinity(high)) held = Vector512.MinNative(Vector512.Create((float)high), held);
        return From(double.IsNegativeInfinity(low) ? held : Vector512.MaxNative(Vector512.Create((float)low), held));
    }

    [MethodImpl(Inline)]
    public static Lanes512<T> Scale(Lanes512<T> x, Lanes512<T> k) =>
        Avx512F.IsSupported ? From(Avx512F.Scale(x.Single, k.Single)) : SingleKernel.ScaleInSteps(x, k);

    [MethodImpl(Inline)]
    public static Lanes512<T> Native<TFunction>(Lanes512<T> x) where TFunction : struct, INativeUnary => TFunction.Single(x);

    [MethodImpl(Inline)]
    public static Lanes512<T> Widened<TFunction>(Lanes512<T> x) where TFunction : struct, IWideUnary
    {
        (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(x.Single);
        return From(Vector512.Narrow(
            TFunction.Single(new Doubles512(lower)).Value,
            TFunction.Single(new Doubles512(upper)).Value));
    }

    [MethodImpl(Inline)]
    public static Lanes512<T> Widened<TFunction>(Lanes512<T> x, Lanes512<T> y) where TFunction : struct, IWideBinary
    {
        (Vector512<double> lowerX, Vector512<double> upperX) = Vector512.Widen(x.Single);
        (Vector512<double> lowerY, Vector512<double> upperY) = Vector512.Widen(y.Single);
        return From(Vector512.Narrow(
            TFunction.Wide(new Doubles512(lowerX), new Doubles512(lowerY)).Value,
            TFunction.Wide(new Doubles512(upperX), new Doubles512(upperY)).Value));
    }

    public static Lanes512<T> EachLane<TFunction>(Lanes512<T> x) where TFunction : struct, IScalarFunction =>
        throw new NotSupportedException($"EachLane: needs f64 lanes, given {typeof(T).Name}. Use Widened.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Lanes512<T> EachPair<TFunction>(Lanes512<T> x, Lanes512<T> y) where TFunction : struct, IScalarPair
    {
        Vector512<T> left = x.Value, right = y.Value;
        ref T first = ref Unsafe.As<Vector512<T>, T>(ref left);
        ref T second = ref Unsafe.As<Vector512<T>, T>(ref right);
        for (int lane = 0; lane < Vector512<T>.Count; lane++)
            Unsafe.Add(ref first, lane) = TFunction.Scalar(Unsafe.Add(ref first, lane), Unsafe.Add(ref second, lane));
        return new(left);
    }

    [MethodImpl(Inline)]
    public static Lanes512<T> Load(ref readonly T source, nuint offset) =>
        new(Vector512.LoadUnsafe(in source, offset));

    [MethodImpl(Inline)] public static Lanes512<T> Fill(T value) => new(Vector512.Create(value));
    [MethodImpl(Inline)] public void Store(ref T destination, nuint offset) => Value.StoreUnsafe(ref destination, offset);
}
