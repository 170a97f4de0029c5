using Functional.Primitives;
using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>
/// What the results of loops depend on: step by step while the steps are few and known, which is exact, else united over
/// all steps, at the fixed point of one.
/// </summary>
internal static class Recurrence
{
    // So many equations are walked step by step.
    private const long Walked = 20_000;

    // So many rounds may go by before what still grows is taken to depend on all.
    private const int Rounds = 64;

    // The value of a carry is followed, such as that of a counter, if it is as small as this.
    private const int Followed = 64;

    /// <summary>The patterns of a scan's results.</summary>
    internal static Pattern[] Of(Scan scan, ReadOnlySpan<Dependent> operands)
    {
        var (space, varying) = (operands[0].Pattern.Space, scan.Carries + scan.Sequences);
        var state = operands.ToArray();
        var outputs = scan.Step.Outputs.Count - scan.Carries;
        if ((long)scan.Length * (scan.Step.Equations.Count + 1) > Walked)
        {
            for (var i = scan.Carries; i < varying; i++) state[i] = AnyRow(operands[i]);
            var step = FixedPoint(scan.Step, state, scan.Carries);
            return [.. step.Take(scan.Carries), .. step.Skip(scan.Carries).Select(pattern => Everywhere(pattern, scan.Length))];
        }
        var stacks = new Pattern[outputs][];
        for (var i = 0; i < outputs; i++) stacks[i] = new Pattern[scan.Length];
        for (var done = 0; done < scan.Length; done++)
        {
            var row = scan.Reverse ? scan.Length - 1 - done : done;
            for (var i = scan.Carries; i < varying; i++) state[i] = Row(operands[i], row);
            var results = scan.Step.Through(space, state);
            for (var i = 0; i < scan.Carries; i++) state[i] = Settled(results[i]);
            for (var i = 0; i < outputs; i++) stacks[i][row] = results[scan.Carries + i].Pattern;
        }
        return [.. state.Take(scan.Carries).Select(carry => carry.Pattern), .. stacks.Select(stack => Pattern.Joined(space, stack))];
    }

    /// <summary>The patterns of a while loop's results.</summary>
    internal static Pattern[] Of(While loop, ReadOnlySpan<Dependent> operands)
    {
        var (space, state) = (operands[0].Pattern.Space, operands.ToArray());
        for (long walked = 0; walked < Walked; walked += loop.Body.Equations.Count + loop.Condition.Equations.Count + 1)
        {
            if (loop.Condition.Through(space, state)[0] is not { IsKnown: true } holds) break;
            if (!holds.Value.Elements<bool>()[0]) return [.. state.Take(loop.Carries).Select(carry => carry.Pattern)];
            var results = loop.Body.Through(space, state);
            for (var i = 0; i < loop.Carries; i++) state[i] = Settled(results[i]);
        }
        return FixedPoint(loop.Body, state, loop.Carries);
    }

    // The carries at any step, and what the body gives beside them.
    private static Pattern[] FixedPoint(Program body, Dependent[] operands, int carries)
    {
        var space = operands[0].Pattern.Space;
        var all = operands.Select(operand => operand.Pattern).ToArray();
        var state = operands.Select((operand, i) => i < carries ? operand.Open() : operand).ToArray();
        for (var round = 0; ; round++)
        {
            var results = body.Through(space, state);
            var grows = false;
            for (var i = 0; i < carries; i++)
            {
                var (before, size) = (state[i].Pattern, state[i].Type.Size);
                var after = Pattern.Union(size, before, results[i].Pattern);
                if (after.Count() == before.Count()) continue;
                grows = true;
                state[i] = new(state[i].Type, round < Rounds ? after : Pattern.Dense(space, size, all));
            }
            if (!grows) return [.. state.Take(carries).Concat(results.Skip(carries)).Select(result => result.Pattern)];
        }
    }

    // A value is worked out at each step, so that none waits for a long chain of others.
    private static Dependent Settled(Dependent carry) =>
        carry.IsKnown && (carry.Type.Size <= Followed || carry.Pattern.Space.IsLocal) ? new(carry.Type, carry.Pattern, new(carry.Value)) : carry.Open();

    private static Dependent Row(Dependent stack, int row)
    {
        var type = RowType(stack);
        return new(type, stack.Pattern.Part(row * type.Size, type.Size), stack.IsKnown ? new(() => Rows.Of(stack.Value, row)) : null);
    }

    private static Dependent AnyRow(Dependent stack)
    {
        var type = RowType(stack);
        var targets = new Broadcast([stack.Type.Shape[0], type.Size], Seq1(1)).Apply(Ordinals.Of([type.Size]));
        return new(type, stack.Pattern.Placed(targets.Elements<int>(), type.Size));
    }

    private static TensorType RowType(Dependent stack) => new(stack.Type.DType, stack.Type.Shape[1..]);

    private static Pattern Everywhere(Pattern row, int count)
    {
        var stacked = new Broadcast([count, row.Size], Seq1(1));
        return row.Moved(count * row.Size, [row.Size], rows => stacked.Apply(rows));
    }
}
