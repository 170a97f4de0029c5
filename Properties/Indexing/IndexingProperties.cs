using FsCheck.Xunit;
using Functional.Programs;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Indexing;

public class IndexingProperties
{
    private static readonly Tensor Matrix = Reshape(Arange(0.0, 12.0), 3, 4);

    // Sums of at most some dozens of numbers below 10, in another order.
    private const double Reordering = 1e-12;

    [Property]
    public void Gather_and_ScatterAdd_are_adjoint_where_indices_repeat(int seed)
    {
        var sampler = new Sampler(seed, 4);
        var x = sampler.Tensor(DType.Float64, [3, 2, sampler.Extent()]);
        var places = sampler.Shape(highestRank: 2);
        Tensor[] indices = [sampler.Indices(places, 3) - 3, sampler.Indices(places, 2)];
        var cotangent = sampler.Tensor(DType.Float64, places.Concat(x.Shape[2..]));
        var (value, pullback) = Vjp(y => Gather(y, indices))(x);
        Assert.Equal(Dot(cotangent, value), Dot(pullback(cotangent), x), Reordering);
    }

    [Fact]
    public void Repeated_indices_add_up_in_the_gradient_of_Take() =>
        Assert.Equal([3, 0, 1], Grad(x => Sum(Take(x, Tensor.From(new[] { 0, 0, 2, -3 }))))(Zeros([3])).ToArray<double>());

    [Property]
    public void Take_reads_the_slices_that_the_indices_name(int seed)
    {
        var sampler = new Sampler(seed, 4);
        var shape = sampler.Shape(lowestRank: 1, mayBeEmpty: false);
        var x = sampler.Tensor(sampler.Numeric(), shape);
        var axis = sampler.Integer(0, shape.Rank - 1);
        var indices = sampler.Indices([sampler.Extent(mayBeEmpty: false)], shape[axis]);
        var slices = Convert(indices, DType.Int32).ToArray<int>().Select(i => Split(x, shape[axis], axis)[i]);
        Assert.Equal(Concatenate(slices, axis), Take(x, indices, axis));
        Assert.Equal(Concatenate(slices, axis), Take(x, indices - shape[axis], axis - shape.Rank));
    }

    [Property]
    public void TakeAlongAxis_reads_each_lane_by_its_own_indices(int seed)
    {
        var sampler = new Sampler(seed, 4);
        var x = sampler.Tensor(DType.Float64, sampler.Shape(lowestRank: 3, highestRank: 3, mayBeEmpty: false));
        var indices = sampler.Indices(x.Shape.With(1, sampler.Extent()), x.Shape[1]);
        var taken = TakeAlongAxis(x, indices, 1);
        for (var i = 0; i < x.Shape[0]; i++)
            for (var j = 0; j < indices.Shape[1]; j++)
                for (var k = 0; k < x.Shape[2]; k++)
                    Assert.Equal((double)x[i, (int)indices[i, j, k], k], (double)taken[i, j, k]);
    }

    [Fact]
    public void ScatterAdd_adds_and_Scatter_keeps_the_last_of_repeated_indices()
    {
        var indices = Tensor.From(new[] { 1, -1, 1 });
        var updates = Tensor.From([10.0, 20.0, 30.0]);
        Assert.Equal([1, 41, 21], ScatterAdd(Ones([3]), indices, updates).ToArray<double>());
        Assert.Equal([1, 30, 20], Scatter(Ones([3]), indices, updates).ToArray<double>());
        Assert.Equal([0, 1, 1], Grad(u => Sum(Scatter(Zeros([3]), indices, u)))(updates).ToArray<double>());
        Assert.Equal([1, 0, 0], Grad(x => Sum(Scatter(x, indices, updates)))(Zeros([3])).ToArray<double>());
        Assert.Equal(new double[,] { { 5, 1, 5, 3 }, { 5, 5, 5, 7 }, { 5, 9, 5, 11 } }, Scatter(Matrix, Tensor.From(new[] { 0, 2 }), 5, 1).To<double[,]>());
    }

    [Fact]
    public void OneHot_is_one_at_the_index_and_zero_elsewhere()
    {
        Assert.Equal(new double[,] { { 0, 1, 0 }, { 0, 0, 1 } }, OneHot(Tensor.From(new[] { 1, -1 }), 3).To<double[,]>());
        Assert.Equal(Eye(4), OneHot(Arange(4), 4));
        Assert.Equal(Shape.Create([2, 0, 3]), OneHot(Zeros([2, 0], DType.Int32), 3).Shape);
    }

