using Functional.Compilation;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Compilation;

/// <summary>What holds of a compiled function: it is the function, it composes, it takes the path its argument takes, and it keeps no more than it says.</summary>
public class JitProperties
{
    // A minute in a long run; a moment in an ordinary one.
    private static readonly TimeSpan Concurrently = TimeSpan.FromSeconds(Theorem.Count(2));

    private static Tensor Wave(Tensor x) => Sum(Sin(x * x) * Exp(x));

    private static Tensor Branching(Tensor x) => (bool)(Sum(x) > 0) ? (bool)(x[0] > 1) ? x * 2 : x * 3 : -x;

    private static Tensor Halved(Tensor x)
    {
        while ((bool)(x > 1)) x *= 0.5;
        return x;
    }

    [Fact]
    public void Jit_equals_the_function() => Theorem.Holds(ProgramDraw.Any, 60, draw =>
    {
        var jitted = Jit((Tensor[] x) => draw.Function(x.ToSeq()).ToArray());
        for (var call = 0; call < 2; call++) ProgramProperties.AllSame(draw.Function(draw.Inputs), jitted([.. draw.Inputs]).ToSeq());
    });

    [Fact]
    public void Grad_of_Jit_equals_Jit_of_Grad_equals_Grad()
    {
        Tensor x = Tensor.From(Enumerable.Range(0, 37).Select(i => Math.Sin(i)).ToArray());
        var expected = Grad(Wave)(x);
        Closeness.Same(expected, Grad(Jit(Wave))(x), "Grad of Jit");
        Closeness.Same(expected, Jit(Grad(Wave))(x), "Jit of Grad");
        Closeness.Same(expected, Jit(Grad(Jit(Wave)))(x), "Jit of Grad of Jit");
        Closeness.Same(Hessian(Wave)(x), Jit(Hessian(Jit(Wave)))(x), "Jit of Hessian");
    }

    [Fact]
    public void Vmap_of_Jit_equals_Jit_of_Vmap()
    {
        var x = TensorMath.Reshape(Tensor.From(Enumerable.Range(0, 30).Select(i => Math.Cos(i)).ToArray()), 5, 6);
        var expected = Vmap(Wave)(x);
        Closeness.Same(expected, Vmap(Jit(Wave))(x), "Vmap of Jit");
        Closeness.Same(expected, Jit(Vmap(Wave))(x), "Jit of Vmap");
    }

    [Fact]
    public void Structures_and_several_arguments_go_through()
    {
        Tensor w = Tensor.From([1.0, 2, 3]), b = 0.5;
        var affine = Jit(((Tensor W, Tensor B) p, Tensor x) => (Value: Sum(p.W * x) + p.B, Scaled: p.W * x));
        var (value, scaled) = affine((w, b), w);
        Assert.Equal(14.5, (double)value);
        Closeness.Same(w * w, scaled, "Scaled");
        Assert.Equal(15.0, (double)Jit((Tensor x, Tensor y, int n) => Sum(x) * y * n)(w, b, 5));
        Assert.Equal(18.0, (double)Jit((Tensor x, Tensor y, int n) => Sum(x) * y * n)(w, b, 6));
    }

    [Fact]
    public void A_function_is_traced_once_for_each_type()
    {
        var traced = 0;
        var jitted = Jit((Tensor x) =>
        {
            traced++;
            return Sin(x);
        });
        for (var call = 0; call < 3; call++)
            foreach (Tensor x in (Tensor[])[1.0, 1.0f, Tensor.From([1.0, 2]), Tensor.From([3.0, 4])])
                Closeness.Same(Sin(x), jitted(x), "sine");
        Assert.Equal(3, traced);
    }

