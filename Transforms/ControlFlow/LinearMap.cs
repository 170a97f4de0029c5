using Functional.Differentiation;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>
/// A linear map ẋ ↦ A(k) ẋ given by a program for it, and one for its transpose: (k, ẋ) → ẏ and (k, ȳ) → x̄. What either
/// recomputes from k stays inside, so that no rewrite of the program around it can keep it instead.
/// </summary>
/// <param name="Label">What the map is the derivative of, for text.</param>
/// <param name="Known">How many operands come before the tangents.</param>
/// <param name="Forward">The map; none where only its transpose is known.</param>
/// <param name="Backward">The transpose; none where there is none.</param>
/// <param name="IsDerived">Whether the one program is the other transposed by rule, and not by other means.</param>
public sealed record LinearMap(string Label, int Known, Option<Program> Forward, Option<Program> Backward, bool IsDerived = false) : Primitive, ICarriesPrograms, ISupportedLinear
{
    /// <inheritdoc/>
    public override string Name => "linear";

    /// <inheritdoc/>
    public override string Parameters => Label;

    /// <inheritdoc/>
    public Seq<(string Name, Program Program)> Programs =>
        Forward.Map(program => ("forward", program)).ToSeq().Then(Backward.Map(program => ("backward", program)).ToSeq());

    /// <inheritdoc/>
    public Option<Program> Whole => Forward;

    /// <inheritdoc/>
    public Primitive With(Seq<Program> programs) => this with
    {
        Forward = Forward.Map(_ => programs[0]),
        Backward = Backward.Map(_ => programs[^1]),
    };

