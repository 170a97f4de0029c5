using FsCheck.Xunit;
using Functional.Programs;
using Functional.Properties.Structures;
using Functional.Structures;
using Xunit;

namespace Functional.Properties.Optimizers;

public class OptimizerProperties
{
    // The same formulas in another order of operations, over tens of steps.
    private const double Rounding = 1e-12;

    private static readonly Adam Decayed = new(0.1, WeightDecay: 0.01);

    public static TheoryData<Optimizer> All() => [new Sgd(0.1), new Momentum(0.05, 0.9), new Momentum(0.05, 0.9, Nesterov: true), new Adam(0.1), Decayed];

    [Property]
    public bool Adam_equals_a_loop_over_numbers(byte seed, bool decays)
    {
        var adam = decays ? Decayed : new Adam(0.1);
        var random = new Random(seed);
        double[] w = [random.NextDouble(), -random.NextDouble(), 2];
        var (m, v) = (new double[3], new double[3]);
        var parameters = Tensor.From(w);
        var state = adam.Init(parameters);
        for (var t = 1; t <= 30; t++)
        {
            var g = w.Select(_ => random.NextDouble() - 0.5).ToArray();
            for (var i = 0; i < w.Length; i++)
            {
                m[i] = (adam.Beta1 * m[i]) + ((1 - adam.Beta1) * g[i]);
                v[i] = (adam.Beta2 * v[i]) + ((1 - adam.Beta2) * g[i] * g[i]);
                var step = m[i] / (1 - Math.Pow(adam.Beta1, t)) / (Math.Sqrt(v[i] / (1 - Math.Pow(adam.Beta2, t))) + adam.Epsilon);
                w[i] -= adam.LearningRate * (step + (adam.WeightDecay * w[i]));
            }
            (parameters, state) = adam.Update(Tensor.From(g), state, parameters);
        }
        return parameters.ToArray<double>().Zip(w).All(pair => Math.Abs(pair.Item1 - pair.Item2) < Rounding * Math.Max(1, Math.Abs(pair.Item2)));
    }

