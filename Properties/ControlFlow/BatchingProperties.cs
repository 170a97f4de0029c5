using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.ControlFlow;

/// <summary>Loops and branches in a batch: whichever of carry, sequence, closure and predicate differ from member to member.</summary>
public class BatchingProperties
{
    private const int Members = 3;

    // A batch may sum in another order.
    private const double Reordered = 1e-13;

    private delegate Seq<Tensor> Function(Tensor carry, Tensor rows, Tensor shared, Tensor decision);

    private static readonly Dictionary<string, Function> Functions = new()
    {
        ["Scan"] = (c, xs, k, p) =>
        {
            var (carry, outputs) = Scan((s, x) => ((Value: Sin(s.Value * x) + k, Count: s.Count + 1, p: Not(s.p)), (s.Value * k, s.Count, s.p)), (Value: c, Count: (Tensor)0, p), xs, reverse: true);
            return Seq(carry.Value, carry.Count, carry.p, outputs.Item1, outputs.Item2, outputs.Item3);
        },
        ["Scan with checkpoints"] = (c, xs, k, _) => Scan((s, x) => (Sin(s * x) + k, s), c, xs, checkpointEvery: 2) is var (carry, outputs) ? Seq(carry, outputs) : Seq<Tensor>(),
        ["Scan of what only goes in"] = (c, xs, k, _) => Scan((s, x) => (s, (x * k, s)), c, xs) is var (carry, outputs) ? Seq(carry, outputs.Item1, outputs.Item2) : Seq<Tensor>(),
        ["Scan of no step"] = (c, xs, k, _) => Scan((s, x) => (Sin(s * x) + k, s), c, xs[..0]) is var (carry, outputs) ? Seq(carry, outputs) : Seq<Tensor>(),
        ["Cond"] = (c, xs, k, p) => Seq1(Cond(p, (c, xs), o => Sin(o.c) + k, o => Sum(o.xs) * k)),
        ["Cond of structures"] = (c, xs, k, p) => Cond(p, c, s => (s, Sum(xs), k > 0), s => (k, Sum(xs * s), s > 0)) is var (a, b, d) ? Seq(a, b, d) : Seq<Tensor>(),
        ["Scan of Cond"] = (c, xs, k, p) => Seq1(Scan((s, x) => (Cond(And(s > x, p), s, t => Sin(t) * k, t => t + x), s), c, xs).Carry),
        ["Cond of Scan"] = (c, xs, k, p) => Seq1(Cond(p, c, s => Scan((t, x) => (Sin(t + x) * k, t), s, xs).Carry, s => s * k)),
        ["While"] = (c, xs, k, p) =>
        {
            var end = While(s => And(s.Value < 4.0, s.Step < 9), s => (Value: s.Value + Abs(k) + Where(p, 0.5, 0.25), Step: s.Step + 1), (Value: c, Step: (Tensor)0), states: 4);
            return Seq(end.Value, end.Step);
        },
        ["While of what closes over"] = (c, xs, k, _) => Seq1(While(s => Sum(s) < k * 5.0, s => s + Abs(xs) + 0.3, xs * c)),
        ["For of traced bounds"] = (c, xs, k, p) => Seq1(For(0, Convert(p, DType.Int32) + 2, (i, s) => (s * k) + Take(xs, i), c)),
        ["While in While"] = (c, xs, k, _) => Seq1(While(s => s < 6.0, s => While(t => t < s + 1.0, t => t + 0.2 + Abs(k), s) + 0.1, c)),
        ["Map"] = (c, xs, k, p) => Seq1(Map(x => Where(p, x * k, c), xs)),
        ["Checkpoint"] = (c, xs, k, p) => Seq1(Checkpoint<(Tensor, Tensor), Tensor>(o => Sin(o.Item1) * Sum(o.Item2) * k)((c, xs))),
    };