    [Fact]
    public void Each_path_is_traced_once_and_taken_again()
    {
        var traced = 0;
        var jitted = Jit((Tensor x) =>
        {
            traced++;
            return Branching(x);
        });
        double[][] arguments = [[2, 0], [-3, 1], [0.5, 1], [5, 5], [-1, 0], [0.25, 0.5], [2, -3]];
        for (var round = 0; round < 2; round++)
            foreach (var argument in arguments) Closeness.Same(Branching(Tensor.From(argument)), jitted(Tensor.From(argument)), "branches");
        Assert.Equal(3, traced);
    }

    [Fact]
    public void Paths_beyond_the_cap_are_still_right()
    {
        var traced = 0;
        var jitted = Jit((Tensor x) =>
        {
            if (x is not Dense) traced++;
            return Halved(x);
        });
        for (var round = 0; round < 2; round++)
            for (var k = 0; k < 60; k++) Closeness.Same(Halved(1.5 * Math.Pow(2, k)), jitted(1.5 * Math.Pow(2, k)), $"2^{k}");
        Assert.InRange(traced, 30, 60);
    }

    [Fact]
    public void Gradients_of_branching_functions_take_the_branch()
    {
        var gradient = Jit(Grad((Tensor x) => Sum(Branching(x))));
        foreach (var argument in (double[][])[[2, 0], [0.5, 1], [-3, 1], [2, 0]])
            Closeness.Same(Grad((Tensor x) => Sum(Branching(x)))(Tensor.From(argument)), gradient(Tensor.From(argument)), "gradient");
    }

    [Fact]
    public void What_a_function_closes_over_in_an_outer_trace_stays_in_that_trace()
    {
        var x = Tensor.From([1.0, 2, 3]);
        Closeness.Same(x, Grad((Tensor w) => Sum(Jit((Tensor y) => w * y)(x)))(x), "captured tracer");
    }

