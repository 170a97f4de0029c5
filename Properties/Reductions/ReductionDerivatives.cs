using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Reductions;

/// <summary>Derivatives of reductions where they are delicate: zeros of products, ties, infinities, the tip of a cone.</summary>
public class ReductionDerivatives
{
    // A closed form against a few operations in f64.
    private const double Exact = 1e-12;

    public static TheoryData<double[]> Rows() => [[1.5, -2.0, 0.5, 3.0], [2.0, 0.0, 3.0, -1.0], [0.0, 2.0, 0.0, 3.0], [0.0, 0.0, 0.0, 5.0], [7.0]];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_product_has_the_products_of_the_others_for_derivatives(double[] x)
    {
        Close([.. x.Select((_, i) => Others(x, i))], Grad(y => Prod(y))(Tensor.From(x)));
        var hessian = Hessian(y => Prod(y))(Tensor.From(x)).To<double[,]>();
        for (var i = 0; i < x.Length; i++)
            for (var j = 0; j < x.Length; j++)
                Assert.Equal(i == j ? 0 : Others(x, i, j), hessian[i, j], Exact);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_third_derivative_of_a_product_with_zeros_is_right(double[] x)
    {
        if (x.Length < 3) return;
        var third = Grad(y => Grad(z => Grad(w => Prod(w))(z)[0])(y)[1])(Tensor.From(x));
        Close([.. x.Select((_, i) => i < 2 ? 0 : Others(x, 0, 1, i))], third);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_running_product_has_right_derivatives_at_zeros(double[] x)
    {
        var jacobian = Jacobian(y => CumProd(y))(Tensor.From(x)).To<double[,]>();
        for (var i = 0; i < x.Length; i++)
            for (var j = 0; j < x.Length; j++)
                Assert.Equal(j > i ? 0 : Others(x[..(i + 1)], j), jacobian[i, j], Exact);
    }

    [Fact]
    public void A_product_over_several_axes_has_right_derivatives_at_zeros()
    {
        Tensor x = Tensor.From(new[, ,] { { { 1.0, 2 }, { 0, 4 } }, { { 5, 0 }, { 7, 8 } } });
        CheckGradients(y => Sum(Prod(y, 0, 2) * Tensor.From([2.0, -3.0])), x);
    }

    [Fact]
    public void Derivatives_agree_with_differences()
    {
        Tensor x = Tensor.From(new[,] { { 0.3, -1.2, 2.5 }, { 1.1, 0.4, -0.7 } });
        Tensor w = Tensor.From(new[,] { { 0.9, -0.2, 0.5 }, { -1.1, 0.4, 0.7 } });
        CheckGradients(y => Sum(Softmax(y) * w), x);
        CheckGradients(y => Sum(Softmax(y, 0) * w), x);
        CheckGradients(y => Sum(LogSoftmax(y) * w), x);
        CheckGradients(y => Sum(LogSumExp(y, 1) * w[.., 0]), x);
        CheckGradients(y => Sum(Norm(y, 1) * w[.., 0]), x);
        CheckGradients(y => Sum(Std(y, 0) * w[0]), x);
        CheckGradients(y => Sum(Variance(y, 1, true, 1) * w), x);
        CheckGradients(y => Sum(CumProd(y, 0) * w), x);
        CheckGradients(y => Sum(CumSum(y, 1, reverse: true) * w), x);
        CheckGradients(y => Sum(Max(y, 1) * Min(y, 1)), x);
        CheckGradients(y => Sum(Grad(z => LogSumExp(z) + Norm(z) + Std(z))(y) * w), x);
    }

    [Fact]
    public void Ties_share_the_derivative_of_an_extreme()
    {
        Assert.Equal(Tensor.From([0, 0.5, 0.5]), Grad(x => Max(x))(Tensor.From([1.0, 3, 3])));
        Assert.Equal(Tensor.From([1.0 / 3, 1.0 / 3, 1.0 / 3]), Grad(x => Min(x))(Tensor.From([2.0, 2, 2])));
    }

    [Fact]
    public void The_derivative_of_an_extreme_that_is_NaN_is_one_in_both_modes()
    {
        Tensor x = Tensor.From([1.0, double.NaN]);
        Assert.Equal(Tensor.From([0.5, 0.5]), Grad(y => Max(y))(x));
        Assert.Equal(1, (double)Jvp(y => Min(y))(x, Ones([2])).Tangent);
    }

    [Fact]
    public void A_norm_at_zero_has_derivative_zero_and_no_NaN()
    {
        Assert.Equal(Zeros([3]), Grad(x => Norm(x))(Zeros([3])));
        Assert.Equal(Zeros([3, 3]), Hessian(x => Norm(x))(Zeros([3])));
        Assert.Equal(Zeros([3]), Grad(x => Std(x))(Ones([3])));
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1.0)]
    [InlineData(1e-300)]
    [InlineData(1e-315)]
    public void A_norm_neither_overflows_nor_underflows(double scale)
    {
        Tensor x = scale * Tensor.From([3.0, 4.0]);
        // Below 1e-307 the numbers themselves have fewer digits.
        var tolerance = scale < 1e-307 ? 1e-7 : Exact;
        Assert.Equal(1, (double)Norm(x) / (5 * scale), tolerance);
        Close([0.6, 0.8], Grad(y => Norm(y))(x), tolerance);
    }

    [Fact]
    public void LogSumExp_is_stable_and_knows_infinities()
    {
        double inf = double.PositiveInfinity;
        Assert.Equal(1000 + Math.Log(2), (double)LogSumExp(Tensor.From([1000.0, 1000])), Exact);
        Assert.Equal(-1000 + Math.Log(2), (double)LogSumExp(Tensor.From([-1000.0, -1000])), Exact);
        Assert.Equal(-inf, (double)LogSumExp(Tensor.From([-inf, -inf])));
        Assert.Equal(-inf, (double)LogSumExp(Zeros([0])));
        Assert.Equal(inf, (double)LogSumExp(Tensor.From([inf, 1, -inf])));
        Assert.Equal(1, (double)LogSumExp(Tensor.From([1, -inf])));
        Close([0, 0], Grad(x => LogSumExp(x))(Tensor.From([-inf, -inf])));
        Close([1, 0], Grad(x => LogSumExp(x))(Tensor.From([1000.0, -inf])));
    }

    [Fact]
    public void Softmax_is_a_distribution_at_the_extremes()
    {
        double inf = double.PositiveInfinity;
        Close([0.5, 0.5, 0], Softmax(Tensor.From([1000.0, 1000, -1000])));
        Close([0, 1], Softmax(Tensor.From([-inf, 3])));
        Close([-2000, 0], LogSoftmax(Tensor.From([-1000.0, 1000])));
        Assert.Equal(-inf, LogSoftmax(Tensor.From([-inf, 3])).ToArray<double>()[0]);
        Close([0, 0], Grad(x => Softmax(x)[1])(Tensor.From([-inf, 3])));
        Close([0, 0], Grad(x => LogSoftmax(x)[1])(Tensor.From([-inf, 3])));
    }

    private static double Others(double[] x, params int[] without) => x.Where((_, k) => !without.Contains(k)).Aggregate(1.0, (p, y) => p * y);

    private static void Close(double[] expected, Tensor actual, double tolerance = Exact)
    {
        var elements = actual.ToArray<double>();
        Assert.Equal(expected.Length, elements.Length);
        for (var i = 0; i < elements.Length; i++) Assert.Equal(expected[i], elements[i], tolerance);
    }
}
