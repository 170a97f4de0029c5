using Functional.Programs;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Programs;

/// <summary>Tracing has no ambient state: threads, awaits and nesting do not meet.</summary>
public class TracingProperties
{
    private static readonly Tensor X = Tensor.From([0.1, 0.2, 0.3]);

    [Fact]
    public void Many_threads_trace_and_differentiate_at_once()
    {
        static Tensor F(Tensor x) => Sum(Sin(x * x) * Exp(-x));
        var (gradient, hessian, text) = (Grad(F)(X), Hessian(F)(X), Trace(F)(X).Jvp().ToString());
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            Assert.Equal(gradient, Grad(F)(X));
            Assert.Equal(hessian, Hessian(F)(X));
            Assert.Equal(text, Trace(F)(X).Jvp().ToString());
        });
    }

    [Fact]
    public void One_program_runs_on_many_threads()
    {
        var program = Trace(x => Sum(Sin(x * x)))(X);
        Parallel.For(0, 64, i =>
        {
            var x = X * (double)i;
            Assert.Equal(Sum(Sin(x * x)), program.Evaluate(x)[0]);
            Assert.Equal(program.GetHashCode(), (program with { Names = Seq1("y") }).GetHashCode());
        });
    }

    [Fact]
    public async Task A_transformed_function_may_be_called_across_awaits()
    {
        var results = await Task.WhenAll(Enumerable.Range(1, 16).Select(async i =>
        {
            await Task.Yield();
            var (value, pullback) = Vjp(x => Sin(x * i))((double)i);
            await Task.Delay(1);
            return (double)value + (double)pullback(1.0);
        }));
        Assert.Equal(Enumerable.Range(1, 16).Select(i => Math.Sin(i * i) + (i * Math.Cos(i * i))), results, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_function_may_wait_for_others_inside_its_trace()
    {
        // The traced tensors cross threads; the trace goes with them.
        var gradient = Grad(x => Task.Run(async () =>
        {
            var y = x * x;
            await Task.Yield();
            return Sum(Sin(y));
        }).GetAwaiter().GetResult())(X);
        Assert.Equal(Grad(x => Sum(Sin(x * x)))(X), gradient);
    }

    [Fact]
    public void A_tensor_of_an_outer_trace_is_captured_by_the_inner_one()
    {
        Program? inner = null;
        var outer = Trace(x =>
        {
            inner = Trace(y => y * x)(2.0);
            return inner.Evaluate(3.0)[0];
        })(X);
        Assert.Single(inner!.Captures);
        Assert.Equal(
            """
            let f (x: f64[3]) =
              let a: f64[3] = mul 3.0 x
              a
            """,
            outer.ToString());
    }

    [Fact]
    public void A_tensor_that_escaped_says_from_where_at_each_way_to_use_it()
    {
        Tensor? escaped = null;
        Trace(x => escaped = Sin(x))(X);
        const string message = "a tensor f64[3] escaped from the function that Trace traced, and has no value outside it. Return it from that function instead of storing it.";
        Says("add: " + message, () => escaped! + 1.0);
        Says("return: " + message, () => Trace(_ => escaped!)(X));
        Says("AsSpan<Double>: " + message, () => escaped!.ToArray<double>());
        Says("add: " + message, () => Grad(x => Sum(x + escaped!))(X));
    }

    [Fact]
    public void A_decision_asked_for_again_is_one_assumption()
    {
        var program = Trace(x =>
        {
            var large = x > 0;
            return (bool)large && (bool)large && (bool)large ? x : -x;
        })(1.0);
        Assert.Single(program.Assumptions);
    }

    [Fact]
    public void Decisions_may_read_captures_met_after_earlier_decisions()
    {
        var (first, second) = (Tensor.From([1.0, 2, 3]), Tensor.From([4.0, 5, 6]));
        var program = Trace(x => (bool)(Sum(x * first) > 0) && (bool)(Sum(x * second) > 0) ? x : -x)(X);
        Assert.Equal(2, program.Assumptions.Count);
        Assert.Equal(X, program.Evaluate(X)[0]);
    }

    private static void Says(string message, Func<object> wrong) => Assert.Equal(message, Assert.Throws<TraceException>(wrong).Message);
}
