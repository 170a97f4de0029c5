using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.ControlFlow;

/// <summary>Derivatives that the user says: they are used by every transform, and held to each other and to differences where asked.</summary>
public class CustomDerivativeProperties
{
    // The same operations in another order of addition.
    private const double Rounded = 1e-13;

    private static readonly Tensor X = Tensor.From([0.3, -0.7, 1.1]);

    private static readonly Tensor V = Tensor.From([1.0, -0.5, 2.0]);

    private static readonly Func<Tensor, Tensor> ByJvp = CustomJvp(Sin, (x, v) => (Sin(x), Cos(x) * v));

    private static readonly Func<Tensor, Tensor> ByVjp = CustomVjp(Sin, x => (Sin(x), Cos(x)), (cosine, ct) => cosine * ct);

    private static readonly Func<Tensor, Tensor> ByBoth = CustomDerivative<Tensor, Tensor, Tensor>(
        Sin, (x, v) => (Sin(x), Cos(x) * v), x => (Sin(x), Cos(x)), (cosine, ct) => cosine * ct);

    private sealed record Line(Tensor Slope, Tensor Offset);

    public static TheoryData<string> Ways() => new(Custom.Keys);

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Custom = new() { ["jvp"] = ByJvp, ["vjp"] = ByVjp, ["both"] = ByBoth };

    // Each transform of a function of a tensor, to a tensor.
    private static readonly Dictionary<string, Func<Func<Tensor, Tensor>, Tensor>> Transformed = new()
    {
        ["value"] = f => f(X),
        ["Jvp"] = f => Jvp(f)(X, V).Tangent,
        ["Vjp"] = f => Vjp(f)(X).Pullback(V),
        ["Linearize"] = f => Linearize(f)(X).Pushforward(V),
        ["Grad"] = f => Grad(x => Sum(f(x) * x))(X),
        ["Jacobian forward"] = f => Jacobian(f, JacobianMode.Forward)(X),
        ["Jacobian reverse"] = f => Jacobian(f, JacobianMode.Reverse)(X),
        ["Hessian"] = f => Hessian(x => Sum(f(x * x)))(X),
        ["Hvp"] = f => Hvp(x => Sum(f(x * x)))(X, V),
        ["Grad of Grad"] = f => Grad(x => Sum(Grad(y => Sum(f(y * y)))(x) * V))(X),
        ["Grad of Jvp"] = f => Grad(x => Sum(Jvp(f)(x, V).Tangent))(X),
        ["Jvp of Jvp"] = f => Jvp((Tensor x) => Jvp(f)(x, V).Tangent)(X, V).Tangent,
        ["Vmap"] = f => Vmap(f)(X),
        ["Vmap of Grad"] = f => Vmap(Grad(f))(X),
        ["Grad of Vmap"] = f => Grad(x => Sum(Vmap(f)(x) * V))(X),
        ["Grad of Vmap of a shared argument"] = f => Grad(x => Sum(Vmap((Tensor v) => Sum(f(x) * v))(V)))(X),
        ["Grad through Scan"] = f => Grad(x => Scan((c, row) => (f(c + row), c), 0.5, x).Carry)(X),
        ["Grad under Checkpoint"] = f => Grad(x => Sum(Checkpoint(f)(x) * x))(X),
        ["Grad through Cond"] = f => Grad(x => Sum(Cond(x[0] > 0, x, f, y => y)))(X),
        ["Grad in Grad"] = f => Grad(x => Sum(x * Grad(y => Sum(f(y)))(x)))(X),
    };

    public static TheoryData<string, string> Compositions()
    {
        var data = new TheoryData<string, string>();
        foreach (var way in Custom.Keys)
            foreach (var transform in Transformed.Keys)
                data.Add(way, transform);
        return data;
    }

    [Theory]
    [MemberData(nameof(Compositions))]
    public void A_rule_that_is_true_changes_nothing(string way, string transform) =>
        Closeness.Within(Transformed[transform](Sin), Transformed[transform](Custom[way]), Rounded, $"{transform} with a custom {way}");

    [Theory]
    [MemberData(nameof(Ways))]
    public void CheckGradients_accepts_a_rule_that_is_true(string way) => CheckGradients(Custom[way], X);

