using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>Registers of which only the first lanes are loaded; the others are as given. Memory past those lanes is not touched.</summary>
internal static class PartLoad
{
    /// <summary>The first <paramref name="count"/> lanes from <paramref name="first"/>, the others from <paramref name="others"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe Vector512<T> Of<T>(ref T first, int count, Vector512<T> others)
        where T : unmanaged
    {
        if (Avx512F.IsSupported && sizeof(T) >= 4)
        {
            fixed (T* source = &first)
            {
                return sizeof(T) == 4
                    ? Avx512F.MaskLoad((int*)source, Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)), others.AsInt32()).As<int, T>()
                    : Avx512F.MaskLoad((long*)source, Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)), others.AsInt64()).As<long, T>();
            }
        }
        Each(ref first, count, ref Unsafe.As<Vector512<T>, T>(ref others));
        return others;
    }

    /// <inheritdoc cref="Of{T}(ref T, int, Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe Vector256<T> Of<T>(ref T first, int count, Vector256<T> others)
        where T : unmanaged
    {
        if (Avx2.IsSupported && sizeof(T) >= 4)
        {
            fixed (T* source = &first)
            {
                if (sizeof(T) == 4)
                {
                    var mask = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count));
                    return Avx2.BlendVariable(others.AsInt32(), Avx2.MaskLoad((int*)source, mask), mask).As<int, T>();
                }
                var wide = Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count));
                return Avx2.BlendVariable(others.AsInt64(), Avx2.MaskLoad((long*)source, wide), wide).As<long, T>();
            }
        }
        Each(ref first, Math.Min(count, Vector256<T>.Count), ref Unsafe.As<Vector256<T>, T>(ref others));
        return others;
    }

    /// <inheritdoc cref="Of{T}(ref T, int, Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<T> Of<T>(ref T first, int count, Vector128<T> others)
        where T : unmanaged
    {
        Each(ref first, Math.Min(count, Vector128<T>.Count), ref Unsafe.As<Vector128<T>, T>(ref others));
        return others;
    }

    private static void Each<T>(ref T first, int count, ref T lane)
    {
        for (var i = 0; i < count; i++) Unsafe.Add(ref lane, i) = Unsafe.Add(ref first, i);
    }
}
