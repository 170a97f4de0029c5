using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Functional.Kernels;

/// <summary>
/// Rows read and written at places that are known only when the loop runs. A source of extents [outer, extent, inner] has a
/// row of length inner at each (outer, place).
/// </summary>
public static class Indexed
{
    private const int Short = 8;

    /// <summary>
    /// places[i] = places[i]·extent + index[i], a negative index counting from the end; −1, or the first i whose index is
    /// out of range. Called once for each axis, from places of 0, it gives row-major places over all of them.
    /// </summary>
    public static int Locate<T>(ReadOnlySpan<T> indices, int extent, Span<int> places)
        where T : IBinaryInteger<T>
    {
        var (low, count) = (T.CreateTruncating(-extent), T.CreateTruncating(extent));
        for (var i = 0; i < indices.Length; i++)
        {
            var index = indices[i];
            if (index < low || index >= count) return i;
            places[i] = (places[i] * extent) + int.CreateTruncating(T.IsNegative(index) ? index + count : index);
        }
        return -1;
    }

    /// <summary>destination[o, i, …] = source[o, places[i], …].</summary>
    public static void Gather<T>(ReadOnlySpan<T> source, int extent, int inner, ReadOnlySpan<int> places, Span<T> destination)
    {
        if (destination.IsEmpty) return;
        for (; !destination.IsEmpty; source = source[(extent * inner)..], destination = destination[(places.Length * inner)..])
        {
            if (inner == 1) GatherRow(source[..extent], places, destination[..places.Length]);
            else if (inner <= Short) GatherShort(source[..(extent * inner)], inner, places, destination[..(places.Length * inner)]);
            else
                for (var i = 0; i < places.Length; i++) source.Slice(places[i] * inner, inner).CopyTo(destination[(i * inner)..]);
        }
    }

    // Rows whose elements are sooner moved one by one than by a call.
    private static void GatherShort<T>(ReadOnlySpan<T> source, int inner, ReadOnlySpan<int> places, Span<T> destination)
    {
        ref var to = ref MemoryMarshal.GetReference(destination);
        foreach (var place in places)
        {
            ref var from = ref MemoryMarshal.GetReference(source.Slice(place * inner, inner));
            for (var k = 0; k < inner; k++)
            {
                to = Unsafe.Add(ref from, k);
                to = ref Unsafe.Add(ref to, 1)!;
            }
        }
    }

    private static void GatherRow<T>(ReadOnlySpan<T> source, ReadOnlySpan<int> places, Span<T> destination)
    {
        for (var i = 0; i < destination.Length && i < places.Length; i++) destination[i] = source[places[i]];
    }

    /// <summary>destination[o, places[i], …] = source[o, i, …], in order: where places are equal the last stays.</summary>
    public static void Scatter<T>(ReadOnlySpan<T> source, int extent, int inner, ReadOnlySpan<int> places, Span<T> destination)
    {
        for (; !source.IsEmpty; source = source[(places.Length * inner)..], destination = destination[(extent * inner)..])
        {
            if (inner == 1)
                for (var i = 0; i < places.Length; i++) destination[places[i]] = source[i];
            else
                for (var i = 0; i < places.Length; i++) source.Slice(i * inner, inner).CopyTo(destination[(places[i] * inner)..]);
        }
    }

    /// <summary>destination[o, places[i], …] += source[o, i, …], in order, so that sums are the same on every run.</summary>
    public static void ScatterAdd<T>(ReadOnlySpan<T> source, int extent, int inner, ReadOnlySpan<int> places, Span<T> destination)
        where T : IAdditionOperators<T, T, T>, IAdditiveIdentity<T, T>
    {
        for (; !source.IsEmpty; source = source[(places.Length * inner)..], destination = destination[(extent * inner)..])
        {
            if (inner == 1)
                for (var i = 0; i < places.Length; i++) destination[places[i]] += source[i];
            else
                for (var i = 0; i < places.Length; i++)
                {
                    var row = destination.Slice(places[i] * inner, inner);
                    TensorPrimitives.Add(row, source.Slice(i * inner, inner), row);
                }
        }
    }
}