    [Fact]
    public void The_first_steps_are_those_of_the_textbook()
    {
        Assert.Equal(0.8, First(new Sgd(0.1)), Rounding);
        Assert.Equal(0.8, First(new Momentum(0.1, 0.5)), Rounding);
        Assert.Equal(0.7, First(new Momentum(0.1, 0.5, Nesterov: true)), Rounding);
        Assert.Equal(0.9, First(new Adam(0.1, Epsilon: 0)), Rounding);
        Assert.Equal(0.9 - (0.1 * 0.5), First(new Adam(0.1, Epsilon: 0, WeightDecay: 0.5)), Rounding);
        Assert.Equal(0.9, First(new Adam(0.1, Beta1: 0, Beta2: 0, Epsilon: 0)), Rounding);

        static double First(Optimizer optimizer) => (double)optimizer.Update(2.0, optimizer.Init<Tensor>(1.0), 1.0).Parameters;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_optimizer_finds_the_minimum_of_a_quadratic(Optimizer optimizer)
    {
        var (a, b) = (Tensor.From([1.0, 2.0]), (Tensor)3.0);
        var p = new Params<Tensor>(Tensor.From([5.0, -4.0]), 0.0);
        var state = optimizer.Init(p);
        for (var t = 0; t < 500; t++)
            (p, state) = optimizer.Update(new Params<Tensor>(p.W - a, 0.5 * (p.B - b)), state, p);
        // Weight decay moves the minimum by about λ.
        Assert.All(p.W.ToArray<double>().Zip([1.0, 2.0]), pair => Assert.Equal(pair.Item2, pair.Item1, 0.05));
        Assert.Equal(3.0, (double)p.B, 0.08);
        Assert.Equal(Seq(500L, 500L), state.Steps.Map(step => (long)step).Strict());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_missing_gradient_leaves_parameter_and_state_alone_and_a_zero_does_not(Optimizer optimizer)
    {
        var p = new Params<Tensor>(1.0, Tensor.From([1.0, 2.0]));
        var (q, state) = optimizer.Update(p, optimizer.Init(p), p);
        var layout = Structure.LayoutOf(q);
        var zero = TensorMath.Zeros([2]);

        var (missing, untouched) = optimizer.Update(new Partial<Params<Tensor>>(layout, Seq(Some(q.W), None)), state, q);
        Assert.Same(q.B, missing.B);
        Assert.NotEqual(q.W, missing.W);
        Assert.Equal(Seq(2L, 1L), untouched.Steps.Map(step => (long)step).Strict());
        Assert.All(state.Moments.Zip(untouched.Moments), pair => Assert.Same(pair.Left.B, pair.Right.B));

        var (still, decayed) = optimizer.Update(q with { B = zero }, state, q);
        Assert.Equal(missing.W, still.W);
        Assert.Equal(optimizer is Sgd, still.B.Equals(q.B));
        Assert.Equal(Seq(2L, 2L), decayed.Steps.Map(step => (long)step).Strict());
        Assert.All(state.Moments.Zip(decayed.Moments), pair => Assert.NotEqual(pair.Left.B, pair.Right.B));
    }

    [Fact]
    public void Partial_and_mirror_gradients_agree()
    {
        var adam = new Adam(0.1);
        var p = new Params<Tensor>(1.0, 2.0);
        var state = adam.Init(p);
        var partial = adam.Update(new Partial<Params<Tensor>>(Structure.LayoutOf(p), Seq(None, Some((Tensor)3.0))), state, p);
        var mirror = adam.UpdateOptional(new Params<Option<Tensor>>(None, (Tensor)3.0), state, p);
        Assert.Equal(partial.Parameters, mirror.Parameters);
        Assert.Equal(partial.State, mirror.State);
        var single = adam.Update(Some((Tensor)3.0), adam.Init<Tensor>(2.0), 2.0);
        Assert.Equal(partial.Parameters.B, single.Parameters);
        Tensor q = 2.0;
        Assert.Same(q, adam.Update(None, adam.Init(q), q).Parameters);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Parameters_and_moments_of_f32_stay_f32(Optimizer optimizer)
    {
        var p = Tensor.From([1f, 2f]);
        var (q, state) = optimizer.Update(Tensor.From([0.5, 0.5]), optimizer.Init(p), p);
        Assert.Equal(p.Type, q.Type);
        Assert.All(state.Moments, moment => Assert.Equal(p.Type, moment.Type));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_state_is_a_structure(Optimizer optimizer)
    {
        var state = optimizer.Init(new Annotated(1.0, 0.5, "kept"));
        var (leaves, layout) = Structure.Flatten(state);
        Assert.Equal(state.Moments.Count + 1, leaves.Count);
        Assert.Equal(state, Structure.Unflatten<OptimizerState<Annotated>>(layout, leaves));
        Assert.All(state.Moments, moment => Assert.Equal("kept", moment.Name));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_traced_update_equals_the_update(Optimizer optimizer)
    {
        var p = new Params<Tensor>(Tensor.From([1f, 2f]), Tensor.From(new[,] { { 1.0 } }));
        var (q, state) = optimizer.Update(p, optimizer.Init(p), p);
        var arguments = Structure.Flatten((q, state, p));
        var program = Trace.Of("Trace", arguments.Leaves.Map(leaf => leaf.Type).Strict(), leaves =>
        {
            var (gradient, past, parameters) = Structure.Unflatten<(Params<Tensor>, OptimizerState<Params<Tensor>>, Params<Tensor>)>(arguments.Layout, leaves);
            return Structure.Flatten(optimizer.Update(gradient, past, parameters)).Leaves;
        });
        Assert.Equal(Structure.Flatten(optimizer.Update(q, state, p)).Leaves, program.Evaluate([.. arguments.Leaves]));
    }

    [Fact]
    public void Wrong_calls_say_what_was_given()
    {
        var adam = new Adam();
        Tensor one = 1.0;
        Assert.Equal(
            "Adam.Init: the parameter Item2[0] is i32[2]; only floats move along a gradient. Convert it, or keep it apart from the parameters.",
            Assert.Throws<DTypeException>(() => adam.Init((one, Seq1(Tensor.From([1, 2]))))).Message);
        Assert.Equal(
            "Adam.Init: LearningRate is -1, expected [0, ∞); Beta1 is 1.5, expected [0, 1).",
            Assert.Throws<ArgumentException>(() => new Adam(-1, Beta1: 1.5).Init(one)).Message);
        Assert.Equal(
            "Sgd.Init: the argument of type (int, int) holds no tensor. Only Tensor members vary; an int, a double or a string is static.",
            Assert.Throws<StructureException>(() => new Sgd(1).Init((1, 2))).Message);
        Assert.Equal(
            "Adam.Update: the gradient of x is f64[2], expected the parameter's f64[].",
            Assert.Throws<ShapeException>(() => adam.Update(Tensor.From([1.0, 2.0]), adam.Init(one), one)).Message);
        Assert.Equal(
            "Adam.Update, parameters and gradient: the structures differ: x is of 2 elements in the first and of 1 element in the second.",
            Assert.Throws<StructureException>(() => adam.Update(Seq1(one), adam.Init(Seq(one, one)), Seq(one, one))).Message);
        Assert.Equal(
            "Adam.Update: the state has 0 moments of 1 leaves, expected 2 of 1. Take the state that Adam.Init made of these parameters.",
            Assert.Throws<StructureException>(() => adam.Update(one, new Sgd(1).Init(one), one)).Message);
    }
}
