namespace Functional.Programs;

/// <summary>
/// A traced function: inputs, equations in an order in which each reads only what came before, outputs.
/// Equality is structural, up to the names of variables and of inputs.
/// </summary>
/// <param name="Inputs">The arguments, then one input for each capture.</param>
/// <param name="Equations">What is computed, in order.</param>
/// <param name="Outputs">What is returned.</param>
/// <param name="Assumptions">Decisions of the host program for which this program stands.</param>
public sealed record Program(Seq<Variable> Inputs, Seq<Equation> Equations, Seq<Atom> Outputs, Seq<Assumption> Assumptions)
{
    // 0 until asked for: of one word, so that threads may race to write it. A copy with other parts works out its own.
    private int hash;

    private Program(Program original)
    {
        (Inputs, Equations, Outputs, Assumptions) = original;
        (Captures, Names, Notes) = (original.Captures, original.Names, original.Notes);
    }

    /// <summary>The values bound to the last inputs: tensors that the function closed over. Shared, never copied.</summary>
    public Seq<Tensor> Captures { get; init; } = Seq<Tensor>();

    /// <summary>What the arguments are called in text; takes no part in equality.</summary>
    public Seq<string> Names { get; init; } = Seq<string>();

    /// <summary>What was decided while it was traced, and why; takes no part in equality.</summary>
    public Seq<string> Notes { get; init; } = Seq<string>();

    /// <summary>The inputs that a caller gives: all but those bound to captures.</summary>
    public Seq<Variable> Arguments => Inputs.Take(Inputs.Count - Captures.Count).ToSeq();

    /// <summary>The number of variables: ids are below it.</summary>
    public int VariableCount => Inputs.Count + Equations.Sum(equation => equation.Outputs.Count);

    /// <inheritdoc/>
    public bool Equals(Program? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && Inputs == other.Inputs
            && Equations == other.Equations
            && Outputs == other.Outputs
            && Assumptions == other.Assumptions
            && Captures.SequenceEqual(other.Captures));

    /// <inheritdoc/>
    public override int GetHashCode() => hash != 0 ? hash : hash = HashCode.Combine(Inputs, Equations, Outputs, Assumptions);

    /// <summary>The program as text; see <see cref="Text"/>.</summary>
    public override string ToString() => Text.Print(this);
}
