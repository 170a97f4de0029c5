using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>Where an element stands along an axis of row-major storage [outer, n, inner].</summary>
internal static class Places
{
    /// <summary>places[o, k] = the least i where source[o, i, k] is sought[o, k], or is NaN; it is known to stand there.</summary>
    internal static void First<T>(ReadOnlySpan<T> source, int n, int inner, ReadOnlySpan<T> sought, Span<long> places)
        where T : unmanaged, INumber<T>
    {
        if (inner == 1)
        {
            for (var row = 0; row < places.Length; row++) places[row] = Along(source.Slice(row * n, n), sought[row]);
            return;
        }
        for (var outer = 0; outer < places.Length; outer += inner)
            for (var i = n - 1; i >= 0; i--)
                Mark(source.Slice((outer * n) + (i * inner), inner), sought.Slice(outer, inner), i, places.Slice(outer, inner));
    }

    private static int Along<T>(ReadOnlySpan<T> row, T sought)
        where T : unmanaged, INumber<T>
    {
        ref var first = ref MemoryMarshal.GetReference(row);
        var all = Vector256.Create(sought);
        var i = 0;
        for (; i <= row.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            var lanes = Vector256.LoadUnsafe(ref first, (nuint)i);
            if ((Vector256.Equals(lanes, all) | ~Vector256.Equals(lanes, lanes)) != Vector256<T>.Zero) break;
        }
        while (!Stands(row[i], sought)) i++;
        return i;
    }

    // Rows come from the last to the first, so that the first overwrites.
    private static void Mark<T>(ReadOnlySpan<T> row, ReadOnlySpan<T> sought, int i, Span<long> places)
        where T : unmanaged, INumber<T>
    {
        for (var k = 0; k < places.Length; k++)
            places[k] = Stands(row[k], sought[k]) ? i : places[k];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Stands<T>(T element, T sought)
        where T : unmanaged, INumber<T> => element == sought || T.IsNaN(element);
}
