using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// Many contiguous rows times a vector: blocks of rows are transposed in registers, so that a vector holds one p of several rows and
/// each row keeps its chain. A row is left only when its cache line is used up, for rows a power of two apart do not fit the
/// first-level cache together.
/// </summary>
internal static unsafe class MatrixVectorRows<T> where T : unmanaged
{
    private const int CacheLine = 64;

    /// <summary>Rows taken together.</summary>
    public static int Group => 4 * Vector256<T>.Count;

    /// <summary>sums[i] = Σ_p a[i·aRow + p]·x[p·xStep], i &lt; Group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(int k, T* a, nint aRow, T* x, nint xStep, T* sums)
    {
        int lanes = Vector256<T>.Count, block = Vector128<T>.Count, whole = k - (k % block);
        Vector256<T> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        T* a1 = a + (lanes * aRow), a2 = a1 + (lanes * aRow), a3 = a2 + (lanes * aRow);
        for (int p = 0; p < whole; p += CacheLine / sizeof(T))
        {
            int count = Math.Min(CacheLine / sizeof(T), whole - p);
            T* from = x + (p * xStep);
            sum0 = Add(a + p, aRow, from, xStep, count, sum0);
            sum1 = Add(a1 + p, aRow, from, xStep, count, sum1);
            sum2 = Add(a2 + p, aRow, from, xStep, count, sum2);
            sum3 = Add(a3 + p, aRow, from, xStep, count, sum3);
        }

        sum0.Store(sums);
        sum1.Store(sums + lanes);
        sum2.Store(sums + (2 * lanes));
        sum3.Store(sums + (3 * lanes));
        for (int p = whole; p < k; p++)
        {
            for (int i = 0; i < Group; i++)
                sums[i] = MultiplyAddScalar<T>.MultiplyAdd(a[(i * aRow) + p], x[p * xStep], sums[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Add(T* a, nint aRow, T* x, nint xStep, int count, Vector256<T> sum) =>
        sizeof(T) == 4 ? AddEightRows(a, aRow, x, xStep, count, sum) : AddFourRows(a, aRow, x, xStep, count, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> AddEightRows(T* a, nint aRow, T* x, nint xStep, int count, Vector256<T> sum)
    {
        uint* low = (uint*)a, low2 = low + (2 * aRow), high = low + (4 * aRow), high2 = low + (6 * aRow);
        for (int p = 0; p < count; p += 4, x += 4 * xStep)
        {
            var (a0, a1, a2, a3) = RegisterTranspose.Blocks(
                Join(low + p, high + p), Join(low + aRow + p, high + aRow + p), Join(low2 + p, high2 + p), Join(low2 + aRow + p, high2 + aRow + p));
            sum = MultiplyAdd256<T>.MultiplyAdd(a0.As<uint, T>(), Vector256.Create(*x), sum);
            sum = MultiplyAdd256<T>.MultiplyAdd(a1.As<uint, T>(), Vector256.Create(x[xStep]), sum);
            sum = MultiplyAdd256<T>.MultiplyAdd(a2.As<uint, T>(), Vector256.Create(x[2 * xStep]), sum);
            sum = MultiplyAdd256<T>.MultiplyAdd(a3.As<uint, T>(), Vector256.Create(x[3 * xStep]), sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> AddFourRows(T* a, nint aRow, T* x, nint xStep, int count, Vector256<T> sum)
    {
        ulong* low = (ulong*)a, high = low + (2 * aRow);
        for (int p = 0; p < count; p += 2, x += 2 * xStep)
        {
            var (a0, a1) = RegisterTranspose.Blocks(Join(low + p, high + p), Join(low + aRow + p, high + aRow + p));
            sum = MultiplyAdd256<T>.MultiplyAdd(a0.As<ulong, T>(), Vector256.Create(*x), sum);
            sum = MultiplyAdd256<T>.MultiplyAdd(a1.As<ulong, T>(), Vector256.Create(x[xStep]), sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<TWord> Join<TWord>(TWord* low, TWord* high) where TWord : unmanaged =>
        Vector256.Create(Vector128.Load(low), Vector128.Load(high));
}
