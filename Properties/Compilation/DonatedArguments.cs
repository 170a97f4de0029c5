using Functional.Compilation;
using Functional.Programs;
using Functional.Properties.Generators;
using Functional.Structures;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Compilation;

/// <summary>What is given up to a compiled function: its results are what they are otherwise, in memory that was there, and nothing else is changed.</summary>
[Collection(HeapAlone.Name)]
public class DonatedArguments
{
    private const string Read = "Tensor: f64[3] was donated to a compiled function, and its memory holds a result of that call. Read the result instead, or compile without donate: true.";

    private sealed record Network(Tensor Weights, Tensor Bias, Tensor Last);

    [Fact]
    public void Results_in_donated_memory_are_the_evaluators_and_what_is_not_taken_stays()
    {
        var taken = 0;
        Theorem.Holds(ProgramDraw.Any, 120, draw =>
        {
            taken += Agrees(draw.Program, draw.Inputs);
            var directions = draw.Inputs.Filter(input => input.DType.IsFloat()).Map(input => Numbers.Map(input, x => Math.Sin(3 * x))).Strict();
            taken += Agrees(draw.Program.Jvp(), draw.Inputs.Concat(directions).ToSeq().Strict());
            taken += Agrees(draw.Program.Vmap(5), draw.Inputs.Map(input => BroadcastTo(input, input.Shape.Insert(0, 5))).Strict(), part: 2);
        });
        Assert.True(taken > 20, $"{taken} results in donated memory");
    }

    [Fact]
    public void Every_result_of_a_step_of_descent_is_in_donated_memory()
    {
        var sampler = new Sampler(5, 10);
        foreach (var (batch, dtype) in new[] { (40, DType.Float32), (40, DType.Float64), (400, DType.Float64) })
        {
            Tensor Drawn(params int[] shape) => sampler.Tensor(dtype, [.. shape]);
            var (rows, start) = (Drawn(batch, 70), new Network(Drawn(70, 50), Drawn(50), Drawn(50, 3)));
            Tensor Loss(Network p) => Mean(Square(MatMul(Relu(MatMul(rows, p.Weights) + p.Bias), p.Last)));
            Network Step(Network p) => Structure.Map2((parameter, gradient) => parameter - (0.1 * gradient), p, Grad((Func<Network, Tensor>)Loss)(p));
            var program = Transforms.Trace((Func<Network, Network>)Step)(start);
            var leaves = Structure.Flatten(start).Leaves.ToSeq().Strict();
            Assert.Equal(3, Agrees(program, leaves));
            foreach (var part in (int[])[5, 24]) Agrees(program, leaves, part);
        }
    }

