using Functional.Primitives;
using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>
/// A function whose derivative the user says: how a tangent moves forward, how a cotangent is pulled back, or both. What the
/// functions close over are the last operands; the rules say nothing about these, so they must stand still.
/// </summary>
/// <param name="Body">(x, constants) → y.</param>
/// <param name="Arguments">How many operands are x.</param>
/// <param name="Rule">(x, ẋ, constants) → (y, ẏ).</param>
/// <param name="Forward">(x, constants) → (y, s): what reverse mode keeps beside the value.</param>
/// <param name="Backward">(s, ȳ, constants) → x̄.</param>
public sealed record CustomRule(Program Body, int Arguments, Option<Program> Rule, Option<Program> Forward, Option<Program> Backward) : Primitive, ICarriesPrograms
{
    /// <inheritdoc/>
    public override string Name => (Rule.IsSome, Backward.IsSome) switch
    {
        (true, true) => "custom_derivative",
        (true, false) => "custom_jvp",
        _ => "custom_vjp",
    };

    /// <inheritdoc/>
    public override string Parameters => string.Empty;

    /// <inheritdoc/>
    public Seq<(string Name, Program Program)> Programs =>
        Each("body", Some(Body)).Then(Each("rule", Rule), Each("forward", Forward), Each("backward", Backward));

    /// <inheritdoc/>
    public Option<Program> Whole => Body;

