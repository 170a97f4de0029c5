using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Functional.Kernels;
using Xunit;

namespace Functional.Properties.Kernels;

/// <summary>The matrix product against its definition, and the promise that an element's bits depend on nothing around it.</summary>
public class MatMulProperties
{
    // Sizes on both sides of every vector, tile, stripe and unroll; blocks of 256, the last of up to 320, are straddled by the inner sizes.
    private static readonly int[] Sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 31, 33, 65, 100, 200];
    private static readonly int[] InnerSizes = [0, 1, 2, 3, 4, 5, 8, 16, 17, 33, 100, 255, 256, 257, 320, 321, 576, 600, 2100, 2200];

    // |error| ≤ γ_k Σ|a||b| with γ_k ≈ k·ε/2 for any order of summation (Higham, Accuracy and Stability, §3.1); k + 2 covers the
    // reference's own rounding and the last addition to c.
    private static double Bound(int k, double epsilon, double magnitude) => (k + 2) * epsilon * magnitude;

    /// <summary>A product drawn at random: sizes, layouts of both operands, gaps between rows, whether it adds to c.</summary>
    public sealed record Case(int M, int K, int N, bool TransposedA, bool TransposedB, int Gap, bool Accumulate, int Seed)
    {
        public (int Row, int Column) A => TransposedA ? (1, M + Gap) : (K + Gap, 1);

        public (int Row, int Column) B => TransposedB ? (1, K + Gap) : (N + Gap, 1);

        public int CRow => N + Gap;
    }

    public static class Cases
    {
        public static Arbitrary<Case> Case() => Arb.From(
            from m in Gen.Elements(Sizes)
            from k in Gen.Elements(InnerSizes)
            from n in Gen.Elements(Sizes)
            from ta in Gen.Elements(true, false)
            from tb in Gen.Elements(true, false)
            from gap in Gen.Elements(0, 0, 1, 5)
            from accumulate in Gen.Elements(true, false)
            from seed in Gen.Choose(0, int.MaxValue)
            select new Case(m, k, n, ta, tb, gap, accumulate, seed));
    }

    private sealed record Operands<T>(T[] A, T[] B, T[] C) where T : unmanaged, INumber<T>;

    // Integers fill their whole range, so products and sums wrap; floats lie in [-1, 1).
    private static T[] Draw<T>(Random random, int length) where T : unmanaged, INumber<T>
    {
        bool whole = typeof(T) == typeof(int) || typeof(T) == typeof(long);
        var values = new T[length];
        for (int i = 0; i < length; i++)
            values[i] = whole ? T.CreateTruncating(random.NextInt64(long.MinValue, long.MaxValue)) : T.CreateChecked((random.NextDouble() * 2) - 1);
        return values;
    }

    private static Operands<T> Draw<T>(Case at) where T : unmanaged, INumber<T>
    {
        var random = new Random(at.Seed);
        return new(
            Draw<T>(random, (at.M + at.Gap) * (at.K + at.Gap)),
            Draw<T>(random, (at.K + at.Gap) * (at.N + at.Gap)),
            Draw<T>(random, at.M * at.CRow));
    }

    private static T[] Multiply<T>(Case at, Operands<T> operands, int threads = 1) where T : unmanaged, INumber<T>
    {
        T[] c = [.. operands.C];
        MatMul.Multiply<T>(
            operands.A, at.A.Row, at.A.Column, operands.B, at.B.Row, at.B.Column, c, at.CRow, at.M, at.K, at.N, at.Accumulate, threads);
        return c;
    }

    /// <summary>c by the definition: each element of the result is <paramref name="element"/> of c's old value, a's row and b's column.</summary>
    private static T[] Define<T>(Case at, Operands<T> operands, Func<T, T[], T[], T> element) where T : unmanaged, INumber<T>
    {
        T[] c = [.. operands.C];
        T[][] rows = Lines(operands.A, at.M, at.A.Row, at.K, at.A.Column), columns = Lines(operands.B, at.N, at.B.Column, at.K, at.B.Row);
        for (int i = 0; i < at.M; i++)
        {
            for (int j = 0; j < at.N; j++)
                c[(i * at.CRow) + j] = element(at.Accumulate ? c[(i * at.CRow) + j] : T.Zero, rows[i], columns[j]);
        }

        return c;
    }

    private static T[][] Lines<T>(T[] values, int count, int stride, int length, int step)
    {
        var lines = new T[count][];
        for (int i = 0; i < count; i++)
        {
            lines[i] = new T[length];
            for (int p = 0; p < length; p++)
                lines[i][p] = values[(i * stride) + (p * step)];
        }

        return lines;
    }

    private static T InBlocks<T>(T start, T[] row, T[] column, Func<T, T, T, T> multiplyAdd) where T : unmanaged, INumber<T>
    {
        for (int block = 0, end; block < row.Length; block = end)
        {
            end = row.Length - block <= 320 ? row.Length : block + 256;
            T sum = T.Zero;
            for (int p = block; p < end; p++)
                sum = multiplyAdd(row[p], column[p], sum);
            start += sum;
        }

        return start;
    }

    private static T Wrapping<T>(T start, T[] row, T[] column) where T : unmanaged, INumber<T> =>
        InBlocks(start, row, column, (x, y, sum) => unchecked((x * y) + sum));

    [Property(MaxTest = 200, Arbitrary = [typeof(Cases)])]
    public Property Float_product_is_its_documented_sum_to_the_last_bit(Case at)
    {
        Operands<float> operands = Draw<float>(at);
        float[] defined = Define(at, operands, (c, x, y) => InBlocks(c, x, y, float.FusedMultiplyAdd));
        return Multiply(at, operands).AsSpan().SequenceEqual(defined)
            .Classify(at.M * at.K * at.N == 0, "empty")
            .Classify(at.M == 1 || at.N == 1, "matrix-vector")
            .Classify(at.K > 320, "several blocks of p");
    }

    [Property(MaxTest = 200, Arbitrary = [typeof(Cases)])]
    public void Double_product_is_its_documented_sum_to_the_last_bit(Case at)
    {
        Operands<double> operands = Draw<double>(at);
        Assert.Equal(Define(at, operands, (c, x, y) => InBlocks(c, x, y, double.FusedMultiplyAdd)), Multiply(at, operands));
    }

    // Rows far apart and more of them than one stripe, several slabs of columns, a short block at the end; few columns of many rows.
    [Theory]
    [InlineData(520, 1100, 40, false, false)]
    [InlineData(520, 600, 40, true, false)]
    [InlineData(14, 300, 1100, false, false)]
    [InlineData(150, 600, 40, false, true)]
    [InlineData(270, 700, 10, true, false)]
    [InlineData(130, 300, 13, true, true)]
    public void Large_product_is_its_documented_sum_to_the_last_bit(int m, int k, int n, bool transposedA, bool transposedB)
    {
        var at = new Case(m, k, n, transposedA, transposedB, 0, false, 3);
        Operands<float> floats = Draw<float>(at);
        Assert.Equal(Define(at, floats, (c, x, y) => InBlocks(c, x, y, float.FusedMultiplyAdd)), Multiply(at, floats));
        Operands<double> doubles = Draw<double>(at);
        Assert.Equal(Define(at, doubles, (c, x, y) => InBlocks(c, x, y, double.FusedMultiplyAdd)), Multiply(at, doubles));
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Cases)])]
    public void Int_product_wraps_exactly(Case at)
    {
        Operands<int> operands = Draw<int>(at);
        Assert.Equal(Define(at, operands, Wrapping), Multiply(at, operands));
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Cases)])]
    public void Long_product_wraps_exactly(Case at)
    {
        Operands<long> operands = Draw<long>(at);
        Assert.Equal(Define(at, operands, Wrapping), Multiply(at, operands));
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Cases)])]
    public void Product_is_within_the_rounding_bound_of_the_definition(Case at)
    {
        Operands<float> operands = Draw<float>(at);
        float[] actual = Multiply(at, operands);
        for (int i = 0; i < at.M; i++)
        {
            for (int j = 0; j < at.N; j++)
            {
                double start = at.Accumulate ? operands.C[(i * at.CRow) + j] : 0, sum = start, magnitude = Math.Abs(start);
                for (int p = 0; p < at.K; p++)
                {
                    double term = (double)operands.A[(i * at.A.Row) + (p * at.A.Column)] * operands.B[(p * at.B.Row) + (j * at.B.Column)];
                    (sum, magnitude) = (sum + term, magnitude + Math.Abs(term));
                }

                double error = Math.Abs(actual[(i * at.CRow) + j] - sum);
                Assert.True(error <= Bound(at.K, Math.ScaleB(1, -24), magnitude), $"{at}: c[{i},{j}] is off by {error}");
            }
        }
    }

    [Theory]
    [InlineData(300, 300, 270)]
    [InlineData(13, 300, 2100)]
    [InlineData(2100, 300, 7)]
    [InlineData(1, 1000, 600)]
    [InlineData(600, 1000, 1)]
    public void Number_of_threads_does_not_show(int m, int k, int n)
    {
        var at = new Case(m, k, n, false, false, 0, true, 11);
        Operands<float> floats = Draw<float>(at);
        Operands<double> doubles = Draw<double>(at);
        float[] oneFloat = Multiply(at, floats);
        double[] oneDouble = Multiply(at, doubles);
        foreach (int threads in new[] { 2, 3, 7, 0 })
        {
            Assert.Equal(oneFloat, Multiply(at, floats, threads));
            Assert.Equal(oneDouble, Multiply(at, doubles, threads));
        }
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Cases)])]
    public void Element_does_not_depend_on_the_rows_and_columns_around_it(Case at)
    {
        if (at.M == 0 || at.N == 0)
            return;
        Operands<float> operands = Draw<float>(at);
        float[] whole = Multiply(at, operands);
        var random = new Random(at.Seed);
        int row = random.Next(at.M), column = random.Next(at.N);
        int rows = random.Next(1, at.M - row + 1), columns = random.Next(1, at.N - column + 1);
        float[] part = new float[rows * columns];
        for (int i = 0; i < rows; i++)
            operands.C.AsSpan(((row + i) * at.CRow) + column, columns).CopyTo(part.AsSpan(i * columns));
        MatMul.Multiply<float>(
            at.K == 0 ? [] : operands.A.AsSpan(row * at.A.Row), at.A.Row, at.A.Column,
            at.K == 0 ? [] : operands.B.AsSpan(column * at.B.Column), at.B.Row, at.B.Column,
            part, columns, rows, at.K, columns, at.Accumulate);
        for (int i = 0; i < rows; i++)
            Assert.Equal(whole.AsSpan(((row + i) * at.CRow) + column, columns), part.AsSpan(i * columns, columns));
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Cases)])]
    public void What_lies_between_the_rows_of_the_result_stays(Case at)
    {
        Operands<double> operands = Draw<double>(at);
        double[] c = Multiply(at, operands);
        for (int i = 0; i < at.M; i++)
            Assert.Equal(operands.C.AsSpan((i * at.CRow) + at.N, at.Gap), c.AsSpan((i * at.CRow) + at.N, at.Gap));
    }

    [Theory]
    [InlineData(40, 3, 4, 5, 0)]
    [InlineData(1000, 9, 33, 17, 0)]
    [InlineData(3, 130, 300, 140, 0)]
    [InlineData(3, 130, 300, 140, 5)]
    [InlineData(2, 0, 3, 4, 0)]
    [InlineData(0, 2, 3, 4, 0)]
    public void Batched_product_equals_a_loop(int batch, int m, int k, int n, int threads)
    {
        var random = new Random(5);
        float[] a = Draw<float>(random, batch * m * k), b = Draw<float>(random, batch * k * n), c = Draw<float>(random, batch * m * n);
        float[] looped = [.. c], shared = [.. c], loopedShared = [.. c];
        MatMul.MultiplyBatched<float>(a, k, 1, b, n, 1, c, n, m, k, n, batch, m * k, k * n, m * n, accumulate: true, threads);
        MatMul.MultiplyBatched<float>(a, k, 1, b, n, 1, shared, n, m, k, n, batch, m * k, 0, m * n, accumulate: true, threads);
        for (int i = 0; i < batch; i++)
        {
            MatMul.Multiply<float>(
                a.AsSpan(i * m * k), k, 1, b.AsSpan(i * k * n), n, 1, looped.AsSpan(i * m * n), n, m, k, n, accumulate: true, 1);
            MatMul.Multiply<float>(
                a.AsSpan(i * m * k), k, 1, b, n, 1, loopedShared.AsSpan(i * m * n), n, m, k, n, accumulate: true, 1);
        }

        Assert.Equal(looped, c);
        Assert.Equal(loopedShared, shared);
    }

    [Fact]
    public void Strides_of_zero_broadcast_and_other_strides_skip()
    {
        double[] a = [1, -1, 2, -1, 3, -1, 4, -1, 5, -1, 6], b = [10, 20], c = new double[4];
        // a is [[1, 2, 3], [4, 5, 6]] in every second place, b repeats the row [10, 20].
        MatMul.Multiply<double>(a, 6, 2, b, 0, 1, c, 2, 2, 3, 2);
        Assert.Equal([60, 120, 150, 300], c);
    }

    [Fact]
    public void Infinities_and_NaN_stay_in_their_rows_and_columns()
    {
        const int Size = 19;
        float[] a = Enumerable.Repeat(1f, Size * Size).ToArray(), b = [.. a], c = new float[Size * Size];
        a[(18 * Size) + 3] = float.NaN;
        b[(2 * Size) + 18] = float.PositiveInfinity;
        MatMul.Multiply<float>(a, Size, 1, b, Size, 1, c, Size, Size, Size, Size);
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
                Assert.Equal(i == 18 ? float.NaN : j == 18 ? float.PositiveInfinity : Size, c[(i * Size) + j]);
        }
    }

    [Fact]
    public void Short_spans_negative_sizes_overlapping_rows_and_other_types_are_refused()
    {
        float[] four = new float[4];
        Assert.Contains("a holds 4 elements", Assert.Throws<ArgumentException>(
            () => MatMul.Multiply<float>(four, 3, 1, four, 2, 1, new float[4], 2, 2, 3, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MatMul.Multiply<float>(four, 2, 1, four, 2, 1, new float[3], 2, 2, 2, 2));
        Assert.Throws<ArgumentException>(() => MatMul.Multiply<float>(four, 2, 1, four, 2, 1, four, 2, -1, 2, 2));
        Assert.Throws<ArgumentException>(() => MatMul.Multiply<float>(four, -2, 1, four, 2, 1, new float[4], 2, 2, 2, 2));
        Assert.Throws<ArgumentException>(() => MatMul.Multiply<float>(four, 2, 1, four, 2, 1, new float[4], 1, 2, 2, 2));
        Assert.Throws<NotSupportedException>(() => MatMul.Multiply<short>([], 1, 1, [], 1, 1, [], 1, 0, 0, 0));
    }
}
