using Functional.Programs;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Differentiation;

public class CompositionProperties
{
    // Second differences lose half of f64's digits; analytic comparisons keep nearly all.
    private const double Analytic = 1e-12;

    private static readonly Tensor X = Tensor.From([0.3, -0.7, 1.1]);

    private static Tensor F(Tensor x) => Sum(Sin(x * x) * Exp(x));

    [Fact]
    public void Grad_of_a_sum_of_squares_is_twice_the_argument() =>
        Close(2 * X, Grad(x => Sum(x * x))(X));

    [Fact]
    public void Higher_derivatives_of_the_sine_cycle()
    {
        Close(Cos(0.7), Grad(Sin)(0.7));
        Close(-Sin(0.7), Grad(Grad(Sin))(0.7));
        Close(-Cos(0.7), Grad(Grad(Grad(Sin)))(0.7));
        Close(Sin(0.7), Grad(Grad(Grad(Grad(Sin))))(0.7));
    }

    [Fact]
    public void Perturbations_of_nested_derivatives_are_not_confused()
    {
        // d/dx [x · d/dy (x + y)] at 1 is 1.
        Close(1.0, Grad(x => x * Grad(y => x + y)(1.0))(1.0));
        Close(1.0, Jvp((Tensor x) => x * Jvp((Tensor y) => x + y)(1.0, 1.0).Tangent)(1.0, 1.0).Tangent);
        Close(1.0, Grad(x => x * Jvp((Tensor y) => x + y)(1.0, 1.0).Tangent)(1.0));
        Close(1.0, Jvp((Tensor x) => x * Grad(y => x + y)(1.0))(1.0, 1.0).Tangent);
    }

    [Fact]
    public void An_inner_gradient_may_close_over_the_outer_variable()
    {
        // d/dx [d/dy (x² y³)] at y = x is d/dx [3 x² y²] with y held: 6 x y².
        Close(6 * 2.0 * 4, Grad(x => Grad(y => x * x * y * y * y)(StopGradient(x)))(2.0));
        Close(12 * Math.Pow(2, 3), Grad(x => Grad(y => x * x * y * y * y)(x))(2.0));
    }

    [Fact]
    public void Vmap_of_Grad_is_the_gradient_of_each_member() =>
        Close(Cos(X), Vmap(Grad(Sin))(X));

    [Fact]
    public void Grad_of_a_sum_over_Vmap_is_Vmap_of_Grad()
    {
        static Tensor G(Tensor x) => Sin(x) * Exp(x);
        Close(Vmap(Grad(G))(X), Grad(x => Sum(Vmap(G)(x)))(X));
    }

    [Fact]
    public void The_Hessian_is_the_Jacobian_of_the_gradient_in_either_mode_and_symmetric()
    {
        static Tensor G(Tensor x) => Sum(Sin(x * x)) * Sum(Exp(x));
        var hessian = Hessian(G)(X);
        Assert.Equal(new TensorType(DType.Float64, [3, 3]), hessian.Type);
        Close(hessian, Jacobian(Grad(G), JacobianMode.Reverse)(X));
        Close(hessian, Jacobian(Jacobian(G, JacobianMode.Reverse), JacobianMode.Forward)(X));
        Close(hessian, hessian.T);
        var direction = Tensor.From([0.2, -0.5, 0.9]);
        Close(Sum(hessian * direction, 1), Hvp(G)(X, direction));
    }

    [Fact]
    public void Vmap_maps_over_any_axis_and_stacks_on_any()
    {
        var x = Tensor.From(new[,] { { 1.0, 2, 3 }, { 4, 5, 6 } });
        static Tensor G(Tensor column) => column * Sum(column);
        var columns = Vmap(G, inAxis: 1, outAxis: 1)(x);
        Close(x * Sum(x, 0), columns);
        Close(columns.T, Vmap(G, inAxis: 1)(x));
    }

    [Fact]
    public void Vmap_nests()
    {
        var x = Tensor.From([1.0, 2.0]);
        Close(ExpandDims(x, 1) * X, Vmap((Tensor a) => Vmap((Tensor b) => a * b)(X))(x));
    }

    [Fact]
    public void Vmap_shares_an_argument_without_an_axis() =>
        Close(X * 2.0, Vmap((Tensor a, Tensor b) => a * b, (0, null))(X, 2.0));

    [Fact]
    public void A_pullback_and_a_pushforward_may_be_called_many_times()
    {
        var (value, pullback) = Vjp((Tensor x) => Sin(x) * x)(X);
        var (again, pushforward) = Linearize((Tensor x) => Sin(x) * x)(X);
        Close(value, again);
        foreach (var u in new[] { X, 2 * X, X * X }) Close(pushforward(u), pullback(u));
    }

