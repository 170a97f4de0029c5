using Functional.Programs;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Textbook;

/// <summary>The examples of the chapter on computational graphs, with its numbers.</summary>
public class ComputationalGraphs
{
    // Sums of a handful of products in f64: a few units in the last place.
    private const double Rounding = 1e-12;

    [Fact]
    public void The_squared_error_of_a_linear_model_is_a_graph_of_six_nodes()
    {
        const double x = 2, y = 1;
        var program = Trace((Tensor w, Tensor b) => Square((w * x) + b - y))(3.0, 0.5);

        Assert.Equal(6, program.Inputs.Count + program.Equations.Count);
        Assert.Equal("mul add sub mul", string.Join(" ", program.Equations.Map(equation => equation.Primitive)));
        Assert.Equal(5.5 * 5.5, (double)program.Evaluate(3.0, 0.5)[0]);
    }

    [Fact]
    public void Binding_known_inputs_and_folding_leaves_three_of_six_operations()
    {
        var program = Trace((Tensor x, (Tensor A, Tensor B, Tensor C, Tensor D, Tensor E, Tensor F) k) =>
            (((k.A + k.B) * x) + (k.C * k.D)) * (k.E + k.F))(1.5, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0));
        Assert.Equal(6, Cost.Of(program).Flops);

        var bound = program.Bind(Seq<Option<Tensor>>(None, (Tensor)1.0, (Tensor)2.0, (Tensor)3.0, (Tensor)4.0, (Tensor)5.0, (Tensor)6.0)).Simplify();

        Assert.Equal(3, Cost.Of(bound).Flops);
        Assert.Equal(((3 * 1.5) + 12) * 11, (double)bound.Evaluate(1.5)[0]);
    }

    [Fact]
    public void A_common_subexpression_is_computed_once_and_fans_out()
    {
        var program = Trace(x => (x * x * (x + 1)) + Sin(x * x))(0.7).ShareCommonSubexpressions().WithoutDeadCode();

        var squares = program.Equations.Filter(equation => equation.Primitive is Primitives.Multiply && equation.Inputs == Seq<Atom>(program.Inputs[0], program.Inputs[0]));
        Assert.Equal(1, squares.Count);
        Assert.Equal(2, Definitions.FanOut(program)[squares[0].Outputs[0].Id]);
    }

    [Fact]
    public void The_adjoint_of_a_value_that_fans_out_is_the_sum_over_its_uses()
    {
        const double g = 0.4;
        Assert.Equal(Math.Cos(g) - Math.Sin(g), (double)Grad(x => Sin(x) + Cos(x))(g), Rounding);
    }

    [Fact]
    public void A_tied_autoencoder_sums_the_gradients_of_encoder_and_decoder()
    {
        var x = Tensor.From([0.3, -0.8, 0.5]);
        var w = Tensor.From(new[,] { { 0.1, 0.4, -0.2 }, { 0.7, -0.5, 0.6 } });
        Tensor Loss(Tensor encoder, Tensor decoder) => Sum(Square(MatMul(decoder.T, Tanh(MatMul(encoder, x))) - x));

        var tied = Grad(shared => Loss(shared, shared))(w);
        var (encoder, decoder) = Grad(((Tensor E, Tensor D) p) => Loss(p.E, p.D))((w, w));

        AssertClose(encoder + decoder, tied);
    }

    [Fact]
    public void A_recurrent_cell_sums_the_gradients_of_its_unrolled_steps()
    {
        var inputs = Tensor.From(new[,] { { 0.5, -0.1 }, { 0.2, 0.8 }, { -0.6, 0.3 }, { 0.9, 0.4 }, { -0.2, -0.7 } });
        var w = Tensor.From(new[,] { { 0.3, -0.4 }, { 0.6, 0.2 } });
        Tensor Run(Tensor[] weights)
        {
            var state = Zeros([2]);
            for (var step = 0; step < 5; step++) state = Tanh(MatMul(weights[step], state) + inputs[step]);
            return Sum(state * state);
        }

        var tied = Grad(shared => Run([shared, shared, shared, shared, shared]))(w);
        var untied = Grad<Tensor[]>(Run)([w, w, w, w, w]);

        AssertClose(untied.Aggregate((sum, next) => sum + next), tied);
    }

    [Fact]
    public void The_linearized_product_of_sine_and_exponential_keeps_four_values()
    {
        var linearized = Trace(x => Sin(x * x) * Exp(x))(0.5).Linearize();

        // x itself, sin x² and cos x² (from x²), eˣ.
        Assert.Equal(4, linearized.Residuals.Count);
        Assert.Equal("x b c d", string.Join(" ", linearized.ResidualNames));
        Assert.Equal(
            """
            let f (x: f64[]) =
              let a: f64[] = mul x x
              let b: f64[] = sin a
              let c: f64[] = cos a
              let d: f64[] = exp x
              let e: f64[] = mul b d
              e, x, b, c, d
            """,
            linearized.Primal.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(1)]
    public void The_derivative_of_relu_at_zero_is_the_chosen_subderivative(double slope)
    {
        Assert.Equal(slope, (double)Grad(x => Relu(x, slope))(0.0));
        Assert.Equal(slope, (double)Jvp((Tensor x) => Relu(x, slope))(0.0, 1.0).Tangent);
    }

    [Fact]
    public void The_derivative_of_relu_at_zero_is_zero_unless_chosen()
    {
        Assert.Equal(0, (double)Grad(x => Relu(x))(0.0));
        Assert.Equal(1, (double)Grad(x => Relu(x))(1e-300));
        Assert.Equal(0, (double)Grad(x => Relu(x))(-1e-300));
    }

    [Fact]
    public void A_full_Jacobian_costs_n_forward_passes_or_m_reverse_passes()
    {
        const int n = 5, m = 3;
        var weights = Tensor.From(Enumerable.Range(0, n * m).Select(i => Math.Sin(i)).ToArray(), [m, n]);
        Tensor F(Tensor x) => Tanh(MatMul(weights, Sin(x)));
        var x = Tensor.From([0.1, 0.2, 0.3, 0.4, 0.5]);

        var linearized = Trace(F)(x).Linearize();
        var primal = Cost.Of(linearized.Primal).Flops;
        var pushforward = Cost.Of(linearized.Linear).Flops;
        var pullback = Cost.Of(linearized.Linear.Transpose(1)).Flops;

        Assert.Equal(primal + (n * pushforward), Cost.Of(Trace(Jacobian(F, JacobianMode.Forward))(x).Simplify()).Flops);
        Assert.Equal(primal + (m * pullback), Cost.Of(Trace(Jacobian(F, JacobianMode.Reverse))(x).Simplify()).Flops);
        AssertClose(Jacobian(F, JacobianMode.Forward)(x), Jacobian(F, JacobianMode.Reverse)(x));
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Type, actual.Type);
        foreach (var (e, a) in expected.ToArray<double>().Zip(actual.ToArray<double>())) Assert.Equal(e, a, Rounding * Math.Max(1, Math.Abs(e)));
    }
}
