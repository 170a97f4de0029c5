namespace Functional.Programs;

/// <summary>Programs from parts whose variables have any distinct ids.</summary>
public static class Numbering
{
    /// <summary>The program with ids dense from 0: arguments, captures, then results in the order of the equations.</summary>
    /// <param name="arguments">What a caller gives.</param>
    /// <param name="captures">The inputs bound to values, with those values.</param>
    /// <param name="equations">In an order in which each reads only what came before.</param>
    /// <param name="outputs">What is returned.</param>
    /// <param name="assumptions">What the program stands on.</param>
    public static Program Dense(
        Seq<Variable> arguments,
        Seq<(Variable Input, Tensor Value)> captures,
        Seq<Equation> equations,
        Seq<Atom> outputs,
        Seq<Assumption> assumptions)
    {
        var renamed = new Dictionary<int, Variable>();
        Variable Define(Variable variable) => renamed[variable.Id] = new(renamed.Count, variable.Type);
        Atom Rename(Atom atom) => atom is Variable variable ? renamed[variable.Id] : atom;
        return new Program(
            arguments.Then(captures.Map(capture => capture.Input)).Map(Define).Strict(),
            equations.Map(equation => new Equation(
                equation.Primitive,
                equation.Inputs.Map(Rename).Strict(),
                equation.Outputs.Map(Define).Strict())).Strict(),
            outputs.Map(Rename).Strict(),
            assumptions.Map(assumption => assumption with { Predicate = Rename(assumption.Predicate) }).Distinct().ToSeq().Strict())
        {
            Captures = captures.Map(capture => capture.Value).Strict(),
        };
    }
}
