using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Reductions;

public class ReductionEdges
{
    // A few roundings of f64 on numbers of order one.
    private const double Rounding = 1e-14;

    // Central differences extrapolated once, in f64.
    private const double Differences = 1e-6;

    private static readonly Tensor Matrix = Tensor.From(new[,] { { 3.0, -1, 2 }, { 0.5, 4, -2 } });

    [Fact]
    public void A_sum_does_not_depend_on_where_its_elements_lie()
    {
        var row = Tensor.From(Enumerable.Range(0, 1000).Select(i => Math.Sin(i) * Math.Exp(i % 40)).ToArray());
        var expected = (double)Sum(row);
        Assert.Equal(expected, (double)Sum(Reshape(row, 10, 100)));
        Assert.All(Sum(BroadcastTo(row, [7, 1000]), 1).ToArray<double>(), sum => Assert.Equal(expected, sum));
        Assert.All(Sum(Transpose(BroadcastTo(row, [7, 1000])), 0).ToArray<double>(), sum => Assert.Equal(expected, sum));
    }

    [Fact]
    public void Axes_are_kept_where_asked()
    {
        Assert.Equal([2, 1], Sum(Matrix, true, 1).Shape);
        Assert.Equal([1, 1], Mean(Matrix, true).Shape);
        Assert.Equal([3], Max(Matrix, 0).Shape);
        Assert.Equal([2, 1], LogSumExp(Matrix, true, -1).Shape);
        Assert.Equal([1, 3], Norm(Matrix, true, 0).Shape);
    }

    [Fact]
    public void Of_no_elements_there_are_neutral_results_or_none()
    {
        var none = Zeros([0, 2]);
        Close(Zeros([2]), Sum(none, 0));
        Close(Ones([2]), Prod(none, 0));
        Assert.Equal([true, true], All(none, 0).ToArray<bool>());
        Assert.Equal([false, false], Any(none, 0).ToArray<bool>());
        Assert.All(Mean(none, 0).ToArray<double>(), mean => Assert.True(double.IsNaN(mean)));
        Assert.All(LogSumExp(none, 0).ToArray<double>(), result => Assert.Equal(double.NegativeInfinity, result));
        Close(Zeros([2]), Norm(none, 0));
        Assert.Equal("Max: axis 0 of f64[0,2] is empty, and of no elements none stands out.", Assert.Throws<ShapeException>(() => Max(none, 0)).Message);
        Assert.Equal("ArgMin: axis 0 of f64[0,2] is empty, and of no elements none stands out.", Assert.Throws<ShapeException>(() => ArgMin(none, 0)).Message);
    }

    [Fact]
    public void Extremes_let_NaN_win_and_share_the_derivative_among_ties()
    {
        Assert.True(double.IsNaN((double)Max(Tensor.From([1.0, double.NaN, 3.0]))));
        Assert.Equal(1, (long)ArgMax(Tensor.From([1.0, double.NaN, 3.0, double.NaN])));
        Close(Tensor.From([0.5, 0.0, 0.5]), Grad(x => Max(x))(Tensor.From([2.0, 1.0, 2.0])));
        Close(Tensor.From([0.0, 1.0, 0.0]), Grad(x => Min(x))(Tensor.From([2.0, 1.0, 2.0])));
    }

    [Fact]
    public void The_first_of_ties_is_the_place_of_the_extreme()
    {
        Assert.Equal([0L, 1L], ArgMax(Matrix, 1).ToArray<long>());
        Assert.Equal([1L, 2L], ArgMin(Matrix, -1).ToArray<long>());
        Assert.Equal(4, (long)ArgMax(Matrix));
        Assert.Equal(0, (long)ArgMax(Tensor.From([5, 5, 5])));
    }

    [Theory]
    [InlineData(2.0, 3.0, 5.0)]
    [InlineData(0.0, 3.0, 5.0)]
    [InlineData(0.0, 0.0, 5.0)]
    [InlineData(0.0, 0.0, 0.0)]
    public void The_derivatives_of_a_product_are_products_of_the_others_zeros_or_not(double a, double b, double c)
    {
        var x = Tensor.From([a, b, c]);
        Close(Tensor.From([b * c, a * c, a * b]), Grad(y => Prod(y))(x));
        Close(Tensor.From(new[,] { { 0, c, b }, { c, 0, a }, { b, a, 0 } }), Hessian(y => Prod(y))(x));
        Close(Tensor.From(new[,] { { 1.0, 0, 0 }, { b, a, 0 }, { b * c, a * c, a * b } }), Jacobian(y => CumProd(y))(x));
    }

