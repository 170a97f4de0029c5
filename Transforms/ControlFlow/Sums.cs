using Functional.Primitives;
using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>
/// Sums along a loop that are one contraction or one sum of stacks: Σₜ aₜ·bₜ contracts over t as well. What a step adds to them
/// is then carried no more; what it is made of is stacked, where it is not a row of a sequence or a result already.
/// </summary>
internal sealed class Sums
{
    private readonly Program step;
    private readonly int carries;
    private readonly int sequences;
    private readonly Equation?[] made;
    private readonly System.Collections.Generic.HashSet<int> varying = [];
    private readonly List<Variable> stacked = [];
    private readonly int length;
    private readonly Seq<Term>[] terms;
    private readonly int first;

    private Sums(Program step, int carries, int sequences, int sums, int length)
    {
        (this.step, this.carries, this.sequences, this.length) = (step, carries, sequences, length);
        first = carries;
        made = new Equation?[step.VariableCount];
        foreach (var argument in step.Arguments.Take(carries + sequences)) varying.Add(argument.Id);
        foreach (var equation in step.Equations)
        {
            var varies = equation.Inputs.Exists(input => input is Variable { Id: var id } && varying.Contains(id));
            foreach (var output in equation.Outputs)
            {
                made[output.Id] = equation;
                if (varies) varying.Add(output.Id);
            }
        }
        terms = new Seq<Term>[sums];
        // What one sum has stacked another may read.
        for (var turn = 0; turn < 2; turn++)
            for (var i = 0; i < sums; i++)
                if (terms[i].IsEmpty) terms[i] = Taken(step.Outputs[first + i]);
    }

    /// <summary>A sum over steps, and what is done to it after.</summary>
    /// <param name="Over">The contraction or sum of stacks.</param>
    /// <param name="Of">What is stacked.</param>
    /// <param name="After">Views and signs, in order.</param>
    private sealed record Term(Primitive Over, Seq<Variable> Of, Seq<Primitive> After);

    /// <summary>Finds them.</summary>
    /// <param name="step">(carries, rows, constants) → (carries, what is added to sums, further results).</param>
    /// <param name="carries">How many are carried.</param>
    /// <param name="sequences">How many are rows.</param>
    /// <param name="sums">How many sums there are.</param>
    /// <param name="length">The number of steps.</param>
    internal static Sums Of(Program step, int carries, int sequences, int sums, int length) => new(step, carries, sequences, sums, length);

    /// <summary>Which sums are added up step by step.</summary>
    internal Seq<bool> Carried => terms.Select(each => each.IsEmpty).ToSeq().Strict();

    /// <summary>The step without what is added to the others, with what is stacked for them at its end.</summary>
    internal Program Step => (step with
    {
        Outputs = step.Outputs.Part(0, first).Then(step.Outputs.Part(first, terms.Length).Where(Carried), step.Outputs.Skip(first + terms.Length).ToSeq(), stacked.Map(variable => (Atom)variable).ToSeq().Strict()),
    }).WithoutDeadCode();

    /// <summary>All sums, from those that were carried, the sequences, and the loop's results after the sums.</summary>
    internal Seq<Tensor> All(Seq<Tensor> carried, Seq<Tensor> rows, Seq<Tensor> results)
    {
        var stacks = new Dictionary<int, Tensor>();
        for (var i = 0; i < sequences; i++) stacks[step.Arguments[carries + i].Id] = rows[i];
        var outputs = step.Outputs.Skip(first + terms.Length).Then(stacked.Map(variable => (Atom)variable).ToSeq());
        for (var i = 0; i < outputs.Count; i++)
            if (outputs[i] is Variable variable) stacks.TryAdd(variable.Id, results[i]);
        var queue = new Queue<Tensor>(carried);
        return terms.Select(each => each.IsEmpty ? queue.Dequeue() : each.Map(term => Value(term, stacks)).Reduce((x, y) => x + y)).ToSeq().Strict();
    }

    private static Tensor Value(Term term, Dictionary<int, Tensor> stacks) =>
        term.After.Fold(term.Over.ApplyAll([.. term.Of.Map(variable => stacks[variable.Id])])[0], (value, next) => next.ApplyAll([value])[0]);

    // Nothing is stacked for a sum that cannot be taken whole.
    private Seq<Term> Taken(Atom added)
    {
        var before = stacked.Count;
        if (length > 1 && Terms(added, Seq<Primitive>()).Case is Seq<Term> found && Room.Holds(stacked.Sum(variable => variable.Type.Bytes) * length, step.Arguments.Part(carries, sequences).Map(row => row.Type), length)) return found;
        stacked.RemoveRange(before, stacked.Count - before);
        return Seq<Term>();
    }

    private Option<Seq<Term>> Terms(Atom atom, Seq<Primitive> after)
    {
        if (IsStacked(atom)) return Some(Seq1(new Term(new Sum(Seq1(0)), Seq1((Variable)atom), after)));
        if (atom is not Variable { Id: var id } || made[id] is not { } equation) return None;
        return equation.Primitive switch
        {
            Add when equation.Inputs.ForAll(input => input.Type == atom.Type) =>
                from left in Terms(equation.Inputs[0], after)
                from right in Terms(equation.Inputs[1], after)
                select left.Then(right),
            View or Negate => Terms(equation.Inputs[0], equation.Primitive.Cons(after)),
            Contract contract when equation.Inputs.ForAll(IsStackable) => Some(Seq1(new Term(Over(contract), Stacked(equation), after))),
            Sum sum when IsStacked(equation.Inputs[0]) => Some(Seq1(new Term(new Sum(0.Cons(Next(sum.Axes)).Strict()), Stacked(equation), after))),
            _ => None,
        };
    }

    private static Contract Over(Contract contract) =>
        new(0.Cons(Next(contract.Left)).Strict(), 0.Cons(Next(contract.Right)).Strict(), Next(contract.LeftBatch), Next(contract.RightBatch));

    private static Seq<int> Next(Seq<int> axes) => axes.Map(axis => axis + 1).Strict();

    private bool IsStackable(Atom atom) => atom is Variable { Id: var id } && varying.Contains(id);

    private bool IsStacked(Atom atom) => atom is Variable variable
        && ((variable.Id >= carries && variable.Id < carries + sequences) || stacked.Contains(variable) || step.Outputs.Skip(first + terms.Length).Contains(atom));

    private Seq<Variable> Stacked(Equation equation)
    {
        foreach (var input in equation.Inputs.OfType<Variable>())
            if (!IsStacked(input)) stacked.Add(input);
        return equation.Inputs.OfType<Variable>().ToSeq().Strict();
    }
}
