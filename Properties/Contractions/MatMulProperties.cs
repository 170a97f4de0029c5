using Functional.Programs;
using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Contractions;

/// <summary>NumPy's products: what they give, what they refuse.</summary>
public class MatMulProperties
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 80)];

    private static Tensor Zero(params int[] extents) => Zeros(extents);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Stacks_broadcast_as_their_matrices_repeated(int seed)
    {
        var sampler = new Sampler(seed, 3);
        var stack = sampler.Shape(highestRank: 3);
        Shape Own()
        {
            var rank = sampler.Integer(0, stack.Rank);
            return [.. stack[(stack.Rank - rank)..].Select(extent => sampler.Flip() ? 1 : extent)];
        }
        var (m, k, n) = (sampler.Extent(), sampler.Extent(), sampler.Extent());
        var (left, right) = (Own(), Own());
        var x = Draw(sampler, left.Concat([m, k]));
        var y = Draw(sampler, right.Concat([k, n]));
        var common = Broadcasted("test", new(DType.Float64, left), new(DType.Float64, right));
        var expected = BruteForce.Sum(
            ["ABCD"[..common.Rank] + "ij", "ABCD"[..common.Rank] + "jk"], "ABCD"[..common.Rank] + "ik",
            [BroadcastTo(x, common.Concat([m, k])), BroadcastTo(y, common.Concat([k, n]))]);
        BruteForce.Agrees(expected, MatMul(x, y), 0);
    }

    [Fact]
    public void Vectors_are_rows_on_the_left_and_columns_on_the_right()
    {
        var x = Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal(Tensor.From(new double[] { 14, 32 }), MatMul(x, Tensor.From(new double[] { 1, 2, 3 })));
        Assert.Equal(Tensor.From(new double[] { 9, 12, 15 }), MatMul(Tensor.From(new double[] { 1, 2 }), x));
        Assert.Equal(Tensor.From(14.0), MatMul(Tensor.From(new double[] { 1, 2, 3 }), Tensor.From(new double[] { 1, 2, 3 })));
        Assert.Equal(new Shape(5, 4), MatMul(Zero(3), Zero(5, 3, 4)).Shape);
        Assert.Equal(new Shape(5, 2, 4), MatMul(Zero(2, 3), Zero(5, 3, 4)).Shape);
        Assert.Equal(new Shape(5, 2, 4), MatMul(Zero(5, 2, 3), Zero(3, 4)).Shape);
        Assert.Equal(new Shape(5, 2), MatMul(Zero(5, 2, 3), Zero(3)).Shape);
    }

    [Fact]
    public void A_matrix_times_a_stack_is_the_product_with_each()
    {
        var sampler = new Sampler(1, 3);
        var (x, y) = (Draw(sampler, [2, 3]), Draw(sampler, [5, 3, 4]));
        Assert.Equal(Stack(Enumerable.Range(0, 5).Select(i => MatMul(x, y[i]))), MatMul(x, y));
        Assert.Equal(Stack(Enumerable.Range(0, 5).Select(i => MatMul(x[0], y[i]))), MatMul(x[0], y));
    }

    [Fact]
    public void Dot_and_TensorDot_and_Outer_do_as_NumPy_says()
    {
        Assert.Equal(new Shape(2, 3, 5, 6), Dot(Zero(2, 3, 4), Zero(5, 4, 6)).Shape);
        Assert.Equal(new Shape(2, 3), Dot(Zero(2, 3, 4), Zero(4)).Shape);
        Assert.Equal(Tensor.From(new double[] { 2, 4 }), Dot(2.0, Tensor.From(new double[] { 1, 2 })));
        Assert.Equal(new Shape(2, 5), TensorDot(Zero(2, 3, 4), Zero(3, 4, 5)).Shape);
        Assert.Equal(new Shape(3, 5), TensorDot(Zero(4, 3, 2), Zero(5, 2, 4), [0, 2], [2, 1]).Shape);
        Assert.Equal(new Shape(2, 3), TensorDot(Zero(2), Zero(3), 0).Shape);
        Assert.Equal(Tensor.From(new double[,] { { 3, 4 }, { 6, 8 } }), Outer(Tensor.From(new double[] { 1, 2 }), Tensor.From(new double[] { 3, 4 })));
    }

    [Fact]
    public void The_order_of_paired_axes_does_not_matter()
    {
        var sampler = new Sampler(2, 3);
        var (x, y) = (Draw(sampler, [4, 3, 2]), Draw(sampler, [5, 2, 4]));
        Assert.Equal(TensorDot(x, y, [0, 2], [2, 1]), TensorDot(x, y, [2, 0], [1, 2]));
        BruteForce.Agrees(BruteForce.Sum(["abc", "dca"], "bd", [x, y]), TensorDot(x, y, [-1, 0], [1, -1]), 0);
    }

    [Fact]
    public void The_matrix_trace_sums_the_diagonal()
    {
        var x = Reshape(Convert(Arange(18), DType.Float64), [2, 3, 3]);
        Assert.Equal(Tensor.From(new double[] { 12, 39 }), MatrixTrace(x));
        Assert.Equal(Tensor.From(new double[] { 6, 24 }), MatrixTrace(x, 1));
        Assert.Equal("MatrixTrace: needs at least two axes, given f64[3].", Assert.Throws<ShapeException>(() => MatrixTrace(Zero(3))).Message);
    }

    [Fact]
    public void Element_types_are_promoted()
    {
        var (single, whole, truth) = (Convert(Zero(2, 2), DType.Float32), Convert(Zero(2, 2), DType.Int32), Convert(Zero(2, 2), DType.Bool));
        Assert.Equal(DType.Float64, MatMul(single, Zero(2, 2)).DType);
        Assert.Equal(DType.Float32, MatMul(single, whole).DType);
        Assert.Equal(DType.Int32, MatMul(whole, truth).DType);
        Assert.Equal(DType.Int64, MatMul(truth, truth).DType);
        Assert.Equal(DType.Float32, Einsum("ij,jk,kl", whole, single, truth).DType);
    }

    [Fact]
    public void Refusals_name_the_operation_both_shapes_and_what_differs()
    {
        Refused("MatMul: inner dimensions differ: f64[3,4] · f64[5,2] (4 ≠ 5)", () => MatMul(Zero(3, 4), Zero(5, 2)));
        Refused("MatMul: inner dimensions differ: f64[3] · f64[4] (3 ≠ 4)", () => MatMul(Zero(3), Zero(4)));
        Refused("MatMul: takes vectors, matrices and stacks of matrices, given f64[] · f64[3]. Use * to scale.", () => MatMul(Zero(), Zero(3)));
        Refused("MatMul: stacks do not broadcast: f64[2,3,4] · f64[3,4,5] differ at axis −3 (2 ≠ 3, and neither is 1)", () => MatMul(Zero(2, 3, 4), Zero(3, 4, 5)));
        Refused("Dot: inner dimensions differ: f64[3,4] · f64[5,2] (4 ≠ 5)", () => Dot(Zero(3, 4), Zero(5, 2)));
        Refused("TensorDot: axis 0 of f64[3,4] and axis 1 of f64[5,2] differ (3 ≠ 2).", () => TensorDot(Zero(3, 4), Zero(5, 2), [0], [1]));
        Refused("TensorDot: 2 axes to sum over, but f64[3] has 1 and f64[5,2] has 2.", () => TensorDot(Zero(3), Zero(5, 2)));
        Refused("TensorDot: 1 axes of f64[3] and 2 of f64[5,2] do not pair.", () => TensorDot(Zero(3), Zero(5, 2), [0], [0, 1]));
    }

    [Fact]
    public void The_gradient_of_a_product_takes_no_transposition()
    {
        var program = Transforms.Trace((Tensor w) => Transforms.Grad((Tensor v) => Sum(MatMul(Ones([4, 3]), v)))(w))(Zero(3, 2));
        Assert.DoesNotContain("transpose", program.ToString(), StringComparison.Ordinal);
    }

    private static void Refused(string message, Func<Tensor> product) => Assert.Equal(message, Assert.Throws<ShapeException>(product).Message);

    private static Tensor Draw(Sampler sampler, Shape shape) => sampler.Tensor(new(DType.Float64, shape), () => sampler.Integer(-3, 3));
}
