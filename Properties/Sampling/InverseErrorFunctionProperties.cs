using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Sampling;

/// <summary>The inverses of erf and erfc against values to 20 digits (mpmath 1.3), and against the functions they invert.</summary>
public class InverseErrorFunctionProperties
{
    // AS 241 says about 10⁻¹⁶; near 1 the operand's own rounding is all there is.
    private const double Tolerance = 2e-15;

    [Theory]
    [InlineData(0.001, 0.00088622715746655212301)]
    [InlineData(0.1, 0.088855990494257691974)]
    [InlineData(0.5, 0.47693627620446987338)]
    [InlineData(0.84, 0.99353562834730418718)]
    [InlineData(0.86, 1.0435418436397588376)]
    [InlineData(0.99, 1.8213863677184494559)]
    [InlineData(0.9999, 2.7510639057120796917)]
    [InlineData(1 - 1e-10, 4.5728249585449249378)]
    [InlineData(0.99999999999999988898, 5.8635847487551679272)]
    public void ErfInv_has_its_known_values(double y, double x)
    {
        Assert.InRange((double)ErfInv(y) / x, 1 - Tolerance, 1 + Tolerance);
        Assert.Equal((double)ErfInv(y), -(double)ErfInv(-y));
    }

    [Theory]
    [InlineData(5e-324, 27.213293210812948815)]
    [InlineData(1e-300, 26.209469960516123886)]
    [InlineData(1e-100, 15.065574702592645704)]
    [InlineData(1e-20, 6.6015806223551425656)]
    [InlineData(1e-5, 3.1234132743408750177)]
    [InlineData(0.1, 1.1630871536766740677)]
    [InlineData(0.3, 0.73286907795921686905)]
    [InlineData(1.5, -0.47693627620446987338)]
    [InlineData(1.999, -2.3267537655135465806)]
    public void ErfcInv_has_its_known_values(double y, double x) => Assert.InRange((double)ErfcInv(y) / x, 1 - Tolerance, 1 + Tolerance);

    [Fact]
    public void Edges_are_infinite_and_beyond_is_no_number()
    {
        Assert.Equal([0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.NaN], ErfInv(Tensor.From([0, 1, -1, 1.1, double.NaN])).ToArray<double>());
        Assert.Equal([0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.NaN], ErfcInv(Tensor.From([1, 0, 2.0, -0.1, double.NaN])).ToArray<double>());
    }

    [Fact]
    public void They_invert_erf_and_erfc()
    {
        var y = Linspace(-0.999, 0.999, 5001);
        Assert.InRange((double)Sum(Abs(Erf(ErfInv(y)) - y)) / 5001, 0, 1e-16);
        var small = Exp(Linspace(-700.0, -0.1, 5001));
        // erfc's condition at x is 2x², up to 1400 here.
        Assert.All(((Erfc(ErfcInv(small)) / small) - 1).ToArray<double>(), error => Assert.InRange(error, -1e-12, 1e-12));
    }
}
