using Functional.Programs;
using Functional.Structures;

namespace Functional.ControlFlow;

/// <summary>Control flow over tensors and over structures of them: traces the bodies, and applies the primitive.</summary>
internal static class Structured
{
    /// <summary>One of two functions of the operands.</summary>
    internal static Seq<Tensor> Cond(Tensor predicate, Seq<Tensor> operands, Func<Seq<Tensor>, Seq<Tensor>> ifTrue, Func<Seq<Tensor>, Seq<Tensor>> ifFalse)
    {
        var types = operands.Map(operand => operand.Type).Strict();
        var (programs, captures) = Closed.Together("Cond", Closed.Of("Cond", types, ifTrue), Closed.Of("Cond", types, ifFalse));
        return new Cond(programs[0], programs[1]).ApplyAll([predicate, .. operands, .. captures]).ToSeq();
    }

    /// <summary>A loop while a condition holds.</summary>
    internal static Seq<Tensor> While(
        string operation,
        Seq<Tensor> initial,
        Func<Seq<Tensor>, Tensor> condition,
        Func<Seq<Tensor>, Seq<Tensor>> body,
        long limit = ControlFlow.While.DefaultLimit,
        int states = ControlFlow.While.DefaultStates)
    {
        var types = initial.Map(carry => carry.Type).Strict();
        var (programs, captures) = Closed.Together(
            operation,
            Closed.Of(operation, types, carry => Seq1(condition(carry))),
            Closed.Of(operation, types, body));
        return new While(programs[0], programs[1], initial.Count, limit, states).ApplyAll([.. initial, .. captures]).ToSeq();
    }

    /// <summary>A loop over the rows of sequences.</summary>
    internal static Seq<Tensor> Scan(string operation, Seq<Tensor> initial, Seq<Tensor> sequences, int length, bool reverse, Func<Seq<Tensor>, Seq<Tensor>> step)
    {
        var types = initial.Map(carry => carry.Type).Strict().Then(sequences.Map(rows => new TensorType(rows.DType, rows.Shape[1..])).Strict());
        var (program, captures) = Closed.Of(operation, types, step);
        return new Scan(program, initial.Count, sequences.Count, length, reverse).ApplyAll([.. initial, .. sequences, .. captures]).ToSeq();
    }

    /// <summary>One of two functions of a structured operand.</summary>
    internal static R Cond<P, R>(Tensor predicate, P operand, Func<P, R> ifTrue, Func<P, R> ifFalse)
    {
        if (predicate.Type != new TensorType(DType.Bool, Shape.Scalar))
            throw new ShapeException($"Cond: the predicate is {predicate.Type}; expected bool[]. Reduce it with All or Any, or use Where, which selects element by element.");
        var (leaves, layout) = Structure.Flatten(operand);
        var types = leaves.Map(leaf => leaf.Type).Strict();
        var (whenTrue, whenFalse) = (new Body<P, R>("Cond", ifTrue, layout), new Body<P, R>("Cond", ifFalse, layout));
        var (left, right) = (whenTrue.Traced(types), whenFalse.Traced(types));
        whenTrue.Result.RequireEqual("Cond: the results of the branches", whenFalse.Result, "Only tensors may differ from branch to branch: give both the same structure, and a Tensor in place of a number that differs.");
        left = whenTrue.Agreeing(left, right.Program.ResultTypes(), whenFalse.Weak);
        right = whenFalse.Agreeing(right, left.Program.ResultTypes(), whenTrue.Weak);
        foreach (var (path, (one, other)) in whenTrue.Result.PathsFrom("result").Zip(left.Program.ResultTypes().Zip(right.Program.ResultTypes())))
            if (one != other) throw new ShapeException($"Cond: the branches' results differ: {path} is {one} if true, {other} if false. Both must give the same types; convert or broadcast one.");
        var (programs, captures) = Closed.Together("Cond", left, right);
        var results = new Cond(Named(programs[0], ifTrue, layout), Named(programs[1], ifFalse, layout)).ApplyAll([predicate, .. leaves, .. captures]);
        return Structure.Unflatten<R>(whenTrue.Result, results.ToSeq());
    }

    /// <summary>A loop while a condition holds, over a structured carry.</summary>
    internal static C While<C>(Func<C, Tensor> condition, Func<C, C> body, C initial, long limit, int states)
    {
        if (limit < 0) throw new ArgumentOutOfRangeException(nameof(limit), limit, "While: the limit is a number of steps, from 0 on.");
        if (states < 4 || states % 2 != 0) throw new ArgumentOutOfRangeException(nameof(states), states, "While: reverse mode needs an even number of states, at least 4.");
        var (leaves, layout) = Structure.Flatten(initial);
        layout.RequireLeaves("While");
        var step = new Body<C, C>("While", body, layout);
        var (carry, traced) = Carry("While", leaves, layout, types => step.Traced(types), () => step.Result, step);
        var types = carry.Map(leaf => leaf.Type).Strict();
        var holds = Closed.Of("While", types, inputs =>
        {
            var predicate = condition(Structure.Unflatten<C>(layout, inputs));
            return predicate.Type == new TensorType(DType.Bool, Shape.Scalar)
                ? Seq1(predicate)
                : throw new ShapeException($"While: the condition gives {predicate.Type}; expected bool[]. Compare it with something, and reduce it with All or Any.");
        });
        var (programs, captures) = Closed.Together("While", holds, traced);
        var results = new While(Named(programs[0], condition, layout), Named(programs[1], body, layout), carry.Count, limit, states).ApplyAll([.. carry, .. captures]);
        return Structure.Unflatten<C>(layout, results.ToSeq());
    }

