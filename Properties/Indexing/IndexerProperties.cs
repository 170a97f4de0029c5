using Xunit;
using static Functional.AxisIndex;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Indexing;

public class IndexerProperties
{
    // x[i, j, k] = 20·i + 5·j + k, so that an element tells its place.
    private static readonly Tensor Cube = Reshape(Arange(60), 3, 4, 5);
    private static readonly Tensor Vector = Arange(6);

    [Fact]
    public void A_place_drops_its_axis_and_counts_from_either_end()
    {
        Assert.Equal(33L, (long)Cube[1, 2, 3]);
        Assert.Equal(59L, (long)Cube[-1, ^1, 4]);
        Assert.Equal([20L, 21, 22, 23, 24], Cube[1, 0].ToArray<long>());
        Assert.Equal([5L, 25, 45], Cube[.., 1, 0].ToArray<long>());
        Assert.Same(Cube, Cube[..]);
        Assert.Same(Cube, Cube[[]]);
    }

    [Fact]
    public void A_range_keeps_its_axis()
    {
        Assert.Equal([2L, 3, 4], Vector[2..5].ToArray<long>());
        Assert.Equal([4L, 5], Vector[^2..].ToArray<long>());
        Assert.Equal([0L, 2, 4], Vector[Step(.., 2)].ToArray<long>());
        Assert.Equal([5L, 4, 3, 2, 1, 0], Vector[Step(.., -1)].ToArray<long>());
        Assert.Equal([4L, 2], Vector[Step(1..5, -2)].ToArray<long>());
        Assert.Equal(new long[,] { { 21, 22 }, { 26, 27 } }, Cube[1, ..2, 1..3].To<long[,]>());
        Assert.Empty(Vector[3..3].ToArray<long>());
    }

    [Fact]
    public void NewAxis_adds_an_axis_and_Ellipsis_stands_for_the_rest()
    {
        Assert.Equal(Shape.Create([3, 1, 4, 5]), Cube[.., NewAxis].Shape);
        Assert.Equal(Shape.Create([3, 4, 1]), Cube[Ellipsis, 0, NewAxis].Shape);
        Assert.Equal(Cube[.., .., 2], Cube[Ellipsis, 2]);
        Assert.Equal(Cube[0], Cube[0, Ellipsis]);
        Assert.Equal(Cube[0, 1, 2], Cube[0, Ellipsis, 1, 2]);
    }

    [Fact]
    public void Integer_tensors_broadcast_together_and_stand_where_they_index()
    {
        var rows = Tensor.From(new[] { 0, 2, -1 });
        Assert.Equal(Take(Cube, rows), Cube[rows]);
        Assert.Equal(Take(Cube, rows, 1), Cube[.., rows]);
        Assert.Equal([0L, 46, 47], Cube[rows, Tensor.From(new[] { 0, 1, 1 }), Arange(3)].ToArray<long>());
        Assert.Equal(new long[,] { { 0, 10 }, { 40, 50 }, { 40, 50 } }, Cube[rows[.., NewAxis], Tensor.From(new[] { 0, 2 }), 0].To<long[,]>());
        Assert.Equal(Shape.Create([3, 3, 2]), Cube[.., rows, 1..3].Shape);
    }

    // x[0, :, i] in NumPy: the place is a tensor of one place, another axis stands between, and the gathered axis goes to the front.
    [Fact]
    public void Tensors_with_another_axis_between_go_to_the_front()
    {
        var last = Tensor.From(new[] { 4, 0 });
        var gathered = Cube[1, .., last];
        Assert.Equal(Shape.Create([2, 4]), gathered.Shape);
        Assert.Equal([24L, 29, 34, 39], gathered[0].ToArray<long>());
        Assert.Equal([20L, 25, 30, 35], gathered[1].ToArray<long>());
        Assert.Equal(Shape.Create([4, 2]), Cube[1][.., last].Shape);
    }

    [Fact]
    public void The_gradient_of_what_is_read_is_one_where_it_is_read()
    {
        var x = Zeros([3, 4]);
        Assert.Equal(new double[,] { { 0, 0, 0, 0 }, { 0, 1, 0, 1 }, { 0, 0, 0, 0 } }, Grad(y => Sum(y[1, Step(1.., 2)]))(x).To<double[,]>());
        Assert.Equal(new double[,] { { 0, 0, 0, 2 }, { 0, 0, 0, 0 }, { 0, 0, 0, 1 } }, Grad(y => Sum(y[Tensor.From(new[] { 0, 0, 2 }), ^1]))(x).To<double[,]>());
    }

