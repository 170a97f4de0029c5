using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// A matrix times a vector, [rows, k] · [k] → [rows]. Each element of the matrix is read once, so memory sets the pace and nothing
/// is packed; the chains of <see cref="MatMulProduct{T}"/> are kept, and run side by side, one for each row or for each block of a row.
/// </summary>
internal static unsafe class MatrixVector<T> where T : unmanaged
{
    private const int Depth = MatMulProduct<T>.Depth;

    private const int Narrow = 32;

    // Partial sums of this many rows stay in the first-level cache.
    private const int Chunk = 1024;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(StridedMatrix<T> matrix, T* x, nint xStride, T* y, nint yStride, int rows, int k, bool accumulate)
    {
        if (matrix.Row == 1 && rows > 1 && rows <= Narrow)
            MultiplyNarrow(matrix, x, xStride, y, yStride, rows, k, accumulate);
        else if (matrix.Row == 1 && rows > 1)
            MultiplyColumns(matrix, x, xStride, y, yStride, rows, k, accumulate);
        else
            MultiplyRows(matrix, x, xStride, y, yStride, rows, k, accumulate);
    }

    /// <summary>y (+)= x·scale, element by element: the row of an outer product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(T* x, T scale, T* y, int count, bool accumulate)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (Vector512<T> factor = Vector512.Create(scale); i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
            {
                Vector512<T> product = MultiplyAdd512<T>.MultiplyAdd(factor, Vector512.Load(x + i), Vector512<T>.Zero);
                (accumulate ? Vector512.Load(y + i) + product : product).Store(y + i);
            }
        }

        for (Vector128<T> factor = Vector128.Create(scale); i <= count - Vector128<T>.Count; i += Vector128<T>.Count)
        {
            Vector128<T> product = MultiplyAdd128<T>.MultiplyAdd(factor, Vector128.Load(x + i), Vector128<T>.Zero);
            (accumulate ? Vector128.Load(y + i) + product : product).Store(y + i);
        }

        for (; i < count; i++)
        {
            T product = MultiplyAddScalar<T>.MultiplyAdd(scale, x[i], default);
            y[i] = accumulate ? MultiplyAddScalar<T>.Add(y[i], product) : product;
        }
    }

    // So few rows that their sums stay in registers while the columns pass.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyNarrow(
        StridedMatrix<T> matrix, T* x, nint xStride, T* y, nint yStride, int rows, int k, bool accumulate)
    {
        T* sums = stackalloc T[Narrow];
        for (int p = 0, end; p < k; p += end)
        {
            end = MatMulProduct<T>.Block(k - p);
            int row = 0;
            T* column = matrix.At(0, p), factors = x + (p * xStride);
            for (; row <= rows - (2 * Vector256<T>.Count); row += 2 * Vector256<T>.Count)
                NarrowPair(end, column + row, matrix.Column, factors, xStride, sums + row);
            for (; row <= rows - Vector256<T>.Count; row += Vector256<T>.Count)
                Narrow256(end, column + row, matrix.Column, factors, xStride, sums + row);
            for (; row <= rows - Vector128<T>.Count; row += Vector128<T>.Count)
                Narrow128(end, column + row, matrix.Column, factors, xStride, sums + row);
            for (; row < rows; row++)
            {
                T sum = default;
                for (int q = 0; q < end; q++)
                    sum = MultiplyAddScalar<T>.MultiplyAdd(column[(q * matrix.Column) + row], factors[q * xStride], sum);
                sums[row] = sum;
            }

            Put(sums, y, yStride, rows, accumulate || p > 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowPair(int k, T* column, nint next, T* x, nint xStride, T* sums)
    {
        Vector256<T> low = default, high = default;
        for (; k > 0; k--, column += next, x += xStride)
        {
            Vector256<T> factor = Vector256.Create(*x);
            low = MultiplyAdd256<T>.MultiplyAdd(factor, Vector256.Load(column), low);
            high = MultiplyAdd256<T>.MultiplyAdd(factor, Vector256.Load(column + Vector256<T>.Count), high);
        }

        low.Store(sums);
        high.Store(sums + Vector256<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow256(int k, T* column, nint next, T* x, nint xStride, T* sums)
    {
        Vector256<T> sum = default;
        for (; k > 0; k--, column += next, x += xStride)
            sum = MultiplyAdd256<T>.MultiplyAdd(Vector256.Create(*x), Vector256.Load(column), sum);
        sum.Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow128(int k, T* column, nint next, T* x, nint xStride, T* sums)
    {
        Vector128<T> sum = default;
        for (; k > 0; k--, column += next, x += xStride)
            sum = MultiplyAdd128<T>.MultiplyAdd(Vector128.Create(*x), Vector128.Load(column), sum);
        sum.Store(sums);
    }

    // Rows are contiguous in a column: the sums of a chunk of rows advance together, four columns at a time.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyColumns(
        StridedMatrix<T> matrix, T* x, nint xStride, T* y, nint yStride, int rows, int k, bool accumulate)
    {
        T* sums = stackalloc T[Chunk];
        for (int row = 0; row < rows; row += Chunk)
        {
            int count = Math.Min(Chunk, rows - row);
            for (int p = 0, end; p < k; p = end)
            {
                new Span<T>(sums, count).Clear();
                end = p + MatMulProduct<T>.Block(k - p);
                int q = p;
                for (; q <= end - 4; q += 4)
                    AddFourColumns(matrix.At(row, q), matrix.Column, x + (q * xStride), xStride, sums, count);
                for (; q < end; q++)
                    AddColumn(matrix.At(row, q), x[q * xStride], sums, count);
                Put(sums, y + (row * yStride), yStride, count, accumulate || p > 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFourColumns(T* column, nint next, T* x, nint xStride, T* sums, int count)
    {
        T x0 = x[0], x1 = x[xStride], x2 = x[2 * xStride], x3 = x[3 * xStride];
        T* column1 = column + next, column2 = column1 + next, column3 = column2 + next;
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<T> v0 = Vector512.Create(x0), v1 = Vector512.Create(x1), v2 = Vector512.Create(x2), v3 = Vector512.Create(x3);
            for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
            {
                Vector512<T> sum = Vector512.Load(sums + i);
                sum = MultiplyAdd512<T>.MultiplyAdd(v0, Vector512.Load(column + i), sum);
                sum = MultiplyAdd512<T>.MultiplyAdd(v1, Vector512.Load(column1 + i), sum);
                sum = MultiplyAdd512<T>.MultiplyAdd(v2, Vector512.Load(column2 + i), sum);
                sum = MultiplyAdd512<T>.MultiplyAdd(v3, Vector512.Load(column3 + i), sum);
                sum.Store(sums + i);
            }
        }
        else
        {
            Vector256<T> v0 = Vector256.Create(x0), v1 = Vector256.Create(x1), v2 = Vector256.Create(x2), v3 = Vector256.Create(x3);
            for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                Vector256<T> sum = Vector256.Load(sums + i);
                sum = MultiplyAdd256<T>.MultiplyAdd(v0, Vector256.Load(column + i), sum);
                sum = MultiplyAdd256<T>.MultiplyAdd(v1, Vector256.Load(column1 + i), sum);
                sum = MultiplyAdd256<T>.MultiplyAdd(v2, Vector256.Load(column2 + i), sum);
                sum = MultiplyAdd256<T>.MultiplyAdd(v3, Vector256.Load(column3 + i), sum);
                sum.Store(sums + i);
            }
        }

        for (; i < count; i++)
        {
            T sum = MultiplyAddScalar<T>.MultiplyAdd(x1, column1[i], MultiplyAddScalar<T>.MultiplyAdd(x0, column[i], sums[i]));
            sums[i] = MultiplyAddScalar<T>.MultiplyAdd(x3, column3[i], MultiplyAddScalar<T>.MultiplyAdd(x2, column2[i], sum));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddColumn(T* column, T x, T* sums, int count)
    {
        int i = 0;
        for (Vector256<T> v = Vector256.Create(x); i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
            MultiplyAdd256<T>.MultiplyAdd(v, Vector256.Load(column + i), Vector256.Load(sums + i)).Store(sums + i);
        for (; i < count; i++)
            sums[i] = MultiplyAddScalar<T>.MultiplyAdd(x, column[i], sums[i]);
    }

    private static void Put(T* sums, T* y, nint yStride, int count, bool accumulate)
    {
        for (int i = 0; i < count; i++)
            y[i * yStride] = accumulate ? MultiplyAddScalar<T>.Add(y[i * yStride], sums[i]) : sums[i];
    }

    // Rows lie apart: many chains at once hide the latency of a multiply-add. Where rows are few, a long row gives eight chains
    // itself, for its blocks do not wait for each other.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRows(
        StridedMatrix<T> matrix, T* x, nint xStride, T* y, nint yStride, int rows, int k, bool accumulate)
    {
        T* sums = stackalloc T[MatrixVectorRows<T>.Group];
        int row = 0, group = MatrixVectorRows<T>.Group;
        for (; matrix.Column == 1 && row <= rows - group; row += group)
        {
            if (k <= Depth + MatMulProduct<T>.Rest && yStride == 1 && !accumulate)
            {
                MatrixVectorRows<T>.Sum(k, matrix.At(row, 0), matrix.Row, x, xStride, y + row);
                continue;
            }

            for (int p = 0, depth; p < k; p += depth)
            {
                depth = MatMulProduct<T>.Block(k - p);
                MatrixVectorRows<T>.Sum(depth, matrix.At(row, p), matrix.Row, x + (p * xStride), xStride, sums);
                Put(sums, y + (row * yStride), yStride, group, accumulate || p > 0);
            }
        }

        for (; row <= rows - 8; row += 8)
        {
            for (int p = 0, depth; p < k; p += depth)
            {
                depth = MatMulProduct<T>.Block(k - p);
                EightChains(depth, matrix.At(row, p), matrix.Row, matrix.Column, x + (p * xStride), 0, xStride, sums);
                Put(sums, y + (row * yStride), yStride, 8, accumulate || p > 0);
            }
        }

        for (; row < rows; row++)
            MultiplyRow(matrix.At(row, 0), matrix.Column, x, xStride, y + (row * yStride), k, accumulate, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRow(T* row, nint step, T* x, nint xStride, T* y, int k, bool accumulate, T* sums)
    {
        int p = 0;
        for (; p <= k - (8 * Depth) && MatMulProduct<T>.Block(k - p - (7 * Depth)) == Depth; p += 8 * Depth)
        {
            EightChains(Depth, row + (p * step), Depth * step, step, x + (p * xStride), Depth * xStride, xStride, sums);
            Fold(sums, 8, y, accumulate || p > 0);
        }

        for (int end; p < k; p = end)
        {
            T sum = default;
            end = p + MatMulProduct<T>.Block(k - p);
            for (int q = p; q < end; q++)
                sum = MultiplyAddScalar<T>.MultiplyAdd(row[q * step], x[q * xStride], sum);
            Fold(&sum, 1, y, accumulate || p > 0);
        }
    }

    private static void Fold(T* sums, int count, T* y, bool accumulate)
    {
        T total = accumulate ? MultiplyAddScalar<T>.Add(*y, sums[0]) : sums[0];
        for (int i = 1; i < count; i++)
            total = MultiplyAddScalar<T>.Add(total, sums[i]);
        *y = total;
    }

    // sums[i] = Σ_p a[i·aChain + p·aStep]·x[i·xChain + p·xStep], i < 8.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightChains(int k, T* a, nint aChain, nint aStep, T* x, nint xChain, nint xStep, T* sums)
    {
        T s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        T* a4 = a + (4 * aChain), x4 = x + (4 * xChain);
        nint aChain2 = 2 * aChain, aChain3 = 3 * aChain, xChain2 = 2 * xChain, xChain3 = 3 * xChain;
        for (int p = 0; p < k; p++)
        {
            s0 = MultiplyAddScalar<T>.MultiplyAdd(a[0], x[0], s0);
            s1 = MultiplyAddScalar<T>.MultiplyAdd(a[aChain], x[xChain], s1);
            s2 = MultiplyAddScalar<T>.MultiplyAdd(a[aChain2], x[xChain2], s2);
            s3 = MultiplyAddScalar<T>.MultiplyAdd(a[aChain3], x[xChain3], s3);
            s4 = MultiplyAddScalar<T>.MultiplyAdd(a4[0], x4[0], s4);
            s5 = MultiplyAddScalar<T>.MultiplyAdd(a4[aChain], x4[xChain], s5);
            s6 = MultiplyAddScalar<T>.MultiplyAdd(a4[aChain2], x4[xChain2], s6);
            s7 = MultiplyAddScalar<T>.MultiplyAdd(a4[aChain3], x4[xChain3], s7);
            a += aStep;
            a4 += aStep;
            x += xStep;
            x4 += xStep;
        }

        (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]) = (s0, s1, s2, s3, s4, s5, s6, s7);
    }
}
