using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>A loop's body cut in two: what is the same at every step, and the rest.</summary>
/// <param name="Outside">From the constants to the values that the rest reads.</param>
/// <param name="Inside">The body, with those values as further arguments.</param>
internal sealed record Hoisting(Program Outside, Program Inside)
{
    /// <summary>Takes what depends on the last arguments alone out of a body; none where there is nothing.</summary>
    /// <param name="body">The body of a loop.</param>
    /// <param name="varying">How many arguments, the first ones, differ from step to step.</param>
    internal static Option<Hoisting> Of(Program body, int varying)
    {
        var constants = body.Arguments.Skip(varying).ToSeq().Strict();
        var invariant = constants.Map(constant => constant.Id).ToHashSet();
        foreach (var equation in body.Equations)
            if (IsInvariant(equation))
                foreach (var output in equation.Outputs) invariant.Add(output.Id);
        var hoisted = body.Equations.Filter(IsInvariant).ToSeq().Strict();
        if (hoisted.IsEmpty) return None;
        var rest = body.Equations.Filter(equation => !IsInvariant(equation)).ToSeq().Strict();
        var made = hoisted.SelectMany(equation => equation.Outputs).Select(output => output.Id).ToHashSet();
        var read = rest.SelectMany(equation => equation.Inputs).Concat(body.Outputs).Concat(body.Assumptions.Map(assumption => assumption.Predicate))
            .OfType<Variable>().Where(variable => made.Contains(variable.Id)).Distinct().ToSeq().Strict();
        var captures = body.Inputs.Skip(body.Arguments.Count).Zip(body.Captures).Map(pair => (pair.Item1, pair.Item2)).ToSeq().Strict();
        var names = Text.Names(body);
        var outside = Numbering.Dense(constants, captures, hoisted, read.Map(variable => (Atom)variable).Strict(), Seq<Assumption>()).WithoutDeadCode();
        var inside = Numbering.Dense(body.Arguments.Concat(read).Strict(), captures, rest, body.Outputs, body.Assumptions).WithoutDeadCode();
        return Some(new Hoisting(
            outside with { Names = constants.Map(constant => names[constant.Id]).Strict() },
            inside with { Names = body.Arguments.Map(argument => names[argument.Id]).Concat(read.Map(variable => names[variable.Id])).ToSeq().Strict() }));

        // What reads no variable is a small recipe (a repeated number, a range), cheaper made again than carried.
        bool IsInvariant(Equation equation) =>
            equation.Inputs.Exists(input => input is Variable) && equation.Inputs.ForAll(input => input is not Variable variable || invariant.Contains(variable.Id));
    }
}
