using System.Runtime.Intrinsics;
using Functional.Kernels;

namespace Functional.Properties.Kernels;

/// <summary>An operator as a value: its span kernel, its one-element form and its registers, for any element type.</summary>
public abstract record UnaryCase(string Name)
{
    public abstract void Span<T>(ReadOnlySpan<T> x, Span<T> destination) where T : unmanaged;

    public abstract T One<T>(T x) where T : unmanaged;

    public abstract Vector128<T> On<T>(Vector128<T> x) where T : unmanaged;

    public abstract Vector256<T> On<T>(Vector256<T> x) where T : unmanaged;

    public abstract Vector512<T> On<T>(Vector512<T> x) where T : unmanaged;

    /// <summary>Every unary operator of the library.</summary>
    public static IReadOnlyList<UnaryCase> All { get; } =
        [.. Operators(typeof(IUnaryOperator)).Select(x => (UnaryCase)Activator.CreateInstance(typeof(Of<>).MakeGenericType(x))!)];

    public bool TakesFloats => Name != nameof(Not);

    /// <summary>Whether f32 lanes are computed as they are.</summary>
    public abstract bool IsNative { get; }

    public bool TakesIntegers => Name is nameof(Not) or nameof(Negate) or nameof(Abs) or nameof(Sign) or nameof(Floor) or nameof(Ceiling) or nameof(Round);

    internal static IEnumerable<Type> Operators(Type kind) =>
        typeof(Pointwise).Assembly.GetTypes().Where(x => x.IsValueType && kind.IsAssignableFrom(x)).OrderBy(x => x.Name);

    private sealed record Of<TOperator>() : UnaryCase(typeof(TOperator).Name) where TOperator : struct, IUnaryOperator
    {
        public override bool IsNative => typeof(TOperator).IsAssignableTo(typeof(INativeUnary));

        public override void Span<T>(ReadOnlySpan<T> x, Span<T> destination) => Pointwise.Unary<TOperator, T>(x, destination);

        public override T One<T>(T x) => OnLanes.Unary<TOperator, T>(x);

        public override Vector128<T> On<T>(Vector128<T> x) => OnLanes.Unary<TOperator, T>(x);

        public override Vector256<T> On<T>(Vector256<T> x) => OnLanes.Unary<TOperator, T>(x);

        public override Vector512<T> On<T>(Vector512<T> x) => OnLanes.Unary<TOperator, T>(x);
    }
}

/// <summary>An operator of two operands as a value.</summary>
public abstract record BinaryCase(string Name)
{
    public abstract void Span<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination) where T : unmanaged;

    public abstract T One<T>(T x, T y) where T : unmanaged;

    public abstract Vector128<T> On<T>(Vector128<T> x, Vector128<T> y) where T : unmanaged;

    public abstract Vector256<T> On<T>(Vector256<T> x, Vector256<T> y) where T : unmanaged;

    public abstract Vector512<T> On<T>(Vector512<T> x, Vector512<T> y) where T : unmanaged;

    /// <summary>Every binary operator of the library.</summary>
    public static IReadOnlyList<BinaryCase> All { get; } =
        [.. UnaryCase.Operators(typeof(IBinaryOperator)).Select(x => (BinaryCase)Activator.CreateInstance(typeof(Of<>).MakeGenericType(x))!)];

    public bool TakesFloats => !IsLogical;

    public bool TakesIntegers => Name is not (nameof(Atan2) or nameof(Hypot));

    public bool IsLogical => Name is nameof(And) or nameof(Or) or nameof(Xor);

    private sealed record Of<TOperator>() : BinaryCase(typeof(TOperator).Name) where TOperator : struct, IBinaryOperator
    {
        public override void Span<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination) => Pointwise.Binary<TOperator, T>(x, y, destination);

        public override T One<T>(T x, T y) => OnLanes.Binary<TOperator, T>(x, y);

        public override Vector128<T> On<T>(Vector128<T> x, Vector128<T> y) => OnLanes.Binary<TOperator, T>(x, y);

        public override Vector256<T> On<T>(Vector256<T> x, Vector256<T> y) => OnLanes.Binary<TOperator, T>(x, y);

        public override Vector512<T> On<T>(Vector512<T> x, Vector512<T> y) => OnLanes.Binary<TOperator, T>(x, y);
    }
}

/// <summary>A comparison as a value.</summary>
public abstract record ComparisonCase(string Name)
{
    public abstract void Span<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> destination) where T : unmanaged;

    public abstract bool One<T>(T x, T y) where T : unmanaged;

    /// <summary>Every comparison of the library.</summary>
    public static IReadOnlyList<ComparisonCase> All { get; } =
        [.. UnaryCase.Operators(typeof(IComparison)).Select(x => (ComparisonCase)Activator.CreateInstance(typeof(Of<>).MakeGenericType(x))!)];

    private sealed record Of<TComparison>() : ComparisonCase(typeof(TComparison).Name) where TComparison : struct, IComparison
    {
        public override void Span<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> destination) => Pointwise.Compare<TComparison, T>(x, y, destination);

        public override bool One<T>(T x, T y) => OnLanes.Compare<TComparison, T>(x, y);
    }
}
