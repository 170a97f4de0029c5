using Functional.Primitives;
using Functional.Programs;
using static Functional.TensorMath;

namespace Functional.ControlFlow;

/// <summary>
/// Reverse mode through a loop whose number of steps is not known before it has run, with a bounded number of states kept.
/// On the way forward states are kept at every s-th step; when half of the room is full, every other one is let go and s
/// doubles (online checkpointing, after Stumm and Walther, "New algorithms for optimal online checkpointing", 2010). On the
/// way back the room is a stack of states: from the last of them to the step that is wanted, the middle is computed and put
/// on the stack, until the step is next. A stretch of m steps costs m log₂ m / 2 steps again.
/// </summary>
/// <param name="loop">The loop.</param>
/// <param name="moving">Which of its operands have tangents: closed under its steps.</param>
internal sealed class Reversal(While loop, Seq<bool> moving)
{
    private readonly int carries = loop.Carries;
    private readonly Seq<TensorType> types = loop.Body.Types();
    private readonly Seq<bool> movingCarries = moving.Part(0, loop.Carries);

    private int Room => loop.States;

    // What the linear map knows: the number of steps, how many states are kept and of which steps, the states, the constants.
    private const int Counters = 3;

    private Seq<TensorType> CarryTypes => types.Part(0, carries);

    private Seq<TensorType> ConstantTypes => types.Skip(carries).ToSeq().Strict();

    private Seq<TensorType> MovedTypes => CarryTypes.Where(movingCarries);

    /// <summary>Runs the loop and keeps states on the way.</summary>
    internal (Seq<Tensor> Results, Seq<Tensor> Known) Record(Seq<Tensor> operands)
    {
        var constants = operands.Skip(carries).ToSeq().Strict();
        Tensor zero = Values.Scalar(0L), one = Values.Scalar(1L);
        // Steps done, distance of kept states, how many are kept, of which steps; the states; the carry.
        var start = Seq(zero, one, zero, Zeros([Room], DType.Int64)).Then(CarryTypes.Map(type => Zeros(type.Shape.Insert(0, Room), type.DType)).Strict(), operands.Part(0, carries));
        var end = Structured.While(
            "While",
            start,
            state => loop.Condition.Evaluate([.. state.Skip(4 + carries), .. constants])[0],
            state =>
            {
                var kept = Structured.Cond(Equal(state[0] % state[1], 0), state, Keep, all => all.Part(0, 4 + carries));
                return Seq1(state[0] + 1).Then(kept.Skip(1).ToSeq(), loop.Body.Evaluate([.. state.Skip(4 + carries), .. constants]));
            },
            loop.Limit,
            Room);
        return (end.Skip(4 + carries).ToSeq().Strict(), Seq(end[0], end[2], end[3]).Then(end.Part(4, carries), constants));
    }

    /// <summary>The map of tangents, from what is known.</summary>
    internal LinearMap Map(Seq<Tensor> known)
    {
        var given = known.Map(tensor => tensor.Type).Strict();
        var forward = Trace.Of("While", given.Then(types.Where(moving)), inputs => Forward(inputs.Part(0, given.Count), inputs.Skip(given.Count).ToSeq().Strict()));
        var backward = Trace.Of("While", given.Then(MovedTypes), inputs => Backward(inputs.Part(0, given.Count), inputs.Skip(given.Count).ToSeq().Strict()));
        return new("while", given.Count, Some(forward.Simplify()), Some(backward.Simplify()));
    }

    // The state of this step goes on top; where the room for states is full, every other one makes place before.
    private Seq<Tensor> Keep(Seq<Tensor> state)
    {
        var half = Room / 2;
        var thinned = Structured.Cond(Equal(state[2], half), state.Part(0, 4 + carries), Thin, identity);
        var (steps, filled, carry) = (state[0], thinned[2], state.Skip(4 + carries).ToSeq().Strict());
        return Seq(steps, thinned[1], filled + 1, Put(thinned[3], filled, steps)).Then(thinned.Skip(4).Zip(carry).Map(pair => Put(pair.Item1, filled, pair.Item2)).ToSeq().Strict());
    }

    private Seq<Tensor> Thin(Seq<Tensor> state)
    {
        var half = Room / 2;
        var every = Minimum(2 * Arange(Room), half - 2);
        return Seq(state[0], state[1] * 2, state[2] - (half / 2), Take(state[3], every)).Then(state.Skip(4).Map(states => Take(states, every)).ToSeq().Strict());
    }

