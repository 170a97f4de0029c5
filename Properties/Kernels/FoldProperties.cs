using System.Numerics;
using FsCheck.Xunit;
using Functional.Kernels;
using Xunit;

namespace Functional.Properties.Kernels;

public class FoldProperties
{
    // Sums of n rounded numbers in any order of a tree of depth log n differ by few units in the last place of Σ|x|.
    private const double Rounding = 1e-13;

    [Property(MaxTest = 300)]
    public void A_fold_is_its_definition(int seed)
    {
        var (source, extents, axes) = Draw(seed);
        var sum = Fold<double, SumFold<double>>(source, extents, axes);
        var max = Fold<double, MaximumFold<double>>(source, extents, axes);
        var min = Fold<double, MinimumFold<double>>(source, extents, axes);
        var product = Fold<double, ProductFold<double>>(source, extents, axes);
        var sequences = Sequences(source, extents, axes);
        Assert.Equal(sequences.Length, sum.Length);
        for (var i = 0; i < sum.Length; i++)
        {
            Assert.True(Math.Abs(sequences[i].Sum() - sum[i]) <= Rounding * sequences[i].Sum(Math.Abs));
            var expected = sequences[i].Aggregate(1.0, (x, y) => x * y);
            Assert.True(Math.Abs(expected - product[i]) <= Rounding * Math.Abs(expected));
            if (sequences[i].Length == 0) continue;
            Assert.Equal(sequences[i].Max(), max[i]);
            Assert.Equal(sequences[i].Min(), min[i]);
        }
    }

    [Property(MaxTest = 300)]
    public void A_fold_depends_bit_for_bit_on_its_own_sequence(int seed)
    {
        var (source, extents, axes) = Draw(seed);
        var singles = System.Array.ConvertAll(source, x => (float)x);
        Same<double, SumFold<double>>(source, extents, axes);
        Same<double, ProductFold<double>>(source, extents, axes);
        Same<float, SumFold<float>>(singles, extents, axes);
        Same<float, ProductFold<float>>(singles, extents, axes);
    }

    [Property(MaxTest = 100)]
    public void Integers_fold_exactly(int seed)
    {
        var (source, extents, axes) = Draw(seed);
        var numbers = System.Array.ConvertAll(source, x => (int)(1000 * x));
        var sums = Fold<int, SumFold<int>>(numbers, extents, axes);
        var maxima = Fold<long, MaximumFold<long>>(System.Array.ConvertAll(numbers, x => (long)x), extents, axes);
        foreach (var (sequence, sum, maximum) in Sequences(numbers, extents, axes).Zip(sums, maxima))
        {
            Assert.Equal(sequence.Sum(), sum);
            Assert.Equal(sequence.Length == 0 ? long.MinValue : sequence.Max(), maximum);
        }
    }

    [Fact]
    public void A_single_precision_sum_of_ten_million_ones_is_exact_along_rows_and_columns()
    {
        var ones = new float[10_000_000];
        System.Array.Fill(ones, 1f);
        Assert.Equal(1e7f, Fold<float, SumFold<float>>(ones, [10_000_000], [0])[0]);
        Assert.All(Fold<float, SumFold<float>>(ones, [5_000_000, 2], [0]), sum => Assert.Equal(5e6f, sum));
    }

    [Fact]
    public void The_sum_of_negative_zeros_is_negative_zero_and_of_nothing_is_zero()
    {
        double[] zeros = [-0.0, -0.0, -0.0, -0.0, -0.0];
        Assert.True(double.IsNegative(Fold<double, SumFold<double>>(zeros, [5], [0])[0]));
        Assert.False(double.IsNegative(Fold<double, SumFold<double>>([], [0], [0])[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void NaN_wins_wherever_it_stands(int count)
    {
        for (var place = 0; place < count; place += 1 + (count / 50))
        {
            var row = Enumerable.Range(0, count).Select(i => i == place ? double.NaN : i).ToArray();
            Assert.True(double.IsNaN(Fold<double, MaximumFold<double>>(row, [count], [0])[0]));
            Assert.True(double.IsNaN(Fold<double, MinimumFold<double>>(row, [count], [0])[0]));
        }
    }

    // Each result is what its sequence folds to when it stands alone.
    private static void Same<T, TOperator>(T[] source, int[] extents, int[] axes)
        where T : unmanaged, INumber<T>
        where TOperator : IFoldOperator<T>
    {
        var together = Fold<T, TOperator>(source, extents, axes);
        var alone = Sequences(source, extents, axes).Select(sequence => Fold<T, TOperator>(sequence, [sequence.Length], [0])[0]);
        Assert.Equal(alone, together);
    }

    private static T[] Fold<T, TOperator>(T[] source, int[] extents, int[] axes)
        where T : unmanaged
        where TOperator : IFoldOperator<T>
    {
        var destination = new T[extents.Where((_, axis) => !axes.Contains(axis)).Aggregate(1, (x, y) => x * y)];
        Functional.Kernels.Fold.Along<T, TOperator>(source, extents, axes, destination);
        return destination;
    }

    // The elements that each place of the result is made of, row-major.
    private static T[][] Sequences<T>(T[] source, int[] extents, int[] axes)
    {
        var kept = Enumerable.Range(0, extents.Length).Except(axes).ToArray();
        var count = kept.Aggregate(1, (size, axis) => size * extents[axis]);
        var sequences = Enumerable.Range(0, count).Select(_ => new List<T>()).ToArray();
        var strides = new Shape(extents).Strides();
        for (var i = 0; i < source.Length; i++)
            sequences[kept.Aggregate(0, (place, axis) => (place * extents[axis]) + (i / strides[axis] % extents[axis]))].Add(source[i]);
        return System.Array.ConvertAll(sequences, sequence => sequence.ToArray());
    }

#pragma warning disable CA5394 // A test input needs no cryptography.
    // Shapes of up to four axes, one long now and then so that all paths of the tree are walked.
    private static (double[] Source, int[] Extents, int[] Axes) Draw(int seed)
    {
        var random = new Random(seed);
        var extents = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(random.Next(10) == 0 ? 0 : 1, 8)).ToArray();
        if (random.Next(2) == 0) extents[random.Next(extents.Length)] = random.Next(1, 1500);
        if (extents.Length == 2 && random.Next(2) == 0) extents = [random.Next(1, 300), random.Next(1, 1500)];
        if (extents.Length == 2 && random.Next(4) == 0) extents = [random.Next(256, 600), random.Next(1, 33)];
        var axes = Enumerable.Range(0, extents.Length).Where(_ => random.Next(2) == 0).ToArray();
        var source = new double[extents.Aggregate(1, (x, y) => x * y)];
        for (var i = 0; i < source.Length; i++) source[i] = (random.NextDouble() * 2.5) - 1.2;
        return (source, extents, axes);
    }
}