    [Fact]
    public void Indexing_batches_as_a_loop()
    {
        static Tensor F(Tensor x, Tensor i) => x[i, Step(.., -2)];
        var x = Reshape(Arange(0.0, 60.0), 3, 4, 5);
        var i = Tensor.From(new[] { 1, 0, -1 });
        Assert.Equal(Stack([F(x[0], 1), F(x[1], 0), F(x[2], -1)]), Vmap<Tensor, Tensor, Tensor>(F)(x, i));
        Assert.Equal(Stack([F(x[0], 1), F(x[0], 0), F(x[0], -1)]), Vmap(j => F(x[0], j))(i));
    }

    [Fact]
    public void Indexing_writes_one_slice_into_a_program()
    {
        var program = Trace(x => x[1, 2..5])(Zeros([3, 6]));
        Assert.Equal(Seq("slice[starts=[1,2] steps=[1,1] extents=[1,3]]", "reshape[shape=[3]]"), program.Equations.Map(equation => $"{equation.Primitive}"));
        Assert.Empty(Trace(x => x[Ellipsis])(Zeros([3, 6])).Equations);
    }

    [Fact]
    public void SetAt_and_AddAt_change_what_the_index_reads()
    {
        Assert.Equal([0L, 9, 2, 9, 4, 9], SetAt(Vector, 9, Step(1.., 2)).ToArray<long>());
        Assert.Equal([0L, 1, 2, 3, 4, 5], Vector.ToArray<long>());
        Assert.Equal([2L, 1, 3, 3, 4, 5], AddAt(Vector, 1, Tensor.From(new[] { 0, 0, 2 })).ToArray<long>());
        Assert.Equal(new double[,] { { 0, 1 }, { 0, 2 } }, SetAt(Zeros([2, 2]), Tensor.From([1.0, 2.0]), .., 1).To<double[,]>());
        Assert.Equal([1, 0, 1], Grad(x => Sum(SetAt(x, 5.0, 1)))(Zeros([3])).ToArray<double>());
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Wrong_indices_say_what_is_wrong(Func<Tensor> call, string message) =>
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(call).Message);

    public static TheoryData<Func<Tensor>, string> Mistakes => new()
    {
        { () => Cube[3], "Index: index 3 is out of range for axis 0 of i64[3,4,5], which has extent 3; expected −3 to 2." },
        { () => Cube[0, -5], "Index: index -5 is out of range for axis 1 of i64[3,4,5], which has extent 4; expected −4 to 3." },
        { () => Cube[^0], "Index: index ^0 is out of range for axis 0 of i64[3,4,5], which has extent 3; expected −3 to 2." },
        { () => Cube[.., 2..7], "Index: the range 2..7 does not lie in axis 1 of i64[3,4,5], which has extent 4." },
        { () => Cube[0, 0, 0, 0], "Index: 4 indices for i64[3,4,5], which has 3 axes." },
        { () => Vector[0, 0], "Index: 2 indices for i64[6], which has 1 axis." },
        { () => Cube[Ellipsis, 0, Ellipsis], "Index: two ellipses for i64[3,4,5] leave open which axes each stands for; use .. for a whole axis." },
        { () => Cube[Step(.., 0)], "Index: a step of 0 leads nowhere; use 1 or −1 for each element in turn." },
        { () => Cube[Tensor.From([true, false, true])], "Index: a mask bool[3] selects a number of elements that only its values tell. Use Where(mask, x, 0), which keeps the shape." },
        { () => Cube[Tensor.From([1.0])], "Index: indices are integers, given f64[1]. Convert them first." },
        { () => Cube[.., Tensor.From(new[] { 4 })], "Gather: index 4 is out of range for axis 1 of i64[3,4,5], which has extent 4; expected −4 to 3." },
        { () => SetAt(Vector, Zeros([3]), 1..3), "SetAt: shapes do not broadcast: i32[2] and f64[3] differ at axis −1 (2 ≠ 3, and neither is 1)." },
    };
}