    private Seq<Tensor> Forward(Seq<Tensor> known, Seq<Tensor> tangents)
    {
        var constants = known.Skip(Counters + carries).ToSeq().Strict();
        var first = Values.Scalar(0L);
        var start = Seq1((Tensor)first).Then(known.Part(Counters, carries).Map(states => Take(states, first)).Strict(), tangents.Part(0, MovedTypes.Count));
        var still = tangents.Skip(MovedTypes.Count).ToSeq().Strict();
        var end = Structured.While(
            "While",
            start,
            state => Less(state[0], known[0]),
            state =>
            {
                var (values, directions) = Pushforward.Push(loop.Body, state.Part(1, carries).Then(constants), Bodies.Tangents(moving, state.Skip(1 + carries).ToSeq().Then(still)));
                return Seq1(state[0] + 1).Then(values, directions.Filled(CarryTypes).Where(movingCarries));
            },
            loop.Limit,
            Room);
        return end.Skip(1 + carries).ToSeq().Strict();
    }

    private Seq<Tensor> Backward(Seq<Tensor> known, Seq<Tensor> cotangents)
    {
        var constants = known.Skip(Counters + carries).ToSeq().Strict();
        var sums = ConstantTypes.Where(moving.Skip(carries).ToSeq().Strict()).Map(type => Zeros(type.Shape, type.DType)).Strict();
        // Steps left, top of the stack, of which steps; the states; cotangents of the carry; those of the constants, added up.
        var start = Seq(known[0], known[1] - 1, known[2]).Then(known.Part(Counters, carries), cotangents, sums);
        var end = Structured.While("While", start, state => Greater(state[0], 0), state => Back(state, constants), 4 * (loop.Limit < long.MaxValue / 4 ? loop.Limit : loop.Limit / 4), Room);
        return end.Skip(Counters + carries).ToSeq().Strict();
    }

    private Seq<Tensor> Back(Seq<Tensor> state, Seq<Tensor> constants)
    {
        var (left, top) = (state[0], Maximum(state[1], 0));
        var from = Take(state[2], top);
        var isRoom = Less(top, Room - 1);
        var middle = Where(isRoom, from + ((left - from) / 2), left - 1);
        var steps = middle - from;
        var begin = Seq1((Tensor)Values.Scalar(0L)).Then(state.Part(Counters, carries).Map(states => Take(states, top)).Strict());
        var reached = Structured.While(
            "While",
            begin,
            walk => Less(walk[0], steps),
            walk => Seq1(walk[0] + 1).Then(loop.Body.Evaluate([.. walk.Skip(1), .. constants])),
            loop.Limit,
            Room).Skip(1).ToSeq().Strict();
        return Structured.Cond(
            Equal(middle, left - 1),
            state,
            all => Seq(left - 1, Where(Equal(middle, from), top - 1, top), all[2]).Then(all.Part(Counters, carries), Pulled(reached, constants, all.Skip(Counters + carries).ToSeq().Strict())),
            all => Seq(left, top + 1, Put(all[2], top + 1, middle)).Then(all.Part(Counters, carries).Zip(reached).Map(pair => Put(pair.Item1, top + 1, pair.Item2)).ToSeq().Strict(), all.Skip(Counters + carries).ToSeq()));
    }

    // One step back: cotangents of the carry before it, and what it adds to those of the constants.
    private Seq<Tensor> Pulled(Seq<Tensor> carry, Seq<Tensor> constants, Seq<Tensor> cotangents)
    {
        var (_, linear, moves) = Linearization.At(loop.Body, carry.Then(constants), moving);
        var above = Bodies.Scattered(movingCarries, cotangents.Take(MovedTypes.Count)).Where(moves);
        var pulled = Transposition.Pull(linear, moving.Count(identity), linear.Captures, above);
        var below = pulled.Part(0, MovedTypes.Count).Filled(MovedTypes);
        var sums = cotangents.Skip(MovedTypes.Count).Zip(pulled.Skip(MovedTypes.Count))
            .Map(pair => pair.Item2.Match(Some: more => pair.Item1 + more, None: () => pair.Item1)).ToSeq().Strict();
        return below.Then(sums);
    }

    private static Tensor Put(Tensor states, Tensor place, Tensor state)
    {
        var mask = Equal(Arange(states.Shape[0]), place);
        return new Select().Apply(states.Rank == 1 ? mask : new Broadcast(states.Shape, Seq1(0)).Apply(mask), BroadcastTo(state, states.Shape), states);
    }
}
