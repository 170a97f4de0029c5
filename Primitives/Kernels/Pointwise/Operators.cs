namespace Functional.Kernels;

/// <summary>y = f(x), element by element: the same bits on one element and on any register.</summary>
public interface IUnaryOperator
{
    /// <summary>f on every lane.</summary>
    static abstract T Invoke<T>(T x) where T : struct, ILanes<T>;

    /// <summary>Fills the destination by a span kernel equal to <see cref="Invoke{T}"/> bit for bit; false if there is none.</summary>
    static virtual bool TrySpan(ReadOnlySpan<double> x, Span<double> destination) => false;

    /// <summary>Fills the destination by a span kernel equal to <see cref="Invoke{T}"/> bit for bit; false if there is none.</summary>
    static virtual bool TrySpan(ReadOnlySpan<float> x, Span<float> destination) => false;

    /// <summary>Fills the destination by a span kernel equal to <see cref="Invoke{T}"/> bit for bit; false if there is none.</summary>
    static virtual bool TrySpan(ReadOnlySpan<long> x, Span<long> destination) => false;

    /// <summary>Fills the destination by a span kernel equal to <see cref="Invoke{T}"/> bit for bit; false if there is none.</summary>
    static virtual bool TrySpan(ReadOnlySpan<int> x, Span<int> destination) => false;
}

/// <summary>z = f(x, y), element by element: the same bits on one element and on any register.</summary>
public interface IBinaryOperator
{
    /// <summary>f on every pair of lanes.</summary>
    static abstract T Invoke<T>(T x, T y) where T : struct, ILanes<T>;

    /// <summary>Fills the destination from operands of its length by a span kernel equal to <see cref="Invoke{T}"/> bit for bit; false if there is none.</summary>
    static virtual bool TrySpan(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> destination) => false;

    /// <summary>Fills the destination from operands of its length by a span kernel equal to <see cref="Invoke{T}"/> bit for bit; false if there is none.</summary>
    static virtual bool TrySpan(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination) => false;

    /// <summary>Fills the destination from operands of its length by a span kernel equal to <see cref="Invoke{T}"/> bit for bit; false if there is none.</summary>
    static virtual bool TrySpan(ReadOnlySpan<long> x, ReadOnlySpan<long> y, Span<long> destination) => false;

    /// <summary>Fills the destination from operands of its length by a span kernel equal to <see cref="Invoke{T}"/> bit for bit; false if there is none.</summary>
    static virtual bool TrySpan(ReadOnlySpan<int> x, ReadOnlySpan<int> y, Span<int> destination) => false;
}

/// <summary>A proposition about x; its mask has every bit of a lane set where it holds.</summary>
public interface IPredicate
{
    /// <summary>The mask of the proposition.</summary>
    static abstract T Invoke<T>(T x) where T : struct, ILanes<T>;
}

/// <summary>A proposition about x and y; its mask has every bit of a lane set where it holds.</summary>
public interface IComparison
{
    /// <summary>The mask of the proposition.</summary>
    static abstract T Invoke<T>(T x, T y) where T : struct, ILanes<T>;
}

/// <summary>A function of many operations, which f32 lanes and f64 lanes compute as they are.</summary>
public interface INativeUnary
{
    /// <summary>The function on every f32 lane.</summary>
    static abstract T Single<T>(T x) where T : struct, ILanes<T>;

    /// <summary>The function on every f64 lane.</summary>
    static abstract T Wide<T>(T x) where T : struct, ILanes<T>;
}

/// <summary>A function that is straight-line code at near arguments, and is called for others.</summary>
internal interface INearUnary : INativeUnary
{
    /// <summary>The mask of f32 lanes at which <see cref="NearSingle"/> is the function.</summary>
    static abstract T IsNearSingle<T>(T x) where T : struct, ILanes<T>;

    /// <summary>The function on f32 lanes, all of them near.</summary>
    static abstract T NearSingle<T>(T x) where T : struct, ILanes<T>;

    /// <summary>The mask of f64 lanes at which <see cref="NearWide"/> is the function.</summary>
    static abstract T IsNearWide<T>(T x) where T : struct, ILanes<T>;

    /// <summary>The function on f64 lanes, all of them near.</summary>
    static abstract T NearWide<T>(T x) where T : struct, ILanes<T>;
}

/// <summary>An operator with the same bits at x and −x.</summary>
internal interface IEven;

/// <summary>A function of f64 lanes, which f32 lanes use by widening.</summary>
public interface IWideUnary
{
    /// <summary>The function on every f64 lane.</summary>
    static abstract T Wide<T>(T x) where T : struct, ILanes<T>;

    /// <summary>The function on f64 lanes that hold f32 numbers, to a relative error of 2⁻²⁸ or less: what is left after rounding to f32 is the rounding.</summary>
    static abstract T Single<T>(T x) where T : struct, ILanes<T>;
}

/// <summary>A function of two f64 lanes, which f32 lanes use by widening.</summary>
public interface IWideBinary
{
    /// <summary>The function on every pair of f64 lanes.</summary>
    static abstract T Wide<T>(T x, T y) where T : struct, ILanes<T>;
}

/// <summary>A function of one f64 number.</summary>
public interface IScalarFunction
{
    /// <summary>The function at x.</summary>
    static abstract double Scalar(double x);
}
