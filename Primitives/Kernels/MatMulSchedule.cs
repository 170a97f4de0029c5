using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// A batch of products shared among threads. The batch, the rows and the columns are divided, never k, so that each element is made
/// by one thread and the number of threads does not show in the result.
/// </summary>
internal readonly unsafe struct MatMulSchedule<T>(
    MatMulProduct<T> product, int batch, nint aBatchStride, nint bBatchStride, nint cBatchStride)
    where T : unmanaged
{
    private readonly MatMulProduct<T> product = product;
    private readonly int batch = batch;
    private readonly nint aBatchStride = aBatchStride, bBatchStride = bBatchStride, cBatchStride = cBatchStride;

    // Multiply-adds a thread from which two parts for each pay: a thread held up by other work is helped out by the rest.
    private const long FineGrain = 1 << 22;

    // Columns are parted at whole vectors.
    private static int Unit => 64 / sizeof(T);

    private long Work => (long)batch * product.M * product.N * Math.Max(product.K, 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int threads, long grain)
    {
        threads = (int)Math.Min(threads, Work / grain);
        if (threads <= 1)
            RunBatch(0, batch);
        else if (batch >= threads)
            RunBatches(threads);
        else
            RunParts(threads);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunBatch(int first, int end)
    {
        if (MatMulSmall<T>.Takes(product))
        {
            MatMulSmall<T>.Multiply(product, first, end, aBatchStride, bBatchStride, cBatchStride);
            return;
        }

        for (int i = first; i < end; i++)
            At(i).Compute();
    }

    private MatMulProduct<T> At(int i) =>
        new(new(product.A.Start + (i * aBatchStride), product.A.Row, product.A.Column),
            new(product.B.Start + (i * bBatchStride), product.B.Row, product.B.Column),
            product.C + (i * cBatchStride), product.CRow, product.M, product.K, product.N, product.Accumulate)
        {
            Addend = product.Addend,
            Factor = product.Factor,
        };

    private void RunBatches(int threads)
    {
        MatMulSchedule<T> all = this;
        Workers.Share(threads, threads, (_, part) => all.RunBatch(Share(all.batch, part, threads, 1), Share(all.batch, part + 1, threads, 1)));
    }

    private void RunParts(int threads)
    {
        MatMulSchedule<T> all = this;
        (int rowParts, int columnParts) = Grid(Math.Max(threads / batch, 1) * (Work >= threads * FineGrain ? 2 : 1));
        int parts = rowParts * columnParts;
        Workers.Share(threads, batch * parts, (_, task) =>
        {
            (int i, int part) = Math.DivRem(task, parts);
            (int rowPart, int columnPart) = Math.DivRem(part, columnParts);
            MatMulProduct<T> whole = all.At(i);
            int row = Share(whole.M, rowPart, rowParts, MatMulProduct<T>.TallestTile), rowEnd = Share(whole.M, rowPart + 1, rowParts, MatMulProduct<T>.TallestTile);
            int column = Share(whole.N, columnPart, columnParts, Unit), columnEnd = Share(whole.N, columnPart + 1, columnParts, Unit);
            whole.Part(row, rowEnd - row, column, columnEnd - column).Compute();
        });
    }

    // Each part packs its own columns of b, and perhaps rows of a, so the best grid has the least m/rowParts + n/columnParts; where
    // b is read in place, rows are parted as long as there are some.
    private (int RowParts, int ColumnParts) Grid(int threads)
    {
        if (!product.PacksB && product.M >= 2 * threads * MatMulProduct<T>.TallestTile)
            return (threads, 1);
        (int RowParts, int ColumnParts) best = (1, 1);
        double least = double.PositiveInfinity;
        for (int rowParts = 1; rowParts <= Math.Max(threads, 1); rowParts++)
        {
            int columnParts = Math.Max(threads / rowParts, 1);
            double packed = ((double)product.M / rowParts) + ((double)product.N / columnParts);
            double idle = (double)threads / (rowParts * columnParts);
            if (packed * idle < least)
                (best, least) = ((rowParts, columnParts), packed * idle);
        }

        return best;
    }

    // Where part begins when size is divided into parts at multiples of unit.
    private static int Share(int size, int part, int parts, int unit) =>
        (int)Math.Min(size, (((long)size + unit - 1) / unit * part / parts) * unit);
}
