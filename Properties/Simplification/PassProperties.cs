using Functional.Programs;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Simplification;

/// <summary>What each pass of simplification does, and leaves.</summary>
public class PassProperties
{
    private static readonly Tensor X = Tensor.From([1.0, 2, 3]);

    private static readonly TensorType Scalar = new(DType.Float64, Shape.Scalar);
    private static readonly TensorType Three = new(DType.Float64, [3]);

    [Fact]
    public void A_pass_with_nothing_to_do_returns_the_same_object()
    {
        var program = Trace(x => Sum(Sin(x) * Exp(x)))(X);
        Assert.Same(program, program.FoldConstants());
        Assert.Same(program, program.RewriteIdentities());
        Assert.Same(program, program.ShareCommonSubexpressions());
        Assert.Same(program, program.WithoutDeadCode());
        Assert.Same(program, program.SelectBeforeProducts());
        Assert.Same(program, program.Simplify());
    }

    [Fact]
    public void What_is_made_of_literals_is_computed()
    {
        var (sum, power) = (new Variable(0, Scalar), new Variable(1, Scalar));
        var program = new Program(
            Seq<Variable>(),
            Seq(Apply(new Primitives.Add(), sum, new Literal(Tensor.From(2.0)), new Literal(Tensor.From(3.0))), Apply(new Primitives.Exp(), power, sum)),
            Seq1<Atom>(power),
            Seq<Assumption>());
        var folded = program.FoldConstants();
        Assert.Empty(folded.Equations);
        Assert.Equal(Exp(5.0), folded.Evaluate()[0]);
    }

    [Fact]
    public void What_is_made_of_captures_is_computed_where_it_is_no_larger()
    {
        // exp c is as large as c; the outer sum is larger than the two vectors.
        var c = new Variable(1, Three);
        var (e, s) = (new Variable(2, Three), new Variable(3, Scalar));
        var program = Captured(X, Scalar, [Apply(new Primitives.Exp(), e, c), Apply(new Primitives.Sum(Seq1(0)), s, e)], s);
        var folded = program.FoldConstants();
        Assert.Empty(folded.Equations);
        Assert.Equal(program.Evaluate(0.0), folded.Evaluate(0.0));

        var wide = new Variable(2, new(DType.Float64, [100, 3]));
        var spread = Captured(X, Scalar, [Apply(new Primitives.Broadcast([100, 3], Seq1(1)), wide, c)], wide);
        Assert.Same(spread, spread.FoldConstants());
    }

    [Fact]
    public void A_chain_on_a_capture_is_computed_in_one_pass()
    {
        Equation[] chain = [.. Enumerable.Range(2, 50).Select(id => Apply(new Primitives.Sin(), new Variable(id, Three), new Variable(id - 1, Three)))];
        var folded = Captured(X, Scalar, chain, new Variable(51, Three)).FoldConstants();
        Assert.Empty(folded.Equations);
        Assert.Equal(Enumerable.Range(0, 50).Aggregate(X, (x, _) => Sin(x)), folded.Evaluate(0.0)[0]);
    }

    [Fact]
    public void What_cannot_be_computed_is_left_to_fail_where_it_is_run()
    {
        var (one, zero) = (new Literal(Tensor.From(1)), new Literal(Tensor.From(0)));
        var quotient = new Variable(0, new(DType.Int32, Shape.Scalar));
        var program = new Program(Seq<Variable>(), Seq1(new Equation(new Primitives.Divide(), Seq<Atom>(one, zero), Seq1(quotient))), Seq1<Atom>(quotient), Seq<Assumption>());
        Assert.Same(program, program.Simplify());
        Assert.Throws<DivideByZeroException>(() => program.Evaluate());
    }

    [Fact]
    public void Dead_equations_go_and_captures_that_nothing_reads()
    {
        var program = Trace(x =>
        {
            _ = Sin(x) * X;
            return Exp(x);
        })(2.0);
        Assert.Single(program.Captures);
        var live = program.WithoutDeadCode();
        Assert.Equal("exp", string.Join(" ", live.Equations.Map(equation => equation.Primitive)));
        Assert.Empty(live.Captures);
        Assert.Equal("x", live.Names.Single());
    }