    // The rule is used, and not the function's own derivative: doubled, it doubles the result.
    [Theory]
    [InlineData("Jvp")]
    [InlineData("Vjp")]
    [InlineData("Linearize")]
    [InlineData("Jacobian forward")]
    [InlineData("Jacobian reverse")]
    [InlineData("Vmap of Grad")]
    [InlineData("Grad of Vmap")]
    public void The_rule_takes_the_place_of_the_derivative(string transform)
    {
        var expected = 2.0 * Transformed[transform](Sin);
        Closeness.Within(expected, Transformed[transform](CustomJvp(Sin, (x, v) => (Sin(x), 2 * Cos(x) * v))), Rounded, "jvp");
        Closeness.Within(expected, Transformed[transform](CustomVjp(Sin, x => (Sin(x), x), (x, ct) => 2 * Cos(x) * ct)), Rounded, "vjp");
    }

    [Fact]
    public void Forward_mode_follows_the_rule_for_tangents_and_reverse_mode_that_for_cotangents()
    {
        var f = CustomDerivative<Tensor, Tensor, Tensor>(Sin, (x, v) => (Sin(x), 2 * v), x => (Sin(x), x), (x, ct) => 3 * ct);
        Closeness.Same(2 * V, Jvp(f)(X, V).Tangent, "Jvp");
        Closeness.Same(2 * V, Linearize(f)(X).Pushforward(V), "Linearize");
        Closeness.Same(3 * V, Vjp(f)(X).Pullback(V), "Vjp");
        Assert.Contains("differences give", Assert.Throws<GradientException>(() => CheckGradients(f, X)).Message);
    }

    [Fact]
    public void CheckGradients_holds_the_two_rules_to_each_other()
    {
        var f = CustomDerivative<Tensor, Tensor, Tensor>(Sin, (x, v) => (Sin(x), Cos(x) * v), x => (Sin(x), Cos(x)), (cosine, ct) => 1.5 * cosine * ct);
        Assert.Contains("forward and reverse mode disagree", Assert.Throws<GradientException>(() => CheckGradients(f, X)).Message);
    }

    [Fact]
    public void Rules_of_structures()
    {
        static Tensor Apply(Line line) => (line.Slope * X) + line.Offset;
        var byJvp = CustomJvp<Line, Tensor>(Apply, (line, moved) => (Apply(line), (moved.Slope * X) + moved.Offset));
        var byVjp = CustomVjp<Line, Tensor, Tensor>(Apply, line => (Apply(line), line.Slope), (_, ct) => new Line(ct * X, ct));
        var at = new Line(V, X);
        var expected = Grad((Line line) => Sum(Sin(Apply(line))))(at);
        foreach (var custom in new[] { byJvp, byVjp })
        {
            var given = Grad((Line line) => Sum(Sin(custom(line))))(at);
            Closeness.Within(expected.Slope, given.Slope, Rounded, "slope");
            Closeness.Within(expected.Offset, given.Offset, Rounded, "offset");
            CheckGradients(custom, at);
        }
    }

    // log(1 + eˣ) by its own formula has slope NaN where eˣ overflows; 1 − 1/(1 + eˣ) has not.
    [Fact]
    public void A_rule_may_be_better_than_the_derivative_of_the_formula()
    {
        static Tensor Naive(Tensor x) => Log(1 + Exp(x));
        var stable = CustomJvp(Naive, (x, v) => (Naive(x), (1 - (1 / (1 + Exp(x)))) * v));
        Assert.True(double.IsNaN((double)Grad(Naive)(1000.0)));
        Assert.Equal(1.0, (double)Grad(stable)(1000.0));
        Closeness.Within(Grad(Naive)(0.5), Grad(stable)(0.5), Rounded, "where both are finite");
    }

    [Fact]
    public void A_straight_through_estimator_rounds_the_value_and_not_the_gradient()
    {
        var bySum = Grad(x => Sum(Square(x + StopGradient(Round(x) - x))))(X);
        var byRule = Grad(x => Sum(Square(CustomJvp(Round, (y, v) => (Round(y), v))(x))))(X);
        Closeness.Same(2 * Round(X), byRule, "the gradient at the rounded value");
        Closeness.Within(byRule, bySum, Rounded, "by a stopped difference");
    }

    [Fact]
    public void Gradient_reversal_changes_the_sign_and_nothing_else()
    {
        var reversal = CustomVjp<Tensor>(x => x, x => (x, Tensor.From([0.0])), (_, ct) => -ct);
        Closeness.Same(-Grad(x => Sum(Exp(x)))(X), Grad(x => Sum(Exp(reversal(x))))(X), "reversed");
        Closeness.Same(Exp(X), Exp(reversal(X)), "the value");
    }

