using System.Runtime.InteropServices;

namespace Functional.Kernels;

/// <summary>
/// Elementwise loops over spans. Elements are f32, f64, i32, i64 or (where the operator is logical) bool. A destination
/// may be an input itself; it must not overlap one partly.
/// </summary>
public static partial class Pointwise
{
    /// <summary>destination[i] = f(x[i]).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Unary<TOperator, T>(ReadOnlySpan<T> x, Span<T> destination)
        where TOperator : struct, IUnaryOperator
        where T : unmanaged
    {
        RequireLength(x.Length, destination.Length);
        if (x.IsEmpty || TrySpan<TOperator, T>(x, destination)) return;
        if (typeof(T) == typeof(bool)) Loops.Widest<UnaryLoop<TOperator>, byte, byte>(AsBytes(x), [], AsBytes(destination));
        else Loops.Widest<UnaryLoop<TOperator>, T, T>(x, [], destination);
    }

    /// <summary>destination[i] = f(x[i], y[i]); an operand of length 1 stands for every element.</summary>
    /// <exception cref="ArgumentException">A length is neither 1 nor the destination's.</exception>
    public static void Binary<TOperator, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where TOperator : struct, IBinaryOperator
        where T : unmanaged
    {
        RequireLength(x.Length, y.Length, destination.Length);
        if (destination.IsEmpty || TrySpan<TOperator, T>(x, y, destination)) return;
        if (typeof(T) == typeof(bool)) Loops.Widest<BinaryLoop<TOperator>, byte, byte>(AsBytes(x), AsBytes(y), AsBytes(destination));
        else Loops.Widest<BinaryLoop<TOperator>, T, T>(x, y, destination);
    }

    /// <summary>destination[i] says whether the predicate holds of x[i].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Test<TPredicate, T>(ReadOnlySpan<T> x, Span<bool> destination)
        where TPredicate : struct, IPredicate
        where T : unmanaged
    {
        RequireLength(x.Length, destination.Length);
        if (x.IsEmpty) return;
        if (typeof(T) == typeof(bool)) Loops.Widest<TestLoop<TPredicate>, byte, bool>(AsBytes(x), [], destination);
        else Loops.Widest<TestLoop<TPredicate>, T, bool>(x, [], destination);
    }

    /// <summary>destination[i] says whether the comparison holds of x[i] and y[i]; an operand of length 1 stands for every element.</summary>
    /// <exception cref="ArgumentException">A length is neither 1 nor the destination's.</exception>
    public static void Compare<TComparison, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> destination)
        where TComparison : struct, IComparison
        where T : unmanaged
    {
        RequireLength(x.Length, y.Length, destination.Length);
        if (destination.IsEmpty) return;
        if (typeof(T) == typeof(bool)) Loops.Widest<CompareLoop<TComparison>, byte, bool>(AsBytes(x), AsBytes(y), destination);
        else Loops.Widest<CompareLoop<TComparison>, T, bool>(x, y, destination);
    }

    private static ReadOnlySpan<byte> AsBytes<T>(ReadOnlySpan<T> x) where T : unmanaged => MemoryMarshal.Cast<T, byte>(x);

    private static Span<byte> AsBytes<T>(Span<T> x) where T : unmanaged => MemoryMarshal.Cast<T, byte>(x);

    private static void RequireLength(int x, int destination)
    {
        if (x != destination)
            throw new ArgumentException($"Pointwise: x has {x} elements, the destination {destination}. Give a destination of the same length.");
    }

    private static void RequireLength(int x, int y, int destination)
    {
        if ((x != destination && x != 1) || (y != destination && y != 1))
            throw new ArgumentException($"Pointwise: x has {x} elements, y {y}, the destination {destination}. Each operand needs 1 element or the destination's number.");
    }
}
