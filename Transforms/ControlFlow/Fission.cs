using Functional.Primitives;
using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>What a loop may stack in order to do at one time what its steps would do one by one.</summary>
internal static class Room
{
    private const long Most = 32 << 20;

    /// <summary>Whether so many more bytes are few, or no more than the loop's sequences take.</summary>
    internal static bool Holds(long bytes, Seq<TensorType> rows, int length) => bytes <= Math.Max(Most, rows.Sum(row => row.Bytes) * length);
}

/// <summary>
/// A loop's body cut in two: contractions of rows with what is the same at every step, which are one contraction of all rows,
/// and the rest, which takes their results as further rows. Elements of a product depend on their row and column alone, so
/// values keep their bits.
/// </summary>
/// <param name="Ahead">From all rows and the constants to the results for all rows.</param>
/// <param name="Inside">The body, with these results after its rows.</param>
/// <param name="Products">How many there are.</param>
internal sealed record Fission(Program Ahead, Program Inside, int Products)
{
    /// <summary>Takes the contractions that no carry reaches out of a body; none where there are none.</summary>
    /// <param name="body">(carries, rows, constants) → …</param>
    /// <param name="carries">How many arguments are carried.</param>
    /// <param name="sequences">How many are rows.</param>
    /// <param name="length">The number of steps.</param>
    internal static Option<Fission> Of(Program body, int carries, int sequences, int length)
    {
        if (length < 2 || !body.Equations.Exists(equation => equation.Primitive is Contract)) return None;
        var (rows, constants) = (body.Arguments.Part(carries, sequences), body.Arguments.Skip(carries + sequences).ToSeq().Strict());
        var (known, products) = Known(body, carries, sequences);
        var rest = body.Equations.Filter(equation => !products.Contains(equation)).ToSeq().Strict();
        var read = rest.Bind(equation => equation.Inputs).Concat(body.Outputs).Concat(body.Assumptions.Map(assumption => assumption.Predicate)).OfType<Variable>().ToHashSet();
        var moved = products.Map(product => product.Outputs[0]).Filter(read.Contains).ToSeq().Strict();
        if (moved.IsEmpty || !Room.Holds(moved.Sum(product => product.Type.Bytes) * length, rows.Map(row => row.Type), length)) return None;
        var names = Text.Names(body);
        var ahead = Numbering.Dense(rows + constants, body.Bindings(), known, moved.Map(product => (Atom)product).Strict(), Seq<Assumption>()).WithoutDeadCode();
        var inside = Numbering.Dense(body.Arguments.Part(0, carries + sequences) + moved + constants, body.Bindings(), rest, body.Outputs, body.Assumptions).WithoutDeadCode();
        return Some(new Fission(
            Carried.Batched(ahead, true.Times(sequences) + false.Times(constants.Count), true.Times(moved.Count), length),
            inside with { Names = (body.Arguments.Part(0, carries + sequences) + moved + constants).Map(argument => names[argument.Id]).Strict() },
            moved.Count));
    }

    // What follows from rows and constants, and which of it are contractions of the one with the other.
    private static (Seq<Equation> Known, Seq<Equation> Products) Known(Program body, int carries, int sequences)
    {
        var same = body.Inputs.Skip(carries + sequences).Select(input => input.Id).ToHashSet();
        var ofRows = body.Arguments.Part(carries, sequences).Select(row => row.Id).ToHashSet();
        var (known, products) = (new List<Equation>(), new List<Equation>());
        bool IsSame(Atom atom) => atom is not Variable variable || same.Contains(variable.Id);
        foreach (var equation in body.Equations)
        {
            if (equation.Primitive is ICarriesPrograms || !equation.Inputs.ForAll(input => IsSame(input) || ofRows.Contains(((Variable)input).Id))) continue;
            known.Add(equation);
            var isSame = equation.Inputs.ForAll(IsSame);
            foreach (var output in equation.Outputs) (isSame ? same : ofRows).Add(output.Id);
            if (!isSame && equation.Primitive is Contract && equation.Inputs.Exists(IsSame)) products.Add(equation);
        }
        return (known.ToSeq(), products.ToSeq());
    }
}

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
        Outputs = step.Outputs.Part(0, first) + step.Outputs.Part(first, terms.Length).Where(Carried) + step.Outputs.Skip(first + terms.Length).ToSeq() + stacked.Map(variable => (Atom)variable).ToSeq().Strict(),
    }).WithoutDeadCode();

    /// <summary>All sums, from those that were carried, the sequences, and the loop's results after the sums.</summary>
    internal Seq<Tensor> All(Seq<Tensor> carried, Seq<Tensor> rows, Seq<Tensor> results)
    {
        var stacks = new Dictionary<int, Tensor>();
        for (var i = 0; i < sequences; i++) stacks[step.Arguments[carries + i].Id] = rows[i];
        var outputs = step.Outputs.Skip(first + terms.Length).Concat(stacked).ToSeq().Strict();
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
                select left + right,
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