    [Fact]
    public void Transforms_of_structures_give_structures()
    {
        var parameters = new Affine(Tensor.From([1.0, 2, 3]), 0.5, "named");
        var (value, gradient) = ValueAndGrad((Affine p) => Sum(p.Weights * X) + p.Bias)(parameters);
        Close(Sum(parameters.Weights * X) + 0.5, value);
        Close(X, gradient.Weights);
        Close(1.0, gradient.Bias);
        Assert.Equal("named", gradient.Name);

        var (_, tangent) = Jvp((Affine p) => (p.Weights * p.Bias, p.Bias * p.Bias))(parameters, parameters);
        Close(2 * parameters.Weights * 0.5, tangent.Item1);
        Close(0.5, tangent.Item2);

        var blocks = Jacobian((Affine p) => new[] { p.Weights * p.Bias, Sum(p.Weights) })(parameters);
        Close(parameters.Weights, blocks[r => r[0], p => p.Bias]);
        Close(Zeros([]), blocks[r => r[1], p => p.Bias]);
        Close(Ones([3]), blocks[r => r[1], p => p.Weights]);

        var hessian = Hessian((Affine p) => Sum(p.Weights * p.Weights) * p.Bias)(parameters);
        Close(2 * parameters.Weights, hessian[p => p.Weights, p => p.Bias]);
        Close(2 * parameters.Weights, hessian[p => p.Bias, p => p.Weights]);
        Close(Zeros([]), hessian[p => p.Bias, p => p.Bias]);
    }

    [Fact]
    public void Further_arguments_are_held()
    {
        Close(3.0 * X, Grad((Tensor w, Tensor x) => 1.5 * Sum(w * w * x / x))(X, X));
        Close(4.0, Grad((Tensor w, int power) => w * power)(1.0, 4));
    }

    [Fact]
    public void OptionalGrad_tells_an_unused_argument_from_one_whose_gradient_is_zero()
    {
        var (used, unused) = OptionalGrad(((Tensor Used, Tensor Unused) p) => p.Used * 0)((2.0, 3.0));
        Assert.Equal(Some((Tensor)0.0).Map(zero => (double)zero), used.Map(gradient => (double)gradient));
        Assert.True(unused.IsNone);
        Assert.True(OptionalGrad(x => StopGradient(x))(1.0).IsNone);
    }

    [Fact]
    public void A_function_that_does_not_use_its_argument_has_a_zero_gradient()
    {
        Close(Zeros([3]), Grad(x => 2.0)(X));
        Close(Zeros([2, 3]), Jacobian((Tensor x) => Tensor.From([1.0, 2.0]))(X));
    }

    [Fact]
    public void Single_precision_stays_single()
    {
        var x = Tensor.From([1f, 2f]);
        Assert.Equal(DType.Float32, Grad(p => Sum(Sin(p * 2.0) + 1))(x).DType);
        Assert.Equal(DType.Float32, Jacobian(p => p * p * 0.5)(x).DType);
    }

    [Fact]
    public void Host_decisions_are_right_on_both_sides()
    {
        static Tensor G(Tensor x)
        {
            if ((bool)(x > 0)) return x * x;
            var sum = x;
            for (var i = 0; i < (int)(x * -1); i++) sum *= 2;
            return sum;
        }
        var gradient = Grad(G);
        Close(6.0, gradient(3.0));
        Close(8.0, gradient(-3.5));
        Close(6.0, gradient(3.0));
    }

    [Fact]
    public void Program_forms_say_the_same_as_functions()
    {
        var program = Trace(F)(X);
        var direction = Tensor.From([0.2, -0.5, 0.9]);
        Close(Jvp(F)(X, direction).Tangent, program.Jvp().Evaluate(X, direction)[1]);
        var linearized = program.Linearize();
        var residuals = linearized.Primal.Evaluate(X);
        Close(Grad(F)(X), linearized.Linear.Transpose(1).Evaluate([1.0, .. residuals.Skip(1)])[0]);
        var stack = Stack([X, 2 * X], 0);
        Close(Vmap(F)(stack), program.Vmap(2).Evaluate(stack)[0]);
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Type, actual.Type);
        foreach (var (e, a) in expected.ToArray<double>().Zip(actual.ToArray<double>())) Assert.Equal(e, a, Analytic * Math.Max(1, Math.Abs(e)));
    }

    private sealed record Affine(Tensor Weights, Tensor Bias, string Name);
}