    [Fact]
    public void Gradient_clipping_bounds_what_is_pulled_back()
    {
        var clip = CustomVjp<ValueTuple>(x => x, x => (x, default), (_, ct) => Clamp(ct, -0.5, 0.5));
        Closeness.Same(Clamp(2 * X, -0.5, 0.5), Grad(x => Sum(Square(clip(x))))(X), "clipped");
        var byNorm = CustomVjp<ValueTuple>(x => x, x => (x, default), (_, ct) => ct * Minimum(1, 1 / Norm(ct)));
        Assert.Equal(1.0, (double)Norm(Grad(x => Sum(Square(byNorm(x))))(X)), 1e-15);
        Closeness.Same(Vmap(Grad(x => Square(clip(x))))(X), Grad(x => Sum(Square(clip(x))))(X), "under Vmap");
    }

    [Fact]
    public void A_backward_function_that_is_not_linear_has_no_forward_mode()
    {
        var clip = CustomVjp<ValueTuple>(x => x, x => (x, default), (_, ct) => Clamp(ct, -0.5, 0.5));
        var thrown = Assert.Throws<NotDifferentiableException>(() => Jvp(clip)(X, V));
        Assert.Equal("custom_vjp: there is no forward mode through it, for its backward function is not linear in the cotangent. Give a pushforward as well, with CustomDerivative.", thrown.Message);
    }

    // x* = cos x* moves with its parameter by the implicit function theorem, whatever the iteration did.
    [Fact]
    public void A_fixed_point_has_the_derivative_of_the_implicit_function()
    {
        static Tensor Solve(Tensor a) => While(x => Abs(x - Cos(a * x)) > 1e-15, x => Cos(a * x), (Tensor)0.7, limit: 500);
        var solve = CustomVjp(Solve, a => (Solve(a), (a, Solve(a))), ((Tensor A, Tensor X) s, Tensor ct) =>
            -ct * s.X * Sin(s.A * s.X) / (1 + (s.A * Sin(s.A * s.X))));
        Tensor a = 0.9;
        CheckGradients(solve, a);
        Closeness.Within(Grad(Solve)(a), Grad(solve)(a), 1e-12, "through the loop, to where the iteration stopped");
    }

    [Fact]
    public void The_host_may_decide_inside_by_the_argument()
    {
        static Tensor Piecewise(Tensor x) => (bool)(x > 0) ? x * x : -x;
        var custom = CustomJvp(Piecewise, (x, v) => (Piecewise(x), (bool)(x > 0) ? 2 * x * v : -v));
        Assert.Equal(6.0, (double)Grad(custom)(3.0));
        Assert.Equal(-1.0, (double)Grad(custom)(-3.0));
        Assert.Throws<TraceException>(() => Trace(custom)(3.0).Evaluate(-3.0));
    }

    [Fact]
    public void A_rule_whose_results_are_of_other_types_names_both()
    {
        Says("CustomJvp: the rule's value is f64[], but f returns f64[3]. Both must have the same types.", () => CustomJvp(Sin, (x, v) => (Sum(x), v))(X));
        Says("CustomJvp: the rule's tangent is f32[3], but f returns f64[3]. Both must have the same types.", () => CustomJvp(Sin, (x, v) => (Sin(x), Convert(v, DType.Float32)))(X));
        Says("CustomVjp: the forward function's value is f64[], but f returns f64[3]. Both must have the same types.", () => CustomVjp(Sin, x => (Sum(x), x), (s, ct) => ct)(X));
        Says("CustomVjp: the backward function's cotangent is f64[], but f takes f64[3]. Both must have the same types.", () => CustomVjp(Sin, x => (Sin(x), x), (s, ct) => Sum(ct))(X));
    }

    [Fact]
    public void What_a_function_closes_over_must_stand_still()
    {
        var thrown = Assert.Throws<NotDifferentiableException>(() => Grad(k => Sum(CustomJvp(x => k * x, (x, v) => (k * x, k * v))(X)))(2.0));
        Assert.Equal("custom_jvp: the function closes over f64[], which is being differentiated, and its rule says nothing about that. Make it an argument, or stop its gradient.", thrown.Message);
        Closeness.Same(2 * V, Vmap((Tensor k) => Jvp(CustomJvp(x => k * x, (x, v) => (k * x, k * v)))(X, V).Tangent)(Tensor.From([2.0]))[0], "under Vmap it may vary");
    }

    private static void Says(string message, Action act) => Assert.Equal(message, Assert.Throws<ShapeException>(act).Message);
}
