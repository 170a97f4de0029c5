using System.Globalization;
using Functional.Primitives;
using Functional.Programs;

namespace Functional
{
    /// <summary>A loop that did not end within its bound.</summary>
    /// <param name="message">The bound, what was carried, and what to do.</param>
    public sealed class LoopException(string message) : InvalidOperationException(message);
}

namespace Functional.ControlFlow
{
    /// <summary>
    /// A loop while a condition holds: c → bodyⁿ(c), n the first at which the condition fails. Operands are the carries, then
    /// what is the same at every step.
    /// </summary>
    /// <param name="Condition">(c, constants) → one truth value.</param>
    /// <param name="Body">(c, constants) → c.</param>
    /// <param name="Carries">How many arguments are carried.</param>
    /// <param name="Limit">The number of steps after which the loop is taken to be endless.</param>
    /// <param name="States">How many states reverse mode may keep at once.</param>
    public sealed record While(Program Condition, Program Body, int Carries, long Limit, int States) : Primitive, IRunsInPlace
    {
        /// <summary>Steps after which a loop is taken to be endless, where nothing else is said.</summary>
        public const long DefaultLimit = 1_000_000_000;

        /// <summary>States that reverse mode may keep, where nothing else is said: enough for 2¹⁶ steps between two of the evenly spaced ones.</summary>
        public const int DefaultStates = 32;

        /// <inheritdoc/>
        public override string Name => "while";

