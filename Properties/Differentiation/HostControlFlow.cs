using FsCheck.Fluent;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Differentiation;

/// <summary>The dynamic graph: the host's own branches, loops, switches and recursion under derivatives, right for each call.</summary>
public class HostControlFlow
{
    // A few dozen roundings, and iterations that stop at 1e-14.
    private const double Rounded = 1e-10;

    // Each decides on the value of its argument, and is the same as a function without decisions.
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Deciding, Func<Tensor, Tensor> Plain)> Pairs = new()
    {
        ["if"] = (x => (bool)(x < 1.0) ? x * x * x : (3 * x) - 2, x => Where(x < 1.0, x * x * x, (3 * x) - 2)),
        ["while"] = (
            x =>
            {
                var scaled = x;
                while ((bool)(Abs(scaled) > 0.5)) scaled /= 2;
                return scaled * scaled;
            },
            x => Square(x * Exp2(-Maximum(0.0, Ceil(Log2(Abs(x) * 2)))))),
        ["for with a bound from a tensor"] = (
            x =>
            {
                var (product, count) = (x * 0.0 + 1.0, (int)Convert(Floor(Abs(x)), DType.Int32));
                for (var i = 0; i < count; i++) product *= x;
                return product;
            },
            x => Where(Abs(x) < 1, x * 0 + 1, Where(Abs(x) < 2, x, Where(Abs(x) < 3, x * x, x * x * x)))),
        ["switch"] = (
            x => (int)Convert(Sign(x), DType.Int32) switch
            {
                -1 => Sin(x),
                0 => x,
                _ => Log1p(x),
            },
            x => Where(x < 0, Sin(x), Where(x > 0, Log1p(x), x))),
        ["recursion"] = (
            x => Power(x, 5),
            x => x * x * x * x * x),
        ["recursion to a fixed point"] = (
            x => Root(1 + (x * x), 1.0),
            x => Sqrt(1 + (x * x))),
    };

    private static readonly Dictionary<string, Func<Func<Tensor, Tensor>, Tensor, Tensor>> Derived = new()
    {
        ["value"] = (f, x) => f(x),
        ["Grad"] = (f, x) => Grad(f)(x),
        ["Jvp"] = (f, x) => Jvp(f)(x, 0.7).Tangent,
        ["Vjp"] = (f, x) => Vjp(f)(x).Pullback(1.3),
        ["Linearize"] = (f, x) => Linearize(f)(x).Pushforward(0.7),
        ["Jacobian forward"] = (f, x) => Jacobian(f, JacobianMode.Forward)(x),
        ["Jacobian reverse"] = (f, x) => Jacobian(f, JacobianMode.Reverse)(x),
        ["Hessian"] = (f, x) => Hessian(f)(x),
        ["Hvp"] = (f, x) => Hvp(f)(x, 0.7),
        ["Grad of Grad"] = (f, x) => Grad(Grad(f))(x),
        ["Jvp of Grad"] = (f, x) => Jvp(Grad(f))(x, 0.7).Tangent,
        ["Grad of Jvp"] = (f, x) => Grad(y => Jvp(f)(y, 0.7).Tangent)(x),
        ["Grad in Grad"] = (f, x) => Grad(y => y * Grad(f)(y))(x),
        ["Vmap of Grad of one"] = (f, x) => Vmap(Grad(f))(Stack([x, x]))[1],
        ["Grad of Vmap of one"] = (f, x) => Grad(y => Sum(Vmap(f)(Stack([y, y]))))(x),
        ["under Checkpoint"] = (f, x) => Grad(Checkpoint(f))(x),
    };

    public static TheoryData<string> Names() => new(Pairs.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Decisions_of_the_host_are_right_wherever_they_fall(string name) => Theorem.Holds(
        Arb.From(Gen.Choose(-3500, 3500)),
        25,
        draw =>
        {
            // Away from where a decision changes: at multiples of a half.
            var number = draw / 1000.0;
            if (Math.Abs((number * 2) - Math.Round(number * 2)) < 1e-3) return;
            var (deciding, plain) = Pairs[name];
            // One function for all draws: what it decided before must not stick to it.
            foreach (var (transform, derived) in Derived)
                Closeness.Within(derived(plain, number), derived(deciding, number), Rounded, $"{transform} at {number}");
        });

    [Fact]
    public void A_transformed_function_called_twice_decides_twice()
    {
        var gradient = Grad(Pairs["if"].Deciding);
        Assert.Equal([0.75, 3.0, 0.75], new[] { 0.5, 5.0, 0.5 }.Select(x => (double)gradient(x)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_program_that_is_kept_refuses_arguments_on_which_the_host_would_have_decided_otherwise(string name)
    {
        var program = Trace(Pairs[name].Deciding)(-0.3);
        Assert.Equal((double)Pairs[name].Deciding(-0.31), (double)program.Evaluate(-0.31)[0], Rounded);
        if (name == "recursion") Assert.True(program.Assumptions.IsEmpty);
        else Assert.Contains("assume", program.ToString());
        if (name is "recursion" or "recursion to a fixed point") return;
        Assert.StartsWith("Evaluate: the program stands for arguments where the host decided on", Assert.Throws<TraceException>(() => program.Evaluate(2.6)).Message);
        Assert.Throws<TraceException>(() => Trace(Grad(Pairs[name].Deciding))(-0.3).Evaluate(2.6));
    }

    [Fact]
    public void A_decision_inside_on_a_value_outside_is_remembered_outside()
    {
        var program = Trace(x => Grad(y => (bool)(x > 0) ? y * y * x : y)(x))(2.0);
        Assert.Equal(1, program.Simplify().Assumptions.Count);
        Assert.Equal(18.0, (double)program.Evaluate(3.0)[0]);
        Assert.Throws<TraceException>(() => program.Evaluate(-3.0));
    }

    [Fact]
    public void A_decision_that_differs_across_a_batch_is_an_error_that_names_Where_and_Cond()
    {
        var thrown = Assert.Throws<TraceException>(() => Vmap(Grad(Pairs["if"].Deciding))(Tensor.From([0.5, 5.0])));
        Assert.Equal("(bool): bool[] differs across the batch of Vmap, so the function cannot decide once for all. Use Where or Cond.", thrown.Message);
        Assert.Equal([3.0, 3.0], Vmap(Grad(Pairs["if"].Deciding))(Tensor.From([4.0, 5.0])).ToArray<double>());
    }

    [Fact]
    public void A_number_for_the_host_is_had_where_no_program_is_kept()
    {
        static Tensor F(Tensor x) => x * Math.Floor((double)x);
        Assert.Equal(2.0, (double)Grad(F)(2.5));
        Assert.Equal(2.0, (double)Jvp(F)(2.5, 1.0).Tangent);
        Assert.Equal(0.0, (double)Hessian(F)(2.5));
        Assert.Equal([2.0, 2.0], Vmap(Grad(F))(Tensor.From([2.5, 2.5])).ToArray<double>());
        const string frozen = "(double): f64[] has a value only for this call, and Trace keeps the program, which would freeze it. Return the tensor instead, or compare it and decide on the truth: if ((bool)(x > 0)).";
        Assert.Equal(frozen, Assert.Throws<TraceException>(() => Trace(F)(2.5)).Message);
        // An inner transform's value comes from the program that is kept.
        Assert.Equal(frozen, Assert.Throws<TraceException>(() => Trace(Grad(F))(2.5)).Message);
    }

    [Fact]
    public void Many_threads_decide_each_for_itself()
    {
        var gradient = Grad(Pairs["while"].Deciding);
        var numbers = Enumerable.Range(1, 400).Select(i => (i * 0.037) + 0.01).ToArray();
        var expected = numbers.Select(number => (double)gradient(number)).ToArray();
        Assert.Equal(expected, numbers.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(number => (double)gradient(number)).ToArray());
    }

    private static Tensor Power(Tensor x, int exponent) => exponent switch
    {
        0 => 1.0,
        _ when exponent % 2 == 1 => x * Power(x, exponent - 1),
        _ => Square(Power(x, exponent / 2)),
    };

    private static Tensor Root(Tensor a, Tensor guess) =>
        (bool)(Abs((guess * guess) - a) <= 1e-14 * a) ? (guess + (a / guess)) / 2 : Root(a, (guess + (a / guess)) / 2);
}
