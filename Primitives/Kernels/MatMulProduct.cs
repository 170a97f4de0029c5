using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Functional.Kernels;

/// <summary>A matrix in pinned memory: element (i, j) stands at <c>Start[i·Row + j·Column]</c>.</summary>
internal readonly unsafe struct StridedMatrix<T>(T* start, nint row, nint column) where T : unmanaged
{
    public readonly T* Start = start;
    public readonly nint Row = row, Column = column;

    public StridedMatrix<T> Transposed => new(Start, Column, Row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* At(int i, int j) => Start + (i * Row) + (j * Column);
}

/// <summary>
/// One product c (+)= a·b on one thread, [m, k] · [k, n] → [m, n]. c[i, j] is the sum in order, over blocks of <see cref="Block"/>
/// values of p, of the block's chain of multiply-adds, which starts from zero: short chains bound the rounding error by about
/// (Depth + k/Depth)·ε instead of k·ε, and one rule for every path makes every path agree to the last bit.
/// </summary>
internal readonly unsafe struct MatMulProduct<T>(StridedMatrix<T> a, StridedMatrix<T> b, T* c, nint cRow, int m, int k, int n, bool accumulate, nint cColumn = 1)
    where T : unmanaged
{
    /// <summary>Values of p in one chain, but for the last.</summary>
    public const int Depth = 256;

    /// <summary>What is left at the end up to which the last chain takes it too: a block costs a pass over c.</summary>
    public const int Rest = 64;

    // Tiles of rows after which a copy of b has paid.
    private const int TilesThatRepay = 8;

    // Columns from which a row of c takes two of the widest vectors.
    private static int Narrow => 2 * (Vector512.IsHardwareAccelerated ? Vector512<T>.Count : Vector256<T>.Count);

    public readonly StridedMatrix<T> A = a, B = b;
    public readonly T* C = c;
    public readonly nint CRow = cRow, CColumn = cColumn;
    public readonly int M = m, K = k, N = n;
    public readonly bool Accumulate = accumulate;

    /// <summary>What <see cref="Factor"/> times the product is added to, [m, n], contiguous along a row, for sizes that <see cref="MatMul.TakesAddend"/> takes; null where it is stored as it is.</summary>
    public StridedMatrix<T> Addend { get; init; }

    /// <summary>The factor of the product where there is an addend.</summary>
    public T Factor { get; init; }

    /// <summary>Values of p in the next chain where some are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Block(int left) => left <= Depth + Rest ? left : Depth;

    /// <summary>The part of the product that makes c[row.., column..] of the given size.</summary>
    public MatMulProduct<T> Part(int row, int rows, int column, int columns) =>
        new(new(A.At(row, 0), A.Row, A.Column), new(B.At(0, column), B.Row, B.Column), C + (row * CRow) + column, CRow,
            rows, K, columns, Accumulate)
        {
            Addend = Addend.Start == null ? default : new(Addend.At(row, column), Addend.Row, 1),
            Factor = Factor,
        };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute()
    {
        if (M == 0 || N == 0)
            return;
        if (Addend.Start != null)
            ComputeBlocks();
        else if (K == 0)
            Clear();
        else if (N == 1)
            MatrixVector<T>.Multiply(A, B.Start, B.Row, C, CRow, M, K, Accumulate);
        else if (M == 1)
            MatrixVector<T>.Multiply(B.Transposed, A.Start, A.Column, C, 1, N, K, Accumulate);
        else if (K == 1 && B.Column == 1)
            ComputeOuter();
        else if (MatMulSmall<T>.Takes(this))
            MatMulSmall<T>.Multiply(this, 0, 1, 0, 0, 0);
        else if (IsNarrow)
            Transposed.ComputeBlocks();
        else
            ComputeBlocks();
    }

    // cᵗ = bᵗ·aᵗ has the same chains. Where a's columns lie in memory and c has few, vectors of rows waste no lanes.
    private bool IsNarrow => Addend.Start == null && A.Row == 1 && A.Column != 1 && N < Narrow && M >= 2 * Narrow;

    private MatMulProduct<T> Transposed => new(B.Transposed, A.Transposed, C, CColumn, N, K, M, Accumulate, CRow);

    /// <summary>Whether b is copied in the order in which it is read: it is read once for every tile of rows.</summary>
    public bool PacksB => B.Column != 1 || (M >= TilesThatRepay * TallestTile && N * (long)K >= 128 * 128);

    /// <summary>The elements of b in the order in which a product of any of these rows reads it; 0 where that takes no order.</summary>
    public nint PanelSize =>
        N <= 1 || K <= 1 || IsNarrow || MatMulSmall<T>.Takes(this) ? 0
        : IsWide512 ? MatMulBlocks<T, Vector512<T>, MultiplyAdd512<T>>.PanelSize(this)
        : IsWide256 ? MatMulBlocks<T, Vector256<T>, MultiplyAdd256<T>>.PanelSize(this)
        : MatMulBlocks<T, Vector128<T>, MultiplyAdd128<T>>.PanelSize(this);

    /// <summary>Brings b into that order.</summary>
    public void PackPanels(T* panels)
    {
        if (IsWide512) MatMulBlocks<T, Vector512<T>, MultiplyAdd512<T>>.PackPanels(this, panels);
        else if (IsWide256) MatMulBlocks<T, Vector256<T>, MultiplyAdd256<T>>.PackPanels(this, panels);
        else MatMulBlocks<T, Vector128<T>, MultiplyAdd128<T>>.PackPanels(this, panels);
    }

    /// <summary>The product where b is in that order already, while what is wanted after it is brought near.</summary>
    public void Compute(T* panels, ref Ahead ahead)
    {
        if (IsWide512) MatMulBlocks<T, Vector512<T>, MultiplyAdd512<T>>.Multiply(this, panels, ref ahead);
        else if (IsWide256) MatMulBlocks<T, Vector256<T>, MultiplyAdd256<T>>.Multiply(this, panels, ref ahead);
        else MatMulBlocks<T, Vector128<T>, MultiplyAdd128<T>>.Multiply(this, panels, ref ahead);
    }

    // The narrowest vector that covers the columns, else the widest there is: a thin product wastes no lanes.
    private bool IsWide512 => Vector512.IsHardwareAccelerated && N > Vector256<T>.Count;

    private bool IsWide256 => Vector256.IsHardwareAccelerated && N > Vector128<T>.Count;

    // Each element is written once and its row is walked in order, for memory sets the pace.
    private void ComputeOuter()
    {
        for (int i = 0; i < M; i++)
            MatrixVector<T>.Scale(B.Start, *A.At(i, 0), C + (i * CRow), N, Accumulate);
    }

    private void Clear()
    {
        for (int i = 0; i < M && !Accumulate; i++)
            new Span<T>(C + (i * CRow), N).Clear();
    }

    private void ComputeBlocks()
    {
        if (IsWide512)
            MatMulBlocks<T, Vector512<T>, MultiplyAdd512<T>>.Multiply(this);
        else if (IsWide256)
            MatMulBlocks<T, Vector256<T>, MultiplyAdd256<T>>.Multiply(this);
        else
            MatMulBlocks<T, Vector128<T>, MultiplyAdd128<T>>.Multiply(this);
    }

    /// <summary>Rows of the tallest tile: eight where there are 32 vector registers, six where there are 16.</summary>
    public static int TallestTile => Vector512.IsHardwareAccelerated || AdvSimd.IsSupported ? 8 : 6;
}
