using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>
/// Batches of products of a few columns and a short sum, such as chains of 3 × 3 and 4 × 4 matrices. The right matrix lies in the
/// first-level cache as rows of whole vectors, four rows of the left are multiplied at one time, and what a product needs besides
/// is done once for the batch. Every element is one chain of multiply-adds from zero, as in the other paths.
/// </summary>
internal static unsafe class MatMulSmall<T> where T : unmanaged
{
    private const int MostColumns = 8;
    private const int LongestSum = 16;

    /// <summary>Whether a product is one of these.</summary>
    public static bool Takes(in MatMulProduct<T> product) =>
        Avx.IsSupported && product.M > 1 && product.N is > 1 and <= MostColumns && product.K is > 0 and <= LongestSum;

    /// <summary>The products of a batch from one up to before another.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in MatMulProduct<T> product, int first, int end, nint aBatchStride, nint bBatchStride, nint cBatchStride)
    {
        int wide = Vector256<T>.Count;
        T* room = stackalloc T[LongestSum * Vector256<T>.Count];
        for (int column = 0; column < product.N; column += wide)
        {
            int width = Math.Min(wide, product.N - column);
            bool inPlace = product.B.Column == 1 && width == wide;
            T* b = product.B.At(0, column), panel = room;
            nint bStep = inPlace ? product.B.Row : wide;
            for (nint i = first; i < end; i++)
            {
                if (inPlace)
                    panel = b + (i * bBatchStride);
                else if (i == first || bBatchStride != 0)
                    Pack(b + (i * bBatchStride), product.B.Row, product.B.Column, product.K, width, panel);
                Rows(product, product.A.Start + (i * aBatchStride), panel, bStep, product.C + (i * cBatchStride) + column, width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pack(T* b, nint row, nint column, int depth, int width, T* panel)
    {
        for (int p = 0; p < depth; p++, b += row, panel += Vector256<T>.Count)
        {
            if (column == 1)
            {
                LoadPart(b, width).Store(panel);
            }
            else
            {
                for (int lane = 0; lane < Vector256<T>.Count; lane++)
                    panel[lane] = lane < width ? b[lane * column] : default;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows(in MatMulProduct<T> product, T* a, T* panel, nint bStep, T* c, int width)
    {
        nint aRow = product.A.Row, aStep = product.A.Column, cRow = product.CRow;
        int i = 0, depth = product.K;
        for (; i <= product.M - 4; i += 4, a += 4 * aRow, c += 4 * cRow)
        {
            Vector256<T> x0 = default, x1 = default, x2 = default, x3 = default;
            T* left = a, right = panel, left2 = a + (2 * aRow);
            for (int p = 0; p < depth; p++, left += aStep, left2 += aStep, right += bStep)
            {
                Vector256<T> y = Vector256.Load(right);
                x0 = MultiplyAdd256<T>.MultiplyAdd(Vector256.Create(*left), y, x0);
                x1 = MultiplyAdd256<T>.MultiplyAdd(Vector256.Create(left[aRow]), y, x1);
                x2 = MultiplyAdd256<T>.MultiplyAdd(Vector256.Create(*left2), y, x2);
                x3 = MultiplyAdd256<T>.MultiplyAdd(Vector256.Create(left2[aRow]), y, x3);
            }

            Put(x0, c, width, product.Accumulate);
            Put(x1, c + cRow, width, product.Accumulate);
            Put(x2, c + (2 * cRow), width, product.Accumulate);
            Put(x3, c + (3 * cRow), width, product.Accumulate);
        }

        for (; i < product.M; i++, a += aRow, c += cRow)
        {
            Vector256<T> x = default;
            for (int p = 0; p < depth; p++)
                x = MultiplyAdd256<T>.MultiplyAdd(Vector256.Create(a[p * aStep]), Vector256.Load(panel + (p * bStep)), x);
            Put(x, c, width, product.Accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector256<T> value, T* c, int width, bool accumulate)
    {
        if (accumulate)
            value = LoadPart(c, width) + value;
        if (width == Vector256<T>.Count)
            value.Store(c);
        else
            StorePart(value, c, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> LoadPart(T* source, int count) => sizeof(T) == 8
        ? Avx.MaskLoad((double*)source, Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).AsDouble()).As<double, T>()
        : Avx.MaskLoad((float*)source, Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle()).As<float, T>();

    // In halves: a masked store takes many times as long as two plain ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePart(Vector256<T> value, T* destination, int count)
    {
        Vector128<T> part = value.GetLower();
        if (count >= Vector128<T>.Count)
        {
            part.Store(destination);
            part = value.GetUpper();
            destination += Vector128<T>.Count;
            count -= Vector128<T>.Count;
        }

        if (sizeof(T) == 4 && count >= 2)
        {
            *(ulong*)destination = part.AsUInt64().ToScalar();
            part = Vector128.Shuffle(part.AsUInt64(), Vector128.Create(1UL, 1UL)).As<ulong, T>();
            destination += 2;
            count -= 2;
        }

        if (count > 0)
            *destination = part.ToScalar();
    }
}
