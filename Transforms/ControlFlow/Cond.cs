using Functional.Differentiation;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>
/// One of two programs on the same operands, by a predicate: (p, x) → p ? f(x) : g(x). Only the chosen one runs; the types
/// of the results are the same. Where each member of a batch has its own predicate both run, and each member selects.
/// </summary>
/// <param name="IfTrue">f, of all operands but the first.</param>
/// <param name="IfFalse">g, of the same.</param>
public sealed record Cond(Program IfTrue, Program IfFalse) : Primitive, IRunsInPlace, ISupportedLinear
{
    /// <inheritdoc/>
    public override string Name => "cond";

    /// <inheritdoc/>
    public override string Parameters => string.Empty;

    /// <inheritdoc/>
    public Seq<(string Name, Program Program)> Programs => Seq(("ifTrue", IfTrue), ("ifFalse", IfFalse));

    /// <inheritdoc/>
    public Primitive With(Seq<Program> programs) => new Cond(programs[0], programs[1]);

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> operands)
    {
        if (operands[0] != new TensorType(DType.Bool, Shape.Scalar))
            throw new ShapeException($"Cond: the predicate is {operands[0]}; expected bool[]. Reduce it with All or Any, or use Where, which selects element by element.");
        Carried.Accept("Cond", IfTrue, operands[1..]);
        Carried.Accept("Cond", IfFalse, operands[1..]);
        return Carried.Same(IfTrue, IfFalse)
            ? [.. IfTrue.ResultTypes()]
            : throw new ShapeException($"Cond: the branches' results differ: {string.Join(", ", IfTrue.ResultTypes())} if true, {string.Join(", ", IfFalse.ResultTypes())} if false.");
    }

    /// <inheritdoc/>
    public override Tensor[] Evaluate(ReadOnlySpan<Tensor> operands, ReadOnlySpan<TensorType> types) =>
        new Evaluator(operands[0].Elements<bool>()[0] ? IfTrue : IfFalse).Run(operands[1..]);

    void IRunsInPlace.Run(ReadOnlySpan<Routine> routines, ReadOnlySpan<System.Array> operands, ReadOnlySpan<System.Array> results, ref object? room)
    {
        var branch = routines[((bool[])operands[0])[0] ? 0 : 1];
        for (var i = 1; i < operands.Length; i++) branch.Read(i - 1, operands[i]);
        for (var i = 0; i < results.Length; i++) branch.Write(i, results[i]);
        branch.Run();
    }

    /// <inheritdoc/>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Jvp(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        var moving = tangents.Tail.Present();
        var moves = Moves(tangents.Present());
        var results = new Cond(Moved(IfTrue), Moved(IfFalse)).ApplyAll([.. operands, .. tangents.Tail.Somes()]).ToSeq();
        var count = IfTrue.Outputs.Count;
        return (results.Part(0, count), Bodies.Scattered(moves, results.Skip(count)));

        Program Moved(Program branch) => Trace.Of("Jvp", branch.Types().Then(branch.Types().Where(moving)), inputs =>
        {
            var own = branch.Arguments.Count;
            var (values, directions) = Pushforward.Push(branch, inputs.Part(0, own), Bodies.Tangents(moving, inputs.Part(own, inputs.Count)));
            return values.Then(directions.Filled(branch.ResultTypes()).Where(moves));
        });
    }

    /// <summary>
    /// The chosen branch's residuals are outputs of the conditional: one slot serves both branches, and what the other
    /// one would have filled is zero. The tangents are a conditional again, linear in the tangents of the operands.
    /// </summary>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Linearize(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        var moving = tangents.Tail.Present();
        var (whenTrue, whenFalse) = (Parted.Of(IfTrue, moving), Parted.Of(IfFalse, moving));
        var moves = whenTrue.Moves.Or(whenFalse.Moves);
        var slots = Slots(whenTrue, whenFalse);
        var results = new Cond(Primal(whenTrue, slots), Primal(whenFalse, slots)).ApplyAll([.. operands]).ToSeq();
        var count = IfTrue.Outputs.Count;
        if (!moves.Exists(identity)) return (results.Part(0, count), moves.Map(_ => Option<Tensor>.None).Strict());
        var linear = new Cond(Linear(whenTrue, slots, moves), Linear(whenFalse, slots, moves))
            .ApplyAll([operands[0], .. tangents.Tail.Somes(), .. operands.Tail, .. results.Skip(count)]);
        return (results.Part(0, count), Bodies.Scattered(moves, linear));
    }

    /// <inheritdoc/>
    public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
        Support.Values(((ISupportedLinear)this).Transpose(Support.Everywhere(cotangents), operands));

    Seq<Option<Cotangent>> ISupportedLinear.Transpose(Seq<Option<Cotangent>> cotangents, Seq<Operand> operands)
    {
        var linear = operands.Tail.Map(operand => operand.IsLinear).Strict();
        var known = operands.Tail.Filter(operand => !operand.IsLinear).Map(operand => operand.Value).ToSeq().Strict();
        var pull = new Pullback(linear, cotangents);
        var (whenTrue, whenFalse) = (pull.Reach(IfTrue), pull.Reach(IfFalse));
        var reached = whenTrue.Reached.Or(whenFalse.Reached);
        if (!reached.Exists(identity)) return operands.Map(_ => Option<Cotangent>.None).Strict();
        // What only one branch reads is zero where the other is taken: the branch is a mask.
        var bounded = reached.Select((isReached, i) => isReached
            && ((whenTrue.Bounded[i] && whenFalse.Bounded[i]) || !whenTrue.Reached[i] || !whenFalse.Reached[i])).ToSeq().Strict();
        var values = new Cond(pull.Of(IfTrue, reached), pull.Of(IfFalse, reached)).ApplyAll([operands[0].Value, .. known, .. pull.Given]);
        var pulled = new Queue<Option<Cotangent>>(Pullback.Supported(
            Bodies.Scattered(reached, values),
            bounded,
            () => new Cond(pull.SupportsOf(IfTrue, bounded), pull.SupportsOf(IfFalse, bounded)).ApplyAll([operands[0].Value, .. known, .. pull.Masks])));
        return Seq1(Option<Cotangent>.None).Then(linear.Map(isLinear => isLinear ? pulled.Dequeue() : None).Strict());
    }

    /// <inheritdoc/>
    public override Seq<Batched> Batch(Seq<Batched> operands, int size)
    {
        var own = operands.Tail.Strict();
        if (operands[0].IsBatched)
        {
            var (chosen, other) = (Taken(IfTrue, operands[0].Value, own, size), Taken(IfFalse, TensorMath.Not(operands[0].Value), own, size));
            return chosen.Zip(other).Map(pair => Batched.Each(Carried.Chosen(operands[0].Value, pair.Item1.Each(size), pair.Item2.Each(size)))).ToSeq().Strict();
        }
        var batched = own.Map(operand => operand.IsBatched).Strict();
        var each = IfTrue.Batchedness(batched, size).Or(IfFalse.Batchedness(batched, size));
        var results = new Cond(Carried.Batched(IfTrue, batched, each, size), Carried.Batched(IfFalse, batched, each, size))
            .ApplyAll([operands[0].Value, .. own.Map(operand => operand.Value)]);
        return Bodies.Members(results.ToSeq(), each);
    }

    // A branch that may fail runs where some member takes it, and on the operands of those that do.
    private static Seq<Batched> Taken(Program branch, Tensor isTaken, Seq<Batched> own, int size)
    {
        if (size == 0 || Carried.IsTotal(branch)) return Vectorization.Run(branch, own, size);
        var batched = own.Map(operand => operand.IsBatched).Strict();
        var all = true.Times(branch.Outputs.Count);
        var body = Carried.Batched(branch, batched, all, size);
        var types = isTaken.Type.Cons(body.Types()).Strict();
        var some = Trace.Of("Vmap", types, inputs => body.Evaluate([.. Carried.StandingIn(inputs[0], inputs.Tail.ToSeq().Strict(), batched)]));
        var none = Trace.Of("Vmap", types, _ => body.ResultTypes().Map(type => TensorMath.Zeros(type.Shape, type.DType)).Strict());
        return Bodies.Members(new Cond(some, none).ApplyAll([TensorMath.Any(isTaken), isTaken, .. own.Map(operand => operand.Value)]).ToSeq(), all);
    }

    /// <inheritdoc/>
    public Seq<bool> Moves(Seq<bool> operands) =>
        IfTrue.Movement(operands.Tail.ToSeq().Strict()).Or(IfFalse.Movement(operands.Tail.ToSeq().Strict()));

    /// <inheritdoc/>
    public Option<Func<Seq<Tensor>, Seq<Option<Tensor>>>> Lessened(Seq<Option<Tensor>> known, Seq<bool> live)
    {
        var chosen = known[0].Case is Dense predicate ? predicate.Elements<bool>()[0] ? IfTrue : IfFalse : IfTrue == IfFalse ? IfTrue : null;
        if (chosen is not null)
            return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
                chosen.Written(operands.Tail.ToSeq().Strict(), this, operands).Map(Some).Strict());
        var literals = known.Tail.ToSeq().Strict();
        if (literals.Exists(value => value.IsSome))
            return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands => new Cond(IfTrue.With(literals), IfFalse.With(literals))
                .Written(operands[0].Cons(literals.Unbound(operands.Tail.ToSeq().Strict())).Strict(), operands).Map(Some).Strict());
        var passing = Passing.Of(IfTrue.Outputs.Zip(IfFalse.Outputs), (_, both) => both.Item1 == both.Item2 ? Passing.AtHand(IfTrue, both.Item1, 0) : null, live);
        var needed = passing.Needed;
        var (whenTrue, whenFalse) = (IfTrue.Of(needed), IfFalse.Of(needed));
        var read = Carried.Reads(whenTrue).Or(Carried.Reads(whenFalse));
        if (needed.ForAll(identity) && read.ForAll(identity)) return None;
        return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands => passing.Results(
            operands.Tail.ToSeq().Strict(),
            Bodies.Scattered(needed, needed.Exists(identity)
                ? new Cond(whenTrue.Reading(read), whenFalse.Reading(read)).Written(operands[0].Cons(operands.Tail.ToSeq().Where(read)).Strict(), operands)
                : Seq<Tensor>())));
    }

    /// <summary>The dearer branch: which one runs is not known.</summary>
    public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results)
    {
        var (whenTrue, whenFalse) = (Functional.Programs.Cost.Of(IfTrue), Functional.Programs.Cost.Of(IfFalse));
        return new(Math.Max(whenTrue.Flops, whenFalse.Flops), Math.Max(whenTrue.Bytes, whenFalse.Bytes));
    }

    /// <inheritdoc/>
    public override Option<Pattern[]> Dependence(ReadOnlySpan<Dependent> operands, ReadOnlySpan<TensorType> results)
    {
        var space = operands[0].Pattern.Space;
        if (operands[0].IsKnown) return Patterns((operands[0].Value.Elements<bool>()[0] ? IfTrue : IfFalse).Through(space, operands[1..]));
        var (whenTrue, whenFalse) = (IfTrue.Through(space, operands[1..]), IfFalse.Through(space, operands[1..]));
        return Patterns(whenTrue).Zip(Patterns(whenFalse), (left, right) => Pattern.Union(left.Size, left, right)).ToArray();

        static Pattern[] Patterns(Dependent[] outputs) => System.Array.ConvertAll(outputs, output => output.Pattern);
    }

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler)
    {
        var shape = sampler.Shape();
        var dtype = sampler.Float();
        Tensor x = sampler.Tensor(dtype, shape), y = sampler.Tensor(dtype, sampler.Flip() ? shape : Shape.Scalar);
        var types = Seq(x.Type, y.Type);
        var whenTrue = Trace.Of("Sample", types, inputs => Seq(TensorMath.Sin(inputs[0]) * inputs[1], inputs[1]));
        var whenFalse = Trace.Of("Sample", types, inputs => Seq(inputs[0] + TensorMath.Exp(inputs[0]), TensorMath.Cos(inputs[1])));
        return new(new Cond(whenTrue, whenFalse), Seq(Values.Scalar(sampler.Flip()), x, y));
    }

    // As many slots of each type as the branch that needs more of it has.
    private static Seq<TensorType> Slots(Parted left, Parted right)
    {
        var types = left.StoredTypes.ToList();
        var spare = types.ToList();
        foreach (var type in right.StoredTypes)
            if (!spare.Remove(type)) types.Add(type);
        return types.ToSeq();
    }

    // The slot of each value that a branch stores.
    private static int[] Places(Parted parted, Seq<TensorType> slots)
    {
        var taken = new System.Collections.Generic.HashSet<int>();
        return [.. parted.StoredTypes.Map(type => Enumerable.Range(0, slots.Count).First(slot => slots[slot] == type && taken.Add(slot))).Strict()];
    }

    private static Program Primal(Parted parted, Seq<TensorType> slots)
    {
        var places = Places(parted, slots);
        return Trace.Of("Linearize", parted.Primal.Types(), inputs =>
        {
            var all = parted.Primal.Evaluate([.. inputs]);
            return all.Take(parted.Outputs).Then(slots.Select((type, slot) =>
                System.Array.IndexOf(places, slot) is >= 0 and var i ? all[parted.Outputs + i] : TensorMath.Zeros(type.Shape, type.DType)).ToSeq());
        }) with
        { Names = parted.Primal.Names };
    }

    // Of tangents, operands and slots.
    private static Program Linear(Parted parted, Seq<TensorType> slots, Seq<bool> moves)
    {
        var places = Places(parted, slots);
        var stored = parted.Linear.Arguments.Count - places.Length;
        var types = parted.Linear.Types().Take(stored).Then(slots);
        return Trace.Of("Linearize", types, inputs => Bodies.Scattered(
            parted.Moves,
            parted.Linear.Evaluate([.. inputs.Take(stored), .. places.Select(place => inputs[stored + place])]))
            .Filled(parted.ResultTypes).Where(moves));
    }
}
