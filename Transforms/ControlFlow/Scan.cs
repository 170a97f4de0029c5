using Functional.Differentiation;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>
/// A loop of known length over the rows of sequences: (c₀, [x₁ … xₙ]) → (cₙ, [y₁ … yₙ]) with (cᵢ, yᵢ) = step(cᵢ₋₁, xᵢ).
/// Operands are the carries, the sequences (stacked on the first axis), then what is the same at every step.
/// </summary>
/// <param name="Step">(c, x, constants) → (c, y).</param>
/// <param name="Carries">How many of its arguments are carried.</param>
/// <param name="Sequences">How many are rows of sequences.</param>
/// <param name="Length">The number of steps.</param>
/// <param name="Reverse">Whether the steps go from the last row to the first; yᵢ stands in the row of xᵢ.</param>
public sealed record Scan(Program Step, int Carries, int Sequences, int Length, bool Reverse) : Primitive, IRunsInPlace, ISupportedLinear
{
    /// <inheritdoc/>
    public override string Name => "scan";

    /// <inheritdoc/>
    public override string Parameters => Reverse ? $"length={Length} reverse" : $"length={Length}";

    /// <inheritdoc/>
    public Seq<(string Name, Program Program)> Programs => Seq1(("step", Step));

    /// <inheritdoc/>
    public Primitive With(Seq<Program> programs) => this with { Step = programs[0] };