    /// <summary>A loop over the rows of structured sequences, with a structured carry.</summary>
    internal static (C Carry, Y Outputs) Scan<C, X, Y>(string operation, Func<C, X, (C Carry, Y Output)> step, C initial, X sequence, int? length, bool reverse, int? checkpointEvery)
    {
        var (leaves, layout) = Structure.Flatten(initial);
        var (rows, rowLayout) = Structure.Flatten(sequence);
        var steps = Length(operation, rows, rowLayout, length);
        if (typeof(C) != typeof(ValueTuple)) layout.RequireLeaves(operation);
        var rowTypes = rows.Map(stack => new TensorType(stack.DType, stack.Shape[1..])).Strict();
        Layout outputs = null!;
        var body = new Body<C, C>(operation, _ => throw new InvalidOperationException(), layout)
        {
            Function = inputs =>
            {
                var (carry, output) = step(Structure.Unflatten<C>(layout, inputs.Part(0, leaves.Count)), Structure.Unflatten<X>(rowLayout, inputs.Skip(leaves.Count).ToSeq().Strict()));
                (var made, outputs) = Structure.Flatten(output);
                var (next, nextLayout) = Structure.Flatten(carry);
                return (next, nextLayout, made);
            },
        };
        var (carry, traced) = Carry(operation, leaves, layout, types => body.Traced(types.Then(rowTypes)), () => body.Result, body);
        var program = traced.Program with
        {
            Names = Lifted.Names(step, layout, 2).Then(Lifted.Names(step, rowLayout), traced.Captures.Select((_, i) => $"k{i}").ToSeq()),
        };
        if (program.Names.Count != program.Arguments.Count) program = program with { Names = Seq<string>() };
        var scan = new Scan(program, carry.Count, rows.Count, steps, reverse);
        var results = checkpointEvery is { } every
            ? Stretches.Scan(scan, every, carry.Then(rows, traced.Captures))
            : scan.ApplyAll([.. carry, .. rows, .. traced.Captures]).ToSeq();
        return (Structure.Unflatten<C>(layout, results.Part(0, carry.Count)), Structure.Unflatten<Y>(outputs, results.Skip(carry.Count).ToSeq().Strict()));
    }

    /// <summary>A counted loop: of known bounds a scan, else while the counter is below the end.</summary>
    internal static C For<C>(Tensor from, Tensor to, Func<Tensor, C, C> body, C initial)
    {
        foreach (var (what, bound) in Seq(("from", from), ("to", to)))
            if (bound.Rank != 0 || !bound.DType.IsInteger()) throw new ShapeException($"For: {what} is {bound.Type}; expected an integer scalar.");
        if (from is Dense && to is Dense)
        {
            var (first, last) = ((long)from, (long)to);
            var count = Math.Max(0, last - first);
            if (count > int.MaxValue) throw new ShapeException($"For: {count:N0} steps are more than a known loop can have ({int.MaxValue:N0}). Use While.");
            var places = TensorMath.Iota([(int)count], 0, DType.Int64) + first;
            return Scan<C, Tensor, ValueTuple>("For", (carry, place) => (body(place, carry), default), initial, places, (int)count, false, null).Carry;
        }
        var end = TensorMath.Convert(to, DType.Int64);
        return While<(Tensor Place, C Carry)>(
            state => TensorMath.Less(state.Place, end),
            state => (state.Place + 1, body(state.Place, state.Carry)),
            (TensorMath.Convert(from, DType.Int64), initial),
            ControlFlow.While.DefaultLimit,
            ControlFlow.While.DefaultStates).Carry;
    }

