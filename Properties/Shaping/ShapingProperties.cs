using FsCheck.Xunit;
using Functional.Programs;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Shaping;

public class ShapingProperties
{
    private static readonly Tensor Matrix = Reshape(Arange(0.0, 12.0), 3, 4);

    [Property]
    public void Slice_reads_every_so_many_and_a_negative_step_reads_them_from_the_last(int seed)
    {
        var sampler = new Sampler(seed, 9);
        var extent = sampler.Extent(mayBeEmpty: false);
        var start = sampler.Integer(0, extent);
        var stop = sampler.Integer(start, extent);
        var step = sampler.Choose(-3, -2, -1, 1, 2, 3);
        var range = Enumerable.Range(start, stop - start);
        var walked = (step > 0 ? range : range.Reverse()).Where((_, i) => i % Math.Abs(step) == 0).Select(i => (double)i);
        Assert.Equal(walked, Slice(Arange(0.0, extent), [start], [stop], [step]).ToArray<double>());
    }

    [Fact]
    public void Slice_counts_negative_places_from_the_end() =>
        Assert.Equal(new double[,] { { 5, 6 }, { 9, 10 } }, Slice(Matrix, [-2, 1], [3, -1]).To<double[,]>());

    [Property]
    public void Concatenate_undoes_Split(int seed)
    {
        var sampler = new Sampler(seed, 6);
        var shape = sampler.Shape(lowestRank: 1);
        var x = sampler.Tensor(sampler.Numeric(), shape);
        var axis = sampler.Integer(0, shape.Rank - 1);
        var first = sampler.Integer(0, shape[axis]);
        Assert.Equal(x, Concatenate(Split(x, [first, sampler.Integer(first, shape[axis])], axis), axis));
        Assert.Equal(x, Concatenate(Split(x, Math.Max(1, shape[axis]), axis), axis - shape.Rank));
    }

    [Property]
    public void Stack_puts_each_tensor_at_its_place_of_the_new_axis(int seed)
    {
        var sampler = new Sampler(seed, 5);
        var shape = sampler.Shape();
        Tensor[] slices = [sampler.Tensor(DType.Float64, shape), sampler.Tensor(DType.Float64, shape)];
        var axis = sampler.Integer(0, shape.Rank);
        for (var i = 0; i < 2; i++) Assert.Equal(slices[i], Squeeze(Take(Stack(slices, axis), Tensor.From(new[] { i }), axis), axis));
    }

    [Fact]
    public void Concatenate_promotes_and_a_literal_takes_the_type_of_the_others()
    {
        Assert.Equal(DType.Float64, Concatenate([Tensor.From(new[] { 1f }), Tensor.From(new[] { 2.0 })]).DType);
        Assert.Equal(DType.Float32, Stack([Tensor.From(1f), 2.0]).DType);
        Assert.Equal(DType.Float64, Stack([Tensor.From(1), 2.5]).DType);
    }

    [Property]
    public void Pad_is_read_back_by_a_slice_and_holds_the_value_elsewhere(int seed)
    {
        var sampler = new Sampler(seed, 5);
        var x = sampler.Tensor(DType.Float64, [sampler.Extent(), sampler.Extent()]);
        var (low, high, interior) = (Width(), Width(), Width());
        var padded = Pad(x, low, high, 7.0, interior);
        int[] stops = [.. Enumerable.Range(0, 2).Select(axis => padded.Shape[axis] - high[axis])];
        Assert.Equal(x, Slice(padded, low, stops, [interior[0] + 1, interior[1] + 1]));
        Assert.Equal(7.0 * (padded.Size - x.Size), padded.ToArray<double>().Sum() - x.ToArray<double>().Sum(), 1e-9);

        int[] Width() => [sampler.Integer(0, 2), sampler.Integer(0, 2)];
    }

    [Fact]
    public void Pad_moves_with_its_value()
    {
        var x = Tensor.From([1.0, 2.0]);
        var gradient = Grad(value => Sum(Pad(x, [1], [2], value, [3]) * Arange(0.0, 8.0)))(Tensor.From(5.0));
        Assert.Equal(28.0 - 1.0 - 5.0, (double)gradient);
    }