    /// <summary>The map of a linear program, with the transpose derived.</summary>
    /// <param name="label">What it is the derivative of.</param>
    /// <param name="program">Linear in its last arguments, given the first.</param>
    /// <param name="known">How many arguments come before those it is linear in.</param>
    internal static LinearMap Of(string label, Program program, int known)
    {
        var types = program.Types();
        var order = Enumerable.Range(known, types.Count - known).Concat(Enumerable.Range(0, known)).ToSeq().Strict();
        var first = program.Reordered(order);
        var backward = Trace.Of("Transpose", types.Take(known).Then(program.ResultTypes()), inputs =>
            Transposition.Pull(first, types.Count - known, inputs.Part(0, known).Then(first.Captures), inputs.Skip(known).ToSeq().Map(Some).Strict())
                .Filled(types.Skip(known).ToSeq().Strict()));
        return new(label, known, program, backward.Simplify(), true);
    }

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> operands)
    {
        if (Forward.Case is not Program forward) return [.. Back.Types().Skip(Known)];
        Carried.Accept("linear", forward, operands);
        return [.. forward.ResultTypes()];
    }

    /// <inheritdoc/>
    public override Tensor[] Evaluate(ReadOnlySpan<Tensor> operands, ReadOnlySpan<TensorType> types) => new Evaluator(Ahead).Run(operands);

    /// <inheritdoc/>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Jvp(Seq<Tensor> operands, Seq<Option<Tensor>> tangents) =>
        StandsStill(tangents) ? Along(operands, tangents) : Pushforward.Push(Ahead, operands, tangents);

    /// <inheritdoc/>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Linearize(Seq<Tensor> operands, Seq<Option<Tensor>> tangents) =>
        StandsStill(tangents)
            ? Along(operands, tangents)
            : Recomputation.Linearize(primal => new Checkpoint(primal, ResidualPolicy.Nothing), Ahead, ResidualPolicy.Nothing, operands, tangents);

    /// <inheritdoc/>
    public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
        Support.Values(((ISupportedLinear)this).Transpose(Support.Everywhere(cotangents), operands));

    Seq<Option<Cotangent>> ISupportedLinear.Transpose(Seq<Option<Cotangent>> cotangents, Seq<Operand> operands)
    {
        var nothing = operands.Map(_ => Option<Cotangent>.None).Strict();
        if (cotangents.ForAll(cotangent => cotangent.IsNone)) return nothing;
        if (operands.Take(Known).Exists(operand => operand.IsLinear))
            throw new NotDifferentiableException($"linear[{Label}]: is not linear in what it recomputes from.");
        var known = operands.Part(0, Known).Map(operand => operand.Value);
        var pulled = IsDerived && Forward.Case is Program forward
            ? Masked(forward, known, cotangents)
            : Support.Everywhere((this with { Forward = Back, Backward = Forward })
                .ApplyAll([.. known, .. Support.Values(cotangents).Filled(ResultTypes)]).Map(Some).ToSeq());
        return nothing.Take(Known).Then(operands.Skip(Known).Zip(pulled).Map(pair => pair.Item1.IsLinear ? pair.Item2 : None));
    }

    /// <inheritdoc/>
    public override Seq<Batched> Batch(Seq<Batched> operands, int size)
    {
        var known = operands.Take(Known).Map(operand => operand.IsBatched).ToSeq().Strict();
        var batched = this with { Forward = Forward.Map(Stacked), Backward = Backward.Map(Stacked) };
        return batched.ApplyAll([.. operands.Take(Known).Map(operand => operand.Value), .. operands.Skip(Known).Map(operand => operand.Each(size))])
            .Select(Batched.Each).ToSeq();

        Program Stacked(Program program)
        {
            var all = known.Then(true.Times(program.Arguments.Count - Known));
            return Carried.Batched(program, all, true.Times(program.Outputs.Count), size);
        }
    }

    /// <inheritdoc/>
    public Seq<bool> Moves(Seq<bool> operands) =>
        operands.Take(Known).Exists(identity) && Forward.Case is Program forward ? forward.Movement(operands) : true.Times(ResultTypes.Count);

    /// <inheritdoc/>
    public Option<Func<Seq<Tensor>, Seq<Option<Tensor>>>> Lessened(Seq<Option<Tensor>> known, Seq<bool> live)
    {
        var literals = known.Part(0, Known);
        if (literals.Exists(value => value.IsSome))
            return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
                Each(literals.Count(value => value.IsNone), program => program.With(Beside(program, literals, None)))
                    .Written(literals.Unbound(operands.Part(0, Known)).Then(operands.Skip(Known).ToSeq()), operands).Map(Some).Strict());
        if (!live.ForAll(identity))
            return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands => Bodies.Scattered(live, live.Exists(identity) ? Giving(live, operands) : Seq<Tensor>()));
        var read = Programs.Map(each => Carried.Reads(each.Program).Part(0, Known)).Reduce(Bodies.Or);
        if (read.ForAll(identity)) return None;
        return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
            Each(read.Count(identity), program => program.Reading(Beside(program, read, true)))
                .Written(operands.Part(0, Known).Where(read).Then(operands.Skip(Known).ToSeq()), operands).Map(Some).Strict());
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) => Functional.Programs.Cost.Of(Forward.IfNone(() => Back));

    /// <inheritdoc/>
    public override Option<Pattern[]> Dependence(ReadOnlySpan<Dependent> operands, ReadOnlySpan<TensorType> results)
    {
        var space = operands[0].Pattern.Space;
        if (Forward.Case is Program forward) return System.Array.ConvertAll(forward.Through(space, operands), output => output.Pattern);
        var patterns = System.Array.ConvertAll(operands.ToArray(), operand => operand.Pattern);
        // What is recomputed from may come in anywhere.
        var known = Pattern.Dense(space, 1, patterns.AsSpan(0, Known));
        return System.Array.ConvertAll(Adjoints.Of(Back, Known, ResultTypes, patterns.AsSpan(Known), space), pattern => Pattern.Union(pattern.Size, pattern, known));
    }

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler)
    {
        var shape = sampler.Shape();
        var dtype = sampler.Float();
        Tensor k = sampler.Tensor(dtype, shape), x = sampler.Tensor(dtype, shape), y = sampler.Tensor(dtype, shape);
        var program = Trace.Of("Sample", Seq(k.Type, x.Type, y.Type), inputs =>
        {
            var factor = TensorMath.Sin(inputs[0]);
            return Seq((factor * inputs[1]) + inputs[2], TensorMath.Sum(factor * inputs[2]));
        });
        return new(Of("sample", program, 1), Seq(k, x, y));
    }

    private Program Ahead => Forward.IfNone(() => throw new NotDifferentiableException(
        $"{Label}: there is no forward mode through it, for its backward function is not linear in the cotangent. Give a pushforward as well, with CustomDerivative."));

    private Program Back => Backward.IfNone(() => throw new NotDifferentiableException($"{Label}: there is no reverse mode through it."));

    private Seq<TensorType> ResultTypes => Forward.Map(program => program.ResultTypes()).IfNone(() => Back.Types().Skip(Known).ToSeq().Strict());

    private LinearMap Each(int known, Func<Program, Program> change) => this with { Known = known, Forward = Forward.Map(change), Backward = Backward.Map(change) };

    // What is said of the known arguments, and the same of all others.
    private Seq<T> Beside<T>(Program program, Seq<T> known, T others) => known.Then(others.Times(program.Arguments.Count - Known));

    // The map to some of the results. A transpose by other means than the rules stays what it is, with no cotangent of the others.
    private Seq<Tensor> Giving(Seq<bool> live, Seq<Tensor> operands)
    {
        if (!IsDerived || Forward.Case is not Program forward)
            return (this with { Forward = Forward.Map(program => program.Of(live)), Backward = Backward.Map(program => Narrowed(program, live)) }).Written(operands, operands);
        var less = forward.Of(live);
        var read = Carried.Reads(less);
        return Of(Label, less.Reading(read), read.Part(0, Known).Count(identity)).Written(operands.Where(read), operands);
    }

    private Program Narrowed(Program backward, Seq<bool> live)
    {
        var types = backward.Types();
        var results = types.Skip(Known).ToSeq().Strict();
        return Trace.Of("Transpose", types.Part(0, Known).Then(results.Where(live)), inputs =>
            backward.Written(inputs.Part(0, Known).Then(Bodies.Scattered(live, inputs.Skip(Known)).Filled(results)), this, inputs));
    }

    private bool StandsStill(Seq<Option<Tensor>> tangents) => tangents.Take(Known).ForAll(tangent => tangent.IsNone);

    private (Seq<Tensor>, Seq<Option<Tensor>>) Along(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        var directions = tangents.Skip(Known).ToSeq().Filled(operands.Skip(Known).Map(operand => operand.Type).ToSeq().Strict());
        return (ApplyAll([.. operands]).ToSeq(), ApplyAll([.. operands.Take(Known), .. directions]).ToSeq().Map(Some).Strict());
    }

    // Cotangents that are zero in places have a transpose of their own, with the supports among what is known.
    private Seq<Option<Cotangent>> Masked(Program forward, Seq<Tensor> known, Seq<Option<Cotangent>> cotangents)
    {
        var tangents = forward.Arguments.Count - Known;
        var pull = new Pullback(false.Times(Known).Then(true.Times(tangents)), cotangents);
        var (reached, inPlaces) = pull.Reach(forward);
        var bounded = inPlaces.Zip(reached).Map(pair => pair.Item1 && pair.Item2).ToSeq().Strict();
        return Pullback.Supported(
            Bodies.Scattered(reached, Pulled()),
            bounded,
            () => new Checkpoint(pull.SupportsOf(forward, bounded), ResidualPolicy.Nothing).ApplyAll([.. known, .. pull.Masks]));

        IEnumerable<Tensor> Pulled()
        {
            var values = Support.Values(cotangents);
            if (!cotangents.Exists(cotangent => cotangent.Exists(one => one.Support.IsSome)))
                return (this with { Forward = Back, Backward = Forward }).ApplyAll([.. known, .. values.Filled(ResultTypes)]).ToSeq().Where(reached);
            var (cotangent, program) = (cotangents.Count(one => one.IsSome), pull.Of(forward, reached));
            var supports = pull.Given.Count - cotangent;
            var order = Enumerable.Range(0, Known).Concat(Enumerable.Range(Known + cotangent, supports)).Concat(Enumerable.Range(Known, cotangent)).ToSeq().Strict();
            return Of(Label, program.Reordered(order), Known + supports)
                .ApplyAll([.. known, .. pull.Given.Skip(cotangent), .. pull.Given.Take(cotangent)]);
        }
    }
}