    // Carries of the types that the body gives; a literal takes the type of what it becomes.
    private static (Seq<Tensor> Carry, Closed Body) Carry<P, R>(
        string operation, Seq<Tensor> leaves, Layout layout, Func<Seq<TensorType>, Closed> trace, Func<Layout> result, Body<P, R> body)
    {
        // Met as literals first, to see what they become.
        body.Literals = leaves.Map(leaf => leaf.IsWeak && leaf.Rank == 0).Strict();
        var traced = trace(leaves.Map(leaf => leaf.Type).Strict());
        body.Literals = Seq<bool>();
        layout.RequireEqual($"{operation}: the carry before and after a step", result(), "Only tensors change from step to step: give back the structure that went in, and carry a Tensor in place of a number that changes.");
        var after = traced.Program.ResultTypes();
        var widened = leaves.Zip(after).Map(pair =>
            pair.Item1.IsWeak && pair.Item1.Rank == 0 && pair.Item2.Rank == 0 && pair.Item1.DType != pair.Item2.DType && pair.Item2.DType.IsFloat()
                ? TensorMath.Convert(pair.Item1, pair.Item2.DType)
                : pair.Item1).ToSeq().Strict();
        if (leaves.Exists(leaf => leaf.IsWeak && leaf.Rank == 0))
        {
            leaves = widened;
            traced = trace(leaves.Map(leaf => leaf.Type).Strict());
        }
        var types = leaves.Map(leaf => leaf.Type).Strict();
        traced = body.Agreeing(traced, types, types.Map(_ => false).Strict());
        foreach (var (path, (before, now)) in layout.PathsFrom("carry").Zip(types.Zip(traced.Program.ResultTypes())))
            if (before != now)
                throw new ShapeException($"{operation}: the carry changes type: {path} was {before}, became {now}. Give the initial carry the type that the step returns, or convert what it returns.");
        return (leaves, traced);
    }

    private static int Length(string operation, Seq<Tensor> rows, Layout layout, int? length)
    {
        Option<(string Path, Tensor Stack)> first = None;
        foreach (var (path, stack) in layout.PathsFrom("sequence").Zip(rows))
        {
            if (stack.Rank == 0) throw new ShapeException($"{operation}: {path} is the scalar {stack.Type}, which has no rows to step along. Close over what is the same at every step.");
            first = first.IfNone((path, stack));
            first.IfSome(known =>
            {
                if (known.Stack.Shape[0] != stack.Shape[0])
                    throw new ShapeException($"{operation}: the sequences are of unequal lengths: {known.Path} is {known.Stack.Type} ({known.Stack.Shape[0]} rows), {path} is {stack.Type} ({stack.Shape[0]} rows).");
                if (length is { } said && said != stack.Shape[0])
                    throw new ShapeException($"{operation}: length is {said}, but {path} is {stack.Type} ({stack.Shape[0]} rows).");
            });
        }
        if (length < 0) throw new ShapeException($"{operation}: length is {length}; expected a number of steps, from 0 on.");
        return first.Match(
            Some: known => known.Stack.Shape[0],
            None: () => length ?? throw new ShapeException($"{operation}: there is no tensor to step along. Give a sequence, or say length: how many steps there are."));
    }

    private static Program Named(Program program, Delegate f, Layout layout)
    {
        var names = Lifted.Names(f, layout);
        return names.IsEmpty ? program : program with { Names = names.Then(Enumerable.Range(0, program.Arguments.Count - names.Count).Select(i => $"k{i}").ToSeq()) };
    }
}

/// <summary>A structured function that becomes a carried program: what its results are apart from tensors, and which of these are literals.</summary>
internal sealed class Body<P, R>(string operation, Func<P, R> f, Layout argument)
{
    private Seq<TensorType> types;

    /// <summary>The layout of the result.</summary>
    internal Layout Result { get; private set; } = Layout.OfTensor;

    /// <summary>Which leaves of the result are C# literals.</summary>
    internal Seq<bool> Weak { get; private set; }

    /// <summary>Which leaves of the argument stand for C# literals, whose types give way.</summary>
    internal Seq<bool> Literals { private get; set; }

    /// <summary>From leaves to the leaves of the result, its layout, and what else the program gives.</summary>
    internal Func<Seq<Tensor>, (Seq<Tensor> Leaves, Layout Layout, Seq<Tensor> Further)> Function { private get; init; } = inputs =>
    {
        var (leaves, layout) = Structure.Flatten(f(Structure.Unflatten<P>(argument, inputs)));
        return (leaves, layout, Seq<Tensor>());
    };

    /// <summary>The function traced.</summary>
    internal Closed Traced(Seq<TensorType> inputs) => Closed.Of(operation, types = inputs, tensors =>
    {
        foreach (var (tensor, isLiteral) in tensors.Zip(Literals))
            if (isLiteral) tensor.Weakened();
        var (leaves, layout, further) = Function(tensors);
        (Result, Weak) = (layout, leaves.Map(leaf => leaf.IsWeak).Strict());
        return leaves.Then(further);
    });

    /// <summary>The same, where literals among the results take the types that they meet.</summary>
    internal Closed Agreeing(Closed traced, Seq<TensorType> wanted, Seq<bool> areWeak)
    {
        var given = traced.Program.ResultTypes();
        bool Gives(int i) => Weak[i] && !areWeak[i] && given[i].DType != wanted[i].DType && wanted[i].DType.IsFloat();
        if (!Enumerable.Range(0, Weak.Count).Exists(Gives)) return traced;
        return Closed.Of(operation, types, tensors =>
        {
            var (leaves, _, further) = Function(tensors);
            return leaves.Select((leaf, i) => Gives(i) ? TensorMath.Convert(leaf, wanted[i].DType) : leaf).ToSeq().Strict().Then(further);
        });
    }
}