    [Fact]
    public void A_dynamic_window_is_the_slice_at_its_start_traced_or_not()
    {
        static Tensor Window(Tensor start) => DynamicSlice(Matrix, [start, 1], [2, 3]);
        var starts = Tensor.From(new[] { 0, 1, -2 });
        var windows = Vmap(Window)(starts);
        Assert.Equal(Matrix[0..2, 1..4], windows[0]);
        Assert.Equal(Matrix[1..3, 1..4], windows[1]);
        Assert.Equal(windows[1], windows[2]);
        Assert.Equal(windows[0], Window(0));
        Assert.Equal(windows[2], Window(-2));
    }

    [Fact]
    public void DynamicUpdateSlice_replaces_a_window_and_is_linear_in_both()
    {
        static Tensor Updated(Tensor x, Tensor update, Tensor row) => DynamicUpdateSlice(x, update, [row, 2]);
        var update = Tensor.From(new[,] { { -1.0, -2.0 } });
        Assert.Equal(new double[,] { { 0, 1, 2, 3 }, { 4, 5, -1, -2 }, { 8, 9, 10, 11 } }, Updated(Matrix, update, 1).To<double[,]>());
        Assert.Equal(Ones([1, 2]), Grad(u => Sum(Updated(Matrix, u, 1)))(update));
        Assert.Equal(new double[,] { { 1, 1, 1, 1 }, { 1, 1, 0, 0 }, { 1, 1, 1, 1 } }, Grad(x => Sum(Updated(x, update, 1)))(Matrix).To<double[,]>());
        var rows = Tensor.From(new[] { 0, -1 });
        Assert.Equal(Stack([Updated(Matrix, update, 0), Updated(Matrix, update, 2)]), Vmap(row => Updated(Matrix, update, row))(rows));
        Assert.Equal(Zeros([3, 4]), DynamicUpdateSlice(Matrix, Zeros([3, 4]), [0, 0]));
    }

    [Property]
    public void Sorting_is_stable_in_either_direction(int seed)
    {
        var sampler = new Sampler(seed, 12);
        // Few values, many ties.
        var x = sampler.Tensor(sampler.Choose(DType.Int32, DType.Int64, DType.Bool), [sampler.Extent(), sampler.Extent()]);
        var axis = sampler.Integer(0, 1);
        var (keys, ascending, descending) = (Convert(x, DType.Float64), ArgSort(x, axis), ArgSort(x, axis, descending: true));
        for (var lane = 0; lane < x.Shape[1 - axis]; lane++)
        {
            var numbers = Take(keys, lane, 1 - axis).ToArray<double>();
            Assert.Equal(numbers.Index().OrderBy(pair => pair.Item).Select(pair => (long)pair.Index), Take(ascending, lane, 1 - axis).ToArray<long>());
            Assert.Equal(numbers.Index().OrderByDescending(pair => pair.Item).Select(pair => (long)pair.Index), Take(descending, lane, 1 - axis).ToArray<long>());
        }
    }

    [Fact]
    public void NaN_is_sorted_last_in_either_direction()
    {
        var x = Tensor.From([2.0, double.NaN, -0.0, 0.0, double.NegativeInfinity]);
        Assert.Equal([4L, 2, 3, 0, 1], ArgSort(x).ToArray<long>());
        Assert.Equal([0L, 2, 3, 4, 1], ArgSort(x, descending: true).ToArray<long>());
        Assert.Equal([2.0, 0, 0, double.NegativeInfinity, double.NaN], Sort(x, descending: true).ToArray<double>());
    }

