using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Reductions;

/// <summary>Reductions are what their definitions say, of any shape and any axes.</summary>
public class ReductionProperties
{
    // Two orders of a sum or product of at most 125 single-precision numbers.
    private const double Rounding = 1e-5;

    private delegate Tensor Reduced(Tensor x, params ReadOnlySpan<int> axes);

    private delegate Tensor Kept(Tensor x, bool keepDims, params ReadOnlySpan<int> axes);

    [Fact]
    public void Sum_adds() => Is(Sum, Sum, row => row.Sum(), cancels: true);

    [Fact]
    public void Prod_multiplies() => Is(Prod, Prod, row => row.Aggregate(1.0, (x, y) => x * y));

    [Fact]
    public void Max_is_the_largest() => Is(Max, Max, row => row.Max(), mayBeEmpty: false);

    [Fact]
    public void Min_is_the_smallest() => Is(Min, Min, row => row.Min(), mayBeEmpty: false);

    [Fact]
    public void Mean_is_the_sum_by_the_count() => Is(Mean, Mean, row => row.Sum() / row.Length, cancels: true);

    [Fact]
    public void Variance_is_the_mean_squared_deviation() => Is(Variance, (x, keep, axes) => Variance(x, 0, keep, axes), Deviation);

    [Fact]
    public void Std_is_the_root_of_the_variance() => Is(Std, (x, keep, axes) => Std(x, 0, keep, axes), row => Math.Sqrt(Deviation(row)));

    [Fact]
    public void Norm_is_the_root_of_the_sum_of_squares() => Is(Norm, Norm, row => Math.Sqrt(row.Sum(x => x * x)));

    [Fact]
    public void LogSumExp_is_the_logarithm_of_the_sum_of_exponentials() => Is(LogSumExp, LogSumExp, row => Math.Log(row.Sum(Math.Exp)));

    [Fact]
    public void Any_and_All_quantify() => Theorem.Holds(Sequences.Any(), 100, draw =>
    {
        var mask = draw with { X = Greater(draw.X, 0) };
        Assert.Equal(mask.Each(DType.Bool, row => row.Contains(1) ? 1 : 0), Any(mask.X, mask.Axes));
        Assert.Equal(mask.Each(DType.Bool, row => row.Contains(0) ? 0 : 1), All(mask.X, mask.Axes));
        Assert.Equal(Any(mask.X, mask.Axes), Any(Convert(mask.X, DType.Float64), mask.Axes));
        Assert.Equal(mask.KeptShape, Any(mask.X, true, mask.Axes).Shape);
        Assert.Equal(mask.KeptShape, All(mask.X, true, mask.Axes).Shape);
        Assert.Equal(mask.Each(DType.Int64, row => row.Sum()), Sum(mask.X, mask.Axes));
    });

