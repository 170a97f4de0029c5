using Functional.Programs;
using Functional.Structures;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties;

/// <summary>What a user reads after a mistake, to the letter.</summary>
public class Errors
{
    private static readonly Tensor X = Tensor.From([1.0, 2, 3]);

    [Fact]
    public void Shapes_that_do_not_broadcast() =>
        Says<ShapeException>("add: shapes do not broadcast: f64[3,4] and f64[5] differ at axis −1 (4 ≠ 5, and neither is 1).", () => Zeros([3, 4]) + Zeros([5]));

    [Fact]
    public void Shape_errors_are_thrown_while_tracing_at_the_line_of_the_user()
    {
        var thrown = Assert.Throws<ShapeException>(() => Grad(x => Sum(x + Zeros([4])))(X));
        Assert.Contains(nameof(Shape_errors_are_thrown_while_tracing_at_the_line_of_the_user), thrown.StackTrace);
    }

    [Fact]
    public void A_gradient_of_no_scalar() =>
        Says<ShapeException>("Grad: needs a scalar, f returned f64[3]. Reduce it with Sum, or use Jacobian.", () => Grad(Sin)(X));

    [Fact]
    public void A_gradient_with_respect_to_integers() =>
        Says<NotDifferentiableException>("Grad: x is i32[2], and only floats have derivatives. Convert it to f64 or f32, or close over it.", () => Grad(x => Sum(x))(Tensor.From([1, 2])));

    [Fact]
    public void A_gradient_of_integers() =>
        Says<NotDifferentiableException>("Grad: f returned i64[], and only floats have derivatives.", () => Grad(x => Convert(Sum(x), DType.Int64))(X));

    [Fact]
    public void An_axis_out_of_range() =>
        Says<ShapeException>("Sum: axis 2 is out of range for shape [3]; expected −1 to 0.", () => Sum(X, 2));

    [Fact]
    public void An_axis_named_twice() =>
        Says<ShapeException>("Sum: axis 0 of shape [3] is named twice.", () => Sum(X, 0, -1));

    [Fact]
    public void A_tracer_that_escaped()
    {
        Tensor? escaped = null;
        Grad(x => Sum(escaped = x * 2))(X);
        Says<TraceException>("sin: a tensor f64[3] escaped from the function that Grad traced, and has no value outside it. Return it from that function instead of storing it.", () => Sin(escaped!));
        Says<TraceException>("(double): a tensor f64[] escaped from the function that Grad traced, and has no value outside it. Return it from that function instead of storing it.", () =>
        {
            Grad(x => escaped = Sum(x))(X);
            return (double)escaped!;
        });
    }

    [Fact]
    public void A_number_that_a_kept_program_would_freeze() =>
        Says<TraceException>("(double): f64[] has a value only for this call, and Trace keeps the program, which would freeze it. Return the tensor instead, or compare it and decide on the truth: if ((bool)(x > 0)).", () => Trace(x => x * (double)x)(2.0));

    [Fact]
    public void A_decision_that_differs_across_a_batch() =>
        Says<TraceException>("(bool): bool[] differs across the batch of Vmap, so the function cannot decide once for all. Use Where or Cond.", () => Vmap(x => (bool)(x > 1.5) ? x : -x)(X));

    [Fact]
    public void A_program_run_where_its_assumptions_do_not_hold()
    {
        var program = Trace(x => (bool)(x > 0) ? x : -x)(2.0);
        Says<TraceException>("Evaluate: the program stands for arguments where the host decided on true, and here the value is false. Trace the function again for these arguments.", () => program.Evaluate(-2.0)[0]);
    }

    [Fact]
    public void A_program_with_another_argument() =>
        Says<ShapeException>("Evaluate: argument 0 is f64[], but the program was traced for f64[3].", () => Trace(Sin)(X).Evaluate(1.0)[0]);

    [Fact]
    public void A_tensor_with_several_elements_as_a_number() =>
        Says<ShapeException>("(double): needs a tensor with one element, given f64[3]. Index it, or reduce it with Sum, Mean or All.", () => (double)X);

    [Fact]
    public void An_array_of_another_type() =>
        Says<DTypeException>("Tensor: the elements of f64[3] are not Single. Ask for f64, or convert the tensor first.", () => X.ToArray<float>());

    [Fact]
    public void Elements_that_do_not_fill_a_shape() =>
        Says<ShapeException>("Tensor.From: 3 elements do not fill the shape [2,2], which has 4.", () => Tensor.From([1.0, 2, 3], [2, 2]));

    [Fact]
    public void Elements_of_no_supported_type() =>
        Says<DTypeException>("Tensor: elements of type Decimal are not supported. Use bool, int, long, float or double; a nested array goes in as T[,] or through Stack.", () => Tensor.From(1m));

    [Fact]
    public void An_empty_structure() =>
        Says<StructureException>("Grad: the argument of type (int, string) holds no tensor. Only Tensor members vary; an int, a double or a string is static.", () => Grad(((int, string) p) => X)((1, "a")));

    [Fact]
    public void A_tangent_of_another_type() =>
        Says<ShapeException>("Jvp: tangent: x is f64[2]; expected f64[3], the type of what it belongs to.", () => Jvp(Sin)(X, Zeros([2])).Tangent);

    [Fact]
    public void A_scalar_to_map_over() =>
        Says<ShapeException>("Vmap: x is the scalar f64[], which has no axis to map over. Close over what all members share.", () => Vmap(Sin)(1.0));

    [Fact]
    public void Batches_of_different_extents() =>
        Says<ShapeException>("Vmap: batch extents differ: Item1 is f64[3] (3 along the mapped axis), Item2 is f64[4] (4).", () => Vmap((Tensor a, Tensor b) => a + b)(X, Zeros([4])));

    [Fact]
    public void A_derivative_that_is_not_that_of_the_function()
    {
        var thrown = Assert.Throws<GradientException>(() => CheckGradients((Tensor x) => Sum(x * StopGradient(x)), X));
        Assert.StartsWith("CheckGradients: d f(x) / d x[0] is 1, but differences give ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_changed_after_it_was_given_changes_no_tensor()
    {
        double[] array = [1, 2, 3];
        var tensor = Tensor.From(array);
        array[0] = 99;
        tensor.ToArray<double>()[1] = 99;
        Assert.Equal([1.0, 2, 3], tensor.ToArray<double>());
    }

    [Fact]
    public void What_is_no_number_prints_as_such()
    {
        Assert.Equal("[ nan,  inf, -inf]", Tensor.From([double.NaN, double.PositiveInfinity, double.NegativeInfinity]).ToString());
        Assert.Contains("mul x nan", Trace(x => x * double.NaN)(1.0).ToString(), StringComparison.Ordinal);
        Assert.Contains("add a -0.0", Trace(x => (x * double.NegativeInfinity) + -0.0)(1.0).ToString(), StringComparison.Ordinal);
    }

    private static void Says<TException>(string message, Func<object> wrong)
        where TException : Exception => Assert.Equal(message, Assert.Throws<TException>(wrong).Message);

    private static void Says<TException>(string message, Func<double> wrong)
        where TException : Exception => Assert.Equal(message, Assert.Throws<TException>(() => (object)wrong()).Message);
}
