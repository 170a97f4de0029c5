using Functional.Compilation;
using Functional.Programs;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Compilation;

/// <summary>Each step of a compiled scan reads its rows where they stand in their stacks, and leaves its results where they belong.</summary>
public class StackedRows
{
    public static TheoryData<string> Bodies() => [.. Steps.Keys.Order(StringComparer.Ordinal)];

    // A body for each kind of step that touches rows: the carry is [n], a row [n, 3].
    private static Dictionary<string, Func<Tensor, Tensor, (Tensor Carry, Tensor[] Output)>> Steps { get; } = new()
    {
        ["elements"] = (c, x) => (c + x[.., 0], [x * 2, Convert(Greater(x, 0), c.DType), c * x[.., 1]]),
        ["folds along rows"] = (c, x) => (c + Sum(x, -1), [Sum(x, -1), Max(x), Sum(x * x)]),
        ["folds of what is made whole"] = (c, x) => (c + 1, [Sum(x, 0), Sum(MatMul(x, x.T), 0)]),
        ["products"] = (c, x) => (c + MatMul(MatMul(x, x.T), c), [MatMul(x, x.T), MatMul(x.T, x), MatMul(x.T, c)]),
        ["turned views"] = (c, x) => (c - x[.., 2], [x.T + 1, x.T, Flip(x, 0), Reshape(x.T, [-1])]),
        ["pieces"] = (c, x) => (c * 2, [Concatenate([x, x * 3], 0), Concatenate([x.T, Reshape(c, [1, -1])], 0), Stack([c, x[.., 0]], 1)]),
        ["picked rows"] = (c, x) => (Take(c, Tensor.From([0])) + c, [Take(x, Tensor.From([0, -1, 0])) * 2]),
        ["kernels of their own"] = (c, x) => (Sort(c + x[.., 1]), [Sort(x, 0), CumSum(x, 0), x]),
        ["whole branches"] = (c, x) => (Cond(Greater(Sum(x), 0), c, t => t + 1, t => t - 1), [Cond(Greater(Sum(c), 1), x, t => t * 2, t => -t)]),
        ["rows as they are"] = (c, x) => (x[.., 0], [x, x, c, c, x[.., 0]]),
        ["what does not change"] = (c, x) => (c, [Ones([2, 2], c.DType), c, Zeros([3], c.DType) + x[0]]),
        ["loops"] = (c, x) => Inner(c, x),
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void They_have_the_evaluators_bits(string name)
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64, DType.Int64])
            foreach (var n in (int[])[1, 3, 8, 17])
                foreach (var length in (int[])[0, 1, 2, 5])
                    foreach (var isReversed in (bool[])[false, true])
                    {
                        var sampler = new Sampler((n * 31) + length, 10);
                        var inputs = Seq(sampler.Tensor(dtype, [n]), sampler.Tensor(dtype, [length, n, 3]));
                        var program = Functional.Programs.Trace.Of("Test", inputs.Map(input => input.Type).Strict(), given =>
                        {
                            var (carry, outputs) = Scan(Steps[name], given[0], given[1], reverse: isReversed);
                            return carry.Cons(outputs.ToSeq()).Strict();
                        });
                        ExecutableProperties.Agrees(program, inputs);
                    }
    }

    [Fact]
    public void Rows_that_loops_and_products_touch_are_not_copied()
    {
        var body = Body((Tensor c, Tensor x) => (Tanh(c + MatMul(x, c)), Exp(x.T)), Ones([4], DType.Float64), Ones([6, 4, 4], DType.Float64));
        Assert.Equal(2, body.Plan.Rows.Length);
        var sorted = Body((Tensor c, Tensor x) => (c + Sort(x), x * 2), Ones([4], DType.Float64), Ones([6, 4], DType.Float64));
        Assert.Single(sorted.Plan.Rows);
    }

    private static (Tensor, Tensor[]) Inner(Tensor c, Tensor x)
    {
        var (carry, rows) = Scan((Tensor inner, Tensor row) => (inner + Sum(row), Sum(inner) * row), c, x);
        return (carry, [Reshape(Sum(rows, 0), [-1]), Scan((Tensor inner, Tensor row) => (inner, row * 2), c, x.T).Outputs]);
    }

    private static Executable Body(Func<Tensor, Tensor, (Tensor, Tensor)> step, Tensor carry, Tensor rows)
    {
        var program = Functional.Programs.Trace.Of("Test", Seq(carry.Type, rows.Type), given =>
        {
            var (last, outputs) = Scan(step, given[0], given[1]);
            return Seq(last, outputs);
        });
        return program.Compile().Plan.Schedule.Steps.OfType<Step.Carrier>().Single().Bodies[0];
    }
}