    /// <inheritdoc/>
    public Primitive With(Seq<Program> programs)
    {
        var next = new Queue<Program>(programs);
        return this with { Body = next.Dequeue(), Rule = Rule.Map(_ => next.Dequeue()), Forward = Forward.Map(_ => next.Dequeue()), Backward = Backward.Map(_ => next.Dequeue()) };
    }

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> operands)
    {
        Carried.Accept(Name, Body, operands);
        return [.. Body.ResultTypes()];
    }

    /// <inheritdoc/>
    public override Tensor[] Evaluate(ReadOnlySpan<Tensor> operands, ReadOnlySpan<TensorType> types) => new Evaluator(Body).Run(operands);

    /// <inheritdoc/>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Jvp(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        RequireStill(operands, tangents);
        if (Rule.Case is Program rule) return Pushed(rule, operands, tangents);
        var (results, map, known) = Split(operands);
        if (map.Forward.IsNone)
            throw new NotDifferentiableException($"{Name}: there is no forward mode through it, for its backward function is not linear in the cotangent. Give a pushforward as well, with CustomDerivative.");
        return (results, Moved(results, map.ApplyAll([.. known, .. Directions(operands, tangents)])));
    }

    /// <inheritdoc/>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Linearize(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        RequireStill(operands, tangents);
        if (Backward.IsNone) return Pushed(Rule.IfNone(Body), operands, tangents);
        var (results, map, known) = Split(operands);
        return (results, Moved(results, map.ApplyAll([.. known, .. Directions(operands, tangents)])));
    }

    /// <inheritdoc/>
    public override Seq<Batched> Batch(Seq<Batched> operands, int size)
    {
        // Each member has arguments of its own, so that cotangents of one that is shared are added up where it was shared.
        var constants = operands.Skip(Arguments).Map(operand => operand.IsBatched).ToSeq().Strict();
        Program Stacked(Program program) => Carried.Batched(
            program, true.Times(program.Arguments.Count - constants.Count).Then(constants), true.Times(program.Outputs.Count), size);
        var batched = this with { Body = Stacked(Body), Rule = Rule.Map(Stacked), Forward = Forward.Map(Stacked), Backward = Backward.Map(Stacked) };
        return batched.ApplyAll([.. operands.Take(Arguments).Map(operand => operand.Each(size)), .. operands.Skip(Arguments).Map(operand => operand.Value)])
            .Select(Batched.Each).ToSeq();
    }

    /// <inheritdoc/>
    public Seq<bool> Moves(Seq<bool> operands) => Floats(Body.ResultTypes());

    /// <inheritdoc/>
    public Option<Func<Seq<Tensor>, Seq<Option<Tensor>>>> Lessened(Seq<Option<Tensor>> known, Seq<bool> live) => None;

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) => Functional.Programs.Cost.Of(Body);

    /// <inheritdoc/>
    public override Option<Pattern[]> Dependence(ReadOnlySpan<Dependent> operands, ReadOnlySpan<TensorType> results)
    {
        var space = operands[0].Pattern.Space;
        var (types, count) = (Body.ResultTypes(), Body.Outputs.Count);
        var given = operands.ToArray();
        var pulled = Backward.Map(backward => Adjoints.Of(
            backward, backward.Arguments.Count - count - (given.Length - Arguments), types, System.Array.ConvertAll(given[..Arguments], operand => operand.Pattern), space));
        if (Rule.Case is not Program rule) return pulled;
        // ẏ depends on ẋ as y does on x; what the rule makes of x itself is no derivative of y.
        var still = System.Array.ConvertAll(given, operand => new Dependent(operand.Type, Pattern.Nothing(space, operand.Type.Size), operand.IsKnown ? new(() => operand.Value) : null));
        var pushed = rule.Through(space, [.. still[..Arguments], .. given[..Arguments].Select(operand => operand.Open()), .. still[Arguments..]])[count..];
        return pushed.Select((tangent, i) => pulled.Match(
            Some: other => Pattern.Union(tangent.Pattern.Size, tangent.Pattern, other[i]),
            None: () => tangent.Pattern)).ToArray();
    }

    /// <summary>A sine with its own derivative, said in one or two ways. The constant is an integer, so that it stands still.</summary>
    public override Application Sample(Sampler sampler)
    {
        var x = sampler.Tensor(sampler.Float(), sampler.Shape());
        Tensor k = Values.Scalar((long)sampler.Integer(1, 3));
        Tensor Angle(Seq<Tensor> inputs) => inputs[0] * TensorMath.Convert(inputs[^1], x.DType);
        Tensor Slope(Seq<Tensor> inputs) => TensorMath.Cos(Angle(inputs)) * TensorMath.Convert(inputs[^1], x.DType);
        var (way, types) = (sampler.Integer(0, 2), Seq(x.Type, k.Type));
        var body = Trace.Of("Sample", types, inputs => Seq1(TensorMath.Sin(Angle(inputs))));
        var rule = Trace.Of("Sample", Seq(x.Type, x.Type, k.Type), inputs => Seq(TensorMath.Sin(Angle(inputs)), Slope(inputs) * inputs[1]));
        var forward = Trace.Of("Sample", types, inputs => Seq(TensorMath.Sin(Angle(inputs)), Slope(inputs)));
        var backward = Trace.Of("Sample", Seq(x.Type, x.Type, k.Type), inputs => Seq1(inputs[0] * inputs[1]));
        var custom = new CustomRule(body, 1, way == 0 ? None : rule, way == 1 ? None : forward, way == 1 ? None : backward);
        return new(custom, Seq(x, k));
    }

    private static Seq<(string Name, Program Program)> Each(string name, Option<Program> program) => program.Map(one => (Name: name, Program: one)).ToSeq();

    private void RequireStill(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        for (var i = Arguments; i < tangents.Count; i++)
            if (tangents[i].IsSome)
                throw new NotDifferentiableException($"{Name}: the function closes over {operands[i].Type}, which is being differentiated, and its rule says nothing about that. Make it an argument, or stop its gradient.");
    }

    private (Seq<Tensor>, Seq<Option<Tensor>>) Pushed(Program rule, Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        var directions = tangents.Part(0, Arguments).Filled(Body.Types().Part(0, Arguments));
        var all = rule.Evaluate([.. operands.Take(Arguments), .. directions, .. operands.Skip(Arguments)]);
        var results = all.Part(0, Body.Outputs.Count);
        return (results, all.Skip(results.Count).Map(tangent => tangent.DType.IsFloat() ? Some(tangent) : None).ToSeq().Strict());
    }

    // The value by the forward function, and the map of tangents by what it keeps.
    private (Seq<Tensor> Results, LinearMap Map, Seq<Tensor> Known) Split(Seq<Tensor> operands)
    {
        var backward = Backward.IfNone(() => throw new NotDifferentiableException($"{Name}: has no rule."));
        var all = Forward.IfNone(Body).Evaluate([.. operands]);
        var (results, kept) = (all.Part(0, Body.Outputs.Count), all.Skip(Body.Outputs.Count).ToSeq().Strict());
        var (x, constants) = (operands.Part(0, Arguments), operands.Skip(Arguments).ToSeq().Strict());
        // Only floats have tangents and cotangents; at other leaves there are zeros.
        var (xTypes, yTypes) = (Body.Types().Part(0, Arguments), Body.ResultTypes());
        var (xFloats, yFloats) = (Floats(xTypes), Floats(yTypes));
        var keptTypes = kept.Map(tensor => tensor.Type).Strict();
        var constantTypes = constants.Map(tensor => tensor.Type).Strict();
        var knownTypes = (Rule.IsSome ? xTypes : Seq<TensorType>()).Then(keptTypes, constantTypes);
        var from = knownTypes.Count - keptTypes.Count - constantTypes.Count;
        var pull = Trace.Of(Name, knownTypes.Then(yTypes.Where(yFloats)), inputs =>
        {
            var cotangents = Bodies.Scattered(yFloats, inputs.Skip(knownTypes.Count)).Filled(yTypes);
            return backward.Evaluate([.. inputs.Skip(from).Take(keptTypes.Count), .. cotangents, .. inputs.Part(from + keptTypes.Count, constantTypes.Count)]).Where(xFloats);
        });
        var push = Rule.Map(rule => Trace.Of(Name, knownTypes.Then(xTypes.Where(xFloats)), inputs =>
        {
            var tangents = Bodies.Scattered(xFloats, inputs.Skip(knownTypes.Count)).Filled(xTypes);
            return rule.Evaluate([.. inputs.Take(Arguments), .. tangents, .. inputs.Part(from + keptTypes.Count, constantTypes.Count)])
                .Skip(yTypes.Count).ToSeq().Where(yFloats);
        })) || Transposed(pull, knownTypes.Count);
        return (results, new LinearMap(Name, knownTypes.Count, push, Some(pull)), (Rule.IsSome ? x : Seq<Tensor>()).Then(kept, constants));
    }

    // The forward map is the transpose of a backward function that is linear; of another there is none.
    private static Option<Program> Transposed(Program pull, int known)
    {
        try
        {
            return LinearMap.Of("transpose", pull, known).Backward;
        }
        catch (NotDifferentiableException)
        {
            return None;
        }
    }

    private Seq<Tensor> Directions(Seq<Tensor> operands, Seq<Option<Tensor>> tangents) => tangents.Zip(operands).Take(Arguments)
        .Filter(pair => pair.Item2.DType.IsFloat()).Map(pair => Pushforward.OrZero(pair.Item1, pair.Item2.Type)).ToSeq().Strict();

    private static Seq<Option<Tensor>> Moved(Seq<Tensor> results, Tensor[] moved) => Bodies.Scattered(Floats(results.Map(result => result.Type).Strict()), moved);

    private static Seq<bool> Floats(Seq<TensorType> types) => types.Map(type => type.DType.IsFloat()).Strict();
}
