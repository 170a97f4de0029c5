using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>What takes the place of an equation is written where its operands are traced. Nothing is run, though all that it reads be known.</summary>
internal static class Lessening
{
    /// <summary>The results of a primitive.</summary>
    /// <param name="primitive">What is applied.</param>
    /// <param name="given">To what.</param>
    /// <param name="among">The operands of the equation that gives way.</param>
    internal static Seq<Tensor> Written(this Primitive primitive, Seq<Tensor> given, Seq<Tensor> among)
    {
        var operands = given.ToArray();
        return Trace.Innermost(primitive, among.ToArray()) is { } trace
            ? trace.Record(primitive, operands, primitive.Infer([.. given.Map(operand => operand.Type)])).ToSeq()
            : primitive.ApplyAll(operands).ToSeq();
    }

    /// <summary>The results of a program.</summary>
    /// <param name="program">What is written.</param>
    /// <param name="given">Its arguments.</param>
    /// <param name="carrier">What carried it.</param>
    /// <param name="among">The operands of the equation that gives way.</param>
    internal static Seq<Tensor> Written(this Program program, Seq<Tensor> given, Primitive carrier, Seq<Tensor> among) =>
        new Evaluator(program).Run(given.ToArray(), Trace.Innermost(carrier, among.ToArray())).ToSeq();
}

/// <summary>Which results need no run: operands that only pass through, numbers, and results that another one is too.</summary>
internal sealed class Passing
{
    private readonly Func<Seq<Tensor>, Tensor>?[] known;
    private readonly int[] first;
    private readonly Seq<bool> live;

    private Passing(Func<Seq<Tensor>, Tensor>?[] known, int[] first, Seq<bool> live)
    {
        (this.known, this.first, this.live) = (known, first, live);
        var needed = new bool[known.Length];
        for (var i = 0; i < known.Length; i++)
            if (live[i] && known[i] is null) needed[first[i]] = true;
        Needed = needed.ToSeq();
    }

    /// <summary>Which results must be computed.</summary>
    internal Seq<bool> Needed { get; }

    /// <summary>Whether some result that is read need not be.</summary>
    internal bool IsSome => Enumerable.Range(0, known.Length).Any(i => live[i] && (known[i] is not null || first[i] != i));

    /// <summary>Finds them.</summary>
    /// <param name="results">What each result is; equal ones are the same values.</param>
    /// <param name="known">A result from the operands; none where it must be computed.</param>
    /// <param name="live">Which results are read.</param>
    internal static Passing Of<T>(IEnumerable<T> results, Func<int, T, Func<Seq<Tensor>, Tensor>?> known, Seq<bool> live)
        where T : notnull
    {
        var places = new Dictionary<T, int>();
        var all = results.ToArray();
        var first = new int[all.Length];
        for (var i = 0; i < all.Length; i++) first[i] = places.TryAdd(all[i], i) ? i : places[all[i]];
        return new([.. all.Select((result, i) => known(i, result))], first, live);
    }

    /// <summary>The results of a body that always runs once: arguments and numbers are at hand.</summary>
    internal static Passing Of(Program body, Seq<bool> live) => Of(body.Outputs, (_, output) => AtHand(body, output, 0), live);

    /// <summary>A number, or an argument from a place on, as it is among the operands.</summary>
    internal static Func<Seq<Tensor>, Tensor>? AtHand(Program body, Atom output, int from) => output switch
    {
        Literal literal => _ => literal.Value,
        Variable { Id: var id } when id >= from && id < body.Arguments.Count => operands => operands[id],
        _ => null,
    };

    /// <summary>All results that are read, of which the needed ones were computed.</summary>
    internal Seq<Option<Tensor>> Results(Seq<Tensor> operands, Seq<Option<Tensor>> computed) => live
        .Select((isLive, i) => !isLive ? None : known[i] is { } passed ? Some(passed(operands)) : computed[first[i]]).ToSeq().Strict();
}
