using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>One tile after another: each goes to the micro-kernel of its size, of its operands' steps, and of what is done besides.</summary>
internal static unsafe class MatMulTiles<T, TVector, TLanes>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, IMultiplyAdd<T, TVector>
{
    /// <summary>Vectors in the widest tile.</summary>
    public static int Widest => MatMulProduct<T>.TallestTile == 8 ? 3 : 2;

    private static void MultiplyWithHints(int depth, T* a, nint aRow, nint aStep, T* b, nint bStep, in MatMulTarget<T> target, T* hints)
    {
        if (Widest == 2)
            MultiplyWithHints<Six, Two>(depth, a, aRow, aStep, b, bStep, target, hints);
        else
            MultiplyWithHints<Eight, Three>(depth, a, aRow, aStep, b, bStep, target, hints);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyWithHints<TRows, TVectors>(int depth, T* a, nint aRow, nint aStep, T* b, nint bStep, in MatMulTarget<T> target, T* hints)
        where TRows : struct, IConstant
        where TVectors : struct, IConstant
    {
        if (aStep == 1)
            MatMulMicroKernel<T, TVector, TLanes, TRows, TVectors, One, Four>.Multiply(depth, a, aRow, aStep, b, bStep, target, hints);
        else if (aStep == TRows.Value)
            MatMulMicroKernel<T, TVector, TLanes, TRows, TVectors, TRows, Four>.Multiply(depth, a, aRow, aStep, b, bStep, target, hints);
        else
            MatMulMicroKernel<T, TVector, TLanes, TRows, TVectors, Zero, Four>.Multiply(depth, a, aRow, aStep, b, bStep, target, hints);
    }

    /// <summary>The first of the tallest tiles that read a panel of b, which it leaves a copy of.</summary>
    public static void MultiplyFirst(int vectors, int depth, T* a, nint aRow, nint aStep, T* b, nint bStep, in MatMulTarget<T> target, T* panel)
    {
        if (Widest == 2)
            MultiplyFirst<Six>(vectors, depth, a, aRow, aStep, b, bStep, target, panel);
        else
            MultiplyFirst<Eight>(vectors, depth, a, aRow, aStep, b, bStep, target, panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyFirst<TRows>(int vectors, int depth, T* a, nint aRow, nint aStep, T* b, nint bStep, in MatMulTarget<T> target, T* panel)
        where TRows : struct, IConstant
    {
        if (vectors == 3)
            MatMulMicroKernel<T, TVector, TLanes, TRows, Three, One, Three>.Multiply(depth, a, aRow, aStep, b, bStep, target, panel);
        else if (vectors == 2)
            MatMulMicroKernel<T, TVector, TLanes, TRows, Two, One, Three>.Multiply(depth, a, aRow, aStep, b, bStep, target, panel);
        else
            MatMulMicroKernel<T, TVector, TLanes, TRows, One, One, Three>.Multiply(depth, a, aRow, aStep, b, bStep, target, panel);
    }

    /// <summary>A tile of so many vectors in so many rows, while what is hinted at is brought near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int vectors, int height, int depth, T* a, nint aRow, nint aStep, T* b, nint bStep, ref MatMulTarget<T> target, bool isNear, T* hints)
    {
        bool isPanel = bStep == vectors * TLanes.Count;
        if (hints != null && vectors == Widest && height == MatMulProduct<T>.TallestTile)
            MultiplyWithHints(depth, a, aRow, aStep, b, bStep, target, hints);
        else if (aStep == 1 && isPanel)
            MultiplyTile<One, One>(vectors, height, depth, a, aRow, aStep, b, bStep, ref target);
        else if (aStep == 1 && isNear)
            MultiplyTile<One, Two>(vectors, height, depth, a, aRow, aStep, b, bStep, ref target);
        else if (aStep == 1)
            MultiplyTile<One, Zero>(vectors, height, depth, a, aRow, aStep, b, bStep, ref target);
        else if (aStep == 8 && isPanel)
            MultiplyTile<Eight, One>(vectors, height, depth, a, aRow, aStep, b, bStep, ref target);
        else if (aStep == 6 && isPanel)
            MultiplyTile<Six, One>(vectors, height, depth, a, aRow, aStep, b, bStep, ref target);
        else
            MultiplyTile<Zero, Zero>(vectors, height, depth, a, aRow, aStep, b, bStep, ref target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyTile<TStep, TPanel>(int vectors, int height, int depth, T* a, nint aRow, nint aStep, T* b, nint bStep, ref MatMulTarget<T> target)
        where TStep : struct, IConstant
        where TPanel : struct, IConstant
    {
        if (vectors == 3)
            MultiplyRows<Three, TStep, TPanel>(height, depth, a, aRow, aStep, b, bStep, ref target);
        else if (vectors == 2)
            MultiplyRows<Two, TStep, TPanel>(height, depth, a, aRow, aStep, b, bStep, ref target);
        else
            MultiplyRows<One, TStep, TPanel>(height, depth, a, aRow, aStep, b, bStep, ref target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyRows<TVectors, TStep, TPanel>(int height, int depth, T* a, nint aRow, nint aStep, T* b, nint bStep, ref MatMulTarget<T> target)
        where TVectors : struct, IConstant
        where TStep : struct, IConstant
        where TPanel : struct, IConstant
    {
        if (height == 8)
            MatMulMicroKernel<T, TVector, TLanes, Eight, TVectors, TStep, TPanel>.Multiply(depth, a, aRow, aStep, b, bStep, target, null);
        else if (height == 6)
            MatMulMicroKernel<T, TVector, TLanes, Six, TVectors, TStep, TPanel>.Multiply(depth, a, aRow, aStep, b, bStep, target, null);
        else
            MultiplyFewRows<TVectors, TStep, TPanel>(height, depth, a, aRow, aStep, b, bStep, ref target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyFewRows<TVectors, TStep, TPanel>(int height, int depth, T* a, nint aRow, nint aStep, T* b, nint bStep, ref MatMulTarget<T> target)
        where TVectors : struct, IConstant
        where TStep : struct, IConstant
        where TPanel : struct, IConstant
    {
        T* c = target.C, addend = target.Addend;
        while (height > 0)
        {
            int rows = Math.Min(height, 5);
            if (rows == 5)
                MatMulMicroKernel<T, TVector, TLanes, Five, TVectors, TStep, TPanel>.Multiply(depth, a, aRow, aStep, b, bStep, target, null);
            else if (rows == 4)
                MatMulMicroKernel<T, TVector, TLanes, Four, TVectors, TStep, TPanel>.Multiply(depth, a, aRow, aStep, b, bStep, target, null);
            else if (rows == 3)
                MatMulMicroKernel<T, TVector, TLanes, Three, TVectors, TStep, TPanel>.Multiply(depth, a, aRow, aStep, b, bStep, target, null);
            else if (rows == 2)
                MatMulMicroKernel<T, TVector, TLanes, Two, TVectors, TStep, TPanel>.Multiply(depth, a, aRow, aStep, b, bStep, target, null);
            else
                MatMulMicroKernel<T, TVector, TLanes, One, TVectors, TStep, TPanel>.Multiply(depth, a, aRow, aStep, b, bStep, target, null);
            a += rows * aRow;
            height -= rows;
            target.Descend(rows);
        }

        target.C = c;
        target.Addend = addend;
    }

    /// <summary>What a tile that is wider than what is left of c has made, to where it goes.</summary>
    public static void CopyEdge(T* edge, nint edgeRow, in MatMulTarget<T> target, nint cColumn, int rows, int columns)
    {
        T* c = target.C, addend = target.Addend;
        if (cColumn != 1)
        {
            CopyColumns(edge, edgeRow, c, target.CRow, cColumn, rows, columns, target.Accumulate);
            return;
        }

        for (int i = 0; i < rows; i++, edge += edgeRow, c += target.CRow)
        {
            int j = 0;
            for (; j <= columns - Vector128<T>.Count; j += Vector128<T>.Count)
            {
                Vector128<T> sum = Vector128.Load(edge + j);
                if (target.Accumulate)
                    sum = Vector128.Load(c + j) + sum;
                if (addend != null)
                    sum = Vector128.Load(addend + j) + (Vector128.Create(target.Factor) * sum);
                sum.Store(c + j);
            }

            for (; j < columns; j++)
            {
                T sum = edge[j];
                if (target.Accumulate)
                    sum = MultiplyAddScalar<T>.Add(c[j], sum);
                if (addend != null)
                    sum = MultiplyAddScalar<T>.Add(addend[j], MultiplyAddScalar<T>.Multiply(target.Factor, sum));
                c[j] = sum;
            }

            if (addend != null)
                addend += target.AddendRow;
        }
    }

    // Of a c that stands transposed: rows of it lie along the tile's columns.
    private static void CopyColumns(T* edge, nint edgeRow, T* c, nint cRow, nint cColumn, int rows, int columns, bool accumulate)
    {
        for (int j = 0; j < columns; j++, edge++, c += cColumn)
        {
            T* from = edge, to = c;
            for (int i = 0; i < rows; i++, from += edgeRow, to += cRow)
                *to = accumulate ? MultiplyAddScalar<T>.Add(*to, *from) : *from;
        }
    }
}
