using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>A function whose derivative keeps only what a policy says, and computes the rest again when it is needed.</summary>
/// <param name="Body">The function.</param>
/// <param name="Policy">What is kept.</param>
public sealed record Checkpoint(Program Body, ResidualPolicy Policy) : Primitive, ICarriesPrograms
{
    /// <inheritdoc/>
    public override string Name => "checkpoint";

    /// <inheritdoc/>
    public override string Parameters => Policy.ToString()!;

    /// <inheritdoc/>
    public Seq<(string Name, Program Program)> Programs => Seq1(("body", Body));

    /// <inheritdoc/>
    public Option<Program> Whole => Body;

    /// <inheritdoc/>
    public Primitive With(Seq<Program> programs) => this with { Body = programs[0] };

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> operands)
    {
        Carried.Accept("Checkpoint", Body, operands);
        return [.. Body.ResultTypes()];
    }

    /// <inheritdoc/>
    public override Tensor[] Evaluate(ReadOnlySpan<Tensor> operands, ReadOnlySpan<TensorType> types) => new Evaluator(Body).Run(operands);

    /// <summary>A checkpoint of values and tangents, so that reverse mode over this recomputes too.</summary>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Jvp(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        var moving = tangents.Present();
        var moves = Body.Movement(moving);
        var own = operands.Count;
        var body = Trace.Of("Jvp", Body.Types().Then(Body.Types().Where(moving)), inputs =>
        {
            var (values, directions) = Pushforward.Push(Body, inputs.Part(0, own), Bodies.Tangents(moving, inputs.Skip(own).ToSeq().Strict()));
            return values.Then(directions.Filled(Body.ResultTypes()).Where(moves));
        });
        var results = (this with { Body = body }).ApplyAll([.. operands, .. tangents.Somes()]).ToSeq();
        return (results.Part(0, moves.Count), Bodies.Scattered(moves, results.Skip(moves.Count)));
    }

    /// <inheritdoc/>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Linearize(Seq<Tensor> operands, Seq<Option<Tensor>> tangents) =>
        Recomputation.Linearize(primal => this with { Body = primal }, Body, Policy, operands, tangents);

    /// <inheritdoc/>
    public override Seq<Batched> Batch(Seq<Batched> operands, int size)
    {
        var batched = operands.Map(operand => operand.IsBatched).Strict();
        var each = Body.Batchedness(batched, size);
        var body = Carried.Batched(Body, batched, each, size);
        return Bodies.Members((this with { Body = body }).ApplyAll([.. operands.Map(operand => operand.Value)]).ToSeq(), each);
    }

    /// <inheritdoc/>
    public Seq<bool> Moves(Seq<bool> operands) => Body.Movement(operands);

    /// <inheritdoc/>
    public Option<Func<Seq<Tensor>, Seq<Option<Tensor>>>> Lessened(Seq<Option<Tensor>> known, Seq<bool> live)
    {
        if (known.Exists(value => value.IsSome))
            return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
                (this with { Body = Body.With(known) }).Written(known.Unbound(operands), operands).Map(Some).Strict());
        var passing = Passing.Of(Body, live);
        var needed = passing.Needed;
        var body = Body.Of(needed);
        var read = Carried.Reads(body);
        if (needed.ForAll(identity) && read.ForAll(identity)) return None;
        return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands => passing.Results(
            operands,
            Bodies.Scattered(needed, needed.Exists(identity) ? (this with { Body = body.Reading(read) }).Written(operands.Where(read), operands) : Seq<Tensor>())));
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) => Functional.Programs.Cost.Of(Body);

    /// <inheritdoc/>
    public override Option<Pattern[]> Dependence(ReadOnlySpan<Dependent> operands, ReadOnlySpan<TensorType> results) =>
        System.Array.ConvertAll(Body.Through(operands[0].Pattern.Space, operands), output => output.Pattern);

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler)
    {
        var shape = sampler.Shape();
        var dtype = sampler.Float();
        Tensor x = sampler.Tensor(dtype, shape), y = sampler.Tensor(dtype, Shape.Scalar);
        var body = Trace.Of("Sample", Seq(x.Type, y.Type), inputs =>
        {
            var z = TensorMath.Sin(inputs[0]) * inputs[1];
            return Seq(TensorMath.Exp(z), z * inputs[0]);
        });
        return new(new Checkpoint(body, sampler.Choose(ResidualPolicy.Nothing, ResidualPolicy.Everything, ResidualPolicy.MinimumCut)), Seq(x, y));
    }
}

/// <summary>Linearization that keeps what a policy says: the linear part is one equation that computes the rest again inside.</summary>
internal static class Recomputation
{
    /// <summary>The results, with what is kept beside them, and the tangents from that.</summary>
    /// <param name="call">The primitive that runs the primal part.</param>
    /// <param name="body">The function.</param>
    /// <param name="policy">What is kept.</param>
    /// <param name="operands">Where.</param>
    /// <param name="tangents">The directions.</param>
    internal static (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Linearize(
        Func<Program, Primitive> call, Program body, ResidualPolicy policy, Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        var moving = tangents.Present();
        var parted = Parted.Of(body, moving, policy);
        var results = call(parted.Primal).ApplyAll([.. operands]).ToSeq();
        var values = results.Part(0, parted.Outputs);
        if (!parted.Moves.Exists(identity)) return (values, parted.Moves.Map(_ => Option<Tensor>.None).Strict());
        // (ẋ, x, stored) to (x, stored, ẋ), of what is read.
        var directions = moving.Count(identity);
        var known = parted.Linear.Arguments.Count - directions;
        var linear = parted.Linear.Reordered(Enumerable.Range(directions, known).Concat(Enumerable.Range(0, directions)).ToSeq().Strict());
        var read = Carried.Reads(linear);
        var given = operands.Then(results.Skip(parted.Outputs).ToSeq(), tangents.Somes().ToSeq());
        var moved = LinearMap.Of("checkpoint", linear.Reading(read), read.Part(0, known).Count(identity)).ApplyAll([.. given.Where(read)]);
        return (values, Bodies.Scattered(parted.Moves, moved));
    }
}
