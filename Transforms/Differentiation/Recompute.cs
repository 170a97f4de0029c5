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

    /// <inheritdoc/>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Jvp(Seq<Tensor> operands, Seq<Option<Tensor>> tangents) =>
        Pushforward.Push(Body, operands, tangents);

    /// <inheritdoc/>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Linearize(Seq<Tensor> operands, Seq<Option<Tensor>> tangents) =>
        Pushforward.Split(Body, operands, tangents);

    /// <inheritdoc/>
    public override Seq<Batched> Batch(Seq<Batched> operands, int size) => Vectorization.Run(Body, operands, size);

    /// <inheritdoc/>
    public Seq<bool> Moves(Seq<bool> operands) => Body.Outputs.Map(output => output.Type.DType.IsFloat()).Strict();

    /// <inheritdoc/>
    public Option<Func<Seq<Tensor>, Seq<Option<Tensor>>>> Lessened(Seq<Option<Tensor>> known, Seq<bool> live)
    {
        if (live.ForAll(identity)) return None;
        var body = (Body with { Outputs = Body.Outputs.Zip(live).Filter(pair => pair.Item2).Map(pair => pair.Item1).ToSeq().Strict() }).WithoutDeadCode();
        return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
        {
            var results = new Queue<Tensor>(new Recompute(body).ApplyAll([.. operands]));
            return live.Map(isLive => isLive ? Some(results.Dequeue()) : None).Strict();
        });
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
}
