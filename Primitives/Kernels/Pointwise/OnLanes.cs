using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// Operators at one element and at one register of elements: the entries a compiler of fused loops calls. Elements are
/// f32, f64, i32 or i64, and bytes 0 or 1 for logical values. Masks have every bit of a lane set where the proposition holds.
/// </summary>
public static class OnLanes
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>f(x) for one element, logical values included.</summary>
    [MethodImpl(Inline)]
    public static T Unary<TOperator, T>(T x) where TOperator : struct, IUnaryOperator where T : unmanaged =>
        typeof(T) == typeof(bool)
            ? Unsafe.BitCast<byte, T>(Unary<TOperator, byte>(One(AsByte(x))).ToScalar())
            : Unary<TOperator, T>(One(x)).ToScalar();

    /// <summary>f(x, y) for one pair of elements, logical values included.</summary>
    [MethodImpl(Inline)]
    public static T Binary<TOperator, T>(T x, T y) where TOperator : struct, IBinaryOperator where T : unmanaged =>
        typeof(T) == typeof(bool)
            ? Unsafe.BitCast<byte, T>(Binary<TOperator, byte>(One(AsByte(x)), One(AsByte(y))).ToScalar())
            : Binary<TOperator, T>(One(x), One(y)).ToScalar();

    /// <summary>Whether the predicate holds of one element.</summary>
    [MethodImpl(Inline)]
    public static bool Test<TPredicate, T>(T x) where TPredicate : struct, IPredicate where T : unmanaged =>
        typeof(T) == typeof(bool)
            ? IsSet(Test<TPredicate, byte>(One(AsByte(x))))
            : IsSet(Test<TPredicate, T>(One(x)));

    /// <summary>Whether the comparison holds of one pair of elements.</summary>
    [MethodImpl(Inline)]
    public static bool Compare<TComparison, T>(T x, T y) where TComparison : struct, IComparison where T : unmanaged =>
        typeof(T) == typeof(bool)
            ? IsSet(Compare<TComparison, byte>(One(AsByte(x)), One(AsByte(y))))
            : IsSet(Compare<TComparison, T>(One(x), One(y)));

    /// <summary>f on every lane of 128 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector128<T> Unary<TOperator, T>(Vector128<T> x) where TOperator : struct, IUnaryOperator where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TOperator.Invoke(new Doubles128(x.As<T, double>())).Value.As<double, T>()
            : TOperator.Invoke(new Lanes128<T>(x)).Value;

    /// <summary>f on every pair of lanes of 128 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector128<T> Binary<TOperator, T>(Vector128<T> x, Vector128<T> y) where TOperator : struct, IBinaryOperator where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TOperator.Invoke(new Doubles128(x.As<T, double>()), new Doubles128(y.As<T, double>())).Value.As<double, T>()
            : TOperator.Invoke(new Lanes128<T>(x), new Lanes128<T>(y)).Value;

    /// <summary>The mask of the predicate on lanes of 128 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector128<T> Test<TPredicate, T>(Vector128<T> x) where TPredicate : struct, IPredicate where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TPredicate.Invoke(new Doubles128(x.As<T, double>())).Value.As<double, T>()
            : TPredicate.Invoke(new Lanes128<T>(x)).Value;

    /// <summary>The mask of the comparison on lanes of 128 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector128<T> Compare<TComparison, T>(Vector128<T> x, Vector128<T> y) where TComparison : struct, IComparison where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TComparison.Invoke(new Doubles128(x.As<T, double>()), new Doubles128(y.As<T, double>())).Value.As<double, T>()
            : TComparison.Invoke(new Lanes128<T>(x), new Lanes128<T>(y)).Value;

    /// <summary>f on every lane of 256 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector256<T> Unary<TOperator, T>(Vector256<T> x) where TOperator : struct, IUnaryOperator where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TOperator.Invoke(new Doubles256(x.As<T, double>())).Value.As<double, T>()
            : TOperator.Invoke(new Lanes256<T>(x)).Value;

    /// <summary>f on every pair of lanes of 256 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector256<T> Binary<TOperator, T>(Vector256<T> x, Vector256<T> y) where TOperator : struct, IBinaryOperator where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TOperator.Invoke(new Doubles256(x.As<T, double>()), new Doubles256(y.As<T, double>())).Value.As<double, T>()
            : TOperator.Invoke(new Lanes256<T>(x), new Lanes256<T>(y)).Value;

    /// <summary>The mask of the predicate on lanes of 256 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector256<T> Test<TPredicate, T>(Vector256<T> x) where TPredicate : struct, IPredicate where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TPredicate.Invoke(new Doubles256(x.As<T, double>())).Value.As<double, T>()
            : TPredicate.Invoke(new Lanes256<T>(x)).Value;

    /// <summary>The mask of the comparison on lanes of 256 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector256<T> Compare<TComparison, T>(Vector256<T> x, Vector256<T> y) where TComparison : struct, IComparison where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TComparison.Invoke(new Doubles256(x.As<T, double>()), new Doubles256(y.As<T, double>())).Value.As<double, T>()
            : TComparison.Invoke(new Lanes256<T>(x), new Lanes256<T>(y)).Value;

    /// <summary>f on every lane of 512 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector512<T> Unary<TOperator, T>(Vector512<T> x) where TOperator : struct, IUnaryOperator where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TOperator.Invoke(new Doubles512(x.As<T, double>())).Value.As<double, T>()
            : TOperator.Invoke(new Lanes512<T>(x)).Value;

    /// <summary>f on every pair of lanes of 512 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector512<T> Binary<TOperator, T>(Vector512<T> x, Vector512<T> y) where TOperator : struct, IBinaryOperator where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TOperator.Invoke(new Doubles512(x.As<T, double>()), new Doubles512(y.As<T, double>())).Value.As<double, T>()
            : TOperator.Invoke(new Lanes512<T>(x), new Lanes512<T>(y)).Value;

    /// <summary>The mask of the predicate on lanes of 512 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector512<T> Test<TPredicate, T>(Vector512<T> x) where TPredicate : struct, IPredicate where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TPredicate.Invoke(new Doubles512(x.As<T, double>())).Value.As<double, T>()
            : TPredicate.Invoke(new Lanes512<T>(x)).Value;

    /// <summary>The mask of the comparison on lanes of 512 bits.</summary>
    [MethodImpl(Inline)]
    public static Vector512<T> Compare<TComparison, T>(Vector512<T> x, Vector512<T> y) where TComparison : struct, IComparison where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TComparison.Invoke(new Doubles512(x.As<T, double>()), new Doubles512(y.As<T, double>())).Value.As<double, T>()
            : TComparison.Invoke(new Lanes512<T>(x), new Lanes512<T>(y)).Value;

    /// <summary>Lane by lane of 128 bits, <paramref name="yes"/> where the mask is set, else <paramref name="no"/>.</summary>
    [MethodImpl(Inline)]
    internal static Vector128<T> Select<T>(Vector128<T> mask, Vector128<T> yes, Vector128<T> no) where T : unmanaged =>
        Lanes128<T>.Select(new(mask), new(yes), new(no)).Value;

    /// <summary>Lane by lane of 256 bits, <paramref name="yes"/> where the mask is set, else <paramref name="no"/>.</summary>
    [MethodImpl(Inline)]
    internal static Vector256<T> Select<T>(Vector256<T> mask, Vector256<T> yes, Vector256<T> no) where T : unmanaged =>
        Lanes256<T>.Select(new(mask), new(yes), new(no)).Value;

    /// <summary>Lane by lane of 512 bits, <paramref name="yes"/> where the mask is set, else <paramref name="no"/>.</summary>
    [MethodImpl(Inline)]
    internal static Vector512<T> Select<T>(Vector512<T> mask, Vector512<T> yes, Vector512<T> no) where T : unmanaged =>
        Lanes512<T>.Select(new(mask), new(yes), new(no)).Value;

    /// <summary>Whether some lane of 128 bits is not near.</summary>
    [MethodImpl(Inline)]
    internal static bool IsFar<TOperator, T>(Vector128<T> x) where TOperator : struct, INearUnary where T : unmanaged =>
        typeof(T) == typeof(double)
            ? Doubles128.Any(~TOperator.IsNearWide(new Doubles128(x.As<T, double>())))
            : Lanes128<T>.Any(~TOperator.IsNearSingle(new Lanes128<T>(x)));

    /// <summary>f on every lane of 128 bits, all of them near.</summary>
    [MethodImpl(Inline)]
    internal static Vector128<T> Near<TOperator, T>(Vector128<T> x) where TOperator : struct, INearUnary where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TOperator.NearWide(new Doubles128(x.As<T, double>())).Value.As<double, T>()
            : TOperator.NearSingle(new Lanes128<T>(x)).Value;

    /// <summary>Whether some lane of 256 bits is not near.</summary>
    [MethodImpl(Inline)]
    internal static bool IsFar<TOperator, T>(Vector256<T> x) where TOperator : struct, INearUnary where T : unmanaged =>
        typeof(T) == typeof(double)
            ? Doubles256.Any(~TOperator.IsNearWide(new Doubles256(x.As<T, double>())))
            : Lanes256<T>.Any(~TOperator.IsNearSingle(new Lanes256<T>(x)));

    /// <summary>f on every lane of 256 bits, all of them near.</summary>
    [MethodImpl(Inline)]
    internal static Vector256<T> Near<TOperator, T>(Vector256<T> x) where TOperator : struct, INearUnary where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TOperator.NearWide(new Doubles256(x.As<T, double>())).Value.As<double, T>()
            : TOperator.NearSingle(new Lanes256<T>(x)).Value;

    /// <summary>Whether some lane of 512 bits is not near.</summary>
    [MethodImpl(Inline)]
    internal static bool IsFar<TOperator, T>(Vector512<T> x) where TOperator : struct, INearUnary where T : unmanaged =>
        typeof(T) == typeof(double)
            ? Doubles512.Any(~TOperator.IsNearWide(new Doubles512(x.As<T, double>())))
            : Lanes512<T>.Any(~TOperator.IsNearSingle(new Lanes512<T>(x)));

    /// <summary>f on every lane of 512 bits, all of them near.</summary>
    [MethodImpl(Inline)]
    internal static Vector512<T> Near<TOperator, T>(Vector512<T> x) where TOperator : struct, INearUnary where T : unmanaged =>
        typeof(T) == typeof(double)
            ? TOperator.NearWide(new Doubles512(x.As<T, double>())).Value.As<double, T>()
            : TOperator.NearSingle(new Lanes512<T>(x)).Value;

    // The other lanes repeat the element, so that an integer division has no zero of its own to meet.
    [MethodImpl(Inline)] private static Vector128<T> One<T>(T x) where T : unmanaged => Vector128.Create(x);
    [MethodImpl(Inline)] private static byte AsByte<T>(T x) where T : unmanaged => Unsafe.BitCast<T, byte>(x);
    [MethodImpl(Inline)] private static bool IsSet<T>(Vector128<T> mask) => (mask.AsByte().ToScalar() & 1) != 0;
}
