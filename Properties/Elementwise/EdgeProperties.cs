using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Elementwise;

/// <summary>Values and derivatives where a formula as written in a textbook loses its digits or gives NaN.</summary>
public class EdgeProperties
{
    private const double Infinity = double.PositiveInfinity;

    // Two or three roundings.
    private const double Rounding = 1e-15;

    [Fact]
    public void The_logistic_function_and_its_integral_do_not_overflow()
    {
        Is(1, Sigmoid(800.0));
        Is(0, Sigmoid(-800.0));
        Is(800, Softplus(800.0));
        Is(0, Softplus(-800.0));
        Near(Math.Exp(-50), Softplus(-50.0));
        Is(1, Grad(Softplus)(800.0));
        // 1 − σ(x) would be 0 from x = 37 on.
        Near(Math.Exp(-50), Grad(Sigmoid)(50.0));
        Near(Math.Exp(-50), Grad(Sigmoid)(-50.0));
    }

    [Fact]
    public void Exponential_and_logarithm_keep_their_digits_near_zero_and_one()
    {
        Near(1e-20, Expm1(1e-20));
        Near(1e-20, Log1p(1e-20));
        Near(1, Grad(Expm1)(1e-20));
        Near(1, Grad(Log1p)(1e-20));
    }

    [Fact]
    public void Powers_of_zero_have_the_derivatives_of_their_polynomials()
    {
        Is(0, Grad(x => Pow(x, 2.0))(0.0));
        Is(1, Grad(x => Pow(x, 1.0))(0.0));
        Is(0, Grad(x => Pow(x, 0.0))(0.0));
        Is(2, Grad(Grad(x => Pow(x, 2.0)))(0.0));
        Is(0, Grad(Grad(x => Pow(x, 1.0)))(0.0));
        Is(0, Grad(y => Pow(0.0, y))(2.0));
        Is(-6, Grad(x => Pow(x, 2.0))(-3.0));
        Is(27, Grad(x => Pow(x, 3.0))(-3.0));
    }

    [Fact]
    public void A_root_at_zero_has_the_infinite_slope_it_has()
    {
        Is(Infinity, Grad(Sqrt)(0.0));
        Is(Infinity, Grad(Cbrt)(0.0));
        Near(-2, Cbrt(-8.0));
        Near(1.0 / 12, Grad(Cbrt)(-8.0));
    }

    [Fact]
    public void An_entropy_has_terms_where_a_probability_is_zero()
    {
        var p = Tensor.From([0.0, 0.5, 0.5]);
        Near(Math.Log(2), -Sum(XLogY(p, p)));
        Is(0, XLogY(0.0, 0.0));
        Is(double.NaN, XLogY(0.0, double.NaN));
        Is(0, Grad(y => XLogY(0.0, y))(0.0));
        Near(Math.Log(3), Grad(x => XLogY(x, 3.0))(0.0));
    }

    [Fact]
    public void An_angle_and_a_length_do_not_overflow_and_are_flat_at_the_origin()
    {
        Near(1e300 * Math.Sqrt(2), Hypot(1e300, 1e300));
        Near(Math.Sqrt(0.5), Grad(x => Hypot(x, 1e300))(1e300));
        Near(5e-301, Grad(y => Atan2(y, 1e300))(1e300));
        Is(0, Grad(x => Hypot(x, 0.0))(0.0));
        Is(0, Grad(y => Atan2(y, 0.0))(0.0));
        Near(Math.PI, Atan2(0.0, -1.0));
    }

    [Fact]
    public void Inverse_functions_keep_their_digits_at_the_ends_of_their_domains()
    {
        var x = 1 - 1e-12;
        Near(1 / Math.Sqrt((1 - x) * (1 + x)), Grad(Asin)(x));
        Near(-1 / Math.Sqrt((1 - x) * (1 + x)), Grad(Acos)(x));
        Near(1 / ((1 - x) * (1 + x)), Grad(Atanh)(x));
        Near(1e-200, Grad(Asinh)(1e200));
    }

    [Fact]
    public void Kinks_have_the_documented_subderivatives()
    {
        Is(0, Grad(Abs)(0.0));
        Is(0, Grad(Abs)(-0.0));
        Is(0.5, Grad(x => Maximum(x, 1.0))(1.0));
        Is(0.5, Grad(x => Minimum(1.0, x))(1.0));
        Is(1, Grad(x => Clamp(x, 0.0, 1.0))(1.0));
        Is(0, Grad(x => Clamp(x, 0.0, 1.0))(1.5));
        Is(1, Grad(high => Clamp(1.5, 0.0, high))(1.0));
        Is(0, Grad(Floor)(0.0));
        Is(0, Grad(Sign)(0.0));
    }

    [Fact]
    public void A_masked_branch_has_no_derivative()
    {
        var x = Tensor.From([-1.0, 0.0, 2.0]);
        Assert.Equal([0.0, 0.0, 2.0], Grad(y => Sum(Where(Greater(y, 0), y * y / 2, 0)))(x).ToArray<double>());
        Assert.Equal([1.0, 1.0, 0.0], Grad(y => Sum(Where(Greater(x, 0), 0, y)))(x).ToArray<double>());
    }

    [Fact]
    public void Integers_divide_as_in_CSharp_and_by_zero_they_throw()
    {
        Assert.Equal([-2, 2, -1], (Tensor.From([-7, 7, -3]) / Tensor.From([3, 3, 2])).ToArray<int>());
        Assert.Equal([-1, 1, -1], (Tensor.From([-7, 7, -3]) % Tensor.From([3, 3, 2])).ToArray<int>());
        Assert.Throws<DivideByZeroException>(() => Tensor.From([1, 2]) / 0);
        Assert.Throws<DivideByZeroException>(() => Tensor.From([1L, 2L]) % Tensor.From([1L, 0L]));
    }

    private static void Is(double expected, Tensor actual) => Assert.Equal(expected, (double)actual);

    private static void Near(double expected, Tensor actual) => Assert.Equal(expected, (double)actual, Math.Abs(expected) * Rounding);
}
