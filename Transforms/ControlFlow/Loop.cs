using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>A loop's body without what nothing needs: results that are not read, carries that only make themselves, arguments that are not used.</summary>
/// <param name="Step">The body that is left.</param>
/// <param name="Carries">How many of its arguments are carried.</param>
/// <param name="Sequences">How many are rows of sequences.</param>
/// <param name="Kept">Which results of the whole body it still gives.</param>
/// <param name="Constant">Which carries of the whole body never change.</param>
/// <param name="Order">Which arguments of the whole body its own are.</param>
internal sealed record Loop(Program Step, int Carries, int Sequences, Seq<bool> Kept, Seq<bool> Constant, Seq<int> Order)
{
    /// <summary>Whether nothing could be left out.</summary>
    internal bool IsWhole => Kept.ForAll(identity) && Order.SequenceEqual(Enumerable.Range(0, Order.Count)) && Order.Count == Kept.Count + Unused;

    // Results and arguments are counted apart; a body of which all is kept has all its arguments.
    private int Unused { get; init; }

    /// <summary>The operands of the loop that is left.</summary>
    internal Seq<Tensor> Operands(Seq<Tensor> operands) => Order.Map(place => operands[place]).Strict();

    /// <summary>Finds what is needed.</summary>
    /// <param name="step">(carries, rows, constants) → (carries, results).</param>
    /// <param name="carries">How many arguments are carried.</param>
    /// <param name="sequences">How many are rows.</param>
    /// <param name="live">Which results of the loop are read.</param>
    /// <param name="condition">Which arguments something else reads at every step.</param>
    internal static Loop Of(Program step, int carries, int sequences, Seq<bool> live, Seq<bool> condition = default)
    {
        var arguments = step.Arguments.Count;
        var constant = Enumerable.Range(0, carries).Select(i => step.Outputs[i] is Variable { Id: var id } && id == i).ToSeq().Strict();
        var kept = live.Select((isLive, i) => i < carries ? !constant[i] && (isLive || (!condition.IsEmpty && condition[i])) : isLive).ToSeq().Strict();
        Seq<bool> read;
        while (true)
        {
            read = Carried.Reads(step with { Outputs = step.Outputs.Where(kept) });
            if (!condition.IsEmpty) read = read.Or(condition);
            var next = kept.Select((isKept, i) => isKept || (i < carries && !constant[i] && read[i])).ToSeq().Strict();
            if (next == kept) break;
            kept = next;
        }
        bool IsRead(int i) => read[i];
        var carried = Enumerable.Range(0, carries).Where(i => kept[i]).ToArray();
        var rows = Enumerable.Range(carries, sequences).Where(IsRead).ToArray();
        var same = Enumerable.Range(0, carries).Where(i => constant[i] && read[i]).Concat(Enumerable.Range(carries + sequences, arguments - carries - sequences).Where(IsRead));
        var order = carried.Concat(rows).Concat(same).ToSeq().Strict();
        var rest = step.Of(kept);
        return new(rest.Taking(order), carried.Length, rows.Length, kept, constant, order) { Unused = arguments - step.Outputs.Count };
    }
}
