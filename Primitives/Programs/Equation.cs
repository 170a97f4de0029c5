namespace Functional.Programs;

/// <summary>One application of a primitive. Two equal equations compute the same values.</summary>
/// <param name="Primitive">What is applied, its parameters included.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Outputs">What it defines.</param>
public sealed record Equation(Primitive Primitive, Seq<Atom> Inputs, Seq<Variable> Outputs);

/// <summary>A decision the host program made while it was traced; the program holds only where it would be made again.</summary>
/// <param name="Predicate">The value that was asked for.</param>
/// <param name="Expected">What it was.</param>
public sealed record Assumption(Atom Predicate, Literal Expected);
