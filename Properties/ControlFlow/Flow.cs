using static Functional.TensorMath;

namespace Functional.Properties.ControlFlow;

/// <summary>What a drawn loop carries: a float, an integer and a truth value.</summary>
internal sealed record State(Tensor Value, Tensor Step, Tensor IsOdd);

/// <summary>Two ways to say control flow: with the library's functions, and with those of C#.</summary>
internal abstract class Flow
{
    internal static Flow Structured { get; } = new ByPrimitives();

    internal static Flow Host { get; } = new ByTheHost();

    internal abstract Tensor Cond(Tensor predicate, Tensor operand, Func<Tensor, Tensor> ifTrue, Func<Tensor, Tensor> ifFalse);

    internal abstract (State Carry, State Outputs) Scan(Func<State, (Tensor Row, Tensor Place), (State, State)> step, State initial, (Tensor Row, Tensor Place) rows, bool reverse, int? every);

    internal abstract State While(Func<State, Tensor> condition, Func<State, State> body, State initial);

    internal abstract Tensor For(Tensor from, Tensor to, Func<Tensor, Tensor, Tensor> body, Tensor initial);

    internal abstract Tensor Map(Func<Tensor, Tensor> f, Tensor rows);

    internal abstract Tensor Vmap(Func<Tensor, Tensor> f, Tensor rows);

    internal abstract Tensor Checkpoint(Func<Tensor, Tensor> f, Tensor x);

    private sealed class ByPrimitives : Flow
    {
        internal override Tensor Cond(Tensor predicate, Tensor operand, Func<Tensor, Tensor> ifTrue, Func<Tensor, Tensor> ifFalse) =>
            Transforms.Cond(predicate, operand, ifTrue, ifFalse);

        internal override (State Carry, State Outputs) Scan(Func<State, (Tensor Row, Tensor Place), (State, State)> step, State initial, (Tensor Row, Tensor Place) rows, bool reverse, int? every) =>
            Transforms.Scan(step, initial, rows, reverse: reverse, checkpointEvery: every);

        internal override State While(Func<State, Tensor> condition, Func<State, State> body, State initial) =>
            Transforms.While(condition, body, initial, limit: 100, states: 4);

        internal override Tensor For(Tensor from, Tensor to, Func<Tensor, Tensor, Tensor> body, Tensor initial) => Transforms.For(from, to, body, initial);

        internal override Tensor Map(Func<Tensor, Tensor> f, Tensor rows) => Transforms.Map(f, rows);

        internal override Tensor Vmap(Func<Tensor, Tensor> f, Tensor rows) => Transforms.Vmap(f)(rows);

        internal override Tensor Checkpoint(Func<Tensor, Tensor> f, Tensor x) => Transforms.Checkpoint(f)(x);
    }

    private sealed class ByTheHost : Flow
    {
        internal override Tensor Cond(Tensor predicate, Tensor operand, Func<Tensor, Tensor> ifTrue, Func<Tensor, Tensor> ifFalse) =>
            (bool)predicate ? ifTrue(operand) : ifFalse(operand);

        internal override (State Carry, State Outputs) Scan(Func<State, (Tensor Row, Tensor Place), (State, State)> step, State initial, (Tensor Row, Tensor Place) rows, bool reverse, int? every)
        {
            var (carry, outputs) = (initial, new State[rows.Row.Shape[0]]);
            for (var done = 0; done < outputs.Length; done++)
            {
                var i = reverse ? outputs.Length - 1 - done : done;
                (carry, outputs[i]) = step(carry, (rows.Row[i], rows.Place[i]));
            }
            return (carry, new(Stacked(initial.Value, outputs, s => s.Value), Stacked(initial.Step, outputs, s => s.Step), Stacked(initial.IsOdd, outputs, s => s.IsOdd)));
        }

        internal override State While(Func<State, Tensor> condition, Func<State, State> body, State initial)
        {
            var state = initial;
            while ((bool)condition(state)) state = body(state);
            return state;
        }

        internal override Tensor For(Tensor from, Tensor to, Func<Tensor, Tensor, Tensor> body, Tensor initial)
        {
            var value = initial;
            for (var i = (long)from; i < (long)to; i++) value = body(i, value);
            return value;
        }

        internal override Tensor Map(Func<Tensor, Tensor> f, Tensor rows) =>
            rows.Shape[0] == 0 ? rows : TensorMath.Stack([.. Enumerable.Range(0, rows.Shape[0]).Select(i => f(rows[i]))]);

        internal override Tensor Vmap(Func<Tensor, Tensor> f, Tensor rows) => Map(f, rows);

        internal override Tensor Checkpoint(Func<Tensor, Tensor> f, Tensor x) => f(x);

        private static Tensor Stacked(Tensor like, State[] states, Func<State, Tensor> leaf) =>
            states.Length == 0 ? Zeros(like.Shape.Insert(0, 0), like.DType) : TensorMath.Stack([.. states.Select(leaf)]);
    }
}
