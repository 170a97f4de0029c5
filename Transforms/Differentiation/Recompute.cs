using Functional.Programs;

namespace Functional.Differentiation;

/// <summary>
/// Values computed again from those that were kept. One equation that carries the work as a program: no rewrite of the
/// program around it takes what was computed before instead.
/// </summary>
/// <param name="Body">From what was kept to what is needed.</param>
public sealed record Recompute(Program Body) : Primitive, ICarriesPrograms
{
    /// <inheritdoc/>
    public override string Name => "recompute";

    /// <inheritdoc/>
    public override string Parameters => string.Empty;

    /// <inheritdoc/>
    public Seq<(string Name, Program Program)> Programs => Seq1(("body", Body));

    /// <inheritdoc/>
    public Option<Program> Whole => Body;

    /// <inheritdoc/>
    public Primitive With(Seq<Program> programs) => new Recompute(programs[0]);

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> operands)
    {
        var types = Body.Arguments.Map(argument => argument.Type);
        return types.SequenceEqual(operands.ToArray())
            ? [.. Body.Outputs.Map(output => output.Type)]
            : throw new ShapeException($"recompute: the carried program takes ({string.Join(", ", types)}), given ({string.Join(", ", operands.ToArray())}).");
    }

    /// <inheritdoc/>
    public override Tensor[] Evaluate(ReadOnlySpan<Tensor> operands, ReadOnlySpan<TensorType> types) => new Evaluator(Body).Run(operands);

    /// <summary>A recomputation of values and tangents: inlined, its values would be shared with those that were dropped.</summary>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Jvp(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        var moves = Seq<bool>();
        var given = tangents.Somes().ToSeq().Strict();
        var body = Trace.Of("Jvp", operands.Then(given).Map(input => input.Type).ToSeq().Strict(), inputs =>
        {
            var directions = new Queue<Tensor>(inputs.Skip(operands.Count));
            var (values, moved) = Pushforward.Push(
                Body, inputs.Take(operands.Count).ToSeq().Strict(), tangents.Map(tangent => tangent.Map(_ => directions.Dequeue())).Strict());
            moves = moved.Map(tangent => tangent.IsSome).Strict();
            return values.Then(moved.Somes());
        });
        var results = new Recompute(body).ApplyAll([.. operands, .. given]);
        return (results.Take(moves.Count).ToSeq().Strict(), Scattered(moves, results.Skip(moves.Count)));
    }

    /// <summary>A recomputation of values and of what their derivative reads; the tangents follow linearly.</summary>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Linearize(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        var split = Body.Linearize(tangents.Map(tangent => tangent.IsSome).Strict(), ResidualPolicy.Everything);
        var results = new Recompute(split.Primal).ApplyAll([.. operands]);
        var moved = split.Linear.Evaluate([.. tangents.Somes(), .. results.Skip(split.Outputs)]);
        return (results.Take(split.Outputs).ToSeq().Strict(), Scattered(split.Moves, moved));
    }

    /// <inheritdoc/>
    public override Seq<Batched> Batch(Seq<Batched> operands, int size)
    {
        var each = Seq<bool>();
        var body = Trace.Of("Vmap", operands.Map(operand => operand.Value.Type).Strict(), inputs =>
        {
            var results = Vectorization.Run(Body, inputs.Zip(operands).Map(pair => new Batched(pair.Item1, pair.Item2.IsBatched)).ToSeq().Strict(), size);
            each = results.Map(result => result.IsBatched).Strict();
            return results.Map(result => result.Value).Strict();
        }) with
        { Names = Body.Names };
        return new Recompute(body).ApplyAll([.. operands.Map(operand => operand.Value)]).Zip(each, (result, isBatched) => new Batched(result, isBatched)).ToSeq().Strict();
    }

    /// <inheritdoc/>
    public Seq<bool> Moves(Seq<bool> operands) => Body.Outputs.Map(output => output.Type.DType.IsFloat()).Strict();

    /// <inheritdoc/>
    public Option<Func<Seq<Tensor>, Seq<Option<Tensor>>>> Lessened(Seq<Option<Tensor>> known, Seq<bool> live)
    {
        var body = (Body with { Outputs = Of(Body.Outputs, live) }).WithoutDeadCode();
        var uses = Definitions.FanOut(body);
        var read = body.Arguments.Map(argument => uses[argument.Id] > 0).Strict();
        if (live.ForAll(identity) && read.ForAll(identity)) return None;
        return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
            Scattered(live, new Recompute(Reading(body, read)).ApplyAll([.. Of(operands, read)])));
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) => Functional.Programs.Cost.Of(Body);

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler)
    {
        var x = sampler.Tensor(sampler.Float(), sampler.Shape());
        var y = sampler.Tensor(x.DType, Shape.Scalar);
        var body = Trace.Of("Sample", Seq(x.Type, y.Type), inputs => Seq(TensorMath.Sin(inputs[0]) * inputs[1], inputs[1] + 1.0));
        return new(new Recompute(body), Seq(x, y));
    }

    // A kept value that nothing is made of any more is not kept.
    private static Program Reading(Program body, Seq<bool> read)
    {
        var names = Text.Names(body);
        var captures = body.Inputs.Skip(body.Arguments.Count).Zip(body.Captures).Map(pair => (pair.Item1, pair.Item2)).ToSeq().Strict();
        var arguments = Of(body.Arguments, read);
        return Numbering.Dense(arguments, captures, body.Equations, body.Outputs, body.Assumptions) with
        { Names = arguments.Map(argument => names[argument.Id]).Strict() };
    }

    private static Seq<T> Of<T>(Seq<T> all, Seq<bool> mask) => all.Zip(mask).Filter(pair => pair.Item2).Map(pair => pair.Item1).ToSeq().Strict();

    private static Seq<Option<Tensor>> Scattered(Seq<bool> places, IEnumerable<Tensor> tensors)
    {
        var given = new Queue<Tensor>(tensors);
        return places.Map(isGiven => isGiven ? Some(given.Dequeue()) : None).Strict();
    }
}