        /// <inheritdoc/>
        public override string Parameters => (Limit, States) switch
        {
            (DefaultLimit, DefaultStates) => string.Empty,
            (_, DefaultStates) => string.Create(CultureInfo.InvariantCulture, $"limit={Limit}"),
            (DefaultLimit, _) => string.Create(CultureInfo.InvariantCulture, $"states={States}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"limit={Limit} states={States}"),
        };

        /// <inheritdoc/>
        public Seq<(string Name, Program Program)> Programs => Seq(("condition", Condition), ("body", Body));

        /// <inheritdoc/>
        public Primitive With(Seq<Program> programs) => this with { Condition = programs[0], Body = programs[1] };

        /// <inheritdoc/>
        public override TensorType[] Infer(ReadOnlySpan<TensorType> operands)
        {
            Carried.Accept("While", Condition, operands);
            Carried.Accept("While", Body, operands);
            if (Condition.ResultTypes() is not [var predicate] || predicate != new TensorType(DType.Bool, Shape.Scalar))
                throw new ShapeException($"While: the condition gives {string.Join(", ", Condition.ResultTypes())}; expected bool[]. Reduce it with All or Any.");
            var results = Body.ResultTypes();
            return results.SequenceEqual(operands[..Carries].ToArray())
                ? [.. results]
                : throw new ShapeException($"While: the carry changes type: it was ({string.Join(", ", operands[..Carries].ToArray())}), and became ({string.Join(", ", results)}).");
        }

        /// <inheritdoc/>
        /// <exception cref="LoopException">The condition still holds after <see cref="Limit"/> steps.</exception>
        public override Tensor[] Evaluate(ReadOnlySpan<Tensor> operands, ReadOnlySpan<TensorType> types)
        {
            var (condition, body) = (new Evaluator(Condition), new Evaluator(Body));
            var inputs = operands.ToArray();
            for (long done = 0; condition.Run(inputs)[0].Elements<bool>()[0]; done++)
            {
                if (done == Limit) throw Endless(inputs[..Carries]);
                body.Run(inputs).CopyTo(inputs, 0);
            }
            return inputs[..Carries];
        }

        /// <summary>Carries go to and fro between two arrays.</summary>
        void IRunsInPlace.Run(ReadOnlySpan<Routine> routines, ReadOnlySpan<System.Array> operands, ReadOnlySpan<System.Array> results, ref object? room)
        {
            var (condition, body) = (routines[0], routines[1]);
            var (holds, spare) = ((bool[], System.Array[]))(room ??= (new bool[1], Body.Types().Take(Carries).Select(Rows.Room).ToArray()));
            for (var i = 0; i < operands.Length; i++)
            {
                condition.Read(i, operands[i]);
                body.Read(i, operands[i]);
            }
            condition.Write(0, holds);
            condition.Run();
            long done;
            for (done = 0; holds[0]; done++)
            {
                if (done == Limit) throw Endless(Reached(operands, results, spare, done));
                for (var i = 0; i < Carries; i++)
                {
                    body.Read(i, At(operands, results, spare, done, i));
                    var next = At(operands, results, spare, done + 1, i);
                    body.Write(i, next);
                    condition.Read(i, next);
                }
                body.Run();
                condition.Run();
            }
            for (var i = 0; i < Carries; i++)
                if (At(operands, results, spare, done, i) is var last && last != results[i]) System.Array.Copy(last, results[i], last.Length);
        }

        // Where a carry is after so many steps.
        private static System.Array At(ReadOnlySpan<System.Array> operands, ReadOnlySpan<System.Array> results, System.Array[] spare, long done, int carry) =>
            done == 0 ? operands[carry] : done % 2 == 0 ? results[carry] : spare[carry];

        private Tensor[] Reached(ReadOnlySpan<System.Array> operands, ReadOnlySpan<System.Array> results, System.Array[] spare, long done)
        {
            var (types, carried) = (Body.Types(), new Tensor[Carries]);
            for (var i = 0; i < carried.Length; i++) carried[i] = Rows.Dense(At(operands, results, spare, done, i), types[i]);
            return carried;
        }

        /// <summary>One loop moves values and tangents.</summary>
        public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Jvp(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
        {
            var moving = Movement(tangents.Present());
            var types = Body.Types();
            var (c, k) = (moving.Part(0, Carries), moving.Skip(Carries).ToSeq().Strict());
            var (cTypes, kTypes) = (types.Part(0, Carries), types.Skip(Carries).ToSeq().Strict());
            var cs = c.Count(identity);
            var all = cTypes.Then(cTypes.Where(c), kTypes, kTypes.Where(k));
            var body = Trace.Of("Jvp", all, inputs =>
            {
                var (values, directions) = Pushforward.Push(
                    Body,
                    inputs.Part(0, Carries).Then(inputs.Part(Carries + cs, kTypes.Count)),
                    Bodies.Tangents(moving, inputs.Part(Carries, cs).Then(inputs.Skip(Carries + cs + kTypes.Count).ToSeq())));
                return values.Then(directions.Filled(cTypes).Where(c));
            });
            var condition = Condition.Over("Jvp", all, [.. Enumerable.Range(0, Carries), .. Enumerable.Range(Carries + cs, kTypes.Count)]);
            var directions = tangents.Filled(types);
            var results = new While(condition, body, Carries + cs, Limit, States).ApplyAll(
                [.. operands.Take(Carries), .. directions.Part(0, Carries).Where(c), .. operands.Skip(Carries), .. directions.Skip(Carries).ToSeq().Where(k)]).ToSeq();
            return (results.Part(0, Carries), Bodies.Scattered(c, results.Skip(Carries)));
        }

        /// <summary>
        /// The loop counts its steps and keeps states on its way; the tangents are a linear map that runs the loop again from
        /// there, forward with the tangents or backward from state to state.
        /// </summary>
        public override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Linearize(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
        {
            var moving = Movement(tangents.Present());
            var reversal = new Reversal(this, moving);
            var (results, known) = reversal.Record(operands);
            var directions = tangents.Zip(operands).Zip(moving).Filter(pair => pair.Item2)
                .Map(pair => Pushforward.OrZero(pair.Item1.Item1, pair.Item1.Item2.Type)).ToSeq().Strict();
            var moved = reversal.Map(known).ApplyAll([.. known, .. directions]);
            return (results, Bodies.Scattered(moving.Part(0, Carries), moved));
        }

        /// <summary>Where members of a batch end at different steps, the loop runs until all have ended, and those that have stay as they are.</summary>
        public override Seq<Batched> Batch(Seq<Batched> operands, int size)
        {
            var batched = operands.Map(operand => operand.IsBatched).Strict();
            Seq<bool> each;
            bool differs;
            while (true)
            {
                each = Body.Batchedness(batched, size);
                differs = Condition.Batchedness(batched, size)[0];
                var next = each.Map(isBatched => isBatched || differs).Strict().Or(batched.Part(0, Carries)).Then(batched.Skip(Carries).ToSeq());
                if (next == batched) break;
                batched = next;
            }
            each = batched.Part(0, Carries);
            var given = operands.Select((operand, i) => batched[i] ? operand.Each(size) : operand.Value).ToSeq().Strict();
            var types = given.Map(tensor => tensor.Type).Strict();
            var body = Carried.Batched(Body, batched, each, size);
            var condition = Carried.Batched(Condition, batched, Seq1(differs), size);
            if (differs)
            {
                var (step, mask, isTotal) = (body, condition, size == 0 || Carried.IsTotal(Body));
                body = Trace.Of("Vmap", types, inputs =>
                {
                    var running = mask.Evaluate([.. inputs])[0];
                    var given = isTotal ? inputs : Carried.StandingIn(running, inputs, batched);
                    return step.Evaluate([.. given]).Zip(inputs).Map(pair => Carried.Chosen(running, pair.Item1, pair.Item2)).ToSeq().Strict();
                });
                condition = Trace.Of("Vmap", types, inputs => Seq1(TensorMath.Any(mask.Evaluate([.. inputs])[0])));
            }
            return Bodies.Members(new While(condition, body, Carries, Limit, States).ApplyAll([.. given]).ToSeq(), each);
        }

        /// <inheritdoc/>
        public Seq<bool> Moves(Seq<bool> operands) => Movement(operands).Part(0, Carries);

        /// <inheritdoc/>
        public Option<Func<Seq<Tensor>, Seq<Option<Tensor>>>> Lessened(Seq<Option<Tensor>> known, Seq<bool> live)
        {
            if (Condition.Outputs[0] is Literal { Value: Dense<bool> holds } && !holds.Elements[0])
                return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands => operands.Take(Carries).Map(Some).ToSeq().Strict());
            var literals = known.From(Carries);
            if (literals.Exists(value => value.IsSome))
                return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
                    (this with { Condition = Condition.With(literals), Body = Body.With(literals) }).Written(literals.Unbound(operands), operands).Map(Some).Strict());
            if (Hoisting.Of(Condition, Carries).Case is Hoisting { Outside: var before, Inside: var condition })
                return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
                    Hoisted(this with { Condition = condition, Body = Body.Wider(condition) }, before, operands));
            // The loop may make no step: what only the body needs is computed before it where that cannot fail.
            if (Hoisting.Of(Body, Carries, Carried.IsTotal).Case is Hoisting { Outside: var outside, Inside: var inside })
                return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
                    Hoisted(this with { Condition = Condition.Wider(inside), Body = inside }, outside, operands));
            var loop = Loop.Of(Body, Carries, 0, live, Carried.Reads(Condition));
            if (loop.IsWhole) return None;
            return Some<Func<Seq<Tensor>, Seq<Option<Tensor>>>>(operands =>
            {
                var results = new Queue<Tensor>(new While(Condition.Taking(loop.Order), loop.Step, loop.Carries, Limit, States).Written(loop.Operands(operands), operands));
                return live.Select((_, i) => loop.Kept[i] ? Some(results.Dequeue()) : loop.Constant[i] ? Some(operands[i]) : None).ToSeq().Strict();
            });
        }

