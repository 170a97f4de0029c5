using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// Register tiles of a matrix product: R rows by two vectors, c[r, :] (+)= Σ_p a[r, p]·b[p, :] over one block of p. Every element
/// is one chain of multiply-adds in the order of p that starts from zero, whatever R and the vector's width, so a tile's shape
/// never shows in a result. Accumulators are locals because the runtime keeps locals in registers: twelve rows take 24 of the 32
/// that AVX-512 and Arm have, six rows take 12 of 16.
/// </summary>
internal static unsafe class MatMulMicroKernel<T, TVector, TLanes>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, IMultiplyAdd<T, TVector>
{
    /// <summary>Columns of a tile.</summary>
    public static int Columns => 2 * TLanes.Count;


    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows12(int k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, bool accumulate)
    {
        TVector left0 = default, right0 = default, left1 = default, right1 = default, left2 = default, right2 = default;
        TVector left3 = default, right3 = default, left4 = default, right4 = default, left5 = default, right5 = default;
        TVector left6 = default, right6 = default, left7 = default, right7 = default, left8 = default, right8 = default;
        TVector left9 = default, right9 = default, left10 = default, right10 = default, left11 = default, right11 = default;
        for (int row = 0; row < 12; row++)
            Prefetch.Row(c + (row * cRow), Columns);
        T* a3 = a + (3 * aRow);
        T* a6 = a + (6 * aRow);
        T* a9 = a + (9 * aRow);
        nint aRow2 = 2 * aRow;
        for (int p = 0; p < k; p++)
        {
            TVector left = TLanes.Load(b), right = TLanes.Load(b + TLanes.Count);
            TVector x = TLanes.Broadcast(*a);
            left0 = TLanes.MultiplyAdd(x, left, left0);
            right0 = TLanes.MultiplyAdd(x, right, right0);
            x = TLanes.Broadcast(a[aRow]);
            left1 = TLanes.MultiplyAdd(x, left, left1);
            right1 = TLanes.MultiplyAdd(x, right, right1);
            x = TLanes.Broadcast(a[aRow2]);
            left2 = TLanes.MultiplyAdd(x, left, left2);
            right2 = TLanes.MultiplyAdd(x, right, right2);
            x = TLanes.Broadcast(*a3);
            left3 = TLanes.MultiplyAdd(x, left, left3);
            right3 = TLanes.MultiplyAdd(x, right, right3);
            x = TLanes.Broadcast(a3[aRow]);
            left4 = TLanes.MultiplyAdd(x, left, left4);
            right4 = TLanes.MultiplyAdd(x, right, right4);
            x = TLanes.Broadcast(a3[aRow2]);
            left5 = TLanes.MultiplyAdd(x, left, left5);
            right5 = TLanes.MultiplyAdd(x, right, right5);
            x = TLanes.Broadcast(*a6);
            left6 = TLanes.MultiplyAdd(x, left, left6);
            right6 = TLanes.MultiplyAdd(x, right, right6);
            x = TLanes.Broadcast(a6[aRow]);
            left7 = TLanes.MultiplyAdd(x, left, left7);
            right7 = TLanes.MultiplyAdd(x, right, right7);
            x = TLanes.Broadcast(a6[aRow2]);
            left8 = TLanes.MultiplyAdd(x, left, left8);
            right8 = TLanes.MultiplyAdd(x, right, right8);
            x = TLanes.Broadcast(*a9);
            left9 = TLanes.MultiplyAdd(x, left, left9);
            right9 = TLanes.MultiplyAdd(x, right, right9);
            x = TLanes.Broadcast(a9[aRow]);
            left10 = TLanes.MultiplyAdd(x, left, left10);
            right10 = TLanes.MultiplyAdd(x, right, right10);
            x = TLanes.Broadcast(a9[aRow2]);
            left11 = TLanes.MultiplyAdd(x, left, left11);
            right11 = TLanes.MultiplyAdd(x, right, right11);
            b += bStep;
            a += aStep;
            a3 += aStep;
            a6 += aStep;
            a9 += aStep;
        }

        Put(left0, right0, c, accumulate);
        Put(left1, right1, c + cRow, accumulate);
        Put(left2, right2, c + (2 * cRow), accumulate);
        Put(left3, right3, c + (3 * cRow), accumulate);
        Put(left4, right4, c + (4 * cRow), accumulate);
        Put(left5, right5, c + (5 * cRow), accumulate);
        Put(left6, right6, c + (6 * cRow), accumulate);
        Put(left7, right7, c + (7 * cRow), accumulate);
        Put(left8, right8, c + (8 * cRow), accumulate);
        Put(left9, right9, c + (9 * cRow), accumulate);
        Put(left10, right10, c + (10 * cRow), accumulate);
        Put(left11, right11, c + (11 * cRow), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows6(int k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, bool accumulate)
    {
        TVector left0 = default, right0 = default, left1 = default, right1 = default, left2 = default, right2 = default;
        TVector left3 = default, right3 = default, left4 = default, right4 = default, left5 = default, right5 = default;
        T* a3 = a + (3 * aRow);
        nint aRow2 = 2 * aRow;
        for (int p = 0; p < k; p++)
        {
            TVector left = TLanes.Load(b), right = TLanes.Load(b + TLanes.Count);
            TVector x = TLanes.Broadcast(*a);
            left0 = TLanes.MultiplyAdd(x, left, left0);
            right0 = TLanes.MultiplyAdd(x, right, right0);
            x = TLanes.Broadcast(a[aRow]);
            left1 = TLanes.MultiplyAdd(x, left, left1);
            right1 = TLanes.MultiplyAdd(x, right, right1);
            x = TLanes.Broadcast(a[aRow2]);
            left2 = TLanes.MultiplyAdd(x, left, left2);
            right2 = TLanes.MultiplyAdd(x, right, right2);
            x = TLanes.Broadcast(*a3);
            left3 = TLanes.MultiplyAdd(x, left, left3);
            right3 = TLanes.MultiplyAdd(x, right, right3);
            x = TLanes.Broadcast(a3[aRow]);
            left4 = TLanes.MultiplyAdd(x, left, left4);
            right4 = TLanes.MultiplyAdd(x, right, right4);
            x = TLanes.Broadcast(a3[aRow2]);
            left5 = TLanes.MultiplyAdd(x, left, left5);
            right5 = TLanes.MultiplyAdd(x, right, right5);
            b += bStep;
            a += aStep;
            a3 += aStep;
        }

        Put(left0, right0, c, accumulate);
        Put(left1, right1, c + cRow, accumulate);
        Put(left2, right2, c + (2 * cRow), accumulate);
        Put(left3, right3, c + (3 * cRow), accumulate);
        Put(left4, right4, c + (4 * cRow), accumulate);
        Put(left5, right5, c + (5 * cRow), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4(int k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, bool accumulate)
    {
        TVector left0 = default, right0 = default, left1 = default, right1 = default, left2 = default, right2 = default;
        TVector left3 = default, right3 = default;
        T* a3 = a + (3 * aRow);
        nint aRow2 = 2 * aRow;
        for (int p = 0; p < k; p++)
        {
            TVector left = TLanes.Load(b), right = TLanes.Load(b + TLanes.Count);
            TVector x = TLanes.Broadcast(*a);
            left0 = TLanes.MultiplyAdd(x, left, left0);
            right0 = TLanes.MultiplyAdd(x, right, right0);
            x = TLanes.Broadcast(a[aRow]);
            left1 = TLanes.MultiplyAdd(x, left, left1);
            right1 = TLanes.MultiplyAdd(x, right, right1);
            x = TLanes.Broadcast(a[aRow2]);
            left2 = TLanes.MultiplyAdd(x, left, left2);
            right2 = TLanes.MultiplyAdd(x, right, right2);
            x = TLanes.Broadcast(*a3);
            left3 = TLanes.MultiplyAdd(x, left, left3);
            right3 = TLanes.MultiplyAdd(x, right, right3);
            b += bStep;
            a += aStep;
            a3 += aStep;
        }

        Put(left0, right0, c, accumulate);
        Put(left1, right1, c + cRow, accumulate);
        Put(left2, right2, c + (2 * cRow), accumulate);
        Put(left3, right3, c + (3 * cRow), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1(int k, T* a, nint aStep, T* b, nint bStep, T* c, bool accumulate)
    {
        TVector left = default, right = default;
        for (int p = 0; p < k; p++)
        {
            TVector x = TLanes.Broadcast(*a);
            left = TLanes.MultiplyAdd(x, TLanes.Load(b), left);
            right = TLanes.MultiplyAdd(x, TLanes.Load(b + TLanes.Count), right);
            a += aStep;
            b += bStep;
        }

        Put(left, right, c, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(TVector left, TVector right, T* c, bool accumulate)
    {
        if (accumulate)
        {
            left = TLanes.Add(TLanes.Load(c), left);
            right = TLanes.Add(TLanes.Load(c + TLanes.Count), right);
        }

        TLanes.Store(left, c);
        TLanes.Store(right, c + TLanes.Count);
    }
}
