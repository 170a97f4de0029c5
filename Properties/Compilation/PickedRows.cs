using Functional.Compilation;
using Functional.Programs;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Compilation;

/// <summary>Rows that indices name are read where they stand, in the loops that use them.</summary>
public class PickedRows
{
    public static TheoryData<DType, DType, int> Sizes()
    {
        var data = new TheoryData<DType, DType, int>();
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64, DType.Int32])
            foreach (var index in (DType[])[DType.Int32, DType.Int64])
                foreach (var row in (int[])[1, 7, 8, 9, 15, 16, 17, 31, 33, 78]) data.Add(dtype, index, row);
        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void They_are_the_evaluators_rows(DType dtype, DType index, int row) => Holds(dtype, index, row, (x, cube, i, j, weights) => Seq(
        (Take(x, i) * weights) + (Take(x, j) * 2) - Take(x * x, i),
        Take(cube, i, axis: 1) + 1,
        Gather(cube, i % 3, j) * 3,
        Abs(Take(x, Reshape(j, [2, -1]))),
        Where(Greater(Take(x, i), 0), Take(x, j), -Take(x, i))));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void They_are_also_where_they_are_folded_or_run_in_parts(DType dtype, DType index, int row) => Holds(
        dtype, index, row, (x, cube, i, j, weights) => Seq(Sum(Take(x, i) * weights, -1), Max(Take(x, j) * 2, -1), (Take(x, i) * weights) + Take(x, j)), part: 3);

    [Fact]
    public void Their_weighted_sum_is_one_loop()
    {
        var program = Trace(((Tensor X, Tensor I, Tensor J, Tensor W) p) => (Take(p.X, p.I % 5) * p.W) + Take(p.X, p.J))(
            (Ones([5, 16], DType.Float64), Zeros([12], DType.Int32), Zeros([12], DType.Int32), Ones([12, 1], DType.Float64)));
        var loops = program.Compile().Plan.Schedule.Steps.OfType<Step.Kernel>().Where(kernel => kernel.Size == 12 * 16);
        Assert.Single(loops);
    }

    [Fact]
    public void An_index_out_of_range_is_named()
    {
        var f = Jit(((Tensor X, Tensor I) p) => Take(p.X, p.I) * 2.0);
        var x = Ones([3, 8], DType.Float64);
        f((x, Tensor.From([0, -3])));
        var wrong = Assert.Throws<ShapeException>(() => f((x, Tensor.From([0, 3]))));
        Assert.Contains("index 3 is out of range for axis 0 of f64[3,8]", wrong.Message);
        Assert.Equal(2.0, (double)f((x, Tensor.From([2, 0])))[0, 7]);
    }

    private static void Holds(DType dtype, DType index, int row, Func<Tensor, Tensor, Tensor, Tensor, Tensor, Seq<Tensor>> f, int part = 0)
    {
        var sampler = new Sampler(row + (10 * (int)dtype), 10);
        Tensor x = sampler.Tensor(dtype, [5, row]), cube = sampler.Tensor(dtype, [3, 5, row]), weights = sampler.Tensor(dtype, [12, 1]);
        Tensor Indices() => Convert(Tensor.From([.. Enumerable.Range(0, 12).Select(_ => sampler.Integer(-5, 4))]), index);
        var inputs = Seq(x, cube, Indices(), Indices(), weights);
        var program = Functional.Programs.Trace.Of("Picks", inputs.Map(input => input.Type).Strict(), given => f(given[0], given[1], given[2], given[3], given[4]));
        ExecutableProperties.Agrees(program, inputs, part > 0 ? Compiler.Made(program, part) : program.Compile());
    }
}
