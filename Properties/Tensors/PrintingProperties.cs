using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Tensors;

/// <summary>Tensors as text, in the manner of NumPy.</summary>
public class PrintingProperties
{
    public static TheoryData<Tensor, string> Scalars() => new()
    {
        { 1.0, "1.0" },
        { -0.0, "-0.0" },
        { 0.1, "0.1" },
        { 1.0 / 3, "0.3333333333333333" },
        { 1e-5, "1e-05" },
        { 1e-300, "1e-300" },
        { 1e300, "1e300" },
        { 0.3f, "0.3" },
        { double.NaN, "nan" },
        { double.NegativeInfinity, "-inf" },
        { 7, "7" },
        { long.MinValue, "-9223372036854775808" },
        { true, "true" },
    };

    [Theory]
    [MemberData(nameof(Scalars))]
    public void A_scalar_prints_in_full_precision(Tensor scalar, string text) => Assert.Equal(text, scalar.ToString());

    public static TheoryData<Tensor, string> Vectors() => new()
    {
        { Tensor.From([1.0, 2, 3]), "[1.0, 2.0, 3.0]" },
        { Tensor.From([1, -20, 3]), "[  1, -20,   3]" },
        { Tensor.From([true, false]), "[ true, false]" },
        { Tensor.From([0.1f, 0.3f, 16777216f]), "[       0.1,        0.3, 16777216.0]" },
        { Tensor.From([1.5, -0.25, 1.0 / 3]), "[ 1.5       , -0.25      ,  0.33333333]" },
        { Tensor.From([1e-12, 1.0]), "[1.0e-12, 1.0e+00]" },
        { Tensor.From([1e-5, 0.25]), "[1.0e-05, 2.5e-01]" },
        { Tensor.From([1e-300, 1.5, 1e300]), "[1.0e-300, 1.5e+000, 1.0e+300]" },
        { Tensor.From([123456789.0, 0.0]), "[1.2345679e+08, 0.0000000e+00]" },
        { Tensor.From([-1e10, double.NaN, double.PositiveInfinity]), "[-1.0e+10,      nan,      inf]" },
        { Tensor.From([double.NaN, 1.0]), "[nan, 1.0]" },
        { Tensor.From([double.MaxValue, double.Epsilon]), "[1.7976931e+308, 4.9406565e-324]" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_vector_prints_its_numbers_under_each_other_to_eight_digits(Tensor vector, string text) => Assert.Equal(text, vector.ToString());

    [Fact]
    public void A_matrix_prints_row_by_row() => Assert.Equal(
        """
        [[ 1.0,  2.5],
         [-3.0, 40.0]]
        """,
        Tensor.From(new[,] { { 1, 2.5 }, { -3, 40 } }).ToString());

    [Fact]
    public void A_tensor_of_rank_3_prints_matrices_a_line_apart() => Assert.Equal(
        """
        [[[0, 1],
          [2, 3]],

         [[4, 5],
          [6, 7]]]
        """,
        Tensor.From(Enumerable.Range(0, 8).ToArray(), [2, 2, 2]).ToString());

    [Theory]
    [InlineData(0)]
    [InlineData(0, 3)]
    [InlineData(2, 0, 4)]
    public void A_tensor_without_elements_prints_its_type(params int[] shape) => Assert.Equal($"[]: f64{(Shape)shape}", Zeros(shape).ToString());

    [Fact]
    public void A_tensor_of_a_thousand_elements_prints_whole() =>
        Assert.DoesNotContain("...", Arange(1000).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_larger_tensor_prints_three_elements_at_each_end() =>
        Assert.Equal("[   0,    1,    2, ..., 1998, 1999, 2000]", Arange(2001).ToString());

    [Fact]
    public void Each_long_axis_of_a_larger_tensor_is_elided() => Assert.Equal(
        """
        [[  0,   1,   2, ...,  97,  98,  99],
         [100, 101, 102, ..., 197, 198, 199],
         [200, 201, 202, ..., 297, 298, 299],
         ...,
         [900, 901, 902, ..., 997, 998, 999],
         [  0,   1,   2, ...,  97,  98,  99],
         [100, 101, 102, ..., 197, 198, 199]]
        """,
        Tensor.From(Enumerable.Range(0, 1200).Select(i => i % 1000).ToArray(), [12, 100]).ToString());

    [Fact]
    public void A_short_axis_of_a_larger_tensor_stays_whole() =>
        Assert.StartsWith("[[   0,    1,    2, ...,  597,  598,  599],\n [ 600,", Tensor.From(Enumerable.Range(0, 1200).ToArray(), [2, 600]).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_tracer_prints_its_type()
    {
        var text = "";
        Transforms.Trace((Tensor x) =>
        {
            text = x.ToString();
            return x;
        })(Zeros([3]));
        Assert.Equal("f64[3]", text);
    }
}