    private int Varying => Carries + Sequences;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> operands)
    {
        var steps = new TensorType[operands.Length];
        for (var i = 0; i < steps.Length; i++)
        {
            if (i < Carries || i >= Varying) steps[i] = operands[i];
            else if (operands[i].Rank > 0 && operands[i].Shape[0] == Length) steps[i] = new(operands[i].DType, operands[i].Shape[1..]);
            else throw new ShapeException($"Scan: a sequence is {operands[i]}; expected {Length} rows, one for each step.");
        }
        Carried.Accept("Scan", Step, steps);
        var results = Step.ResultTypes();
        if (!results.Take(Carries).SequenceEqual(steps.Take(Carries)))
            throw new ShapeException($"Scan: the carry changes type: it was ({string.Join(", ", steps.Take(Carries))}), and became ({string.Join(", ", results.Take(Carries))}).");
        return [.. results.Select((type, i) => i < Carries ? type : type.Repeated(Length))];
    }

    /// <inheritdoc/>
    public override Tensor[] Evaluate(ReadOnlySpan<Tensor> operands, ReadOnlySpan<TensorType> types)
    {
        var step = new Evaluator(Step);
        var inputs = operands.ToArray();
        var stacks = new System.Array[types.Length - Carries];
        for (var i = 0; i < stacks.Length; i++) stacks[i] = Rows.Room(types[Carries + i]);
        for (var done = 0; done < Length; done++)
        {
            var row = Reverse ? Length - 1 - done : done;
            for (var i = Carries; i < Varying; i++) inputs[i] = Rows.Of(operands[i], row);
            var results = step.Run(inputs);
            for (var i = 0; i < Carries; i++) inputs[i] = results[i];
            for (var i = 0; i < stacks.Length; i++) Rows.Write(stacks[i], row, results[Carries + i]);
        }
        var all = new Tensor[types.Length];
        for (var i = 0; i < all.Length; i++) all[i] = i < Carries ? inputs[i] : Rows.Dense(stacks[i - Carries], types[i]);
        return all;
    }

    /// <summary>Carries go to and fro between two arrays, of which the last step writes to that of the result.</summary>
    Stacks IRunsInPlace.Stacks => new(Carries, Varying, Carries);

    void IRunsInPlace.Run(ReadOnlySpan<Routine> routines, ReadOnlySpan<System.Array> operands, ReadOnlySpan<System.Array> results, ref object? room)
    {
        var step = routines[0];
        var spare = (System.Array[])(room ??= Step.Types().Take(Length > 1 ? Carries : 0).Select(Rows.Room).ToArray());
        for (var i = Carries; i < operands.Length; i++) step.Read(i, operands[i]);
        for (var i = Carries; i < results.Length; i++) step.Write(i, results[i]);
        for (var i = 0; i < Carries; i++)
            if (Length == 0) System.Array.Copy(operands[i], results[i], operands[i].Length);
        for (var done = 0; done < Length; done++)
        {
            var row = Reverse ? Length - 1 - done : done;
            var isEven = (Length - 1 - done) % 2 == 0;
            for (var i = 0; i < Carries; i++)
            {
                step.Read(i, done == 0 ? operands[i] : isEven ? spare[i] : results[i]);
                step.Write(i, isEven ? results[i] : spare[i]);
            }
            step.Run(row);
        }
    }

    /// <summary>One loop moves values and tangents, and keeps nothing of its steps.</summary>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Jvp(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        var (moving, moves) = Movement(tangents.Present());
        var (c, x, k) = (moving.Part(0, Carries), moving.Part(Carries, Sequences), moving.Skip(Varying).ToSeq().Strict());
        var types = Step.Types();
        var (cTypes, xTypes, kTypes) = (types.Part(0, Carries), types.Part(Carries, Sequences), types.Skip(Varying).ToSeq().Strict());
        var all = cTypes.Then(cTypes.Where(c), xTypes, xTypes.Where(x), kTypes, kTypes.Where(k));
        var (cMoving, xMoving) = (c.Count(identity), x.Count(identity));
        var step = Trace.Of("Jvp", all, inputs =>
        {
            var given = new Queue<Tensor>(inputs);
            Seq<Tensor> Next(int count) => Enumerable.Range(0, count).Select(_ => given.Dequeue()).ToSeq().Strict();
            var (carry, carryMoved) = (Next(Carries), Next(cMoving));
            var (row, rowMoved) = (Next(Sequences), Next(xMoving));
            var (constants, constantsMoved) = (Next(kTypes.Count), Next(k.Count(identity)));
            var (values, moved) = Pushforward.Push(Step, carry.Then(row, constants), Bodies.Tangents(moving, carryMoved.Then(rowMoved, constantsMoved)));
            var filled = moved.Filled(Step.ResultTypes());
            return values.Part(0, Carries).Then(filled.Part(0, Carries).Where(c), values.Skip(Carries).ToSeq(), filled.Skip(Carries).ToSeq().Where(moves.Skip(Carries).ToSeq().Strict()));
        }) with
        { Names = Seq<string>() };
        var directions = tangents.Zip(operands).Map(pair => (pair.Item1, pair.Item2.Type)).ToSeq().Strict();
        Seq<Tensor> Along(int from, Seq<bool> mask) => directions.Part(from, mask.Count).Where(mask).Map(pair => Pushforward.OrZero(pair.Item1, pair.Type)).Strict();
        var results = new Scan(step, Carries + cMoving, Sequences + xMoving, Length, Reverse).ApplyAll(
        [
            .. operands.Part(0, Carries), .. Along(0, c), .. operands.Part(Carries, Sequences), .. Along(Carries, x), .. operands.Skip(Varying), .. Along(Varying, k),
        ]).ToSeq();
        var ys = Step.Outputs.Count - Carries;
        return (
            results.Part(0, Carries).Then(results.Part(Carries + cMoving, ys)),
            Bodies.Scattered(moves, results.Part(Carries, cMoving).Then(results.Skip(Carries + cMoving + ys).ToSeq())));
    }

    /// <summary>
    /// The loop over values stacks what the linear part reads; the tangents are a loop of their own over these stacks. What
    /// is the same at every step, and rows of the sequences, are not stacked again.
    /// </summary>
    public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Linearize(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        if (Hoisting.Of(Step, Varying, Length > 0 ? null : Carried.IsTotal).Case is Hoisting { Outside: var outside, Inside: var inside })
        {
            var (values, moved) = Pushforward.Split(outside, operands.Skip(Varying).ToSeq().Strict(), tangents.Skip(Varying).ToSeq().Strict());
            return (this with { Step = inside }).Linearize(operands.Then(values), tangents.Then(moved));
        }
        if (Fission.Of(Step, Carries, Sequences, Length).Case is Fission fission)
        {
            var (values, moved) = Pushforward.Split(fission.Ahead, operands.Skip(Carries).ToSeq().Strict(), tangents.Skip(Carries).ToSeq().Strict());
            return (this with { Step = fission.Inside, Sequences = Sequences + fission.Products })
                .Linearize(Between(operands, values), Between(tangents, moved));
        }
        var (moving, moves) = Movement(tangents.Present());
        var isAtHand = Enumerable.Range(0, operands.Count).Select(i => i >= Carries).ToSeq().Strict();
        var parted = Parted.Of(Step, moving, null, isAtHand);
        var results = (this with { Step = parted.Primal }).ApplyAll([.. operands]).ToSeq();
        var outputs = Step.Outputs.Count;
        if (!moves.Exists(identity)) return (results.Part(0, outputs), moves.Map(_ => Option<Tensor>.None).Strict());

        // The linear part takes (ẋ of those that move, all operands, stored values); the loop wants carries, rows, constants.
        var (c, x, k) = (moving.Part(0, Carries), moving.Part(Carries, Sequences), moving.Skip(Varying).ToSeq().Strict());
        var (cs, xs, ks) = (c.Count(identity), x.Count(identity), k.Count(identity));
        var (all, stored) = (cs + xs + ks, parted.StoredTypes.Count);
        var order = Range(0, cs)
            .Concat(Range(cs, xs)).Concat(Range(all + Carries, Sequences)).Concat(Range(all + operands.Count, stored))
            .Concat(Range(cs + xs, ks)).Concat(Range(all + Varying, operands.Count - Varying)).ToSeq().Strict();
        var types = parted.Linear.Types();
        var places = new int[types.Count];
        for (var i = 0; i < order.Count; i++) places[order[i]] = i;
        var ordered = Trace.Of("Linearize", order.Map(i => types[i]).Strict(), inputs =>
        {
            // The carries themselves are not at hand, and not read.
            var given = Enumerable.Range(0, types.Count).Select(i => i >= all && i < all + Carries ? TensorMath.Zeros(types[i].Shape, types[i].DType) : inputs[places[i]]);
            var moved = Bodies.Scattered(parted.Moves, parted.Linear.Evaluate([.. given])).Filled(Step.ResultTypes());
            return moved.Part(0, Carries).Where(c).Then(moved.Skip(Carries).ToSeq().Where(moves.Skip(Carries).ToSeq().Strict()));
        }).WithoutDeadCode();
        var directions = tangents.Zip(operands).Map(pair => Pushforward.OrZero(pair.Item1, pair.Item2.Type)).ToSeq();
        var given = directions.Part(0, Carries).Where(c).Then(directions.Part(Carries, Sequences).Where(x), operands.Part(Carries, Sequences), results.Skip(outputs).ToSeq(), directions.Skip(Varying).ToSeq().Where(k), operands.Skip(Varying).ToSeq());
        var read = Carried.Reads(ordered).Select((isRead, i) => isRead || i < cs + xs || i >= given.Count - operands.Count + Varying - ks && i < given.Count - operands.Count + Varying).ToSeq().Strict();
        var rows = read.Part(cs, xs + Sequences + stored).Count(identity);
        var linear = new Scan(ordered.Reading(read), cs, rows, Length, Reverse).ApplyAll([.. given.Where(read)]);
        return (results.Part(0, outputs), Bodies.Scattered(moves, linear));
    }

    /// <inheritdoc/>
    public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
        Support.Values(((ISupportedLinear)this).Transpose(Support.Everywhere(cotangents), operands));

    /// <summary>
    /// The transposed loop runs the other way: cotangents of the carry go from step to step, those of the constants add up
    /// along the way, and those of a sequence's rows are stacked.
    /// </summary>
    Seq<Option<Cotangent>> ISupportedLinear.Transpose(Seq<Option<Cotangent>> cotangents, Seq<Operand> operands)
    {
        var linear = operands.Map(operand => operand.IsLinear).Strict();
        var (moving, moves) = Movement(linear);
        var (c, x, k) = (moving.Part(0, Carries), moving.Part(Carries, Sequences), moving.Skip(Varying).ToSeq().Strict());
        if (!c.ForAll(identity)) return Split(cotangents, operands, linear);

        var types = Step.Types();
        var (xKnown, kKnown) = (Known(operands.Part(Carries, Sequences)), Known(operands.Skip(Varying).ToSeq()));
        // A row's cotangent comes with the step; its support, where there is one, beside it.
        var rows = cotangents.Skip(Carries).ToSeq().Zip(moves.Skip(Carries)).Map(pair => pair.Item2 ? pair.Item1 : None).ToSeq().Strict();
        var given = rows.Somes().Map(row => row.Value).ToSeq().Strict();
        var supports = rows.Somes().Map(row => row.Support).Somes().Map(support => support.Value).ToSeq().Strict();
        var kTypes = types.Skip(Varying).ToSeq().Where(k);
        var cTypes = types.Part(0, Carries);
        var stepTypes = cTypes.Then(Unstacked(given), Unstacked(supports), Unstacked(xKnown), kKnown.Map(known => known.Type).Strict());
        // Of the constants whose cotangents come up at all.
        var isAdded = Seq<bool>();
        var pull = Trace.Of("Transpose", stepTypes, inputs =>
        {
            var queue = new Queue<Tensor>(inputs);
            Seq<Tensor> Next(int count) => Enumerable.Range(0, count).Select(_ => queue.Dequeue()).ToSeq().Strict();
            var (carry, values, masks, row, constants) = (Next(Carries), Next(given.Count), Next(supports.Count), Next(xKnown.Count), Next(kKnown.Count));
            var above = carry.Map(value => Some(new Cotangent(value, None))).Strict().Then(rows.Map(present => present.Map(one => new Cotangent(one.Value, one.Support))).Strict());
            var pulled = Support.Values(new Pullback(moving, above).Pull(Step, row.Then(constants, carry, values, masks)));
            var results = pulled.Filled(types.Where(moving));
            var xs = x.Count(identity);
            var added = pulled.Skip(Carries + xs).ToSeq().Strict();
            isAdded = added.Present();
            return results.Part(0, Carries).Then(added.Somes().ToSeq().Strict(), results.Part(Carries, xs));
        });
        var sequences = given.Then(supports, xKnown);
        var sums = Sums.Of(pull, Carries, sequences.Count, isAdded.Count(identity), Length);
        var sumTypes = kTypes.Where(isAdded).Where(sums.Carried);
        var step = Trace.Of("Transpose", cTypes.Then(sumTypes, stepTypes.Skip(Carries).ToSeq()), inputs =>
        {
            var results = sums.Step.Evaluate([.. inputs.Take(Carries), .. inputs.Skip(Carries + sumTypes.Count)]).ToSeq();
            var added = inputs.Part(Carries, sumTypes.Count).Zip(results.Part(Carries, sumTypes.Count)).Map(pair => pair.Item1 + pair.Item2).ToSeq().Strict();
            return results.Part(0, Carries).Then(added, results.Skip(Carries + sumTypes.Count).ToSeq());
        });
        var zeros = sumTypes.Map(type => TensorMath.Zeros(type.Shape, type.DType)).Strict();
        var start = cotangents.Part(0, Carries).Map(cotangent => cotangent.Map(one => one.Value)).Strict().Filled(cTypes);
        var backward = new Scan(step, Carries + zeros.Count, sequences.Count, Length, !Reverse).ApplyAll([.. start, .. zeros, .. sequences, .. kKnown]).ToSeq();
        var stacks = backward.Skip(Carries + zeros.Count).ToSeq().Strict();
        var added = Bodies.Scattered(isAdded, sums.All(backward.Part(Carries, zeros.Count), sequences, stacks)).Filled(kTypes);
        var all = backward.Part(0, Carries).Then(stacks.Part(0, x.Count(identity)), added);
        var bounded = Bounded(moving, rows);
        return Pullback.Supported(Bodies.Scattered(moving, all), bounded, () => Supports(moving, bounded, rows, operands))
            .Zip(linear).Map(pair => pair.Item2 ? pair.Item1 : None).ToSeq().Strict();
    }

    // Which sequences have cotangents that are zero in places: by the masks of a step alone, whatever comes along with the carry.
    private Seq<bool> Bounded(Seq<bool> moving, Seq<Option<Cotangent>> rows)
    {
        var (reached, bounded) = new Pullback(moving, Above(rows)).Reach(Step);
        var each = new Queue<bool>(reached.Zip(bounded).Map(pair => pair.Item1 && pair.Item2));
        return moving.Select((moves, i) => moves && each.Dequeue() && i >= Carries && i < Varying).ToSeq().Strict();
    }

    // One more loop, over the masks alone.
    private Tensor[] Supports(Seq<bool> moving, Seq<bool> bounded, Seq<Option<Cotangent>> rows, Seq<Operand> operands)
    {
        var pull = new Pullback(moving, Above(rows));
        var (xKnown, kKnown) = (Known(operands.Part(Carries, Sequences)), Known(operands.Skip(Varying).ToSeq()));
        var masks = rows.Somes().Map(row => row.Support).Somes().Map(support => support.Value).ToSeq().Strict();
        var types = Unstacked(xKnown).Then(Unstacked(masks), kKnown.Map(known => known.Type).Strict());
        var step = Trace.Of("Transpose", types, inputs =>
        {
            var (row, mask, constants) = (inputs.Part(0, xKnown.Count), inputs.Part(xKnown.Count, masks.Count), inputs.Skip(xKnown.Count + masks.Count).ToSeq().Strict());
            return pull.SupportsOf(Step, bounded.Where(moving)).Evaluate([.. row, .. constants, .. mask]);
        }).WithoutDeadCode();
        return new Scan(step, 0, xKnown.Count + masks.Count, Length, !Reverse).ApplyAll([.. xKnown, .. masks, .. kKnown]);
    }

    // The cotangents of one step: of the carry everywhere, of a row where its support says.
    private Seq<Option<Cotangent>> Above(Seq<Option<Cotangent>> rows)
    {
        var results = Step.ResultTypes();
        return results.Select((type, i) => i < Carries
            ? Some(new Cotangent(TensorMath.Zeros(type.Shape, type.DType), None))
            : rows[i - Carries].Map(row => new Cotangent(TensorMath.Zeros(type.Shape, type.DType), row.Support.Map(_ => new Lazy<Tensor>(() => TensorMath.Zeros(type.Shape, DType.Bool)))))).ToSeq().Strict();
    }

    /// <inheritdoc/>
    public override Seq<Batched> Batch(Seq<Batched> operands, int size)
    {
        var batched = operands.Map(operand => operand.IsBatched).Strict();
        Seq<bool> each;
        while (true)
        {
            each = Step.Batchedness(batched, size);
            var next = each.Part(0, Carries).Or(batched.Part(0, Carries)).Then(batched.Skip(Carries).ToSeq());
            if (next == batched) break;
            batched = next;
        }
        each = batched.Part(0, Carries).Then(each.Skip(Carries).ToSeq());
        var step = Carried.Batched(Step, batched, each, size);
        var given = operands.Select((operand, i) =>
            !batched[i] ? operand.Value
            : i < Carries || i >= Varying ? operand.Each(size)
            : TensorMath.MoveAxis(operand.Value, 0, 1));
        return (this with { Step = step }).ApplyAll([.. given]).Select((result, i) =>
            !each[i] ? Batched.Shared(result)
            : Batched.Each(i < Carries ? result : TensorMath.MoveAxis(result, 1, 0))).ToSeq().Strict();
    }

    /// <inheritdoc/>
    public Seq<bool> Moves(Seq<bool> operands) => Movement(operands).Results;

    /// <inheritdoc/>
    public Option<Func<Seq<Tensor>, Seq<Option<Tensor>>>> Lessened(Seq<Option<Tensor>> known, Seq<bool> live)
    {
        if (Length == 0)
            return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands => operands.Take(Carries).Then(Step.ResultTypes().Skip(Carries).Map(type => TensorMath.Zeros(type.Shape.Insert(0, 0), type.DType))).Map(Some).ToSeq().Strict());
        if (Length == 1)
            return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands => Step
                .Written(operands.Select((operand, i) => i < Carries || i >= Varying ? operand : TensorMath.Squeeze(operand, 0)).ToSeq().Strict(), this, operands)
                .Select((result, i) => Some(i < Carries ? result : TensorMath.ExpandDims(result, 0))).ToSeq().Strict());
        var literals = known.From(Varying);
        if (literals.Exists(value => value.IsSome))
            return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
                (this with { Step = Step.With(literals) }).Written(literals.Unbound(operands), operands).Map(Some).Strict());
        if (Hoisting.Of(Step, Varying).Case is Hoisting { Outside: var outside, Inside: var inside })
            return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
                (this with { Step = inside }).Written(operands.Then(outside.Written(operands.Skip(Varying).ToSeq().Strict(), this, operands)), operands).Map(Some).Strict());
        if (Fission.Of(Step, Carries, Sequences, Length).Case is Fission fission)
            return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
                (this with { Step = fission.Inside, Sequences = Sequences + fission.Products })
                    .Written(Between(operands, fission.Ahead.Written(operands.Skip(Carries).ToSeq().Strict(), this, operands)), operands).Map(Some).Strict());
        var passing = Passing.Of(Step.Outputs.Select((output, i) => (i < Carries, output)), (i, result) => AtHand(i, result.output), live);
        var loop = Loop.Of(Step, Carries, Sequences, passing.Needed);
        if (loop.IsWhole && !passing.IsSome) return None;
        return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands => passing.Results(
            operands,
            Bodies.Scattered(loop.Kept, loop.Kept.Exists(identity)
                ? new Scan(loop.Step, loop.Carries, loop.Sequences, Length, Reverse).Written(loop.Operands(operands), operands)
                : Seq<Tensor>())));
    }

    // Further sequences stand before the constants.
    private Seq<T> Between<T>(Seq<T> operands, Seq<T> further) => operands.Part(0, Varying).Then(further, operands.Skip(Varying).ToSeq().Strict());

    // A result that is known before the loop runs: rows passed through, or what is the same at every step.
    private Func<Seq<Tensor>, Tensor>? AtHand(int place, Atom output)
    {
        if (place >= Carries && output is Variable { Id: var id } && id >= Carries && id < Varying) return operands => operands[id];
        if (Passing.AtHand(Step, output, IsUnchanged(output) ? 0 : Varying) is not { } same) return null;
        return place < Carries ? same : operands => TensorMath.BroadcastTo(same(operands), output.Type.Repeated(Length).Shape);
    }

    private bool IsUnchanged(Atom output) => output is Variable { Id: var id } && id < Carries && Step.Outputs[id] == output;

    /// <summary>The steps, and the rows: each is moved out of its sequence, or into its stack.</summary>
    public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results)
    {
        var step = Functional.Programs.Cost.Of(Step);
        var rows = 2 * Functional.Programs.Cost.Traffic(operands[Carries..Varying], results[Carries..]);
        return new(step.Flops * Length, Math.Max((step.Bytes * Length) + rows, Functional.Programs.Cost.Traffic(operands, results)));
    }

    /// <inheritdoc/>
    public override Option<Pattern[]> Dependence(ReadOnlySpan<Dependent> operands, ReadOnlySpan<TensorType> results) => Recurrence.Of(this, operands);

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler)
    {
        var shape = sampler.Shape(0, 1);
        var dtype = sampler.Float();
        var length = sampler.Integer(0, 3);
        Tensor c = sampler.Tensor(dtype, shape), xs = sampler.Tensor(dtype, shape.Insert(0, length)), k = sampler.Tensor(dtype, Shape.Scalar, -1, 1);
        var step = Trace.Of("Sample", Seq(c.Type, c.Type, k.Type), inputs =>
        {
            var next = TensorMath.Sin(inputs[0] * inputs[2]) + inputs[1];
            return Seq(next, next * inputs[1]);
        });
        return new(new Scan(step, 1, 1, length, sampler.Flip()), Seq(c, xs, k));
    }

    // Which operands and results move: a carry that moves after one step moves before the next.
    private (Seq<bool> Operands, Seq<bool> Results) Movement(Seq<bool> moving)
    {
        while (true)
        {
            var moves = Step.Movement(moving);
            var next = moving.Part(0, Carries).Or(moves.Part(0, Carries)).Then(moving.Skip(Carries).ToSeq());
            if (next == moving) return (moving, moving.Part(0, Carries).Then(moves.Skip(Carries).ToSeq()));
            moving = next;
        }
    }

    // Carries that are known at every step: the loop over them runs first, and what the rest needs of it is stacked.
    private Seq<Option<Cotangent>> Split(Seq<Option<Cotangent>> cotangents, Seq<Operand> operands, Seq<bool> linear)
    {
        var types = operands.Filter(operand => operand.IsLinear).Map(operand => operand.Type).ToSeq().Strict();
        var program = Trace.Of("Transpose", types, inputs =>
        {
            var given = new Queue<Tensor>(inputs);
            return ApplyAll([.. operands.Map(operand => operand.IsLinear ? given.Dequeue() : operand.Value)]).ToSeq();
        });
        var (_, forward, moves) = Linearization.At(program, types.Map(type => TensorMath.Zeros(type.Shape, type.DType)).Strict());
        var pulled = new Queue<Option<Cotangent>>(Transposition.Pull(forward, types.Count, forward.Captures, cotangents.Where(moves)));
        return linear.Map(isLinear => isLinear ? pulled.Dequeue() : None).Strict();
    }

    private static Seq<Tensor> Known(Seq<Operand> operands) => operands.Filter(operand => !operand.IsLinear).Map(operand => operand.Value).ToSeq().Strict();

    private static Seq<TensorType> Unstacked(Seq<Tensor> stacks) => stacks.Map(stack => new TensorType(stack.DType, stack.Shape[1..])).Strict();

    private static IEnumerable<int> Range(int from, int count) => Enumerable.Range(from, count);
}
