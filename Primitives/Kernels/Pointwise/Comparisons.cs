using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>x = y; with a NaN false.</summary>
public readonly struct Equal : IComparison
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => T.Equal(x, y);
}

/// <summary>x ≠ y; with a NaN true.</summary>
public readonly struct NotEqual : IComparison
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => ~T.Equal(x, y);
}

/// <summary>x &lt; y; with a NaN false.</summary>
public readonly struct Less : IComparison
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => T.Less(x, y);
}

/// <summary>x ≤ y; with a NaN false.</summary>
public readonly struct LessOrEqual : IComparison
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => T.LessOrEqual(x, y);
}

/// <summary>x &gt; y; with a NaN false.</summary>
public readonly struct Greater : IComparison
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => T.Less(y, x);
}

/// <summary>x ≥ y; with a NaN false.</summary>
public readonly struct GreaterOrEqual : IComparison
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T y) where T : struct, ILanes<T> => T.LessOrEqual(y, x);
}

/// <summary>Whether x is not a number.</summary>
public readonly struct IsNaN : IPredicate
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => ~T.Equal(x, x);
}

/// <summary>Whether x is neither infinite nor NaN.</summary>
public readonly struct IsFinite : IPredicate
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => T.IsInteger ? T.Equal(x, x) : T.Equal(x - x, T.Of(0));
}

/// <summary>Whether x ≠ 0; true of NaN.</summary>
public readonly struct IsNonzero : IPredicate
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x) where T : struct, ILanes<T> => ~T.Equal(x, T.Of(0));
}