    public static TheoryData<string> Names() => new(Functions.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_of_any_operands_is_a_loop_over_its_members(string name)
    {
        var program = Of(Functions[name]);
        var members = Enumerable.Range(0, Members).Select(Member).ToArray();
        for (var mask = 1; mask < 16; mask++)
        {
            var batched = Enumerable.Range(0, 4).Select(i => (mask >> i & 1) == 1).ToSeq().Strict();
            Tensor[] At(int member) => [.. batched.Select((isBatched, i) => members[isBatched ? member : 0][i])];
            Tensor[] all = [.. batched.Select((isBatched, i) => isBatched ? Numbers.Stacked(members[0][i].Type, members.Select(member => member[i])) : members[0][i])];
            var together = program.Vmap(Members, batched).Evaluate(all);
            var simplified = program.Simplify().Vmap(Members, batched).Simplify().Evaluate(all);
            for (var member = 0; member < Members; member++)
                foreach (var ((alone, among), simple) in program.Evaluate(At(member)).Zip(together).Zip(simplified))
                {
                    Closeness.Within(alone, Numbers.Member(among, member), Reordered, $"operands {mask:b4}, member {member}");
                    Closeness.Within(alone, Numbers.Member(simple, member), Reordered, $"simplified, operands {mask:b4}, member {member}");
                }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_of_derivatives_is_the_derivative_of_a_batch(string name)
    {
        var program = Of(Functions[name]);
        var members = Enumerable.Range(0, Members).Select(Member).ToArray();
        Tensor Weighted(Seq<Tensor> results) => results.Filter(result => result.DType.IsFloat()).Map(result => Sum(result * 0.7)).Fold(Zeros([]), (sum, next) => sum + next);
        for (var mask = 1; mask < 16; mask++)
        {
            // What is batched: a value each; what is shared: the first member's.
            var at = Enumerable.Range(0, 4).Select(i => (mask >> i & 1) == 1).ToArray();
            Tensor Operand(int i, int member) => members[at[i] ? member : 0][i];
            var stacks = Enumerable.Range(0, 3).Select(i => Stack([.. Enumerable.Range(0, Members).Select(member => Operand(i, member))])).ToArray();
            var decisions = Numbers.Stacked(members[0][3].Type, Enumerable.Range(0, Members).Select(member => Operand(3, member)));
            Tensor F((Tensor C, Tensor Xs, Tensor K) o, Tensor p) => Weighted(program.Evaluate(o.C, o.Xs, o.K, p));
            var expected = Enumerable.Range(0, Members).Select(member =>
                Grad(((Tensor, Tensor, Tensor) o) => F(o, Operand(3, member)))((Operand(0, member), Operand(1, member), Operand(2, member)))).ToArray();
            var grad = Grad<(Tensor, Tensor, Tensor), Tensor>(F);
            var one = Vmap((Tensor c, (Tensor Xs, Tensor K) o, Tensor p) => grad((c, o.Xs, o.K), p))(stacks[0], (stacks[1], stacks[2]), decisions);
            var other = Grad(((Tensor C, Tensor Xs, Tensor K) o) => Sum(Vmap((Tensor c, (Tensor Xs, Tensor K) rest, Tensor p) => F((c, rest.Xs, rest.K), p))(o.C, (o.Xs, o.K), decisions)))((stacks[0], stacks[1], stacks[2]));
            foreach (var (gradient, what) in new[] { (one, "Vmap of Grad"), (other, "Grad of Vmap") })
            {
                Closeness.Within(Stack(expected.Select(each => each.Item1)), gradient.Item1, Reordered, $"{what}: carry, {mask:b4}");
                Closeness.Within(Stack(expected.Select(each => each.Item2)), gradient.Item2, Reordered, $"{what}: rows, {mask:b4}");
                Closeness.Within(Stack(expected.Select(each => each.Item3)), gradient.Item3, Reordered, $"{what}: closure, {mask:b4}");
            }
        }
    }

    private static Program Of(Function function) => Functional.Programs.Trace.Of(
        "Batch", Seq([.. Member(0).Select(operand => operand.Type)]), operands => function(operands[0], operands[1], operands[2], operands[3]));

    private static Tensor[] Member(int member) =>
        [0.4 - (0.5 * member) + Zeros([]), Tensor.From([0.9, -0.3, 0.5]) * (1.0 + (0.4 * member)), 0.8 + (0.3 * member) + Zeros([]), Tensor.From(member != 1)];
}