    [Fact]
    public void Running_sums_run_both_ways_and_are_each_others_transpose()
    {
        Close(Tensor.From(new[,] { { 3.0, 2, 4 }, { 0.5, 4.5, 2.5 } }), CumSum(Matrix));
        Close(Tensor.From(new[,] { { 4.0, 1, 2 }, { 2.5, 2, -2 } }), CumSum(Matrix, reverse: true));
        Close(Tensor.From(new[,] { { 3.0, -1, 2 }, { 3.5, 3, 0 } }), CumSum(Matrix, 0));
        Close(CumSum(Matrix, reverse: true), Vjp((Tensor x) => CumSum(x))(Matrix).Pullback(Matrix));
    }

    [Fact]
    public void A_running_sum_in_single_precision_does_not_drift() =>
        Assert.Equal(1000f, (float)CumSum(Full([10_000], 0.1, DType.Float32))[^1], 1e-4);

    [Fact]
    public void Statistics_are_those_of_the_definition()
    {
        Close(Mean(Square(Matrix - Mean(Matrix))), Variance(Matrix));
        Close(Sum(Square(Matrix - Mean(Matrix, true, 1)), 1) / 2, Variance(Matrix, 1, false, 1));
        Close(Sqrt(Variance(Matrix, 0)), Std(Matrix, 0));
        Close(Sqrt(Sum(Matrix * Matrix, 1)), Norm(Matrix, 1));
        Close(4.0 / 6, Mean(Greater(Matrix, 0)));
        CheckGradients((Tensor x) => Std(x, 1), Matrix);
    }

    [Fact]
    public void A_norm_neither_overflows_nor_underflows_and_is_flat_at_zero()
    {
        Close(1e300 * Math.Sqrt(2), Norm(Tensor.From([1e300, -1e300])));
        Assert.Equal(5e-200, (double)Norm(Tensor.From([3e-200, 4e-200])), 1e-214);
        Assert.Equal(double.PositiveInfinity, (double)Norm(Tensor.From([1.0, double.NegativeInfinity])));
        Close(Zeros([3]), Grad(x => Norm(x))(Zeros([3])));
        Close(Zeros([3]), Grad(x => Std(x))(Ones([3])));
        Close(Tensor.From([0.6, 0.8]), Grad(x => Norm(x))(Tensor.From([3.0, 4.0])));
    }

    [Fact]
    public void Exponentials_are_stable_at_the_extremes()
    {
        var infinity = double.PositiveInfinity;
        Close(1000 + Math.Log(2), LogSumExp(Tensor.From([1000.0, 1000.0])));
        Assert.Equal(-infinity, (double)LogSumExp(Tensor.From([-infinity, -infinity])));
        Close(Zeros([2]), Grad(x => LogSumExp(x))(Tensor.From([-infinity, -infinity])));
        Assert.Equal(infinity, (double)LogSumExp(Tensor.From([infinity, 0.0])));
        Close(Tensor.From([1.0, 0.0]), Softmax(Tensor.From([1000.0, -1000.0])));
        Close(Tensor.From([0.0, -2000.0]), LogSoftmax(Tensor.From([1000.0, -1000.0])));
        Close(Tensor.From([0.0, 1.0]), Softmax(Tensor.From([-infinity, 3.0])));
        Close(Softmax(Matrix), Exp(LogSoftmax(Matrix)));
        Close(Softmax(Matrix[0]), Grad(x => LogSumExp(x))(Matrix[0]));
    }

    [Fact]
    public void Smooth_reductions_agree_with_differences()
    {
        CheckGradients((Tensor x) => LogSumExp(x, 0), Matrix, Differences);
        CheckGradients((Tensor x) => Softmax(x, 0), Matrix, Differences);
        CheckGradients((Tensor x) => LogSoftmax(x), Matrix, Differences);
        CheckGradients((Tensor x) => Variance(x, 1, true, 0), Matrix, Differences);
        CheckGradients((Tensor x) => Norm(x, 1), Matrix, Differences);
        CheckGradients(Grad((Tensor x) => Norm(x)), Matrix, Differences);
        CheckGradients(Grad((Tensor x) => Sum(Softmax(x) * Matrix)), Matrix, Differences);
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        foreach (var (e, a) in expected.ToArray<double>().Zip(actual.ToArray<double>())) Assert.Equal(e, a, Rounding * Math.Max(1, Math.Abs(e)));
    }
}