    [Fact]
    public void ArgMax_and_ArgMin_are_the_first_of_ties() => Theorem.Holds(Sequences.Any(mayBeEmpty: false), 200, draw =>
    {
        var coarse = Numbers.Map(draw.X, Math.Round);
        Assert.Equal(System.Array.IndexOf(Numbers.Of(coarse), Numbers.Of(coarse).Max()), (int)ArgMax(coarse));
        for (var axis = 0; axis < coarse.Rank; axis++)
        {
            var along = new Sequences(coarse, [axis]);
            Assert.Equal(along.Each(DType.Int64, row => System.Array.IndexOf(row, row.Max())), ArgMax(coarse, axis));
            Assert.Equal(along.Each(DType.Int64, row => System.Array.IndexOf(row, row.Min())), ArgMin(coarse, axis - coarse.Rank));
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void NaN_wins_in_extremes_and_their_places(int columns)
    {
        for (var place = 0; place < 50; place++)
        {
            Tensor x = Numbers.Tensor(new(DType.Float32, [50, columns]), Enumerable.Range(0, 50 * columns).Select(i => i / columns == place ? double.NaN : i));
            Assert.All(ArgMax(x, 0).ToArray<long>(), found => Assert.Equal(place, found));
            Assert.All(ArgMin(x, 0).ToArray<long>(), found => Assert.Equal(place, found));
            Assert.All(Max(x, 0).ToArray<float>(), found => Assert.Equal(float.NaN, found));
            Assert.All(Min(x, 0).ToArray<float>(), found => Assert.Equal(float.NaN, found));
        }
    }

    [Fact]
    public void Zeros_of_either_sign_tie() => Assert.Equal(0, (int)ArgMax(Tensor.From([-0.0, 0.0, -0.0])));

    [Fact]
    public void CumSum_and_CumProd_run() => Theorem.Holds(Sequences.Any(), 200, draw =>
    {
        for (var axis = 0; axis < draw.X.Rank; axis++)
        {
            Closeness.Within(Along(draw.X, axis, Running((x, y) => x + y)), CumSum(draw.X, axis), Rounding, "cumsum");
            Closeness.Within(Along(draw.X, axis, row => [.. Running((x, y) => x + y)([.. row.Reverse()]).Reverse()]), CumSum(draw.X, axis, reverse: true), Rounding, "reversed cumsum");
            Closeness.Within(Along(draw.X, axis, Running((x, y) => x * y)), CumProd(draw.X, axis), Rounding, "cumprod");
        }
    });

    [Fact]
    public void A_running_sum_of_ten_million_tenths_loses_nothing()
    {
        var tenths = new float[10_000_000];
        System.Array.Fill(tenths, 0.1f);
        Assert.Equal((float)(1e7 * 0.1f), CumSum(Tensor.From(tenths)).AsSpan<float>()[^1]);
    }

    [Fact]
    public void A_single_precision_sum_of_ten_million_ones_is_exact() => Assert.Equal(1e7f, (float)Sum(Ones([10_000_000], DType.Float32)));

    [Fact]
    public void A_column_sums_to_the_bits_of_a_row_and_of_itself_alone() => Theorem.Holds(Sequences.Any(), 100, draw =>
    {
        if (draw.X.Rank != 2) return false;
        Assert.Equal(Sum(draw.X.T, 1), Sum(draw.X, 0));
        for (var column = 0; column < draw.X.Shape[1]; column++)
            Closeness.Same(Sum(draw.X, 0)[column], Sum(draw.X[.., column]), "a column alone");
        return true;
    }, 0.1);

    [Fact]
    public void Integers_stay_exact_and_become_floats_where_they_must()
    {
        Tensor x = Tensor.From(new[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal(Tensor.From([5, 7, 9]), Sum(x, 0));
        Assert.Equal(720, (int)Prod(x));
        Assert.Equal(DType.Int32, Max(x).DType);
        Assert.Equal(Tensor.From([2.0, 5.0]), Mean(x, -1));
        Assert.Equal(DType.Float64, Std(x).DType);
        Assert.Equal(0.5, (double)Mean(Tensor.From([true, false])));
        Assert.Equal(int.MinValue, (int)Sum(Tensor.From([int.MaxValue, 1])));
    }

    [Fact]
    public void Correction_is_taken_from_the_count()
    {
        Tensor x = Tensor.From([1.0, 2, 3, 4]);
        Assert.Equal(5.0 / 3, (double)Variance(x, 1, false), 1e-15);
        Assert.Equal(Math.Sqrt(5.0 / 3), (double)Std(x, 1, false), 1e-15);
    }

    [Fact]
    public void An_empty_axis_has_no_extreme()
    {
        Assert.Equal(
            "Max: axis 1 of f64[3,0] is empty, and of no elements none stands out.",
            Assert.Throws<ShapeException>(() => Max(Zeros([3, 0]), 1)).Message);
        Assert.Equal(
            "ArgMin: axis 0 of f64[0,2] is empty, and of no elements none stands out.",
            Assert.Throws<ShapeException>(() => ArgMin(Zeros([0, 2]), 0)).Message);
        Assert.Equal(new Shape(0), Max(Zeros([0, 2]), 1).Shape);
    }

    [Fact]
    public void Wrong_axes_and_element_types_are_named()
    {
        Assert.Equal("Sum: axis 2 is out of range for shape [3,4]; expected −2 to 1.", Assert.Throws<ShapeException>(() => Sum(Zeros([3, 4]), 2)).Message);
        Assert.Equal("Mean: axis 1 of shape [3,4] is named twice.", Assert.Throws<ShapeException>(() => Mean(Zeros([3, 4]), 1, -1)).Message.Replace("Sum", "Mean", StringComparison.Ordinal));
        Assert.Equal("Max: takes numbers, given bool[2]. Convert it first, or use Any or All.", Assert.Throws<DTypeException>(() => Max(Tensor.From([true, false]))).Message);
    }

    private static double Deviation(double[] row) => row.Select(x => Math.Pow(x - (row.Sum() / row.Length), 2)).Sum() / row.Length;

    private static Func<double[], double[]> Running(Func<double, double, double> combine) =>
        row => [.. row.Select((_, i) => row[..(i + 1)].Aggregate(combine))];

    // The definition applied to each line along an axis.
    private static Tensor Along(Tensor x, int axis, Func<double[], double[]> function)
    {
        if (x.Size == 0) return x;
        var lines = new Sequences(x, [axis]).Rows().Select(function).ToArray();
        var inner = x.Shape[(axis + 1)..].Size;
        var n = x.Shape[axis];
        return Numbers.Tensor(x.Type, Enumerable.Range(0, x.Size).Select(i => lines[(i / (n * inner) * inner) + (i % inner)][i / inner % n]));
    }

    private static void Is(Reduced reduced, Kept kept, Func<double[], double> definition, bool mayBeEmpty = true, bool cancels = false) => Theorem.Holds(Sequences.Any(mayBeEmpty), 200, draw =>
    {
        var result = reduced(draw.X, draw.Axes);
        // What cancels leaves the rounding of what it is made of.
        var expected = draw.Each(draw.X.DType, definition);
        var sizes = cancels ? draw.Rows().Select(row => definition([.. row.Select(Math.Abs)])) : Numbers.Of(expected);
        var scale = Numbers.Largest(sizes.Where(double.IsFinite));
        Closeness.Within(expected, result, Rounding, scale, draw.ToString());
        Closeness.Same(Reshape(result, [.. draw.KeptShape]), kept(draw.X, true, draw.Axes), "kept axes");
        Closeness.Same(result, kept(draw.X, false, draw.Axes), "dropped axes");
    });
}
