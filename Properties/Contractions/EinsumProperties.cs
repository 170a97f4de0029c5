using Functional.Programs;
using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Contractions;

/// <summary>Einstein's notation against its literal reading, on random texts, and what is said of wrong ones.</summary>
public class EinsumProperties
{
    // Integers up to 3 in at most 4 factors and some hundred terms: every type is exact.
    private const double Exact = 0;

    private static Tensor A => Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 150)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Einsum_is_the_loop_over_all_letters(int seed)
    {
        var (terms, output, operands) = Drawn(new Sampler(seed, 3));
        var notation = string.Join(",", terms) + "->" + output;
        BruteForce.Agrees(BruteForce.Sum(terms, output, operands), Einsum(notation, operands), Exact);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Without_an_arrow_the_letters_that_stand_once_remain(int seed)
    {
        var (terms, _, operands) = Drawn(new Sampler(seed, 3));
        var implied = string.Concat(string.Concat(terms).GroupBy(letter => letter).Where(group => group.Count() == 1).Select(group => group.Key).Order());
        BruteForce.Agrees(BruteForce.Sum(terms, implied, operands), Einsum(string.Join(" , ", terms), operands), Exact);
    }

    // The axes of an ellipsis get letters of their own, and those of extent 1 are repeated before.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_ellipsis_broadcasts_from_the_right(int seed)
    {
        var sampler = new Sampler(seed, 3);
        var (terms, output, operands) = Drawn(sampler);
        Shape common = [.. Enumerable.Range(0, sampler.Integer(0, 2)).Select(_ => sampler.Integer(1, 3))];
        var (dotted, literal) = (new string[terms.Length], new string[terms.Length]);
        var (given, repeated) = ((Tensor[])operands.Clone(), (Tensor[])operands.Clone());
        var full = sampler.Integer(0, terms.Length - 1);
        for (var i = 0; i < terms.Length; i++)
        {
            var axes = i == full ? common.Rank : sampler.Integer(0, common.Rank);
            Shape own = [.. common[(common.Rank - axes)..].Select(extent => i != full && sampler.Flip() ? 1 : extent)];
            var at = sampler.Integer(0, terms[i].Length);
            var shape = operands[i].Shape;
            given[i] = Draw(sampler, operands[i].DType, shape[..at].Concat(own).Concat(shape[at..]));
            dotted[i] = terms[i].Insert(at, "...");
            literal[i] = terms[i].Insert(at, "XY"[(2 - common.Rank)..]);
            var ones = Reshape(given[i], [.. shape[..at], .. Enumerable.Repeat(1, common.Rank - axes), .. own, .. shape[at..]]);
            repeated[i] = BroadcastTo(ones, shape[..at].Concat(common).Concat(shape[at..]));
        }
        var expected = BruteForce.Sum(literal, "XY"[(2 - common.Rank)..] + output, repeated);
        BruteForce.Agrees(expected, Einsum($"{string.Join(",", dotted)}->...{output}", given), Exact);
    }

    [Fact]
    public void Einsum_does_as_NumPy_says()
    {
        var x = Tensor.From(new double[,] { { 1, 2 }, { 3, 4 } });
        Assert.Equal(Tensor.From(5.0), Einsum("ii", x));
        Assert.Equal(Tensor.From(new double[] { 1, 4 }), Einsum("ii->i", x));
        Assert.Equal(x.T, Einsum("ji", x));
        Assert.Equal(Tensor.From(new double[] { 6, 15 }), Einsum("ij->i", A));
        Assert.Equal(MatMul(x, A), Einsum("ij,jk", x, A));
        Assert.Equal(MatMul(x, A).T, Einsum("ij,jk->ki", x, A));
        Assert.Equal(Tensor.From(30.0), Einsum(",->", Tensor.From(5.0), Tensor.From(6.0)));
        Assert.Equal(Tensor.From(new long[] { 2, 1 }), Einsum("bi->i", Tensor.From(new[,] { { true, false }, { true, true } })));
    }

    [Fact]
    public void A_chain_of_products_is_multiplied_in_the_cheapest_order()
    {
        var program = Trace.Of("test", Seq<TensorType>(new(DType.Float64, [2, 50]), new(DType.Float64, [50, 50]), new(DType.Float64, [50])), x => Seq1(Einsum("ij,jk,k->i", [.. x])));
        Assert.Equal((2 * 50 * 50) + (2 * 2 * 50), Cost.Of(program).Flops);
    }

    [Fact]
    public void The_derivative_of_einsum_is_einsum()
    {
        var f = Transforms.Grad((Tensor x) => Sum(Einsum("ij,jk->ik", x, A.T) * Einsum("ij,jk->ik", x, A.T)));
        var x = Tensor.From(new double[,] { { 1, -1, 2 } });
        Assert.Equal(2.0 * MatMul(MatMul(x, A.T), A), f(x));
        Transforms.CheckGradients((Tensor y) => Sum(Einsum("ii,ij,...j->...i", y, y, A[.., ..2]) * Einsum("ji->i", y)), Tensor.From(new double[,] { { 1, -1 }, { 0.5, 2 } }));
    }

    [Theory]
    [InlineData("ij,jk->ik", "Einsum: 'j' is 3 in operand 0, f64[2,3], but 2 in operand 1, f64[2,3].")]
    [InlineData("ii,jk->ik", "Einsum: 'i' is 2 and 3 in operand 0, f64[2,3].")]
    [InlineData("ijk,jk->ik", "Einsum: 'ijk' names 3 axes, but operand 0 is f64[2,3] with 2.")]
    [InlineData("ij->i", "Einsum: 'ij->i' has 1 term, given 2 operands.")]
    [InlineData("i...,j...->ij", "Einsum: the output of 'i...,j...->ij' leaves out the 1 axes of '...'. Write '...' there too, or sum them afterwards.")]
    public void A_wrong_shape_names_the_letter_the_extents_and_the_operands(string notation, string message) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(() => Einsum(notation, A, A)).Message);

    [Theory]
    [InlineData("ij,jk->im", "Einsum: the output of 'ij,jk->im' has 'm', which no operand has.")]
    [InlineData("ij,jk->ii", "Einsum: the output of 'ij,jk->ii' has 'i' twice. Use Diag to put values on a diagonal.")]
    [InlineData("ij,jk->i...", "Einsum: the output of 'ij,jk->i...' has '...', which no operand has.")]
    [InlineData("ij;jk->ik", "Einsum: cannot read ';' in 'ij;jk->ik'. Name axes by letters, the others by '...', and write it as in 'ij,jk->ik'.")]
    public void A_text_that_is_no_notation_says_what_is_wrong(string notation, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Einsum(notation, A, A)).Message);

    [Fact]
    public void An_ellipsis_that_does_not_broadcast_names_its_axis() => Assert.Equal(
        "Einsum: axis −1 of '...' is 3 in operand 0, f64[2,3], but 2 in operand 1, f64[3,2].",
        Assert.Throws<ShapeException>(() => Einsum("i...,j...->ij...", A, A.T)).Message);

    private static (string[] Terms, string Output, Tensor[] Operands) Drawn(Sampler sampler)
    {
        const string letters = "abcde";
        var extents = letters.ToDictionary(letter => letter, _ => sampler.Integer(1, 3));
        var terms = Enumerable.Range(0, sampler.Integer(1, 4))
            .Select(_ => string.Concat(Enumerable.Range(0, sampler.Integer(0, 3)).Select(_ => letters[sampler.Integer(0, letters.Length - 1)]))).ToArray();
        var present = string.Concat(terms).Distinct().ToArray();
        var output = string.Concat(sampler.Permutation(present.Length).Select(i => present[i]).Where(_ => sampler.Flip()));
        var dtype = sampler.Numeric();
        return (terms, output, [.. terms.Select(term => Draw(sampler, dtype, [.. term.Select(letter => extents[letter])]))]);
    }

    private static Tensor Draw(Sampler sampler, DType dtype, Shape shape) => sampler.Tensor(new(dtype, shape), () => sampler.Integer(-3, 3));
}
