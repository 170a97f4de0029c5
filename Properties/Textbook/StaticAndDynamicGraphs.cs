using Functional.ControlFlow;
using Functional.Programs;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Textbook;

/// <summary>Branches, loops and recurrence as the chapter on computational graphs has them.</summary>
public class StaticAndDynamicGraphs
{
    // Sums of a few dozen products in f64.
    private const double Rounding = 1e-12;

    private static readonly Tensor Inputs = Tensor.From([0.5, -0.3, 0.8, 0.1, -0.9]);

    private sealed record Pair(Tensor Left, Tensor Right);

    private static Tensor OnHost(Pair p) => (bool)(p.Left > 0) ? p.Left * p.Left : p.Right;

    private static Tensor InGraph(Pair p) => Cond(p.Left > 0, p, q => q.Left * q.Left, q => q.Right);

    // hₜ = tanh(w hₜ₋₁ + xₜ); the last h.
    private static Tensor Recurrent(Tensor w) => Scan((h, x) => (Tanh((w * h) + x), h), 0.2, Inputs).Carry;

    [Fact]
    public void A_dynamic_graph_has_the_branch_that_was_taken_and_a_static_one_both()
    {
        var at = new Pair(3.0, 5.0);
        var (dynamic, fixedGraph) = (Trace<Pair, Tensor>(OnHost)(at), Trace<Pair, Tensor>(InGraph)(at));

        Assert.Equal("gt mul", string.Join(" ", dynamic.Equations.Map(equation => equation.Primitive)));
        Assert.Equal(1, dynamic.Assumptions.Count);
        Assert.Equal("gt cond", string.Join(" ", fixedGraph.Equations.Map(equation => equation.Primitive)));
        Assert.True(fixedGraph.Assumptions.IsEmpty);
        Assert.Equal(5.0, (double)fixedGraph.Evaluate(-3.0, 5.0)[0]);
        Assert.Throws<TraceException>(() => dynamic.Evaluate(-3.0, 5.0));
    }

    [Fact]
    public void The_branch_not_taken_has_no_gradient_in_a_dynamic_graph_and_gradient_zero_in_a_static_one()
    {
        var (dynamic, fixedGraph) = (OptionalGrad<Pair>(OnHost)(new(3.0, 5.0)), OptionalGrad<Pair>(InGraph)(new(3.0, 5.0)));

        Assert.True(dynamic[p => p.Right].IsNone);
        Assert.Equal(Some((Tensor)0.0), fixedGraph[p => p.Right]);
        Assert.Equal(dynamic[p => p.Left], fixedGraph[p => p.Left]);
    }

    // v ← 0.9 v + g, p ← p − v: a parameter without a gradient stays, one of gradient zero coasts.
    [Fact]
    public void Momentum_leaves_a_parameter_without_gradient_alone_and_lets_one_of_gradient_zero_coast()
    {
        var momentum = new Momentum(LearningRate: 1.0, Decay: 0.9);
        var (p, state) = (new Pair(3.0, 5.0), momentum.Init(new Pair(3.0, 5.0)));
        (p, state) = momentum.Update(new Pair(0.0, 2.0), state, p);
        Assert.Equal(3.0, (double)p.Right);

        var (left, _) = momentum.Update(OptionalGrad<Pair>(OnHost)(p), state, p);
        var (coasted, _) = momentum.Update(OptionalGrad<Pair>(InGraph)(p), state, p);

        Assert.Equal(3.0, (double)left.Right);
        Assert.Equal(3.0 - (0.9 * 2.0), (double)coasted.Right, Rounding);
    }

    // ∂h_T/∂w = Σₜ (Πₛ₌ₜ₊₁ w (1 − hₛ²)) (1 − hₜ²) hₜ₋₁: backpropagation through time.
    [Fact]
    public void The_gradient_of_a_recurrence_is_backpropagation_through_time()
    {
        const double w = 0.7;
        var h = new List<double> { 0.2 };
        foreach (var x in Inputs.ToArray<double>()) h.Add(Math.Tanh((w * h[^1]) + x));
        var (gradient, above) = (0.0, 1.0);
        for (var t = h.Count - 1; t > 0; t--)
        {
            var slope = above * (1 - (h[t] * h[t]));
            gradient += slope * h[t - 1];
            above = slope * w;
        }

        Assert.Equal(gradient, (double)Grad(Recurrent)(w), Rounding);
    }

    [Fact]
    public void A_weight_tied_through_time_has_the_sum_of_the_gradients_of_its_copies()
    {
        static Tensor Untied(Tensor weights) => Scan((Tensor h, (Tensor X, Tensor W) row) => (Tanh((row.W * h) + row.X), h), (Tensor)0.2, (Inputs, weights)).Carry;

        Assert.Equal((double)Sum(Grad(Untied)(Full([5], 0.7))), (double)Grad(Recurrent)(0.7), Rounding);
    }

    [Fact]
    public void Truncated_backpropagation_stops_the_gradient_of_the_carry()
    {
        Tensor Truncated(Tensor w) => Scan((h, x) => (Tanh((w * StopGradient(h)) + x), h), 0.2, Inputs).Carry;
        Tensor LastStep(Tensor w) => Tanh((w * StopGradient(Scan((h, x) => (Tanh((w * h) + x), h), 0.2, Inputs[..4]).Carry)) + Inputs[4]);

        Assert.Equal((double)Grad(LastStep)(0.7), (double)Grad(Truncated)(0.7), Rounding);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void A_loop_is_one_equation_with_one_body_however_long(int length)
    {
        var program = Trace((Tensor w) => Scan(c => (Tanh(c * w), c), (Tensor)0.1, length).Carry)(0.9);
        var gradient = program.Linearize();

        Assert.Single(program.Equations, equation => equation.Primitive is Scan scan && scan.Length == length);
        Assert.Equal(2, ((Scan)program.Equations[^1].Primitive).Step.Equations.Count);
        Assert.Single(gradient.Primal.Equations, equation => equation.Primitive is Scan);
        Assert.Single(gradient.Linear.Transpose(1).Equations, equation => equation.Primitive is Scan);
    }

    // Newton's iteration for √a, as many steps as it takes, on the host and in the graph.
    [Fact]
    public void A_loop_of_unknown_length_has_the_derivative_of_what_it_converges_to()
    {
        static Tensor OnHost(Tensor a)
        {
            var root = a;
            while ((bool)(Abs((root * root) - a) > 1e-13)) root = (root + (a / root)) / 2;
            return root;
        }
        static Tensor InGraph(Tensor a) => While(root => Abs((root * root) - a) > 1e-13, root => (root + (a / root)) / 2, a);

        foreach (var a in new[] { 0.01, 2.0, 300.0 })
        {
            Assert.Equal((double)Grad(OnHost)(a), (double)Grad(InGraph)(a), Rounding);
            Assert.Equal(0.5 / Math.Sqrt(a), (double)Grad(InGraph)(a), 1e-6);
        }
    }
}
