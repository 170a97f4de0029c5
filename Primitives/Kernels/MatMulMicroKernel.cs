using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>
/// Where a tile goes, and what becomes of its sums on the way there: those of the blocks of p before are in <see cref="C"/> where
/// it accumulates, and addend + factor·sum is stored where there is an <see cref="Addend"/>, each operation rounded. It is changed
/// in place, never copied: a copy would wait for all stores before it.
/// </summary>
internal unsafe struct MatMulTarget<T> where T : unmanaged
{
    public T* C, Addend;
    public nint CRow, AddendRow;
    public T Factor;
    public bool Accumulate;

    /// <summary>Goes down by so many rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Descend(int rows)
    {
        C += rows * CRow;
        if (Addend != null)
            Addend += rows * AddendRow;
    }
}

/// <summary>
/// A register tile of a matrix product: up to eight rows by three vectors, c[r, :] (+)= Σ_p a[r, p]·b[p, :] over one block of p.
/// Every element is one chain of multiply-adds in the order of p that starts from zero, whatever the tile and the vector's width,
/// so a tile's shape never shows in a result. Accumulators are locals because the runtime keeps locals in registers: 8 × 3 take 24
/// of the 32 that AVX-512 and Arm have, and eleven loads serve 24 multiply-adds; 6 × 2 take 12 of 16. Two values of p a turn, for
/// the instructions besides are what is short where two threads share a core; not four, for the runtime inlines no more calls in one
/// method than about these, and what is left as a call makes it many times slower.
/// </summary>
/// <typeparam name="T">Of the elements.</typeparam>
/// <typeparam name="TVector">Some elements of a row.</typeparam>
/// <typeparam name="TLanes">Its arithmetic.</typeparam>
/// <typeparam name="TRows">The tile's rows.</typeparam>
/// <typeparam name="TVectors">The vectors in each.</typeparam>
/// <typeparam name="TStep">The elements from one column of a to the next; 0 where only the call knows.</typeparam>
/// <typeparam name="TPanel">1 where the rows of b follow one another, else 0.</typeparam>
internal static unsafe class MatMulMicroKernel<T, TVector, TLanes, TRows, TVectors, TStep, TPanel>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, IMultiplyAdd<T, TVector>
    where TRows : struct, IConstant
    where TVectors : struct, IConstant
    where TStep : struct, IConstant
    where TPanel : struct, IConstant
{
    // Rows of b that are on their way from the second-level cache while one is multiplied.
    private const int RowsAhead = 6;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int k, T* a, nint aRow, nint aStep, T* b, nint bStep, in MatMulTarget<T> target, T* panel)
    {
        TVector x0 = default, y0 = default, z0 = default, x1 = default, y1 = default, z1 = default;
        TVector x2 = default, y2 = default, z2 = default, x3 = default, y3 = default, z3 = default;
        TVector x4 = default, y4 = default, z4 = default, x5 = default, y5 = default, z5 = default;
        TVector x6 = default, y6 = default, z6 = default, x7 = default, y7 = default, z7 = default;
        TVector x, y, z, factor;
        T* c = target.C, addend = target.Addend;
        nint cRow = target.CRow, addendRow = target.AddendRow;
        Reach(c, cRow);
        if (addend != null)
            Reach(addend, addendRow);
        T* a3 = a + (3 * aRow), a6 = a + (6 * aRow);
        nint aRow2 = 2 * aRow, step = TStep.Value == 0 ? aStep : TStep.Value;
        nint next = TPanel.Value is 1 or 4 ? TVectors.Value * TLanes.Count : bStep;
        for (; k >= 2; k -= 2)
        {
            Ahead(b + (RowsAhead * next));
            (x, y, z) = (TLanes.Load(b), Vector(1, b), Vector(2, b));
            Copy(x, y, z, panel);
            factor = Factor(0, a, a3, a6, aRow, aRow2, 0); x0 = Add(0, 0, factor, x, x0); y0 = Add(0, 1, factor, y, y0); z0 = Add(0, 2, factor, z, z0);
            factor = Factor(1, a, a3, a6, aRow, aRow2, 0); x1 = Add(1, 0, factor, x, x1); y1 = Add(1, 1, factor, y, y1); z1 = Add(1, 2, factor, z, z1);
            factor = Factor(2, a, a3, a6, aRow, aRow2, 0); x2 = Add(2, 0, factor, x, x2); y2 = Add(2, 1, factor, y, y2); z2 = Add(2, 2, factor, z, z2);
            factor = Factor(3, a, a3, a6, aRow, aRow2, 0); x3 = Add(3, 0, factor, x, x3); y3 = Add(3, 1, factor, y, y3); z3 = Add(3, 2, factor, z, z3);
            factor = Factor(4, a, a3, a6, aRow, aRow2, 0); x4 = Add(4, 0, factor, x, x4); y4 = Add(4, 1, factor, y, y4); z4 = Add(4, 2, factor, z, z4);
            factor = Factor(5, a, a3, a6, aRow, aRow2, 0); x5 = Add(5, 0, factor, x, x5); y5 = Add(5, 1, factor, y, y5); z5 = Add(5, 2, factor, z, z5);
            factor = Factor(6, a, a3, a6, aRow, aRow2, 0); x6 = Add(6, 0, factor, x, x6); y6 = Add(6, 1, factor, y, y6); z6 = Add(6, 2, factor, z, z6);
            factor = Factor(7, a, a3, a6, aRow, aRow2, 0); x7 = Add(7, 0, factor, x, x7); y7 = Add(7, 1, factor, y, y7); z7 = Add(7, 2, factor, z, z7);
            Ahead(b + ((RowsAhead + 1) * next));
            (x, y, z) = (TLanes.Load(b + next), Vector(1, b + next), Vector(2, b + next));
            Copy(x, y, z, panel + (TVectors.Value * TLanes.Count));
            factor = Factor(0, a, a3, a6, aRow, aRow2, step); x0 = Add(0, 0, factor, x, x0); y0 = Add(0, 1, factor, y, y0); z0 = Add(0, 2, factor, z, z0);
            factor = Factor(1, a, a3, a6, aRow, aRow2, step); x1 = Add(1, 0, factor, x, x1); y1 = Add(1, 1, factor, y, y1); z1 = Add(1, 2, factor, z, z1);
            factor = Factor(2, a, a3, a6, aRow, aRow2, step); x2 = Add(2, 0, factor, x, x2); y2 = Add(2, 1, factor, y, y2); z2 = Add(2, 2, factor, z, z2);
            factor = Factor(3, a, a3, a6, aRow, aRow2, step); x3 = Add(3, 0, factor, x, x3); y3 = Add(3, 1, factor, y, y3); z3 = Add(3, 2, factor, z, z3);
            factor = Factor(4, a, a3, a6, aRow, aRow2, step); x4 = Add(4, 0, factor, x, x4); y4 = Add(4, 1, factor, y, y4); z4 = Add(4, 2, factor, z, z4);
            factor = Factor(5, a, a3, a6, aRow, aRow2, step); x5 = Add(5, 0, factor, x, x5); y5 = Add(5, 1, factor, y, y5); z5 = Add(5, 2, factor, z, z5);
            factor = Factor(6, a, a3, a6, aRow, aRow2, step); x6 = Add(6, 0, factor, x, x6); y6 = Add(6, 1, factor, y, y6); z6 = Add(6, 2, factor, z, z6);
            factor = Factor(7, a, a3, a6, aRow, aRow2, step); x7 = Add(7, 0, factor, x, x7); y7 = Add(7, 1, factor, y, y7); z7 = Add(7, 2, factor, z, z7);
            b += 2 * next;
            if (TPanel.Value == 3)
                panel += 2 * TVectors.Value * TLanes.Count;
            if (TPanel.Value == 4)
                panel = Hint(panel);
            a += 2 * step;
            if (TStep.Value <= 1)
            {
                a3 += 2 * step;
                a6 += 2 * step;
            }
        }

        if (k > 0)
        {
            (x, y, z) = (TLanes.Load(b), Vector(1, b), Vector(2, b));
            Copy(x, y, z, panel);
            factor = Factor(0, a, a3, a6, aRow, aRow2, 0); x0 = Add(0, 0, factor, x, x0); y0 = Add(0, 1, factor, y, y0); z0 = Add(0, 2, factor, z, z0);
            factor = Factor(1, a, a3, a6, aRow, aRow2, 0); x1 = Add(1, 0, factor, x, x1); y1 = Add(1, 1, factor, y, y1); z1 = Add(1, 2, factor, z, z1);
            factor = Factor(2, a, a3, a6, aRow, aRow2, 0); x2 = Add(2, 0, factor, x, x2); y2 = Add(2, 1, factor, y, y2); z2 = Add(2, 2, factor, z, z2);
            factor = Factor(3, a, a3, a6, aRow, aRow2, 0); x3 = Add(3, 0, factor, x, x3); y3 = Add(3, 1, factor, y, y3); z3 = Add(3, 2, factor, z, z3);
            factor = Factor(4, a, a3, a6, aRow, aRow2, 0); x4 = Add(4, 0, factor, x, x4); y4 = Add(4, 1, factor, y, y4); z4 = Add(4, 2, factor, z, z4);
            factor = Factor(5, a, a3, a6, aRow, aRow2, 0); x5 = Add(5, 0, factor, x, x5); y5 = Add(5, 1, factor, y, y5); z5 = Add(5, 2, factor, z, z5);
            factor = Factor(6, a, a3, a6, aRow, aRow2, 0); x6 = Add(6, 0, factor, x, x6); y6 = Add(6, 1, factor, y, y6); z6 = Add(6, 2, factor, z, z6);
            factor = Factor(7, a, a3, a6, aRow, aRow2, 0); x7 = Add(7, 0, factor, x, x7); y7 = Add(7, 1, factor, y, y7); z7 = Add(7, 2, factor, z, z7);
        }

        if (target.Accumulate)
        {
            x0 = Earlier(0, 0, x0, c, cRow); y0 = Earlier(0, 1, y0, c, cRow); z0 = Earlier(0, 2, z0, c, cRow);
            x1 = Earlier(1, 0, x1, c, cRow); y1 = Earlier(1, 1, y1, c, cRow); z1 = Earlier(1, 2, z1, c, cRow);
            x2 = Earlier(2, 0, x2, c, cRow); y2 = Earlier(2, 1, y2, c, cRow); z2 = Earlier(2, 2, z2, c, cRow);
            x3 = Earlier(3, 0, x3, c, cRow); y3 = Earlier(3, 1, y3, c, cRow); z3 = Earlier(3, 2, z3, c, cRow);
            x4 = Earlier(4, 0, x4, c, cRow); y4 = Earlier(4, 1, y4, c, cRow); z4 = Earlier(4, 2, z4, c, cRow);
            x5 = Earlier(5, 0, x5, c, cRow); y5 = Earlier(5, 1, y5, c, cRow); z5 = Earlier(5, 2, z5, c, cRow);
            x6 = Earlier(6, 0, x6, c, cRow); y6 = Earlier(6, 1, y6, c, cRow); z6 = Earlier(6, 2, z6, c, cRow);
            x7 = Earlier(7, 0, x7, c, cRow); y7 = Earlier(7, 1, y7, c, cRow); z7 = Earlier(7, 2, z7, c, cRow);
        }

        if (addend != null)
        {
            factor = TLanes.Broadcast(target.Factor);
            x0 = Scaled(0, 0, factor, x0, addend, addendRow); y0 = Scaled(0, 1, factor, y0, addend, addendRow); z0 = Scaled(0, 2, factor, z0, addend, addendRow);
            x1 = Scaled(1, 0, factor, x1, addend, addendRow); y1 = Scaled(1, 1, factor, y1, addend, addendRow); z1 = Scaled(1, 2, factor, z1, addend, addendRow);
            x2 = Scaled(2, 0, factor, x2, addend, addendRow); y2 = Scaled(2, 1, factor, y2, addend, addendRow); z2 = Scaled(2, 2, factor, z2, addend, addendRow);
            x3 = Scaled(3, 0, factor, x3, addend, addendRow); y3 = Scaled(3, 1, factor, y3, addend, addendRow); z3 = Scaled(3, 2, factor, z3, addend, addendRow);
            x4 = Scaled(4, 0, factor, x4, addend, addendRow); y4 = Scaled(4, 1, factor, y4, addend, addendRow); z4 = Scaled(4, 2, factor, z4, addend, addendRow);
            x5 = Scaled(5, 0, factor, x5, addend, addendRow); y5 = Scaled(5, 1, factor, y5, addend, addendRow); z5 = Scaled(5, 2, factor, z5, addend, addendRow);
            x6 = Scaled(6, 0, factor, x6, addend, addendRow); y6 = Scaled(6, 1, factor, y6, addend, addendRow); z6 = Scaled(6, 2, factor, z6, addend, addendRow);
            x7 = Scaled(7, 0, factor, x7, addend, addendRow); y7 = Scaled(7, 1, factor, y7, addend, addendRow); z7 = Scaled(7, 2, factor, z7, addend, addendRow);
        }

        Put(0, x0, y0, z0, c, cRow);
        Put(1, x1, y1, z1, c, cRow);
        Put(2, x2, y2, z2, c, cRow);
        Put(3, x3, y3, z3, c, cRow);
        Put(4, x4, y4, z4, c, cRow);
        Put(5, x5, y5, z5, c, cRow);
        Put(6, x6, y6, z6, c, cRow);
        Put(7, x7, y7, z7, c, cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Vector(int column, T* b) => column < TVectors.Value ? TLanes.Load(b + (column * TLanes.Count)) : default;

    // Packed rows stand side by side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Factor(int row, T* a, T* a3, T* a6, nint aRow, nint aRow2, nint step)
    {
        if (row >= TRows.Value)
            return default;
        if (TStep.Value > 1)
            return TLanes.Broadcast(a[row + step]);
        T* group = row < 3 ? a : row < 6 ? a3 : a6;
        return TLanes.Broadcast(*(row % 3 == 0 ? group + step : row % 3 == 1 ? group + aRow + step : group + aRow2 + step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(int row, int column, TVector factor, TVector b, TVector sum) =>
        row < TRows.Value && column < TVectors.Value ? TLanes.MultiplyAdd(factor, b, sum) : sum;

    // Where the tile goes, and what it is added to, is on its way while it is computed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reach(T* rows, nint row)
    {
        Reach(0, rows, row);
        Reach(1, rows, row);
        Reach(2, rows, row);
        Reach(3, rows, row);
        Reach(4, rows, row);
        Reach(5, rows, row);
        Reach(6, rows, row);
        Reach(7, rows, row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reach(int row, T* c, nint cRow)
    {
        if (row >= TRows.Value || !Sse.IsSupported)
            return;
        c += row * cRow;
        Sse.Prefetch0(c);
        if (TVectors.Value > 1)
            Sse.Prefetch0(c + TLanes.Count);
        if (TVectors.Value > 2)
            Sse.Prefetch0(c + (2 * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ahead(T* b)
    {
        if (TPanel.Value is 1 or 2 or 4 || !Sse.IsSupported)
            return;
        Sse.Prefetch0(b);
        if (TVectors.Value > 1)
            Sse.Prefetch0(b + TLanes.Count);
        if (TVectors.Value > 2)
            Sse.Prefetch0(b + (2 * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(TVector x, TVector y, TVector z, T* panel)
    {
        if (TPanel.Value != 3)
            return;
        TLanes.Store(x, panel);
        if (TVectors.Value > 1)
            TLanes.Store(y, panel + TLanes.Count);
        if (TVectors.Value > 2)
            TLanes.Store(z, panel + (2 * TLanes.Count));
    }

    // Into the second-level cache: what is hinted at is wanted after this tile.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* Hint(T* line)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(line);
        return line + (Functional.Kernels.Ahead.Line / sizeof(T));
    }

    // The sum of the blocks of p before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Earlier(int row, int column, TVector sum, T* c, nint cRow) =>
        row < TRows.Value && column < TVectors.Value ? TLanes.Add(TLanes.Load(c + (row * cRow) + (column * TLanes.Count)), sum) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Scaled(int row, int column, TVector factor, TVector sum, T* addend, nint addendRow) =>
        row < TRows.Value && column < TVectors.Value ? TLanes.Add(TLanes.Load(addend + (row * addendRow) + (column * TLanes.Count)), TLanes.Multiply(factor, sum)) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(int row, TVector x, TVector y, TVector z, T* c, nint cRow)
    {
        if (row >= TRows.Value)
            return;
        c += row * cRow;
        TLanes.Store(x, c);
        if (TVectors.Value > 1)
            TLanes.Store(y, c + TLanes.Count);
        if (TVectors.Value > 2)
            TLanes.Store(z, c + (2 * TLanes.Count));
    }
}
