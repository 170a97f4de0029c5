using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// Matrix products over strided spans, [m, k] · [k, n] → [m, n], for <c>float</c>, <c>double</c>, <c>int</c> and <c>long</c>
/// (integers wrap). An element's value depends on its row, its column and k alone: every path (tiny, packed, matrix-vector, any
/// number of threads, any place in the result) adds in the same order with the same fused multiply-adds, so a batch equals its loop
/// bit for bit. The order: consecutive blocks of 256 values of p, the last of up to 320, each one chain of fused multiply-adds from
/// zero, added in turn.
/// </summary>
public static class MatMul
{
    // Bytes of a's elements multiplied, in each thread, below which starting the others (some microseconds) costs more than it saves.
    private const long ThreadGrain = 1 << 20;

    // A matrix-vector product waits for memory, so fewer bytes repay a thread.
    private const long VectorThreadGrain = 1 << 19;

    /// <summary>
    /// c[i, j] = Σ_p a[i, p]·b[p, j], or += when <paramref name="accumulate"/>; element (i, j) of an operand stands at
    /// i·rowStride + j·columnStride, so a transposed operand is its strides exchanged and a broadcast one has a stride of 0.
    /// </summary>
    /// <param name="a">The left operand, [m, k]; must not overlap <paramref name="c"/>.</param>
    /// <param name="aRowStride">Distance between rows of a, not negative.</param>
    /// <param name="aColumnStride">Distance between columns of a, not negative.</param>
    /// <param name="b">The right operand, [k, n]; must not overlap <paramref name="c"/>.</param>
    /// <param name="bRowStride">Distance between rows of b, not negative.</param>
    /// <param name="bColumnStride">Distance between columns of b, not negative.</param>
    /// <param name="c">The result, [m, n], contiguous along a row.</param>
    /// <param name="cRowStride">Distance between rows of c, at least n.</param>
    /// <param name="m">Rows of a and c.</param>
    /// <param name="k">Columns of a, rows of b; 0 gives zeros, or leaves c when accumulating.</param>
    /// <param name="n">Columns of b and c.</param>
    /// <param name="accumulate">Whether to add to c instead of replacing it.</param>
    /// <param name="threads">At most this many threads; 0 means all cores. The result does not depend on it.</param>
    /// <exception cref="ArgumentException">A span is shorter than its size and strides say, or a size or stride is negative.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is not one of the four types.</exception>
    public static void Multiply<T>(
        ReadOnlySpan<T> a, int aRowStride, int aColumnStride, ReadOnlySpan<T> b, int bRowStride, int bColumnStride,
        Span<T> c, int cRowStride, int m, int k, int n, bool accumulate = false, int threads = 0)
        where T : unmanaged =>
        MultiplyBatched(a, aRowStride, aColumnStride, b, bRowStride, bColumnStride, c, cRowStride, m, k, n,
            1, 0, 0, 0, accumulate, threads);

    /// <summary>
    /// The product of <see cref="Multiply"/> for each of <paramref name="batch"/> triples of matrices, which begin at multiples of
    /// the batch strides; an operand with a batch stride of 0 is shared by all, results must not overlap. Small products are shared
    /// out whole among the threads, large ones in parts.
    /// </summary>
    /// <exception cref="ArgumentException">A span is shorter than its size and strides say, or a size or stride is negative.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is not one of the four types.</exception>
    public static unsafe void MultiplyBatched<T>(
        ReadOnlySpan<T> a, int aRowStride, int aColumnStride, ReadOnlySpan<T> b, int bRowStride, int bColumnStride,
        Span<T> c, int cRowStride, int m, int k, int n, int batch, int aBatchStride, int bBatchStride, int cBatchStride,
        bool accumulate = false, int threads = 0)
        where T : unmanaged
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double) && typeof(T) != typeof(int) && typeof(T) != typeof(long))
            throw new NotSupportedException($"MatMul: multiplies float, double, int and long, not {typeof(T).Name}. Convert first.");
        CheckSizes(m, k, n, batch);
        CheckLength(nameof(a), a.Length, m, aRowStride, k, aColumnStride, batch, aBatchStride);
        CheckLength(nameof(b), b.Length, k, bRowStride, n, bColumnStride, batch, bBatchStride);
        CheckLength(nameof(c), c.Length, m, cRowStride, n, 1, batch, cBatchStride);
        if ((m > 1 && cRowStride < n) || (batch > 1 && cBatchStride == 0 && m > 0 && n > 0))
            throw new ArgumentException($"MatMul: the rows of c overlap: row stride {cRowStride}, batch stride {cBatchStride}, {n} columns.", nameof(c));
        fixed (T* aStart = a, bStart = b, cStart = c)
        {
            var product = new MatMulProduct<T>(
                new(aStart, aRowStride, aColumnStride), new(bStart, bRowStride, bColumnStride), cStart, cRowStride, m, k, n, accumulate);
            Run(product, batch, aBatchStride, bBatchStride, cBatchStride, threads);
        }
    }

    /// <summary>Whether the sums over so many places are one chain each, which passes through registers alone.</summary>
    internal static bool IsOneChain(int k) => MatMulProduct<double>.Block(k) == k;

    /// <summary>
    /// Whether a product of these sizes is best added to something before it is stored: tiles are several vectors wide, and 32
    /// registers let them go along the rows, so that those of the addend come near in time.
    /// </summary>
    internal static bool TakesAddend(int m, int k, int n) => MatMulProduct<float>.TallestTile == 8 && m > 1 && k > 1 && n >= 32;

    /// <summary>A batch of products of pinned matrices, unchecked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static unsafe void Run<T>(in MatMulProduct<T> product, int batch, nint aBatchStride, nint bBatchStride, nint cBatchStride, int threads = 0)
        where T : unmanaged
    {
        long grain = (product.M == 1 || product.N == 1 ? VectorThreadGrain : ThreadGrain) / sizeof(T);
        if (batch == 1 && (long)product.M * product.N * product.K < grain)
            product.Compute();
        else
            new MatMulSchedule<T>(product, batch, aBatchStride, bBatchStride, cBatchStride).Run(threads > 0 ? threads : Environment.ProcessorCount, grain);
    }

    private static void CheckSizes(int m, int k, int n, int batch)
    {
        if ((m | k | n | batch) < 0)
            throw new ArgumentException($"MatMul: sizes must not be negative: [{m},{k}] · [{k},{n}], batch {batch}.");
    }

    private static void CheckLength(
        string name, int length, int rows, int rowStride, int columns, int columnStride, int batch, int batchStride)
    {
        if ((rowStride | columnStride | batchStride) < 0)
            throw new ArgumentException($"MatMul: strides of {name} must not be negative: {batchStride}, {rowStride}, {columnStride}.", name);
        if (rows == 0 || columns == 0 || batch == 0)
            return;
        long last = ((batch - 1L) * batchStride) + ((rows - 1L) * rowStride) + ((columns - 1L) * columnStride);
        if (last >= length)
            throw new ArgumentException(
                $"MatMul: {name} holds {length} elements, but [{rows},{columns}] with strides {rowStride}, {columnStride} in a batch of {batch} with stride {batchStride} needs {last + 1}.", name);
    }
}
