using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// The loops around the micro-kernel: slabs of c's columns, blocks of k, tiles of rows, panels of columns, after Goto and van de
/// Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008), with the two inner loops exchanged: a slab of b stays in the
/// second-level cache and streams past a tile of a's rows, which needs less of the first-level cache than a panel of b that stays.
/// An operand that is read too seldom to repay a copy is read in place.
/// </summary>
internal static unsafe class MatMulBlocks<T, TVector, TLanes>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, IMultiplyAdd<T, TVector>
{
    private const int CacheLine = 64;

    // Bytes of a slab of b that streams past a tile: it stays in a second-level cache of 1 MiB.
    private const int SlabBytes = 768 << 10;

    // Of one whose panels pass many rows each: so few columns that a product of thousands of rows finds their part of c in the
    // third-level cache when it comes to the next block of k.
    private const int FarSlabBytes = 1 << 20;

    // Bytes of a's rows that stay in a second-level cache of 256 KiB while b's panels pass.
    private const int StripeBytes = 144 << 10;

    // Reads of a row of a after which a copy of it, in the order in which it is read, has paid.
    private const int PanelsThatRepay = 2;

    // Bytes from row to row from which the rows of a stripe are on pages of their own, and often in the same places of the caches.
    private const int FarRows = 4096;

    // Rows of a product up to which copying b shows: its panels are copied by the first tile that reads them.
    private const int FewRows = 512;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in MatMulProduct<T> product)
    {
        int depth = Math.Min(product.K, MatMulProduct<T>.Depth + MatMulProduct<T>.Rest), slab = SlabColumns(product.N);
        bool packsA = PacksA(product), packsB = product.PacksB;
        int forA = packsA ? PackedRows(product.M) * depth : 0;
        int forB = packsB ? slab * depth : product.N % TLanes.Count != 0 ? Widest * TLanes.Count * depth : 0;
        Ahead nothing = default;
        if (forA + forB == 0)
        {
            MultiplySlabs(product, null, packsB, isPacked: false, null, ref nothing);
            return;
        }

        T[] buffer = ArrayPool<T>.Shared.Rent(forA + forB + (CacheLine / sizeof(T)));
        fixed (T* start = buffer)
        {
            T* bPanels = Align(start);
            MultiplySlabs(product, packsA ? bPanels + forB : null, packsB, isPacked: false, bPanels, ref nothing);
        }

        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <summary>The elements of b in the order of slabs, blocks and panels; those past the last column are zeros.</summary>
    public static nint PanelSize(in MatMulProduct<T> product) => (nint)product.K * RoundUp(product.N, TLanes.Count);

    /// <summary>Brings b into the order of slabs, blocks and panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackPanels(in MatMulProduct<T> product, T* panels)
    {
        int slab = SlabColumns(product.N);
        for (int column = 0; column < product.N; column += slab)
        {
            int columns = Math.Min(slab, product.N - column);
            for (int p = 0, depth; p < product.K; p += depth)
            {
                depth = MatMulProduct<T>.Block(product.K - p);
                PackBlock(product.B.At(p, column), product.B.Row, product.B.Column, columns, depth, panels);
                panels += depth * RoundUp(columns, TLanes.Count);
            }
        }
    }

    /// <summary>The product where b is already in the order of slabs, blocks and panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in MatMulProduct<T> product, T* panels, ref Ahead ahead)
    {
        if (!PacksA(product))
        {
            MultiplySlabs(product, null, packsB: true, isPacked: true, panels, ref ahead);
            return;
        }

        T[] buffer = ArrayPool<T>.Shared.Rent((PackedRows(product.M) * Math.Min(product.K, MatMulProduct<T>.Depth + MatMulProduct<T>.Rest)) + (CacheLine / sizeof(T)));
        fixed (T* start = buffer)
        {
            MultiplySlabs(product, Align(start), packsB: true, isPacked: true, panels, ref ahead);
        }

        ArrayPool<T>.Shared.Return(buffer);
    }

    private static int Widest => MatMulTiles<T, TVector, TLanes>.Widest;

    // Three at a time, and four as two and two: one alone has too few multiply-adds on their way.
    private static int PanelVectors(int columns)
    {
        int vectors = (columns + TLanes.Count - 1) / TLanes.Count;
        return Widest == 3 && vectors == 4 ? 2 : Math.Min(vectors, Widest);
    }

    // Tiles of a's rows that are packed together, where a stands transposed: so many columns of a use up its cache lines.
    private const int TilesTogether = 4;

    // Equal slabs of whole panels.
    private static int SlabColumns(int n)
    {
        int wide = Widest * TLanes.Count, most = (Widest == 3 ? SlabBytes : FarSlabBytes) / (MatMulProduct<T>.Depth * sizeof(T));
        int slabs = (n + most - 1) / most;
        return RoundUp((n + slabs - 1) / slabs, wide);
    }

    // Rows of a that are multiplied by one panel of b after another. A panel that is as wide as sixteen registers allow stays in the
    // first-level cache while these rows pass, from the second; a wider one streams past the rows of one tile.
    private static int StripeRows(int m)
    {
        int tall = MatMulProduct<T>.TallestTile, most = Widest == 3 ? tall : StripeBytes / (MatMulProduct<T>.Depth * sizeof(T));
        int stripes = (m + most - 1) / most;
        return RoundUp((m + stripes - 1) / stripes, tall);
    }

    // Rows of a that are packed together.
    private static int PackedRows(int m) => Widest == 3 ? TilesTogether * MatMulProduct<T>.TallestTile : StripeRows(m);

    // Rows of the next tile. Six by two are all that sixteen registers hold; seven and eight rows are four and the rest, for a tile of
    // one or two waits for its sums. A packed tile is as it was packed.
    private static int Height(int rows, bool isInPlace) =>
        isInPlace && Widest == 2 && rows is 7 or 8 ? 4 : Math.Min(MatMulProduct<T>.TallestTile, rows);

    // A tile's rows are read once for every panel of b: where their elements lie apart a copy pays, and rows that are contiguous stay.
    private static bool PacksA(in MatMulProduct<T> product) =>
        product.N > PanelsThatRepay * Widest * TLanes.Count
        && (product.A.Column != 1 || (Widest == 2 && product.A.Row * sizeof(T) >= FarRows && product.M > FewRows));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplySlabs(in MatMulProduct<T> product, T* aPanels, bool packsB, bool isPacked, T* bPanels, ref Ahead ahead)
    {
        int slab = SlabColumns(product.N);
        for (int column = 0; column < product.N; column += slab)
        {
            int columns = Math.Min(slab, product.N - column);
            for (int p = 0, depth; p < product.K; p += depth)
            {
                depth = MatMulProduct<T>.Block(product.K - p);
                bool late = !isPacked && product.M <= FewRows && product.B.Column == 1;
                if (packsB && !isPacked && !late)
                    PackBlock(product.B.At(p, column), product.B.Row, product.B.Column, columns, depth, bPanels);
                if (packsB && !isPacked)
                    ahead = NextBlock(product, column, columns, p + depth);
                MultiplyBlock(product, column, columns, p, depth, aPanels, packsB, !late, bPanels, ref ahead);
                if (isPacked)
                    bPanels += depth * RoundUp(columns, TLanes.Count);
            }
        }
    }

    // The rows of b that the next block reads, where they follow one another.
    private static Ahead NextBlock(in MatMulProduct<T> product, int column, int columns, int p)
    {
        Ahead next = default;
        if (Widest == 3 && p < product.K && product.B.Row == columns && product.B.Column == 1)
            next.Add((nint)product.B.At(p, column), MatMulProduct<T>.Block(product.K - p) * product.B.Row * sizeof(T));
        return next;
    }

    // The rows of the addend and of c that the next stripe reads and writes, where they follow one another.
    private static Ahead NextRows(in MatMulProduct<T> product, int columns, int first, int end)
    {
        Ahead next = default;
        if (Widest == 3 && first < end && product.Addend.Row == columns && product.CRow == columns)
        {
            next.Add((nint)product.Addend.At(first, 0), (nint)(end - first) * columns * sizeof(T));
            next.Add((nint)(product.C + (first * product.CRow)), (nint)(end - first) * columns * sizeof(T));
        }

        return next;
    }

    // The widest panels are packed together, so that the rows of b are read as they lie.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackBlock(T* b, nint row, nint column, int columns, int depth, T* panels)
    {
        int wide = Widest * TLanes.Count, j = 0;
        if (column == 1)
        {
            for (; columns - j >= wide && PanelVectors(columns - j) == Widest; j += wide)
            {
            }

            PackTogether(b, row, j / wide, depth, panels);
        }

        for (int width; j < columns; j += width)
        {
            width = PanelVectors(columns - j) * TLanes.Count;
            MatMulPacking<T>.Pack(b + (j * column), column, row, Math.Min(width, columns - j), depth, width, panels + (j * depth));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTiles(T* a, nint row, nint step, int rows, int depth, T* panels)
    {
        int tall = MatMulProduct<T>.TallestTile, whole = row == 1 ? rows / tall : 0;
        for (int p = 0; p < depth && whole > 0; p++)
        {
            T* from = a + (p * step), to = panels + (p * tall);
            for (int tile = 0; tile < whole; tile++, from += tall, to += tall * depth)
                CopyTall(from, to);
        }

        for (int i = whole * tall; i < rows; i += tall)
            MatMulPacking<T>.Pack(a + (i * row), row, step, Math.Min(tall, rows - i), depth, tall, panels + (i * depth));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTogether(T* b, nint row, int count, int depth, T* panels)
    {
        int wide = Widest * TLanes.Count, p = 0;
        for (; p <= depth - 2; p += 2)
        {
            T* from = b + (p * row), to = panels + (p * wide);
            for (int panel = 0; panel < count; panel++, from += wide, to += wide * depth)
            {
                CopyWide(from, to);
                CopyWide(from + row, to + wide);
            }
        }

        for (int panel = 0; p < depth && panel < count; panel++)
            CopyWide(b + (p * row) + (panel * wide), panels + (((panel * depth) + p) * wide));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyTall(T* from, T* to)
    {
        if (sizeof(T) == 4 && Widest == 3)
        {
            Vector256.Load(from).Store(to);
        }
        else if (sizeof(T) == 4)
        {
            Vector128.Load(from).Store(to);
            *(ulong*)(to + 4) = *(ulong*)(from + 4);
        }
        else if (Widest == 3)
        {
            Vector512.Load(from).Store(to);
        }
        else
        {
            Vector256.Load(from).Store(to);
            Vector128.Load(from + 4).Store(to + 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyWide(T* from, T* to)
    {
        TVector x = TLanes.Load(from), y = TLanes.Load(from + TLanes.Count);
        TLanes.Store(x, to);
        TLanes.Store(y, to + TLanes.Count);
        if (Widest == 3)
            TLanes.Store(TLanes.Load(from + (2 * TLanes.Count)), to + (2 * TLanes.Count));
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyBlock(in MatMulProduct<T> product, int column, int columns, int p, int depth, T* aPanels, bool packsB, bool isPacked, T* bPanels, ref Ahead ahead)
    {
        int tall = MatMulProduct<T>.TallestTile, stripe = StripeRows(product.M);
        T* edge = stackalloc T[8 * 3 * TLanes.Count];
        bool copies = aPanels == null && product.A.Column == 1, adds = product.Addend.Start != null && p + depth == product.K, isInOrder = product.CColumn == 1, isNear = (long)product.N * product.K * sizeof(T) <= 256 * 1024;
        MatMulTarget<T> target = new() { CRow = product.CRow, AddendRow = product.Addend.Row, Factor = product.Factor, Accumulate = product.Accumulate || p > 0 };
        MatMulTarget<T> aside = new() { C = edge };
        for (int first = 0; first < product.M; first += stripe)
        {
            int end = Math.Min(first + stripe, product.M);
            T* a = product.A.At(first, p);
            nint aRow = product.A.Row, aStep = product.A.Column;
            if (aPanels != null)
            {
                int inGroup = first % PackedRows(product.M);
                if (inGroup == 0)
                    PackTiles(a, aRow, aStep, Math.Min(PackedRows(product.M), product.M - first), depth, aPanels);
                a = aPanels + (inGroup * depth);
                (aRow, aStep) = (1, tall);
            }

            nint aNext = aPanels != null ? depth : aRow;
            if (adds && !ahead.IsLeft)
                ahead = NextRows(product, columns, end, Math.Min(end + stripe, product.M));
            for (int j = 0, width; j < columns; j += width)
            {
                int vectors = PanelVectors(columns - j);
                width = vectors * TLanes.Count;
                int filled = Math.Min(width, columns - j), i = first;
                bool inPlace = !packsB && filled == width;
                T* b = inPlace ? product.B.At(p, column + j) : bPanels + (packsB && (isPacked || stripe < product.M) ? j * depth : 0);
                nint bStep = inPlace ? product.B.Row : width;
                T* tile = a;
                target.C = product.C + (i * product.CRow) + ((column + j) * product.CColumn);
                target.Addend = adds ? product.Addend.At(i, column + j) : null;
                if (i == 0 && packsB && !isPacked && copies && isInOrder && filled == width && end >= tall)
                {
                    MatMulTiles<T, TVector, TLanes>.MultiplyFirst(vectors, depth, a, aRow, aStep, product.B.At(p, column + j), product.B.Row, target, b);
                    i = tall;
                    tile += tall * aNext;
                    target.Descend(tall);
                }
                else if (i == 0 && (packsB ? !isPacked : !inPlace))
                {
                    MatMulPacking<T>.Pack(product.B.At(p, column + j), product.B.Column, product.B.Row, filled, depth, width, b);
                }

                // The rows of b's next panel are on their way while this one is multiplied.
                T* coming = i <= tall && Widest == 2 && packsB && !isPacked && j + width < columns ? product.B.At(p, column + Math.Min(j + (2 * width), columns) - 1) : null;
                int linesEach = (depth * tall / end) + 1, linesLeft = coming != null ? depth : 0;
                for (int height; i < end; i += height, tile += height * aNext, target.Descend(height))
                {
                    height = Height(end - i, aPanels == null);
                    for (int line = Math.Min(linesEach, linesLeft); line > 0; line--, linesLeft--, coming += product.B.Row)
                        Prefetch.Near(coming);
                    if (isInOrder && filled == width)
                    {
                        MatMulTiles<T, TVector, TLanes>.Multiply(vectors, height, depth, tile, aRow, aStep, b, bStep, ref target, isNear, packsB && ahead.IsLeft ? (T*)ahead.Take(depth / 2) : null);
                    }
                    else
                    {
                        aside.CRow = width;
                        MatMulTiles<T, TVector, TLanes>.Multiply(vectors, height, depth, tile, aRow, aStep, b, bStep, ref aside, isNear, null);
                        MatMulTiles<T, TVector, TLanes>.CopyEdge(edge, width, target, product.CColumn, height, filled);
                    }
                }
            }
        }
    }

    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    private static T* Align(T* start) => (T*)(((nuint)start + CacheLine - 1) & ~(nuint)(CacheLine - 1));
}