    [Property]
    public void Flip_is_its_own_inverse_and_reverses_each_axis(int seed)
    {
        var sampler = new Sampler(seed, 5);
        var shape = sampler.Shape(lowestRank: 1);
        var x = sampler.Tensor(sampler.Numeric(), shape);
        var axis = sampler.Integer(0, shape.Rank - 1);
        Assert.Equal(x, Flip(Flip(x, axis), axis));
        Assert.Equal(Flip(x), Reshape(Flip(Reshape(x, [x.Size])), [.. shape]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(-7)]
    public void Roll_moves_each_element_by_the_shift_around_the_axis(int shift)
    {
        var rolled = Roll(Matrix, shift, 1);
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 4; j++)
                Assert.Equal((double)Matrix[i, j], (double)rolled[i, (((j + shift) % 4) + 4) % 4]);
    }

    [Fact]
    public void Tile_lays_out_the_whole_and_Repeat_each_element()
    {
        var x = Tensor.From([1.0, 2.0]);
        Assert.Equal([1, 2, 1, 2], Tile(x, 2).ToArray<double>());
        Assert.Equal([1, 1, 2, 2], Repeat(x, 2).ToArray<double>());
        Assert.Equal(new double[,] { { 1, 2, 1, 2 }, { 1, 2, 1, 2 }, { 1, 2, 1, 2 } }, Tile(x, 3, 2).To<double[,]>());
        Assert.Equal(Concatenate([Matrix, Matrix]), Tile(Matrix, 2, 1));
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], Repeat(Matrix, 2, 1)[0].ToArray<double>());
    }

    [Property]
    public void Diagonal_and_the_triangles_are_told_by_row_and_column(int seed)
    {
        var sampler = new Sampler(seed, 6);
        Shape shape = [sampler.Extent(), sampler.Extent()];
        var x = sampler.Tensor(DType.Float64, shape);
        var offset = sampler.Integer(-7, 7);
        var (elements, lower, upper, eye) = (x.To<double[,]>(), Tril(x, offset).To<double[,]>(), Triu(x, offset).To<double[,]>(), Eye(shape[0], shape[1], offset).To<double[,]>());
        var diagonal = new List<double>();
        for (var i = 0; i < shape[0]; i++)
            for (var j = 0; j < shape[1]; j++)
            {
                if (j == i + offset) diagonal.Add(elements[i, j]);
                Assert.Equal(j <= i + offset ? elements[i, j] : 0, lower[i, j]);
                Assert.Equal(j >= i + offset ? elements[i, j] : 0, upper[i, j]);
                Assert.Equal(j == i + offset ? 1 : 0, eye[i, j]);
            }
        Assert.Equal(diagonal, Diagonal(x, offset).ToArray<double>());
    }

    [Property]
    public void Diagonal_undoes_Diag_which_is_zero_elsewhere(int seed)
    {
        var sampler = new Sampler(seed, 5);
        var x = sampler.Tensor(DType.Float64, sampler.Shape(lowestRank: 1));
        var offset = sampler.Integer(-3, 3);
        var matrices = Diag(x, offset);
        Assert.Equal(x, Diagonal(matrices, offset));
        Assert.Equal(x.ToArray<double>().Sum(), matrices.ToArray<double>().Sum(), 1e-12);
    }

    [Fact]
    public void The_gradient_of_a_trace_is_the_identity() =>
        Assert.Equal(Eye(3), Grad(x => Sum(Diagonal(x)))(Reshape(Arange(0.0, 9.0), 3, 3)));

    [Fact]
    public void Ranges_count_as_NumPy_does()
    {
        Assert.Equal([0L, 1, 2], Arange(3).ToArray<long>());
        Assert.Equal([2L, 5], Arange(2, 8, 3).ToArray<long>());
        Assert.Equal([8L, 5], Arange(8, 2, -3).ToArray<long>());
        Assert.Equal([0.5, 0.75], Arange(0.5, 1.0, 0.25).ToArray<double>());
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], Linspace(0.0, 1.0, 5).ToArray<double>());
        Assert.Equal([3.0], Linspace(3.0, 9.0, 1).ToArray<double>());
        Assert.Empty(Arange(5, 2).ToArray<long>());
        Assert.Equal(new int[,] { { 0, 1 }, { 0, 1 } }, Iota([2, 2], 1, DType.Int32).To<int[,]>());
    }

    [Fact]
    public void Meshgrid_gives_the_coordinates_of_each_place()
    {
        var grid = Meshgrid(Tensor.From([1.0, 2.0]), Tensor.From([3.0, 4.0, 5.0]));
        Assert.Equal(new double[,] { { 1, 1, 1 }, { 2, 2, 2 } }, grid[0].To<double[,]>());
        Assert.Equal(new double[,] { { 3, 4, 5 }, { 3, 4, 5 } }, grid[1].To<double[,]>());
    }

    [Fact]
    public void Shaping_composites_batch_as_a_loop()
    {
        static Tensor F(Tensor x) => Concatenate([Roll(Tile(x, 2), 1), Diagonal(Diag(Flip(x), 1), 1), Pad(x, [1], [0], Sum(x))]);
        var batch = Reshape(Arange(0.0, 12.0), 3, 4);
        Assert.Equal(Stack([F(batch[0]), F(batch[1]), F(batch[2])]), Vmap(F)(batch));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Wrong_calls_say_what_is_wrong(Func<Tensor> call, string message) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);

    public static TheoryData<Func<Tensor>, string> Mistakes => new()
    {
        { () => Concatenate([Matrix, Zeros([2, 5])]), "Concatenate: f64[3,4] and f64[2,5] differ at axis 1 (4 ≠ 5); only axis 0 may differ." },
        { () => Concatenate([Matrix, Zeros([2])]), "Concatenate: f64[3,4] and f64[2] have 2 and 1 axes. Use Stack to add an axis, or ExpandDims before." },
        { () => Concatenate(System.Array.Empty<Tensor>()), "Concatenate: needs at least one tensor, given none." },
        { () => Stack([Matrix, Zeros([4, 3])]), "Stack: shapes differ: f64[3,4] and f64[4,3]. Use Concatenate to join along an axis they have." },
        { () => Split(Matrix, 3, 1)[0], "Split: 3 equal parts do not fill axis 1 of f64[3,4], which has extent 4. Give the places to cut at instead." },
        { () => Split(Matrix, [3, 1])[0], "Split: the places [3,1] do not ascend within axis 0 of f64[3,4], which has extent 3." },
        { () => Slice(Matrix, [0, 2], [3, 5]), "Slice: 2 to 5 does not lie in axis 1 of f64[3,4], which has extent 4." },
        { () => Slice(Matrix, [0], [3]), "Slice: f64[3,4] needs a start and a stop for each of its 2 axes, given 1 and 1." },
        { () => Slice(Matrix, [0, 0], [3, 4], [1, 0]), "Slice: a step of 0 leads nowhere; use 1 or −1 for each element in turn." },
        { () => Pad(Matrix, [1, -1], [0, 0]), "Pad: a width for axis 1 of f64[3,4] is negative (-1, 0, 0). Cut with Slice instead." },
        { () => Pad(Matrix, [1], [0]), "Pad: f64[3,4] needs a width for each of its 2 axes, given 1 before, 1 after and 2 between." },
        { () => Flip(Matrix, 2), "Flip: axis 2 is out of range for shape [3,4]; expected −2 to 1." },
        { () => Diagonal(Zeros([3])), "Diagonal: needs at least two axes, given f64[3]." },
        { () => Tril(Zeros([3])), "Tril: needs at least two axes, given f64[3]." },
        { () => Arange(0, 3, 0), "Arange: a step of 0 never gets from 0 to 3." },
    };
}
