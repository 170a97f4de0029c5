using System.Buffers;
using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// The loops around the micro-kernel: slabs of c's columns, blocks of k, blocks of c's rows, tiles, after Goto and van de Geijn,
/// "Anatomy of High-Performance Matrix Multiplication" (2008), and the BLIS loop order. An operand that is read too seldom to
/// repay a copy is read in place.
/// </summary>
internal static unsafe class MatMulBlocks<T, TVector, TLanes>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, IMultiplyAdd<T, TVector>
{
    private const int CacheLine = 64;
    private const int TallestTile = 12;
    private const int PanelsThatRepay = 16;

    // A block of a stays in the second-level cache (about half of 1 MiB), a slab of b in the third.
    private static int BlockRows => 480 * 4 / sizeof(T);

    private static int SlabColumns => 2048 * 4 / sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in MatMulProduct<T> product)
    {
        int wide = MatMulMicroKernel<T, TVector, TLanes>.Columns, depth = Math.Min(product.K, MatMulProduct<T>.Depth);
        bool packsA = PacksA(product), packsB = PacksB(product);
        int blockRows = packsA ? Math.Min(RoundUp(product.M, MatMulProduct<T>.TallestTile), BlockRows) : product.M;
        int slabColumns = Math.Min(RoundUp(product.N, wide), SlabColumns);
        int line = CacheLine / sizeof(T);
        T[] aBuffer = packsA ? ArrayPool<T>.Shared.Rent((blockRows * depth) + line) : [];
        T[] bBuffer = packsB ? ArrayPool<T>.Shared.Rent((slabColumns * depth) + line)
            : product.N % wide != 0 ? ArrayPool<T>.Shared.Rent((wide * depth) + line) : [];
        fixed (T* aStart = aBuffer, bStart = bBuffer)
        {
            Multiply(product, packsA ? Align(aStart) : null, packsB, Align(bStart), blockRows, slabColumns);
        }

        if (aBuffer.Length > 0)
            ArrayPool<T>.Shared.Return(aBuffer);
        if (bBuffer.Length > 0)
            ArrayPool<T>.Shared.Return(bBuffer);
    }

    /// <summary>The elements of b in the order of blocks and panels; those past the last column are zeros.</summary>
    public static nint PanelSize(in MatMulProduct<T> product) => (nint)product.K * RoundUp(product.N, MatMulMicroKernel<T, TVector, TLanes>.Columns);

    /// <summary>Brings b into the order of blocks and panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackPanels(in MatMulProduct<T> product, T* panels)
    {
        int wide = MatMulMicroKernel<T, TVector, TLanes>.Columns;
        for (int p = 0; p < product.K; p += MatMulProduct<T>.Depth)
        {
            int depth = Math.Min(MatMulProduct<T>.Depth, product.K - p);
            for (int j = 0; j < product.N; j += wide, panels += wide * depth)
                MatMulPacking<T>.Pack(product.B.At(p, j), product.B.Column, product.B.Row, Math.Min(wide, product.N - j), depth, wide, panels);
        }
    }

    /// <summary>The product where b is already in the order of blocks and panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in MatMulProduct<T> product, T* panels)
    {
        bool packsA = PacksA(product);
        int blockRows = packsA ? Math.Min(RoundUp(product.M, MatMulProduct<T>.TallestTile), BlockRows) : product.M;
        T[] aBuffer = packsA ? ArrayPool<T>.Shared.Rent((blockRows * Math.Min(product.K, MatMulProduct<T>.Depth)) + (CacheLine / sizeof(T))) : [];
        fixed (T* aStart = aBuffer)
        {
            T* aPanels = packsA ? Align(aStart) : null;
            for (int p = 0; p < product.K; p += MatMulProduct<T>.Depth)
            {
                int depth = Math.Min(MatMulProduct<T>.Depth, product.K - p);
                for (int row = 0; row < product.M; row += blockRows)
                {
                    int rows = Math.Min(blockRows, product.M - row);
                    if (aPanels != null)
                        PackRows(product.A, row, rows, p, depth, aPanels);
                    MultiplyBlock(product, row, rows, 0, product.N, p, depth, aPanels, packsB: true, isPacked: true, panels);
                }

                panels += depth * RoundUp(product.N, MatMulMicroKernel<T, TVector, TLanes>.Columns);
            }
        }

        if (aBuffer.Length > 0)
            ArrayPool<T>.Shared.Return(aBuffer);
    }

    // a is read once for every panel of b: below so many panels a copy costs more than it saves.
    private static bool PacksA(in MatMulProduct<T> product) =>
        product.N > PanelsThatRepay * MatMulMicroKernel<T, TVector, TLanes>.Columns && product.M * (long)product.K > 64 * 64;

    // Rows a multiple of half a page apart share a set of the first-level cache, which holds eight lines.
    private static int TallestInPlace(in StridedMatrix<T> a) => a.Row * sizeof(T) % 2048 == 0 ? 6 : MatMulProduct<T>.TallestTile;

    // b is read once for every tile of rows.
    private static bool PacksB(in MatMulProduct<T> product) =>
        product.B.Column != 1 || (product.M > 2 * MatMulProduct<T>.TallestTile && product.N * (long)product.K > 64 * 64);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(
        in MatMulProduct<T> product, T* aPanels, bool packsB, T* bPanels, int blockRows, int slabColumns)
    {
        for (int column = 0; column < product.N; column += slabColumns)
        {
            int columns = Math.Min(slabColumns, product.N - column);
            for (int p = 0; p < product.K; p += MatMulProduct<T>.Depth)
            {
                int depth = Math.Min(MatMulProduct<T>.Depth, product.K - p);
                for (int row = 0; row < product.M; row += blockRows)
                {
                    int rows = Math.Min(blockRows, product.M - row);
                    if (aPanels != null)
                        PackRows(product.A, row, rows, p, depth, aPanels);
                    MultiplyBlock(product, row, rows, column, columns, p, depth, aPanels, packsB, isPacked: packsB && row > 0, bPanels);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRows(in StridedMatrix<T> a, int row, int rows, int p, int depth, T* panels)
    {
        int tall = MatMulProduct<T>.TallestTile;
        for (int i = 0; i < rows; i += tall, panels += tall * depth)
            MatMulPacking<T>.Pack(a.At(row + i, p), a.Row, a.Column, Math.Min(tall, rows - i), depth, tall, panels);
    }

    // A panel of b is packed when the first block of rows needs it, so that it is still in the first-level cache.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyBlock(
        in MatMulProduct<T> product, int row, int rows, int column, int columns, int p, int depth, T* aPanels, bool packsB, bool isPacked, T* bPanels)
    {
        int tall = aPanels == null ? TallestInPlace(product.A) : MatMulProduct<T>.TallestTile;
        int wide = MatMulMicroKernel<T, TVector, TLanes>.Columns;
        T* edge = stackalloc T[TallestTile * wide];
        bool accumulate = product.Accumulate || p > 0;
        for (int j = 0; j < columns; j += wide)
        {
            int width = Math.Min(wide, columns - j);
            bool inPlace = !packsB && width == wide;
            T* b = inPlace ? product.B.At(p, column + j) : bPanels + (packsB ? j * depth : 0);
            nint bStep = inPlace ? product.B.Row : wide;
            if (!inPlace && !isPacked)
                MatMulPacking<T>.Pack(product.B.At(p, column + j), product.B.Column, product.B.Row, width, depth, wide, b);
            for (int i = 0; i < rows; i += tall)
            {
                T* a = aPanels == null ? product.A.At(row + i, p) : aPanels + (i * depth);
                nint aRow = aPanels == null ? product.A.Row : 1, aStep = aPanels == null ? product.A.Column : tall;
                T* c = product.C + ((row + i) * product.CRow) + column + j;
                int height = Math.Min(tall, rows - i);
                if (width == wide)
                {
                    MultiplyTile(depth, a, aRow, aStep, b, bStep, c, product.CRow, height, accumulate);
                }
                else
                {
                    MultiplyTile(depth, a, aRow, aStep, b, bStep, edge, wide, height, accumulate: false);
                    CopyEdge(edge, wide, c, product.CRow, height, width, accumulate);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile(
        int depth, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, int height, bool accumulate)
    {
        while (height > 0)
        {
            // 6, 7, 10 and 11 rows begin with a six, so that fewest single rows remain.
            int rows = height >= 12 ? 12 : height is 6 or 7 or 10 or 11 ? 6 : height >= 4 ? 4 : 1;
            switch (rows)
            {
                case 12:
                    MatMulMicroKernel<T, TVector, TLanes>.Rows12(depth, a, aRow, aStep, b, bStep, c, cRow, accumulate);
                    break;
                case 6:
                    MatMulMicroKernel<T, TVector, TLanes>.Rows6(depth, a, aRow, aStep, b, bStep, c, cRow, accumulate);
                    break;
                case 4:
                    MatMulMicroKernel<T, TVector, TLanes>.Rows4(depth, a, aRow, aStep, b, bStep, c, cRow, accumulate);
                    break;
                default:
                    MatMulMicroKernel<T, TVector, TLanes>.Rows1(depth, a, aStep, b, bStep, c, accumulate);
                    break;
            }

            a += rows * aRow;
            c += rows * cRow;
            height -= rows;
        }
    }

    private static void CopyEdge(T* edge, nint edgeRow, T* c, nint cRow, int rows, int columns, bool accumulate)
    {
        for (int i = 0; i < rows; i++, edge += edgeRow, c += cRow)
        {
            for (int j = 0; j < columns; j++)
                c[j] = accumulate ? MultiplyAddScalar<T>.Add(c[j], edge[j]) : edge[j];
        }
    }

    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    private static T* Align(T* start) => (T*)(((nuint)start + CacheLine - 1) & ~(nuint)(CacheLine - 1));
}
