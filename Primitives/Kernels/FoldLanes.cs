using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>64 bytes of lanes in registers of the width that there is, combined lane by lane: a fold has one order on all of them.</summary>
/// <typeparam name="TLanes">The registers.</typeparam>
/// <typeparam name="T">Of a lane.</typeparam>
internal interface IFoldLanes<TLanes, T>
    where TLanes : unmanaged, IFoldLanes<TLanes, T>
    where T : unmanaged
{
    static abstract TLanes Load(ref T first);

    /// <summary>The first <paramref name="count"/> of the lanes, fewer than all; the others are neutral.</summary>
    static abstract TLanes LoadPart(ref T first, int count, T neutral);

    static abstract void Store(TLanes lanes, ref T first);

    static abstract TLanes Combine<TOperator>(TLanes x, TLanes y)
        where TOperator : IFoldOperator<T>;

    /// <summary>Half the lanes on half, until 16 bytes are left.</summary>
    static abstract Vector128<T> Quarter<TOperator>(TLanes lanes)
        where TOperator : IFoldOperator<T>;
}

/// <summary>One register of 512 bits.</summary>
internal readonly struct FoldWhole<T>(Vector512<T> value) : IFoldLanes<FoldWhole<T>, T>
    where T : unmanaged
{
    private readonly Vector512<T> value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FoldWhole<T> Load(ref T first) => new(Vector512.LoadUnsafe(ref first));

    public static FoldWhole<T> LoadPart(ref T first, int count, T neutral) => new(PartLoad.Of(ref first, count, Vector512.Create(neutral)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FoldWhole<T> lanes, ref T first) => lanes.value.StoreUnsafe(ref first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FoldWhole<T> Combine<TOperator>(FoldWhole<T> x, FoldWhole<T> y)
        where TOperator : IFoldOperator<T> => new(TOperator.Combine(x.value, y.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Quarter<TOperator>(FoldWhole<T> lanes)
        where TOperator : IFoldOperator<T>
    {
        var half = TOperator.Combine(lanes.value.GetLower(), lanes.value.GetUpper());
        return TOperator.Combine(half.GetLower(), half.GetUpper());
    }
}

/// <summary>Two registers of 256 bits.</summary>
internal readonly struct FoldHalves<T>(Vector256<T> lower, Vector256<T> upper) : IFoldLanes<FoldHalves<T>, T>
    where T : unmanaged
{
    private readonly Vector256<T> lower = lower, upper = upper;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FoldHalves<T> Load(ref T first) =>
        new(Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, (nuint)Vector256<T>.Count));

    public static FoldHalves<T> LoadPart(ref T first, int count, T neutral) => new(
        PartLoad.Of(ref first, count, Vector256.Create(neutral)),
        PartLoad.Of(ref Unsafe.Add(ref first, Vector256<T>.Count), count - Vector256<T>.Count, Vector256.Create(neutral)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FoldHalves<T> lanes, ref T first)
    {
        lanes.lower.StoreUnsafe(ref first);
        lanes.upper.StoreUnsafe(ref first, (nuint)Vector256<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FoldHalves<T> Combine<TOperator>(FoldHalves<T> x, FoldHalves<T> y)
        where TOperator : IFoldOperator<T> => new(TOperator.Combine(x.lower, y.lower), TOperator.Combine(x.upper, y.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Quarter<TOperator>(FoldHalves<T> lanes)
        where TOperator : IFoldOperator<T>
    {
        var half = TOperator.Combine(lanes.lower, lanes.upper);
        return TOperator.Combine(half.GetLower(), half.GetUpper());
    }
}

/// <summary>Four registers of 128 bits.</summary>
internal readonly struct FoldQuarters<T>(Vector128<T> a, Vector128<T> b, Vector128<T> c, Vector128<T> d) : IFoldLanes<FoldQuarters<T>, T>
    where T : unmanaged
{
    private readonly Vector128<T> a = a, b = b, c = c, d = d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FoldQuarters<T> Load(ref T first) => new(
        Vector128.LoadUnsafe(ref first),
        Vector128.LoadUnsafe(ref first, (nuint)Vector128<T>.Count),
        Vector128.LoadUnsafe(ref first, (nuint)Vector128<T>.Count * 2),
        Vector128.LoadUnsafe(ref first, (nuint)Vector128<T>.Count * 3));

    public static FoldQuarters<T> LoadPart(ref T first, int count, T neutral)
    {
        var others = Vector128.Create(neutral);
        return new(
            PartLoad.Of(ref first, count, others),
            PartLoad.Of(ref Unsafe.Add(ref first, Vector128<T>.Count), count - Vector128<T>.Count, others),
            PartLoad.Of(ref Unsafe.Add(ref first, Vector128<T>.Count * 2), count - (Vector128<T>.Count * 2), others),
            PartLoad.Of(ref Unsafe.Add(ref first, Vector128<T>.Count * 3), count - (Vector128<T>.Count * 3), others));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FoldQuarters<T> lanes, ref T first)
    {
        lanes.a.StoreUnsafe(ref first);
        lanes.b.StoreUnsafe(ref first, (nuint)Vector128<T>.Count);
        lanes.c.StoreUnsafe(ref first, (nuint)Vector128<T>.Count * 2);
        lanes.d.StoreUnsafe(ref first, (nuint)Vector128<T>.Count * 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FoldQuarters<T> Combine<TOperator>(FoldQuarters<T> x, FoldQuarters<T> y)
        where TOperator : IFoldOperator<T> =>
        new(TOperator.Combine(x.a, y.a), TOperator.Combine(x.b, y.b), TOperator.Combine(x.c, y.c), TOperator.Combine(x.d, y.d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Quarter<TOperator>(FoldQuarters<T> lanes)
        where TOperator : IFoldOperator<T> =>
        TOperator.Combine(TOperator.Combine(lanes.a, lanes.c), TOperator.Combine(lanes.b, lanes.d));
}
