using Functional.ControlFlow;
using Functional.Primitives;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.ControlFlow;

/// <summary>What a loop's steps would do one by one and no carry reaches is done once: products of rows ahead of the loop, sums of products behind it.</summary>
public class FissionProperties
{
    private const int Batch = 3;

    private sealed record Weights(Tensor Input, Tensor Hidden, Tensor Bias);

    // hₜ = tanh(xₜ W + hₜ₋₁ V + b).
    private static Tensor Recurrent(Weights w, Tensor inputs, bool reverse = false) => Scan(
        (Tensor h, Tensor x) =>
        {
            var next = Tanh(MatMul(x, w.Input) + MatMul(h, w.Hidden) + w.Bias);
            return (next, next);
        }, Zeros([Batch, 4]), inputs, reverse: reverse).Outputs;

    private static Tensor Unrolled(Weights w, Tensor inputs, bool reverse = false)
    {
        var (h, rows) = (Zeros([Batch, 4]), new Tensor[inputs.Shape[0]]);
        foreach (var t in reverse ? Enumerable.Range(0, rows.Length).Reverse() : Enumerable.Range(0, rows.Length))
            rows[t] = h = Tanh(MatMul(inputs[t], w.Input) + MatMul(h, w.Hidden) + w.Bias);
        return TensorMath.Stack(rows);
    }

    private static (Weights Weights, Tensor Inputs) Drawn(int steps)
    {
        var sampler = new Sampler(steps, 10);
        Tensor Of(params int[] shape) => sampler.Tensor(DType.Float64, [.. shape]);
        return (new(Of(2, 4), Of(4, 4), Of(4)), Of(steps, Batch, 2));
    }

    private static Seq<Tensor> Leaves(Weights w) => Seq(w.Input, w.Hidden, w.Bias);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(7, false)]
    [InlineData(7, true)]
    public void Values_have_the_bits_of_the_unrolled_loop(int steps, bool reverse)
    {
        var (weights, inputs) = Drawn(steps);
        var loop = Trace((Weights w) => Recurrent(w, inputs, reverse))(weights).Simplify();
        Closeness.Same(Unrolled(weights, inputs, reverse), loop.Evaluate([.. Leaves(weights)])[0], loop.ToString());
    }

    // Sums over steps are added in another order: some ulps of the largest entry, times the number of terms.
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(7, false)]
    [InlineData(7, true)]
    public void Gradients_are_those_of_the_unrolled_loop(int steps, bool reverse)
    {
        var (weights, inputs) = Drawn(steps);
        Tensor Energy(Func<Weights, Tensor, bool, Tensor> network, Weights w, Tensor xs) => Sum(Sin(network(w, xs, reverse)));
        if (steps == 0)
        {
            foreach (var leaf in Leaves(Grad((Weights w) => Energy(Recurrent, w, inputs))(weights))) Assert.Equal(0.0, (double)Sum(Abs(leaf)));
            return;
        }
        var (loop, unrolled) = (Grad(((Weights W, Tensor X) p) => Energy(Recurrent, p.W, p.X)), Grad(((Weights W, Tensor X) p) => Energy(Unrolled, p.W, p.X)));
        var expected = unrolled((weights, inputs));
        foreach (var given in Seq(loop((weights, inputs)), Jit(loop)((weights, inputs)), Jit(Jit(loop))((weights, inputs))))
        {
            foreach (var (x, y) in Leaves(expected.W).Zip(Leaves(given.W))) Near(x, y);
            Near(expected.X, given.X);
        }
    }

    [Fact]
    public void Second_derivatives_and_batches_are_those_of_the_unrolled_loop()
    {
        var (weights, inputs) = Drawn(5);
        Func<Weights, Tensor> With(Func<Weights, Tensor, bool, Tensor> network) => w => Sum(Sin(network(w, inputs, false)));
        var direction = new Weights(Sin(weights.Input * 3.0), Cos(weights.Hidden), weights.Bias + 1.0);
        foreach (var (x, y) in Leaves(Hvp(With(Unrolled))(weights, direction)).Zip(Leaves(Hvp(With(Recurrent))(weights, direction)))) Near(x, y);
        var several = TensorMath.Stack([inputs, inputs * 2.0]);
        Func<Tensor, Tensor> Of(Func<Weights, Tensor, bool, Tensor> network) => xs => Grad((Weights w) => Sum(Sin(network(w, xs, false))))(weights).Hidden;
        Near(Vmap(Of(Unrolled))(several), Vmap(Of(Recurrent))(several));
        Near(Jvp((Tensor xs) => Unrolled(weights, xs))(inputs, several[1]).Tangent, Jvp((Tensor xs) => Recurrent(weights, xs))(inputs, several[1]).Tangent);
    }

    [Fact]
    public void A_recurrent_network_has_one_product_in_each_of_its_loops()
    {
        var (weights, inputs) = Drawn(6);
        var program = Trace(Grad((Weights w) => Sum(Sin(Recurrent(w, inputs)))))(weights).Simplify();
        var loops = program.Equations.Map(equation => equation.Primitive).OfType<Scan>().ToArray();
        Assert.Equal(2, loops.Length);
        foreach (var loop in loops)
        {
            Assert.Single(loop.Step.Equations.Filter(equation => equation.Primitive is Contract));
            // Nothing of a weight's shape is carried: it is added up behind the loop.
            Assert.DoesNotContain(loop.Step.Arguments.Take(loop.Carries), carry => carry.Type.Shape == weights.Hidden.Shape || carry.Type.Shape == weights.Input.Shape || carry.Type.Shape == weights.Bias.Shape);
        }
    }

    [Fact]
    public void A_checkpoint_in_the_step_is_not_taken_apart()
    {
        var (weights, inputs) = Drawn(6);
        var program = Trace((Weights w) => Scan((Tensor h, Tensor x) => (Checkpoint((Tensor row) => Tanh(MatMul(row, w.Input)))(x) + h, x), Zeros([Batch, 4]), inputs).Carry)(weights).Simplify();
        Assert.DoesNotContain(program.Equations, equation => equation.Primitive is Contract);
    }

    [Fact]
    public void What_would_take_much_room_stays_in_the_loop()
    {
        var program = Trace((Tensor w) => Scan((Tensor h, Tensor x) => (h + Sum(Square(MatMul(x, w))), h), 0.0, Zeros([1 << 16, 1, 1])).Carry)(Ones([1, 128])).Simplify();
        Assert.DoesNotContain(program.Equations, equation => equation.Primitive is Contract);
    }

    private static void Near(Tensor expected, Tensor given) =>
        Assert.True((double)Max(Abs(expected - given)) <= 1e-12 * (1 + (double)Max(Abs(expected))), $"{expected}\n{given}");
}
