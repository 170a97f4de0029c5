using Functional.Programs;
using Functional.Structures;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.ControlFlow;

/// <summary>What a user reads after a mistake in structured control flow, to the letter and at the user's own line.</summary>
public class ControlFlowErrors
{
    private static readonly Tensor X = Tensor.From([1.0, 2, 3]);

    [Fact]
    public void A_predicate_that_is_no_scalar() =>
        Says<ShapeException>("Cond: the predicate is bool[3]; expected bool[]. Reduce it with All or Any, or use Where, which selects element by element.", () => Cond(X > 0, X, x => x, x => -x));

    [Fact]
    public void A_predicate_that_is_a_number() =>
        Says<ShapeException>("Cond: the predicate is f64[]; expected bool[]. Reduce it with All or Any, or use Where, which selects element by element.", () => Cond(Sum(X), X, x => x, x => -x));

    [Fact]
    public void Branches_whose_results_differ_in_shape() =>
        Says<ShapeException>("Cond: the branches' results differ: result is f64[3] if true, f64[] if false. Both must give the same types; convert or broadcast one.", () => Cond(true, X, x => x, x => Sum(x)));

    [Fact]
    public void Branches_whose_results_differ_in_element_type() =>
        Says<ShapeException>("Cond: the branches' results differ: result.Item2 is i64[3] if true, f64[3] if false. Both must give the same types; convert or broadcast one.", () => Cond(true, X, x => (x, Convert(x, DType.Int64)), x => (x, x)));

    [Fact]
    public void Branches_whose_results_differ_in_structure() =>
        Assert.StartsWith("Cond: the results of the branches: the structures differ:", Assert.Throws<StructureException>(() => Cond(true, X, x => new[] { x }, x => [x, x])).Message);

    [Fact]
    public void A_carry_that_changes_shape() =>
        Says<ShapeException>("Scan: the carry changes type: carry was f64[], became f64[3]. Give the initial carry the type that the step returns, or convert what it returns.", () => Scan((c, x) => (c + X, x), (Tensor)0.0, X));

    [Fact]
    public void A_leaf_of_a_carry_that_changes_element_type() =>
        Says<ShapeException>("While: the carry changes type: carry.Item2 was i64[], became f64[]. Give the initial carry the type that the step returns, or convert what it returns.", () => While(c => c.Item1 < 3, c => (c.Item1 + 1, c.Item2 * X[0]), ((Tensor)0, Tensor.From(3L))));

    [Fact]
    public void A_carry_that_changes_structure() =>
        Assert.StartsWith("For: the carry before and after a step: the structures differ:", Assert.Throws<StructureException>(() => For(0, 3, (_, c) => [.. c, X], new[] { X })).Message);

    [Fact]
    public void A_carry_without_a_tensor() =>
        Says<StructureException>("While: the argument of type double holds no tensor. Only Tensor members vary; an int, a double or a string is static.", () => While<double>(c => c < 3.0, c => c + 1, 0.0));

    [Fact]
    public void Sequences_of_unequal_lengths() =>
        Says<ShapeException>("Scan: the sequences are of unequal lengths: sequence.Item1 is f64[3] (3 rows), sequence.Item2 is f64[2,2] (2 rows).", () => Scan((Tensor c, (Tensor, Tensor) x) => (c, x.Item1), (Tensor)0.0, (X, Zeros([2, 2]))));

    [Fact]
    public void A_length_that_is_not_that_of_the_sequence() =>
        Says<ShapeException>("Scan: length is 5, but sequence is f64[3] (3 rows).", () => Scan((c, x) => (c, x), X[0], X, length: 5));

    [Fact]
    public void A_negative_length() =>
        Says<ShapeException>("Scan: length is -1; expected a number of steps, from 0 on.", () => Scan(c => (c, c), X, -1));

    [Fact]
    public void A_scalar_in_place_of_a_sequence() =>
        Says<ShapeException>("Map: sequence is the scalar f64[], which has no rows to step along. Close over what is the same at every step.", () => Map(x => x, (Tensor)1.0));

    [Fact]
    public void A_stretch_without_a_step() =>
        Says<ShapeException>("Scan: checkpointEvery is 0; expected a number of steps, from 1 on.", () => Scan((c, x) => (c, x), X[0], X, checkpointEvery: 0));

    [Fact]
    public void A_condition_that_is_no_scalar() =>
        Says<ShapeException>("While: the condition gives bool[3]; expected bool[]. Compare it with something, and reduce it with All or Any.", () => While(x => x < 3, x => x + 1, X));

    [Fact]
    public void A_bound_that_is_no_integer() =>
        Says<ShapeException>("For: to is f64[]; expected an integer scalar.", () => For(0, 3.5, (_, x) => x, X));

    [Fact]
    public void A_loop_that_never_ends() =>
        Says<LoopException>("While: the condition still holds after 1,000 steps, with f64[] = 2.0 carried. Check that the body brings its end nearer, or give a higher limit.", () => While(x => x > 0, x => (x * 0.5) + 1.0, (Tensor)2.0, limit: 1000));

    [Fact]
    public void A_loop_that_never_ends_under_a_derivative() =>
        Assert.StartsWith("While: the condition still holds after 10 steps", Assert.Throws<LoopException>(() => Grad(y => While(x => x > 0, x => (x * 0.5) + y, y, limit: 10))(2.0)).Message);

