using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.ControlFlow;

/// <summary>Loops of every number of steps, with room for every number of states, and the zeros of what was not taken.</summary>
public class TripProperties
{
    // The same operations, their cotangents added in another order.
    private const double Rounded = 1e-12;

    private sealed record Leaves(Tensor Taken, Tensor NotTaken, Tensor Unused);

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(32)]
    public void Reverse_mode_through_a_loop_of_any_number_of_steps(int states)
    {
        Tensor x = Tensor.From([0.4, -0.3]), k = 0.9;
        var gradient = Trace((Tensor x, Tensor k, Tensor steps) => Grad(((Tensor x, Tensor k) p) =>
            Sum(While(s => s.Step < steps, s => (Step: s.Step + 1, Value: Step(s.Value, p.k)), (Step: Zeros([], DType.Int64), Value: p.x), states: states).Value))((x, k)))(x, k, Tensor.From(0L)).Simplify();
        foreach (var steps in Enumerable.Range(0, 41).Concat([63, 64, 65, 100, 257]))
        {
            var (byX, byK) = Grad(((Tensor x, Tensor k) p) => Sum(Enumerable.Range(0, steps).Aggregate(p.x, (c, _) => Step(c, p.k))))((x, k));
            var given = gradient.Evaluate(x, k, Tensor.From((long)steps));
            Closeness.Within(byX, given[0], Rounded, $"{steps} steps, the gradient of the carry");
            Closeness.Within(byK, given[1], Rounded, $"{steps} steps, the gradient of what is closed over");
        }
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(true, 2)]
    [InlineData(true, 7)]
    [InlineData(false, 10)]
    public void Scan_of_every_length_is_the_loop_of_the_host_bit_for_bit(bool reverse, int? every)
    {
        foreach (var dtype in (DType[])[DType.Float64, DType.Float32])
            foreach (var length in (int[])[0, 1, 2, 7])
            {
                Tensor xs = Convert(Sin(Arange(length) + 0.5), dtype), c = Convert(0.4, dtype);
                static (State, State) Body(State s, (Tensor Row, Tensor Place) at) => (
                    new(Sin((s.Value * at.Row) + Convert(at.Place, s.Value.DType)), s.Step + at.Place, Xor(s.IsOdd, at.Row > 0)),
                    new(s.Value * 0.5, s.Step, s.IsOdd));
                var start = new State(c, Tensor.From(3L), Tensor.From(true));
                var (expected, rows) = Flow.Host.Scan(Body, start, (xs, Arange(length)), reverse, every);
                var (given, outputs) = Flow.Structured.Scan(Body, start, (xs, Arange(length)), reverse, every);
                Same(expected, given);
                Same(rows, outputs);
                // The same operations in the same order: gradients too are equal, but for the order in which one value's uses are added.
                Tensor By(Flow flow, Tensor c, Tensor xs) => flow.Scan(Body, start with { Value = c }, (xs, Arange(length)), reverse, every) is var (end, all) ? end.Value + Sum(all.Value) : c;
                var (oneC, oneXs) = Grad(((Tensor c, Tensor xs) p) => By(Flow.Host, p.c, p.xs))((c, xs));
                var (otherC, otherXs) = Grad(((Tensor c, Tensor xs) p) => By(Flow.Structured, p.c, p.xs))((c, xs));
                Closeness.Within(oneC, otherC, dtype == DType.Float64 ? Rounded : 1e-5, "the gradient of the carry");
                Closeness.Within(oneXs, otherXs, dtype == DType.Float64 ? Rounded : 1e-5, "the gradient of the sequence");
            }
    }

    // A recomputation is the same operations on the same values.
    [Fact]
    public void Checkpoint_changes_no_bit_of_values_and_gradients() => Theorem.Holds(NestDraw.Any(2), 25, draw =>
    {
        var f = draw.Function(Flow.Structured);
        foreach (var policy in (ResidualPolicy[])[ResidualPolicy.Nothing, ResidualPolicy.Everything, ResidualPolicy.Contractions, ResidualPolicy.MinimumCut])
        {
            Closeness.Same(f(Derived.X), Checkpoint(f, policy)(Derived.X), $"value, {policy}");
            Closeness.Same(Vjp(f)(Derived.X).Pullback(Derived.V), Vjp(Checkpoint(f, policy))(Derived.X).Pullback(Derived.V), $"gradient, {policy}");
            Closeness.Same(Jvp(f)(Derived.X, Derived.V).Tangent, Jvp(Checkpoint(f, policy))(Derived.X, Derived.V).Tangent, $"tangent, {policy}");
        }
    });

    [Fact]
    public void The_gradient_of_a_branch_not_taken_is_zero_in_a_Cond_and_none_on_the_host()
    {
        var at = new Leaves(2.0, 3.0, 4.0);
        foreach (var isTaken in (bool[])[true, false])
        {
            var cond = OptionalGrad((Leaves p) => Cond(Tensor.From(isTaken), p, q => q.Taken * q.Taken, q => q.NotTaken * q.NotTaken))(at);
            Assert.Equal(Some(isTaken ? 4.0 : 0.0), cond[p => p.Taken].Map(gradient => (double)gradient));
            Assert.Equal(Some(isTaken ? 0.0 : 6.0), cond[p => p.NotTaken].Map(gradient => (double)gradient));
            Assert.True(cond[p => p.Unused].IsNone);
            var closed = OptionalGrad((Leaves p) => Cond(p.Taken > (isTaken ? 0.0 : 9.0), p.Unused, _ => p.Taken * p.Taken, _ => p.NotTaken * p.NotTaken))(at);
            Assert.Equal(Some(isTaken ? 0.0 : 6.0), closed[p => p.NotTaken].Map(gradient => (double)gradient));
            Assert.True(closed[p => p.Unused].IsNone);
            var host = OptionalGrad((Leaves p) => (bool)(p.Taken > (isTaken ? 0.0 : 9.0)) ? p.Taken * p.Taken : p.NotTaken * p.NotTaken)(at);
            Assert.Equal(isTaken ? Some(4.0) : None, host[p => p.Taken].Map(gradient => (double)gradient));
            Assert.Equal(isTaken ? None : Some(6.0), host[p => p.NotTaken].Map(gradient => (double)gradient));
        }
    }

    [Fact]
    public void What_a_branch_not_taken_cannot_compute_does_not_spoil_the_gradient()
    {
        static Tensor ByOperand(Tensor x) => Cond(x > 0, x, y => Sqrt(y) * Log(y), y => y * y);
        static Tensor ByClosure(Tensor x) => Cond(x > 0, x, _ => Sqrt(x) * Log(x), _ => x * x);
        foreach (var f in (Func<Tensor, Tensor>[])[ByOperand, ByClosure, x => Checkpoint(ByOperand)(x), x => Scan(c => (ByOperand(c), c), x, 1).Carry])
        {
            Closeness.Same(-4.0 + Zeros([]), Grad(f)(-2.0), "Grad");
            Closeness.Same(-4.0 + Zeros([]), Jvp(f)(-2.0, 1.0).Tangent, "Jvp");
            Closeness.Same(2.0 + Zeros([]), Grad(Grad(f))(-2.0), "Grad of Grad");
            Closeness.Within(Stack([Grad(f)(4.0), -4.0]), Vmap(Grad(f))(Tensor.From([4.0, -2.0])), Rounded, "Vmap of Grad");
            Closeness.Within(Stack([Grad(f)(4.0), -4.0]), Grad(x => Sum(Vmap(f)(x)))(Tensor.From([4.0, -2.0])), Rounded, "Grad of Vmap");
        }
    }

    [Fact]
    public void Literals_take_the_type_of_what_they_meet()
    {
        var xs = Tensor.From([0.5f, -1, 2]);
        Assert.Equal(DType.Float32, Scan((c, x) => (c + x, c), (Tensor)0.0, xs).Outputs.DType);
        Assert.Equal(DType.Float32, While(c => c < 3.0, c => c + xs[2], (Tensor)0).DType);
        Assert.Equal(DType.Float32, For(0, 2, (_, c) => c * xs[0], (Tensor)1.0).DType);
        Assert.Equal(DType.Float64, Scan((c, x) => (c + x, c), (Tensor)0.0, Convert(xs, DType.Float64)).Carry.DType);
        Assert.Equal(DType.Float32, Cond(xs[0] > 0, xs[0], _ => 0.0, x => x).DType);
        var (inner, outer) = Scan((c, x) => ((c.Item1 + x, Scan((d, y) => (d + y, d), c.Item2, xs).Carry), c.Item2), ((Tensor)0.0, (Tensor)0.0), xs);
        Assert.Equal((DType.Float32, DType.Float32, DType.Float32), (inner.Item1.DType, inner.Item2.DType, outer.DType));
        Assert.Equal(DType.Float32, Vmap((Tensor row) => Scan((c, x) => (c + x, c), 0.0, row).Carry)(Stack([xs, xs])).DType);
        Assert.Equal(DType.Int32, While(c => c < 3, c => c + 1, (Tensor)0).DType);
        Assert.Equal(DType.Int64, For(0, 3, (i, c) => c + i, Tensor.From(0L)).DType);
    }

    private static Tensor Step(Tensor c, Tensor k) => Sin((c * 1.3) + (k * Sum(c)));

    private static void Same(State expected, State given)
    {
        Closeness.Same(expected.Value, given.Value, "value");
        Closeness.Same(expected.Step, given.Step, "step");
        Closeness.Same(expected.IsOdd, given.IsOdd, "truth");
    }
}
