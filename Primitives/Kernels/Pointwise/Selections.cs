using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

public static partial class Pointwise
{
    /// <summary>destination[i] = mask[i] ? x[i] : y[i], for elements of 1, 4 or 8 bytes; any operand of length 1 stands for every element.</summary>
    /// <exception cref="ArgumentException">A length is neither 1 nor the destination's.</exception>
    public static void Select<T>(ReadOnlySpan<bool> mask, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where T : unmanaged
    {
        RequireLength(x.Length, y.Length, destination.Length);
        RequireLength(mask.Length, mask.Length, destination.Length);
        if (destination.IsEmpty) return;
        if (mask.Length == 1 && destination.Length != 1)
        {
            ReadOnlySpan<T> chosen = mask[0] ? x : y;
            if (chosen.Length == 1) destination.Fill(chosen[0]);
            else chosen.CopyTo(destination);
            return;
        }
        int done = SelectRegisters(mask, x, y, destination);
        for (int i = done; i < destination.Length; i++)
            destination[i] = mask[i] ? x[x.Length == 1 ? 0 : i] : y[y.Length == 1 ? 0 : i];
    }

    /// <summary>destination[i] = min(max(x[i], low), high); an operand of length 1 stands for every element, NaN propagates. The upper bound must not be the destination.</summary>
    /// <exception cref="ArgumentException">A length is neither 1 nor the destination's.</exception>
    public static void Clamp<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> low, ReadOnlySpan<T> high, Span<T> destination)
        where T : unmanaged
    {
        Binary<Max, T>(x, low, destination);
        Binary<Min, T>(destination, high, destination);
    }

    // Four logical values are one word; copied to every lane, lane j looks at its byte j.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SelectRegisters<T>(ReadOnlySpan<bool> mask, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() is not (4 or 8)) return 0;
        ref byte masks = ref Unsafe.As<bool, byte>(ref MemoryMarshal.GetReference(mask));
        ref T target = ref MemoryMarshal.GetReference(destination);
        nuint i = 0;
        if (Unsafe.SizeOf<T>() == 8)
        {
            Operand<Lanes256<ulong>, ulong> yes = new(As<T, ulong>(x)), no = new(As<T, ulong>(y));
            Vector256<ulong> bytes = Vector256.Create(0xFFul, 0xFF00, 0xFF0000, 0xFF000000);
            for (; i + 4 <= (nuint)destination.Length; i += 4)
            {
                Vector256<ulong> word = Vector256.Create((ulong)Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref masks, i))) & bytes;
                Lanes256<ulong> isFalse = new(Vector256.Equals(word, Vector256<ulong>.Zero));
                Lanes256<ulong>.Select(isFalse, no.At(i), yes.At(i)).Store(ref Unsafe.As<T, ulong>(ref target), i);
            }
        }
        else
        {
            Operand<Lanes128<uint>, uint> yes = new(As<T, uint>(x)), no = new(As<T, uint>(y));
            Vector128<uint> bytes = Vector128.Create(0xFFu, 0xFF00, 0xFF0000, 0xFF000000);
            for (; i + 4 <= (nuint)destination.Length; i += 4)
            {
                Vector128<uint> word = Vector128.Create(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref masks, i))) & bytes;
                Lanes128<uint> isFalse = new(Vector128.Equals(word, Vector128<uint>.Zero));
                Lanes128<uint>.Select(isFalse, no.At(i), yes.At(i)).Store(ref Unsafe.As<T, uint>(ref target), i);
            }
        }
        return (int)i;
    }
}
