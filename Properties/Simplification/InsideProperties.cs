using Functional.ControlFlow;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Simplification;

/// <summary>Simplification of carried programs: what nothing needs leaves them, what is the same at every step leaves loops.</summary>
public class InsideProperties
{
    private static readonly Tensor X = Tensor.From([0.5, -1.0, 2.0]);

    private static readonly TensorType Number = new(DType.Float64, Shape.Scalar);

    [Fact]
    public void What_is_the_same_at_every_step_is_computed_before_the_loop()
    {
        var scan = Applied(new Scan(Of(3, c => Seq1(c[0] + (c[1] * Sin(c[2] * 2.0)))), 1, 1, 3, false), Number, X.Type, Number);
        Assert.Equal("mul sin scan", Words(scan));
        Assert.Equal("mul add", Words(Step(scan)));

        var loop = Applied(new While(Of(2, c => Seq1(c[0] < c[1])), Of(2, c => Seq1(c[0] + Cos(c[1]))), 1, 100, 4), Number, Number);
        Assert.Equal("cos while", Words(loop));
    }

    // Before a loop that may make no step, nothing is done that could fail.
    [Fact]
    public void Work_that_may_fail_stays_in_a_loop_that_may_make_no_step()
    {
        static Tensor Quotient(Tensor k) => Convert(7 / Convert(k, DType.Int32), DType.Float64);
        var loop = Applied(new While(Of(2, c => Seq1(c[0] < c[1])), Of(2, c => Seq1(c[0] + Quotient(c[1]))), 1, 100, 4), Number, Number);
        Assert.Equal(0.5, (double)loop.Evaluate(0.5, 0.0)[0]);
        var scan = Applied(new Scan(Of(2, c => Seq1(c[0] + Quotient(c[1]))), 1, 0, 0, false), Number, Number);
        Assert.Equal(0.5, (double)scan.Evaluate(0.5, 0.0)[0]);
    }

    [Fact]
    public void Outputs_and_carries_that_nothing_needs_leave_a_loop()
    {
        var program = Simplified(
            (Tensor x, Tensor k) => Scan(
                ((Tensor A, Tensor B, Tensor C) c, Tensor row) => ((c.A + row, Sin(c.B * row), c.C), (Unread: Exp(row), Read: c.C * row)), (A: k, B: k, C: k), x) switch
            {
                var (carry, outputs) => carry.A + Sum(outputs.Read),
            },
            X,
            0.3);
        var scan = (Scan)program.Equations.Find(equation => equation.Primitive is Scan).Map(equation => equation.Primitive).IfNone(() => throw new InvalidOperationException("no scan"));
        Assert.Equal((1, 1), (scan.Carries, scan.Sequences));
        Assert.Equal("add mul", string.Join(" ", scan.Step.Equations.Map(equation => equation.Primitive)));
    }

    [Fact]
    public void A_branch_that_is_known_takes_the_place_of_the_conditional()
    {
        Assert.Equal("sin", Words(Simplified((Tensor x, Tensor k) => Cond((Tensor)1.0 < 2.0, x, y => Sin(y), y => Cos(y)), X, 0.3)));
        Assert.Equal("sin", Words(Simplified((Tensor x, Tensor k) => Cond(k > 0, x, y => Sin(y), y => Sin(y)), X, 0.3)));
    }

    [Fact]
    public void Loops_of_no_step_and_of_one_are_none()
    {
        Assert.Equal(string.Empty, Words(Simplified((Tensor x, Tensor k) => Scan((c, row) => (c + row, c), k, Zeros([0])).Carry, X, 0.3)));
        Assert.DoesNotContain("scan", Words(Simplified((Tensor x, Tensor k) => Scan((c, row) => (c + row, c), k, x[1..2]).Carry, X, 0.3)));
    }

    [Fact]
    public void Constants_fold_and_common_subexpressions_are_shared_inside()
    {
        var scan = Simplified((Tensor x, Tensor k) => Scan((c, row) => ((Sin(c * row) + Sin(c * row)) * ((Tensor)2.0 * 3.0), c), k, x).Carry, X, 0.3);
        Assert.Equal("mul sin add mul", Words(Step(scan)));
        Assert.Contains("6.0", Step(scan).ToString());
    }

    [Fact]
    public void A_loop_is_never_run_to_simplify() =>
        Assert.Equal("while", Words((Trace(k => While(c => c > 0, c => c + 1, k))(1.0) with { Captures = Seq1((Tensor)1.0) }).Simplify()));

    [Fact]
    public void Simplify_reaches_a_fixed_point_and_then_returns_the_same_object() => Theorem.Holds(ProgramDraw.Any, 60, draw =>
    {
        var simplified = draw.Program.Linearize().Primal.Simplify();
        Assert.Same(simplified, simplified.Simplify());
        simplified.Check().IfFail(faults => Assert.Fail(string.Join("\n", faults)));
    });

    // A carried program of numbers.
    private static Program Of(int arguments, Func<Seq<Tensor>, Seq<Tensor>> body) =>
        Functional.Programs.Trace.Of("Test", Enumerable.Repeat(Number, arguments).ToSeq().Strict(), body);

    private static Program Applied(Primitive primitive, params TensorType[] operands) =>
        Functional.Programs.Trace.Of("Test", operands.ToSeq(), inputs => primitive.ApplyAll([.. inputs]).ToSeq()).Simplify();

    private static Program Simplified(Func<Tensor, Tensor, Tensor> f, Tensor x, Tensor k) => Trace(f)(x, k).Simplify();

    private static string Words(Program program) => string.Join(" ", program.Equations.Map(equation => equation.Primitive.Name));

    private static Program Step(Program program) => program.Equations.Map(equation => equation.Primitive).OfType<Scan>().Single().Step;
}
