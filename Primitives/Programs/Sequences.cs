namespace Functional.Programs;

/// <summary>What sequences of atoms, types and values lack.</summary>
internal static class Sequences
{
    /// <summary>
    /// The elements of this sequence, then those of the next ones, at once.
    /// LanguageExt's own joining may hold a sequence of sequences, <c>Seq&lt;ISeqInternal&lt;T&gt;&gt;</c>: a type that contains the
    /// joining of itself, which a native publisher follows without end. So no code of the library joins by <c>+</c>, <c>Concat</c> or <c>Append</c>.
    /// </summary>
    internal static Seq<T> Then<T>(this Seq<T> first, params ReadOnlySpan<Seq<T>> next)
    {
        var joined = new List<T>(first.Count);
        joined.AddRange(first);
        foreach (var sequence in next) joined.AddRange(sequence);
        return joined.ToSeq().Strict();
    }
}
