using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// Threefry-2x32 with 20 rounds: a bijection of 64-bit counters for each 64-bit key that passes every known test of randomness
/// (J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011). A number depends on
/// its key and its place alone. The upper word of a counter keeps uses apart, so that no two of them ever read the same block.
/// </summary>
public static class Threefry
{
    /// <summary>The upper counter word of random bits.</summary>
    private const uint Drawing = 0;

    /// <summary>The upper counter word of keys split off.</summary>
    private const uint Splitting = 1;

    /// <summary>The upper counter word of keys that a number is folded into.</summary>
    private const uint Folding = 2;

    /// <summary>The upper counter word of the first number drawn again because one was rejected.</summary>
    private const uint Redrawing = 0x80000000;

    private const uint Parity = 0x1BD11BDA;

    /// <summary>The block of a counter under a key, low word first in each.</summary>
    public static ulong Block(ulong key, ulong counter)
    {
        var (x, y) = Blocks(key, Vector256.Create((uint)counter), Vector256.Create((uint)(counter >> 32)));
        return x[0] | ((ulong)y[0] << 32);
    }

    /// <summary>Random bits: element i is the block of counter i.</summary>
    public static void Fill(long key, Span<long> destination) => Fill((ulong)key, Drawing, MemoryMarshal.Cast<long, ulong>(destination));

    /// <summary>Random bits: elements 2i and 2i + 1 are the words of the block of counter i.</summary>
    public static void Fill(long key, Span<int> destination)
    {
        var pairs = destination.Length / 2;
        Fill((ulong)key, Drawing, MemoryMarshal.Cast<int, ulong>(destination[..(2 * pairs)]));
        if (destination.Length % 2 == 1) destination[^1] = (int)Block((ulong)key, Counter((uint)pairs, Drawing));
    }

    /// <summary>Keys of their own, different from each other and from what else the key gives.</summary>
    public static void Split(long key, Span<long> children) => Fill((ulong)key, Splitting, MemoryMarshal.Cast<long, ulong>(children));

    /// <summary>The key for a number: different numbers give different keys.</summary>
    public static long Fold(long key, long number) => (long)Block(Block((ulong)key, Counter(0, Folding)), (ulong)number);

    /// <summary>
    /// Integers from 0 up to before a count, each equally probable: the high word of bits · count, drawn again where the low word
    /// says that it is of the few that would favour some (D. Lemire, "Fast random integer generation in an interval", 2019).
    /// </summary>
    public static void FillBelow(long key, ulong count, Span<long> destination)
    {
        Fill(key, destination);
        var favoured = unchecked(0 - count) % count;
        for (var i = 0; i < destination.Length; i++)
        {
            var high = Math.BigMul((ulong)destination[i], count, out var low);
            for (var again = 0u; low < favoured; again++)
                high = Math.BigMul(Block((ulong)key, Counter((uint)i, Redrawing + again)), count, out low);
            destination[i] = (long)high;
        }
    }

    /// <summary>Numbers evenly between 0 and 1 from the low bits of each element: k·2⁻⁵³ for 53 bits k, or (k + ½)·2⁻⁵² for 52.</summary>
    public static void FillUnit(long key, Span<double> destination, bool inside)
    {
        var bits = MemoryMarshal.Cast<double, long>(destination);
        Fill(key, bits);
        var (mask, unit, half) = inside ? (0xF_FFFF_FFFF_FFFF, 1.0 / (1L << 52), 0.5 / (1L << 52)) : (0x1F_FFFF_FFFF_FFFF, 1.0 / (1L << 53), 0);
        var place = 0;
        for (; place + Vector256<long>.Count <= bits.Length; place += Vector256<long>.Count)
        {
            var integers = Vector256.Create<long>(bits.Slice(place, Vector256<long>.Count)) & Vector256.Create(mask);
            ((Vector256.ConvertToDouble(integers) * unit) + Vector256.Create(half)).CopyTo(destination[place..]);
        }
        for (; place < bits.Length; place++) destination[place] = ((bits[place] & mask) * unit) + half;
    }

    /// <summary>Numbers evenly between 0 and 1 from the low bits of each word: k·2⁻²⁴ for 24 bits k, or (k + ½)·2⁻²³ for 23.</summary>
    public static void FillUnit(long key, Span<float> destination, bool inside)
    {
        var bits = MemoryMarshal.Cast<float, int>(destination);
        Fill(key, bits);
        var (mask, unit, half) = inside ? (0x7F_FFFF, 1f / (1 << 23), 0.5f / (1 << 23)) : (0xFF_FFFF, 1f / (1 << 24), 0);
        var place = 0;
        for (; place + Vector256<int>.Count <= bits.Length; place += Vector256<int>.Count)
        {
            var integers = Vector256.Create<int>(bits.Slice(place, Vector256<int>.Count)) & Vector256.Create(mask);
            ((Vector256.ConvertToSingle(integers) * unit) + Vector256.Create(half)).CopyTo(destination[place..]);
        }
        for (; place < bits.Length; place++) destination[place] = ((bits[place] & mask) * unit) + half;
    }

    private static ulong Counter(uint place, uint use) => place | ((ulong)use << 32);

    private static void Fill(ulong key, uint use, Span<ulong> destination)
    {
        var upper = Vector256.Create(use);
        var place = 0;
        for (; place + Vector256<uint>.Count <= destination.Length; place += Vector256<uint>.Count)
            Store(key, place, upper, destination.Slice(place, Vector256<uint>.Count));
        if (place == destination.Length) return;
        Span<ulong> rest = stackalloc ulong[Vector256<uint>.Count];
        Store(key, place, upper, rest);
        rest[..(destination.Length - place)].CopyTo(destination[place..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ulong key, int place, Vector256<uint> upper, Span<ulong> destination)
    {
        var (x, y) = Blocks(key, Vector256.Create((uint)place) + Vector256<uint>.Indices, upper);
        var (lowX, highX) = Vector256.Widen(x);
        var (lowY, highY) = Vector256.Widen(y);
        (lowX | (lowY << 32)).CopyTo(destination);
        (highX | (highY << 32)).CopyTo(destination[Vector256<ulong>.Count..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint> X, Vector256<uint> Y) Blocks(ulong key, Vector256<uint> x, Vector256<uint> y)
    {
        var (key0, key1) = ((uint)key, (uint)(key >> 32));
        var key2 = Parity ^ key0 ^ key1;
        x += Vector256.Create(key0);
        y += Vector256.Create(key1);
        Rounds(ref x, ref y, 13, 15, 26, 6, key1, key2 + 1);
        Rounds(ref x, ref y, 17, 29, 16, 24, key2, key0 + 2);
        Rounds(ref x, ref y, 13, 15, 26, 6, key0, key1 + 3);
        Rounds(ref x, ref y, 17, 29, 16, 24, key1, key2 + 4);
        Rounds(ref x, ref y, 13, 15, 26, 6, key2, key0 + 5);
        return (x, y);
    }

    // Four rounds, then the key goes in again.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rounds(ref Vector256<uint> x, ref Vector256<uint> y, int r0, int r1, int r2, int r3, uint keyX, uint keyY)
    {
        Mix(ref x, ref y, r0);
        Mix(ref x, ref y, r1);
        Mix(ref x, ref y, r2);
        Mix(ref x, ref y, r3);
        x += Vector256.Create(keyX);
        y += Vector256.Create(keyY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref Vector256<uint> x, ref Vector256<uint> y, int rotation)
    {
        x += y;
        y = ((y << rotation) | (y >>> (32 - rotation))) ^ x;
    }
}