    [Fact]
    public void Asking_for_a_value_is_an_error_that_names_the_transform()
    {
        var wrong = Assert.Throws<TraceException>(() => Jit((Tensor x) => x * (double)x)(2.0));
        Assert.Contains("Jit", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_programs_share_an_executable()
    {
        Tensor x = Tensor.From([1.0, 2]);
        Assert.Same(Trace(Wave)(x).Compile(), Trace(Wave)(x + 1).Compile());
        Assert.NotSame(Trace(Wave)(x).Compile(), Trace((Tensor y) => Wave(y) + 1)(x).Compile());
    }

    [Fact]
    public void An_executable_holds_its_arguments_to_what_was_assumed()
    {
        var executable = Trace(Branching)(Tensor.From([2.0, 0])).Compile();
        Closeness.Same(Tensor.From([6.0, 2]), executable.Run(Tensor.From([3.0, 1]))[0], "the same path");
        Assert.Throws<TraceException>(() => executable.Run(Tensor.From([-3.0, 1])));
    }

    [Fact]
    public void Wrong_arguments_and_destinations_are_named()
    {
        var executable = Trace(Wave)(Tensor.From([1.0, 2])).Compile();
        Assert.Contains("f64[3]", Assert.Throws<ShapeException>(() => executable.Run(Tensor.From([1.0, 2, 3]))).Message, StringComparison.Ordinal);
        Assert.Contains("Single[1]", Assert.Throws<ShapeException>(() => executable.Run([Tensor.From([1.0, 2])], [new float[1]])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(5000)]
    public void Writing_into_given_arrays_allocates_nothing(int size)
    {
        Tensor x = Full([size], 0.5);
        var executable = Trace(ValueAndGrad((Func<Tensor, Tensor>)Wave))(x).Compile();
        Tensor[] arguments = [x];
        System.Array[] destinations = [new double[1], new double[size]];
        for (var call = 0; call < 3; call++) executable.Run(arguments, destinations);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 100; call++) executable.Run(arguments, destinations);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Closeness.Same(Wave(x), Tensor.From((double[])destinations[0])[0], "value");
        Closeness.Same(Grad(Wave)(x), Tensor.From((double[])destinations[1]), "gradient");
    }

    [Fact]
    public void Threads_at_one_time_give_what_one_gives()
    {
        var soft = Jit((Tensor x) => (Softened(x), Sum(Sin(x) * x)));
        var inputs = Enumerable.Range(0, 16).Select(k => new Sampler(k, 1).Tensor(DType.Float64, [40 + (k % 3), 1 + k])).ToArray();
        var expected = inputs.Select(x => (Softened(x), Sum(Sin(x) * x))).ToArray();
        var end = DateTime.UtcNow + Concurrently;
        Exception? failure = null;
        var threads = Enumerable.Range(0, 8).Select(thread => new Thread(() =>
        {
            try
            {
                for (var call = thread; DateTime.UtcNow < end; call++)
                {
                    var (rows, total) = soft(inputs[call % inputs.Length]);
                    Closeness.Same(expected[call % inputs.Length].Item1, rows, "rows");
                    Closeness.Same(expected[call % inputs.Length].Item2, total, "total");
                }
            }
            catch (Exception wrong)
            {
                failure = wrong;
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Null(failure);
    }

    [Fact]
    public void A_chain_is_one_loop_and_says_so()
    {
        var executable = Trace(ValueAndGrad((Func<Tensor, Tensor>)Wave))(Full([100], 0.5)).Compile();
        Assert.Equal(1, executable.Kernels);
        Assert.Equal(0, executable.ArenaBytes);
        Assert.Contains("folds", executable.ToString(), StringComparison.Ordinal);
        Assert.Contains("loop [100]", executable.ToString(), StringComparison.Ordinal);
    }

    private static Tensor Softened(Tensor x)
    {
        var raised = Exp(x - Max(x, true, -1));
        return raised / Sum(raised, true, -1);
    }

    [Fact]
    public void Explain_says_what_is_fused_and_what_is_apart()
    {
        var explanation = Explain((Tensor x) => Sum(Sin(x) * 1.0) + Sum(Sort(x)))(Arange(100) * 0.5);
        var text = explanation.ToString();
        Assert.StartsWith("traced: ", text, StringComparison.Ordinal);
        Assert.Contains("call ", text, StringComparison.Ordinal);
        Assert.Contains("a kernel of its own", text, StringComparison.Ordinal);
        Assert.Contains("loop [100]", text, StringComparison.Ordinal);
        Assert.True(explanation.Run.Flops <= explanation.Traced.Flops, text);
        Assert.Contains("elements at a time in registers of", explanation.Executable.Disassemble(), StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_over_one_axis_are_run_in_parts_to_the_same_bits()
    {
        var f = (Tensor x) =>
        {
            var (a, b) = (x[.., 0], x[.., 1]);
            var c = Stack([Sin(a) * b, Cos(b) - a, Exp(-Square(a)), a * 2.0], axis: 1);
            return Concatenate([c * c, Reshape(a + b, [-1, 1])], axis: 1);
        };
        var x = Reshape(Iota([60_000], 0, DType.Float64) * 1e-4, [30_000, 2]);
        var executable = Trace(f)(x).Compile();
        Assert.Contains(executable.Units, unit => unit is ChunkRunner);
        Assert.Contains("together, for", executable.ToString(), StringComparison.Ordinal);
        Assert.Equal(f(x), executable.Run(x)[0]);
    }

    [Fact]
    public void A_function_that_decides_hundreds_of_times_in_a_call_runs_as_it_is()
    {
        var calls = 0;
        Func<Tensor, Tensor> steps = x =>
        {
            calls++;
            while ((bool)(x < 300.0)) x += 1.0;
            return x;
        };
        var jitted = Jit(steps);
        jitted(0.5);
        foreach (var start in new[] { 0.5, 290.25 })
        {
            var expected = steps(start).ToArray<double>();
            var before = calls;
            Assert.Equal(expected, jitted(start).ToArray<double>());
            Assert.Equal(before + 1, calls);
        }
    }
}