    [Fact]
    public void A_loop_of_donated_steps_is_the_loop_of_plain_ones_and_allocates_no_arrays()
    {
        const int size = 20_000;
        (Tensor, Tensor, Tensor) Step((Tensor X, Tensor Mean, Tensor Square) s)
        {
            var gradient = Grad((Tensor x) => Sum(Cos(x) * x))(s.X);
            var (mean, square) = ((0.9 * s.Mean) + (0.1 * gradient), (0.99 * s.Square) + (0.01 * gradient * gradient));
            return (s.X - (0.01 * mean / (Sqrt(square) + 1e-8)), mean, square);
        }
        var (plain, donated) = (Jit((Func<(Tensor, Tensor, Tensor), (Tensor, Tensor, Tensor)>)Step), Jit((Func<(Tensor, Tensor, Tensor), (Tensor, Tensor, Tensor)>)Step, donate: true));
        (Tensor, Tensor, Tensor) Start() => (Sin(Arange(0.0, size, 1.0)), Zeros([size]), Zeros([size]));
        var (expected, state) = (Start(), donated(Start()));
        for (var i = 0; i < 20; i++) expected = plain(expected);
        for (var i = 0; i < 9; i++) state = donated(state);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) state = donated(state);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, size);
        Closeness.Same(expected.Item1, state.Item1, "x");
        Closeness.Same(expected.Item2, state.Item2, "mean");
        Closeness.Same(expected.Item3, state.Item3, "square");
    }

    [Fact]
    public void A_donated_tensor_can_be_read_no_more_and_says_why()
    {
        Tensor x = Tensor.From([1.0, 2, 3]), y = Jit((Tensor t) => t * 2, donate: true)(x);
        Assert.Equal([2.0, 4, 6], y.ToArray<double>());
        Assert.Equal(Read, Assert.Throws<DonatedException>(() => x + 1).Message);
        Assert.Equal(Read, Assert.Throws<DonatedException>(() => x.AsSpan<double>().Length).Message);
        Assert.Equal(Read, Assert.Throws<DonatedException>(() => x.Equals(y)).Message);
        Assert.Equal(Read, Assert.Throws<DonatedException>(() => Jit((Tensor t) => t * 2, donate: true)(x)).Message);
        Assert.Equal(Read, Assert.Throws<DonatedException>(() => Jit((Tensor t) => t[0] + t[2])(x)).Message);
        Assert.Equal("f64[3] (donated)", x.ToString());
        Assert.Equal(new TensorType(DType.Float64, [3]), x.Type);
    }

    [Fact]
    public void What_something_else_holds_stays_what_it_is()
    {
        var doubled = Jit((Tensor t) => t * 2, donate: true);
        var closed = Tensor.From([1.0, 2, 3]);
        var closing = Jit((Tensor t) => t + closed);
        closing(closed);
        doubled(closed);
        Assert.Equal([2.0, 4, 6], closing(closed).ToArray<double>());

        var viewed = Tensor.From([1.0, 2, 3, 4]);
        var view = TensorMath.Reshape(viewed, 2, 2);
        doubled(viewed);
        doubled(view);
        Assert.Equal([1.0, 2, 3, 4], view.ToArray<double>());
        Assert.Equal([1.0, 2, 3, 4], viewed.ToArray<double>());

        var twice = Tensor.From([1.0, 2, 3]);
        Assert.Equal([5.0, 10, 15], Jit(((Tensor X, Tensor Y) p) => (2 * p.X) + (3 * p.Y), donate: true)((twice, twice)).ToArray<double>());
        Assert.Equal([4.0, 8, 12], Jit((Tensor s, Tensor t) => s + (3 * t), donate: true)(twice, twice).ToArray<double>());
        Assert.Equal([1.0, 2, 3], twice.ToArray<double>());
    }

    [Fact]
    public void What_a_program_holds_or_returns_twice_is_not_given_away_when_it_comes_back()
    {
        var doubled = Jit((Tensor t) => t * 2, donate: true);
        var constant = Jit((Tensor t) => (t + 1, Tensor.From([1.0, 2, 3]) * Tensor.From([2.0, 2, 2])));
        var returned = constant(Tensor.From([0.0])).Item2;
        doubled(returned);
        Assert.Equal([2.0, 4, 6], constant(Tensor.From([0.0])).Item2.ToArray<double>());

        var (first, second) = Jit((Tensor t) => (Exp(t), Exp(t)))(Tensor.From([0.0, 0, 0]));
        doubled(first);
        Assert.Equal([1.0, 1, 1], second.ToArray<double>());

        var (same, next) = Jit((Tensor t) => (t, t + 1), donate: true)(Tensor.From([1.0, 2, 3]));
        Assert.Equal([1.0, 2, 3], same.ToArray<double>());
        Assert.Equal([2.0, 3, 4], next.ToArray<double>());
    }

    [Fact]
    public void What_a_pullback_keeps_stays_what_it_is()
    {
        var x = Tensor.From([1.0, 2, 3]);
        var (cubed, pullback) = Vjp((Tensor t) => t * t * t)(x);
        var (square, squared) = Vjp(((Tensor T, Tensor U) p) => p.T * p.U)((x, x + 1));
        Jit((Tensor t) => t * 2, donate: true)(x);
        Closeness.Same(Tensor.From([3.0, 12, 27]), pullback(Ones([3])), "a pullback that kept what it computed");
        var (t, u) = squared(Ones([3]));
        Closeness.Same(Tensor.From([2.0, 3, 4]), t, "x + 1");
        Closeness.Same(Tensor.From([1.0, 2, 3]), u, "x");
        Closeness.Same(Tensor.From([1.0, 8, 27]), cubed, "x³");
        Closeness.Same(Tensor.From([2.0, 6, 12]), square, "x (x + 1)");
    }

    [Fact]
    public void Of_several_arguments_the_first_is_given_up_and_under_a_trace_none_is()
    {
        Tensor x = Tensor.From([1.0, 2, 3]), y = Tensor.From([4.0, 5, 6]), z = Tensor.From([7.0, 8, 9]);
        var add = Jit((Tensor a, Tensor b) => a + b, donate: true);
        Assert.Equal([11.0, 13, 15], add(y, z).ToArray<double>());
        Assert.Equal([7.0, 8, 9], z.ToArray<double>());
        Assert.Throws<DonatedException>(() => y + 1);
        Closeness.Same(Tensor.From([2.0, 4, 6]), Grad((Tensor t) => Sum(Jit((Tensor u) => u * u, donate: true)(t)))(x), "gradient");
        Assert.Equal([1.0, 2, 3], x.ToArray<double>());
        Assert.Equal([12.0, 16, 20], Jit((Tensor a, Tensor b, Tensor n) => (a + b) * n, donate: true)(x + 4, x, 2.0).ToArray<double>());
        Assert.Equal([1.5, 3, 4.5], Jit((Tensor t) => t * 1.5, donate: false)(x).ToArray<double>());
        Assert.Equal([1.0, 2, 3], x.ToArray<double>());
    }

    [Fact]
    public void Of_calls_at_one_time_that_are_given_one_tensor_one_goes_on()
    {
        var doubled = Jit((Tensor t) => t * 2, donate: true);
        doubled(Ones([3000]));
        for (var trial = 0; trial < 200; trial++)
        {
            var (x, went) = (Ones([3000]) + 0, 0);
            Parallel.For(0, 4, _ =>
            {
                try
                {
                    Assert.All(doubled(x).ToArray<double>(), value => Assert.Equal(2, value));
                    Interlocked.Increment(ref went);
                }
                catch (DonatedException)
                {
                }
            });
            Assert.Equal(1, went);
        }
    }

    [Fact]
    public void What_was_taken_is_lost_where_the_call_throws_and_the_next_call_is_right()
    {
        var picked = Jit((Tensor state, Tensor table, Tensor index) => state + Sum(Take(table, index)), donate: true);
        Tensor state = Tensor.From([1.0, 2, 3]), table = Tensor.From([10.0, 20]);
        Assert.ThrowsAny<Exception>(() => picked(state, table, Tensor.From([0, 5])));
        Assert.Equal(Read, Assert.Throws<DonatedException>(() => state + 1).Message);
        Assert.Equal([31.0, 32, 33], picked(Tensor.From([1.0, 2, 3]), table, Tensor.From([0, 1])).ToArray<double>());
    }

    [Fact]
    public void A_program_that_closes_over_what_is_not_known_yet_can_be_compiled() =>
        Closeness.Same(Tensor.From([2.0, 4, 6]), Grad((Tensor x) => Sum(Transforms.Trace((Tensor t) => t * x)(x).Compile().Run(x)[0]))(Tensor.From([1.0, 2, 3])), "x²");

    /// <summary>Holds a program whose arguments are all given up to the evaluator, twice; how many were taken.</summary>
    internal static int Agrees(Program program, Seq<Tensor> inputs, int part = 0)
    {
        var (executable, taken) = (Compiler.Made(program, part, donated: inputs.Count), 0);
        for (var run = 0; run < 2; run++)
        {
            Tensor[] given = [.. inputs.Map(Copy)];
            Seq<Tensor> expected;
            try
            {
                expected = program.Evaluate([.. inputs]);
            }
            catch (DivideByZeroException)
            {
                return 0;
            }
            var results = executable.Run(given);
            for (var i = 0; i < results.Length; i++) Closeness.Same(expected[i], results[i], $"output {i} of\n{executable}");
            for (var i = 0; i < given.Length; i++)
                if (!((Dense)given[i]).IsGone) Closeness.Same(inputs[i], given[i], $"argument {i}, which was not taken, of\n{executable}");
            taken = given.Count(argument => ((Dense)argument).IsGone);
        }
        return taken;
    }

    private static Tensor Copy(Tensor value) => Arena.Wrap((System.Array)((Dense)value).Storage.Clone(), value.Type);
}
