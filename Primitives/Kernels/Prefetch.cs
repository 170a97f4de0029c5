using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>Hints to bring memory near before it is read or written; an address that is nowhere is no fault.</summary>
internal static unsafe class Prefetch
{
    private const int CacheLine = 64;

    /// <summary>An element's line, into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Near<T>(T* place) where T : unmanaged
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(place);
    }

    /// <summary>The elements of a short row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row<T>(T* start, int count) where T : unmanaged
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < count; i += CacheLine / sizeof(T))
            Sse.Prefetch0(start + i);
    }
}