        private Seq<Option<Tensor>> Hoisted(While loop, Program outside, Seq<Tensor> operands) =>
            loop.Written(operands.Then(outside.Written(operands.Skip(Carries).ToSeq().Strict(), this, operands)), operands).Map(Some).Strict();

        /// <summary>One step and one look at the condition: how many there are is not known.</summary>
        public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) =>
            Functional.Programs.Cost.Of(Body) + Functional.Programs.Cost.Of(Condition);

        /// <inheritdoc/>
        public override Option<Pattern[]> Dependence(ReadOnlySpan<Dependent> operands, ReadOnlySpan<TensorType> results) => Recurrence.Of(this, operands);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var dtype = sampler.Float();
            Tensor c = sampler.Tensor(dtype, sampler.Shape(0, 1)), k = sampler.Tensor(dtype, Shape.Scalar, -1, 1);
            Tensor steps = Values.Scalar(sampler.Integer(0, 5));
            var types = Seq(steps.Type, c.Type, k.Type);
            var condition = Trace.Of("Sample", types, inputs => Seq1(TensorMath.Greater(inputs[0], 0)));
            var body = Trace.Of("Sample", types, inputs => Seq(inputs[0] - 1, TensorMath.Sin(inputs[1] * inputs[2])));
            return new(new While(condition, body, 2, DefaultLimit, sampler.Choose(4, DefaultStates)), Seq(steps, c, k));
        }

        // Which operands move: a carry that moves after one step moves before the next.
        private Seq<bool> Movement(Seq<bool> moving)
        {
            while (true)
            {
                var next = moving.Part(0, Carries).Or(Body.Movement(moving)).Then(moving.Skip(Carries).ToSeq());
                if (next == moving) return moving;
                moving = next;
            }
        }

        private LoopException Endless(Tensor[] carries) => new(string.Create(
            CultureInfo.InvariantCulture,
            $"While: the condition still holds after {Limit:N0} steps, with {string.Join(", ", carries.Select(carry => carry.Rank == 0 ? $"{carry.Type} = {carry}" : carry.Type.ToString()))} carried. Check that the body brings its end nearer, or give a higher limit."));
    }
}