    [Fact]
    public void The_derivative_of_a_sort_moves_with_the_elements()
    {
        var x = Tensor.From(new[,] { { 3.0, 1.0, 2.0 }, { 0.0, 5.0, 4.0 } });
        var weights = Tensor.From([1.0, 10.0, 100.0]);
        Assert.Equal(new double[,] { { 100, 1, 10 }, { 1, 100, 10 } }, Grad(y => Sum(Sort(y) * weights))(x).To<double[,]>());
        Assert.Equal(new double[,] { { 1, 0, 0 }, { 0, 1, 0 } }, Grad(y => Sum(TopK(y, 1).Values))(x).To<double[,]>());
        var (values, places) = TopK(x, 2, 0);
        Assert.Equal(new double[,] { { 3, 5, 4 }, { 0, 1, 2 } }, values.To<double[,]>());
        Assert.Equal(new long[,] { { 0, 1, 1 }, { 1, 0, 0 } }, places.To<long[,]>());
        Assert.Equal(Stack([Sort(x[0]), Sort(x[1])]), Vmap(row => Sort(row))(x));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Wrong_calls_say_what_is_wrong(Func<Tensor> call, string message) =>
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(call).Message);

    public static TheoryData<Func<Tensor>, string> Mistakes => new()
    {
        { () => Take(Matrix, Tensor.From(new[] { 1, 4 }), 1), "Gather: index 4 is out of range for axis 1 of f64[3,4], which has extent 4; expected −4 to 3." },
        { () => Take(Matrix, Tensor.From(new[] { -4L })), "Gather: index -4 is out of range for axis 0 of f64[3,4], which has extent 3; expected −3 to 2." },
        { () => Take(Zeros([0]), Tensor.From(new[] { 0 })), "Gather: index 0 is out of range for axis 0 of f64[0], which has extent 0 and so no elements." },
        { () => Take(Matrix, Tensor.From([1.0])), "Gather: indices are integers, given f64[1]. Convert them first." },
        { () => Gather(Matrix, 0, 0, 0), "Gather: 3 indices from axis 0 on are more than the 2 axes of f64[3,4]." },
        { () => Gather(Matrix, Arange(2), Arange(3)), "Gather: shapes do not broadcast: i64[2] and i64[3] differ at axis −1 (2 ≠ 3, and neither is 1)." },
        { () => TakeAlongAxis(Matrix, Zeros([2, 2], DType.Int32)), "TakeAlongAxis: f64[3,4] and i32[2,2] may differ in axis 1 only." },
        { () => ScatterAdd(Matrix, Tensor.From(new[] { 3 }), 1.0), "ScatterAdd: index 3 is out of range for axis 0 of f64[3,4], which has extent 3; expected −3 to 2." },
        { () => ScatterAdd(Matrix, Tensor.From(new[] { 2 }), Zeros([2, 2, 4])), "ScatterAdd: the updates f64[2,2,4] do not broadcast to [1,4], the slices that i32[1] names along axis 0 of f64[3,4]." },
        { () => Scatter(Matrix, Tensor.From(new[] { 2 }), Zeros([3])), "Scatter: shapes do not broadcast: f64[1,4] and f64[3] differ at axis −1 (4 ≠ 3, and neither is 1)." },
        { () => OneHot(Tensor.From(new[] { 3 }), 3), "ScatterAdd: index 3 is out of range for axis 1 of f64[1,3], which has extent 3; expected −3 to 2." },
        { () => DynamicSlice(Matrix, [2, 0], [2, 4]), "DynamicSlice: a window of extent 2 from 2 on is not inside axis 0 of f64[3,4], which has extent 3." },
        { () => Vmap(row => DynamicSlice(Matrix, [row, 0], [2, 4]))(Tensor.From(new[] { 2 })), "Gather: index 3 is out of range for axis 0 of f64[3,4], which has extent 3; expected −3 to 2." },
        { () => Vmap(row => DynamicSlice(Matrix, [row, 0], [2, 4]))(Tensor.From(new[] { -4 })), "Gather: index -4 is out of range for axis 0 of f64[3,4], which has extent 3; expected −3 to 2." },
        { () => DynamicSlice(Matrix, [0, 0], [4, 4]), "DynamicSlice: a window of extent 4 does not fit axis 0 of f64[3,4], which has extent 3." },
        { () => DynamicSlice(Matrix, [0], [3, 4]), "DynamicSlice: f64[3,4] needs a start and an extent for each of its 2 axes, given 1 and 2." },
        { () => TopK(Matrix, 5).Values, "TopK: 5 elements of axis 1 of f64[3,4], which has extent 4." },
    };

    private static double Dot(Tensor x, Tensor y) => x.ToArray<double>().Zip(y.ToArray<double>(), (a, b) => a * b).Sum();
}