    [Fact]
    public void Arguments_stay_though_nothing_reads_them() =>
        Assert.Equal(2, Trace((Tensor x, Tensor y) => Sin(y))(X, X).Simplify().Arguments.Count);

    [Fact]
    public void What_an_assumption_reads_is_live()
    {
        var program = Trace(x => (bool)(Sum(x) > 0) ? x : -x)(X).Simplify();
        Assert.Equal("sum[axes=0] gt", string.Join(" ", program.Equations.Map(equation => equation.Primitive)));
        Assert.Single(program.Assumptions);
    }

    [Fact]
    public void Equal_equations_are_one()
    {
        var program = Trace(x => (Sin(x) * 2.0) + (Sin(x) * 2.0))(X).Simplify();
        Assert.Equal("sin mul add", string.Join(" ", program.Equations.Map(equation => equation.Primitive)));
    }

    [Fact]
    public void Sums_and_products_in_either_order_are_one()
    {
        var program = Trace((Tensor x, Tensor y) => ((x * y) + (x + y)) / ((y * x) - (y + x)))(X, X).Simplify();
        Assert.Equal("mul add add sub div", string.Join(" ", program.Equations.Map(equation => equation.Primitive)));
    }

    [Fact]
    public void Differences_in_either_order_are_two() =>
        Assert.Equal(2, Trace((Tensor x, Tensor y) => (x - y, y - x))(X, X).Simplify().Equations.Count);

    [Theory]
    [InlineData(0.0, -0.0)]
    [InlineData(1.0, 1.0000000000000002)]
    public void Equations_whose_literals_differ_in_a_bit_are_two(double one, double other) =>
        Assert.Equal(3, Trace(x => (x * one) + (x * other * 1.0))(X).ShareCommonSubexpressions().Equations.Count(equation => equation.Primitive is Primitives.Multiply));

    [Fact]
    public void Equations_with_the_same_NaN_are_one() =>
        Assert.Single(Trace((Tensor x) => (x * double.NaN, x * double.NaN))(X).Simplify().Equations);

    [Fact]
    public void Equations_whose_parameters_differ_are_two() =>
        Assert.Equal(2, Trace((Tensor x) => (Sum(x, 0), Sum(x, 1)))(Zeros([3, 3])).Simplify().Equations.Count);

    [Fact]
    public void Bind_fixes_the_arguments_it_is_given()
    {
        var program = Trace((Tensor x, Tensor y, Tensor z) => (x * y) + z)(X, X, 1.0);
        var bound = program.Bind(Seq(None, Some(X), Some(Tensor.From(0.5))));
        Assert.Equal(
            """
            let f (x: f64[3]) =
              capture c0: f64[3]
              let a: f64[3] = mul x c0
              let b: f64[3] = add a 0.5
              b
            """,
            bound.ToString());
        Assert.Same(X, Assert.Single(bound.Captures));
        Assert.Equal(program.Evaluate(X, X, 0.5), bound.Evaluate(X));
        Assert.Equal(program, program.Bind(Seq<Option<Tensor>>()));
    }

    [Fact]
    public void Bind_of_everything_is_a_program_of_no_arguments()
    {
        var bound = Trace(x => Sin(x) * 2.0)(X).Bind(Seq1(Some(X)));
        Assert.Empty(bound.Equations);
        Assert.Equal(Sin(X) * 2.0, bound.Evaluate()[0]);
    }

    private static Equation Apply(Primitive primitive, Variable result, params Atom[] inputs) => new(primitive, inputs.ToSeq(), Seq1(result));

    // One argument, then one capture, as variables 0 and 1.
    private static Program Captured(Tensor capture, TensorType argument, Equation[] equations, Atom result) =>
        new(Seq(new Variable(0, argument), new Variable(1, capture.Type)), equations.ToSeq(), Seq1(result), Seq<Assumption>()) { Captures = Seq1(capture) };
}