    [Fact]
    public void A_limit_and_a_number_of_states_that_make_no_sense()
    {
        Assert.StartsWith("While: the limit is a number of steps, from 0 on.", Assert.Throws<ArgumentOutOfRangeException>(() => While(x => x > 0, x => x, X[0], limit: -1)).Message);
        Assert.StartsWith("While: reverse mode needs an even number of states, at least 4.", Assert.Throws<ArgumentOutOfRangeException>(() => While(x => x > 0, x => x, X[0], states: 3)).Message);
    }

    [Fact]
    public void A_host_decision_on_a_carry() =>
        Says<TraceException>("(bool): the value of bool[] is not known while Scan traces. Use Where or Cond, which keep both branches in the program.", () => Scan((c, x) => ((bool)(c > 0) ? c : x, x), 0.0, X));

    [Fact]
    public void A_host_decision_in_a_branch() =>
        Says<TraceException>("(bool): the value of bool[] is not known while Cond traces. Use Where or Cond, which keep both branches in the program.", () => Cond(true, X, x => (bool)(x[0] > 0) ? x : -x, x => x));

    [Fact]
    public void A_host_number_from_a_carry() =>
        Says<TraceException>("(double): the value of f64[] is not known while While traces. Compute with the tensor itself; to decide, use Where or Cond.", () => While(x => x > 0, x => x - (double)x, (Tensor)1.0));

    [Fact]
    public void A_host_count_from_a_carry() =>
        Says<TraceException>("(int): the value of i64[] is not known while Scan traces. Index with the tensor itself, or use For or While, whose bounds may be tensors.", () => Scan((c, x) => (c, X[(int)c] * x), Tensor.From(0L), X));

    [Fact]
    public void The_elements_of_a_carry_on_the_host() =>
        Says<TraceException>("AsSpan<Double>: the value of f64[] is not known while Scan traces. Compute with the tensor itself; to decide, use Where or Cond.", () => Scan((c, x) => (c, c.ToArray<double>()[0] * x), X[0], X));

    [Fact]
    public void A_carry_that_escapes()
    {
        Tensor? escaped = null;
        Scan((c, x) => (escaped = c, x), X[0], X);
        Says<TraceException>("add: a tensor f64[] escaped from the function that Scan traced, and has no value outside it. Return it from that function instead of storing it.", () => escaped! + 1.0);
    }

    [Fact]
    public void A_carry_of_Scan_without_a_tensor() =>
        Says<StructureException>("Scan: the argument of type double holds no tensor. Only Tensor members vary; an int, a double or a string is static.", () => Scan<double, Tensor, Tensor>((c, x) => (c + 1, x), 0.0, X));

    [Fact]
    public void A_number_that_changes_beside_the_tensors_of_a_carry() =>
        Says<StructureException>("While: the carry before and after a step: the structures differ: Item2 is the value 3 in the first and the value 4 in the second. Only tensors change from step to step: give back the structure that went in, and carry a Tensor in place of a number that changes.", () => While(c => c.Item1 < 3.0, c => (c.Item1 + 1.0, c.Item2 + 1), (X[0], 3)));

    [Fact]
    public void A_number_that_differs_between_branches() =>
        Says<StructureException>("Cond: the results of the branches: the structures differ: Item2 is the value 1 in the first and the value 2 in the second. Only tensors may differ from branch to branch: give both the same structure, and a Tensor in place of a number that differs.", () => Cond(true, X, x => (x, 1), x => (x, 2)));

    [Fact]
    public void A_sequence_without_a_tensor() =>
        Says<ShapeException>("Scan: there is no tensor to step along. Give a sequence, or say length: how many steps there are.", () => Scan<Tensor, double[], Tensor>((c, x) => (c + x[0], c), X[0], [1.0, 2]));

    [Fact]
    public void A_row_of_a_batch_that_is_a_scalar() =>
        Says<ShapeException>("Scan: sequence is the scalar f64[], which has no rows to step along. Close over what is the same at every step.", () => Vmap((Tensor x) => Scan((c, row) => (c, row), x, x).Carry)(X));

    [Fact]
    public void A_step_that_computes_with_the_wrong_shapes_fails_at_its_own_line() =>
        Says<ShapeException>("add: shapes do not broadcast: f64[3] and f64[2] differ at axis −1 (3 ≠ 2, and neither is 1).", () => Scan((c, row) => (c, X + Zeros([2])), X[0], X));

    [Fact]
    public void A_loop_that_never_ends_for_one_member_of_a_batch() =>
        Assert.StartsWith("While: the condition still holds after 100 steps", Assert.Throws<LoopException>(() => Vmap((Tensor y) => While(c => c > 0, c => c - y, y + 4.0, limit: 100))(Tensor.From([1.0, -1.0]))).Message);

    [Fact]
    public void A_host_decision_in_a_loop_on_what_it_closes_over_is_remembered_outside()
    {
        static Tensor F(Tensor x) => Scan((c, row) => ((bool)(x[0] > 0) ? c + row : c - row, c), 0.0, x).Carry;
        Assert.Equal([1.0, 1, 1], Grad(F)(X).ToArray<double>());
        Assert.Equal([-1.0, -1, -1], Grad(F)(-X).ToArray<double>());
        Assert.Equal(1, Trace(F)(X).Simplify().Assumptions.Count);
    }

    private static void Says<E>(string message, Func<object?> act)
        where E : Exception
    {
        var thrown = Assert.Throws<E>(() => act());
        Assert.Equal(message, thrown.Message);
        Assert.Contains(nameof(ControlFlowErrors), thrown.StackTrace);
    }
}
