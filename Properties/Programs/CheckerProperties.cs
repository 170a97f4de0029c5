using Functional.ControlFlow;
using Functional.Primitives;
using Functional.Programs;
using Xunit;

namespace Functional.Properties.Programs;

/// <summary>The checker names each fault of a program put together wrongly.</summary>
public class CheckerProperties
{
    private static readonly TensorType Number = new(DType.Float64, Shape.Scalar);
    private static readonly TensorType Three = new(DType.Float64, [3]);

    [Fact]
    public void A_right_program_passes()
    {
        var program = Of([V(0)], [Sine(V(0), V(1))], [V(1)]);
        Assert.Same(program, program.Check().Match(Succ: right => right, Fail: faults => throw new InvalidOperationException(string.Join("\n", faults))));
    }

    [Fact]
    public void A_fault_of_a_carried_program() => Finds(
        Of([V(0)], [new(new Checkpoint(Of([V(0)], [Sine(V(0), V(2))], [V(2)]), ResidualPolicy.Nothing), Seq1<Atom>(V(0)), Seq1(V(1)))], [V(1)]),
        "checkpoint[nothing], body: sin: variable 2 is out of order; expected 1");

    [Fact]
    public void A_carried_program_that_closes_over_a_traced_value() => Trace.Of("Test", Seq1(Number), inputs =>
    {
        var body = Of([V(0)], [Sine(V(0), V(1))], [V(1)]) with { Inputs = Seq(V(0), V(1)), Equations = Seq1(Sine(V(1), V(2))), Outputs = Seq1<Atom>(V(2)), Captures = inputs };
        Finds(
            Of([V(0)], [new(new Checkpoint(body, ResidualPolicy.Nothing), Seq1<Atom>(V(0)), Seq1(V(1)))], [V(1)]),
            "checkpoint[nothing], body: closes over a value that is not known; it must be an operand");
        return inputs;
    });

    [Fact]
    public void A_variable_defined_twice() =>
        Finds(Of([V(0)], [Sine(V(0), V(0))], [V(0)]), "sin: variable 0 is defined twice");

    [Fact]
    public void An_input_defined_twice() =>
        Finds(Of([V(0), V(0)], [], [V(0)]), "the inputs: variable 0 is defined twice");

    [Fact]
    public void A_variable_read_before_it_is_defined() =>
        Finds(Of([V(0)], [Sine(V(2), V(1)), Sine(V(1), V(2))], [V(2)]), "sin: variable 2 is read before it is defined");

    [Fact]
    public void An_output_that_nothing_defines() =>
        Finds(Of([V(0)], [], [V(5)]), "the outputs: variable 5 is read before it is defined");

    [Fact]
    public void A_variable_read_with_another_type() =>
        Finds(Of([V(0)], [Sine(new Variable(0, Three), new Variable(1, Three))], [new Variable(1, Three)]), "sin: variable 0 is f64[], read as f64[3]");

    [Fact]
    public void An_id_out_of_order() =>
        Finds(
            Of([V(0)], [Sine(V(0), V(2)), Sine(V(2), V(1))], [V(1)]),
            "sin: variable 2 is out of order; expected 1",
            "sin: variable 1 is out of order; expected 2");

    [Fact]
    public void A_result_of_another_type_than_the_primitive_gives() =>
        Finds(Of([V(0)], [Sine(V(0), new Variable(1, Three))], [new Variable(1, Three)]), "sin: gives f64[], declared f64[3]");

    [Fact]
    public void Too_many_results() =>
        Finds(Of([V(0)], [new(new Sin(), Seq1<Atom>(V(0)), Seq(V(1), V(2)))], [V(1)]), "sin: gives f64[], declared f64[], f64[]");

    [Fact]
    public void Too_few_operands() =>
        Finds(Of([V(0)], [new(new Add(), Seq1<Atom>(V(0)), Seq1(V(1)))], [V(1)]), "add: takes more operands than the 1 given");

    [Fact]
    public void Operands_that_do_not_fit() =>
        Finds(
            Of([new Variable(0, Three), new Variable(1, new(DType.Float64, [4]))], [new(new Add(), Seq<Atom>(new Variable(0, Three), new Variable(1, new(DType.Float64, [4]))), Seq1(new Variable(2, Three)))], [new Variable(2, Three)]),
            "add: shapes differ: f64[3], f64[4]. Broadcast them first.");

    [Fact]
    public void More_captures_than_inputs() =>
        Finds(Of([V(0)], [], [V(0)]) with { Captures = Seq(Tensor.From(1.0), Tensor.From(2.0)) }, "2 captures for 1 inputs");

    [Fact]
    public void A_capture_of_another_type() =>
        Finds(Of([V(0)], [], [V(0)]) with { Captures = Seq1(Tensor.From([1.0, 2])) }, "capture 0 is f64[2] for an input of f64[]");

    [Fact]
    public void An_assumption_on_nothing() =>
        Finds(Of([V(0)], [], [V(0)]) with { Assumptions = Seq1(new Assumption(V(3), new Literal(true))) }, "an assumption: variable 3 is read before it is defined");

    [Fact]
    public void All_faults_are_found() =>
        Finds(Of([V(0)], [Sine(V(7), V(0))], [V(9)]),
            "sin: variable 7 is read before it is defined",
            "sin: variable 0 is defined twice",
            "the outputs: variable 9 is read before it is defined");

    [Fact]
    public void A_literal_is_a_value_of_rank_0() =>
        Assert.Equal(
            "Literal: needs a value of rank 0, given f64[3]. Larger constants are captured inputs.",
            Assert.Throws<ShapeException>(() => new Literal(Tensor.From([1.0, 2, 3]))).Message);

    private static Variable V(int id) => new(id, Number);

    private static Equation Sine(Variable x, Variable y) => new(new Sin(), Seq1<Atom>(x), Seq1(y));

    private static Program Of(Variable[] inputs, Equation[] equations, Atom[] outputs) => new(inputs.ToSeq(), equations.ToSeq(), outputs.ToSeq(), Seq<Assumption>());

    private static void Finds(Program program, params string[] faults) =>
        Assert.Equal(faults, program.Check().Match(Succ: _ => [], Fail: found => found.ToArray()));
}
