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
        var read = rest.Bind(equation => equation.Inputs).Then(body.Outputs, body.Assumptions.Map(assumption => assumption.Predicate)).OfType<Variable>().ToHashSet();
        var moved = products.Map(product => product.Outputs[0]).Filter(read.Contains).ToSeq().Strict();
        if (moved.IsEmpty || !Room.Holds(moved.Sum(product => product.Type.Bytes) * length, rows.Map(row => row.Type), length)) return None;
        var names = Text.Names(body);
        var ahead = Numbering.Dense(rows.Then(constants), body.Bindings(), known, moved.Map(product => (Atom)product).Strict(), Seq<Assumption>()).WithoutDeadCode();
        var inside = Numbering.Dense(body.Arguments.Part(0, carries + sequences).Then(moved, constants), body.Bindings(), rest, body.Outputs, body.Assumptions).WithoutDeadCode();
        return Some(new Fission(
            Carried.Batched(ahead, true.Times(sequences).Then(false.Times(constants.Count)), true.Times(moved.Count), length),
            inside with { Names = (body.Arguments.Part(0, carries + sequences).Then(moved, constants)).Map(argument => names[argument.Id]).Strict() },
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
