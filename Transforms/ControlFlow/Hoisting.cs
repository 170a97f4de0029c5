using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>A loop's body cut in two: what is the same at every step, and the rest.</summary>
/// <param name="Outside">From the constants to the values that the rest reads.</param>
/// <param name="Inside">The body, with those values as further arguments.</param>
internal sealed record Hoisting(Program Outside, Program Inside)
{
    /// <summary>Takes what does not depend on the first arguments out of a body; none where there is nothing.</summary>
    /// <param name="body">The body of a loop.</param>
    /// <param name="varying">How many arguments, the first ones, differ from step to step.</param>
    /// <param name="mayMove">Which equations may be run though the loop makes no step; all where none is said.</param>
    internal static Option<Hoisting> Of(Program body, int varying, Func<Equation, bool>? mayMove = null)
    {
        var constants = body.Arguments.Skip(varying).ToSeq().Strict();
        var same = body.Inputs.Skip(varying).Select(input => input.Id).ToHashSet();
        var hoisted = new System.Collections.Generic.HashSet<int>();
        var (outer, inner) = (new List<Equation>(), new List<Equation>());
        foreach (var equation in body.Equations)
        {
            var isSame = equation.Inputs.ForAll(input => input is not Variable variable || same.Contains(variable.Id)) && (mayMove is null || mayMove(equation));
            if (isSame)
            {
                outer.Add(equation);
                foreach (var output in equation.Outputs) same.Add(output.Id);
            }
            if (!isSame || IsRecipe(equation)) inner.Add(equation);
            else foreach (var output in equation.Outputs) hoisted.Add(output.Id);
        }
        if (hoisted.Count == 0) return None;
        var read = inner.SelectMany(equation => equation.Inputs).Concat(body.Outputs).Concat(body.Assumptions.Map(assumption => assumption.Predicate))
            .OfType<Variable>().Where(variable => hoisted.Contains(variable.Id)).Distinct().ToSeq().Strict();
        var names = Text.Names(body);
        var outside = Numbering.Dense(constants, body.Bindings(), outer.ToSeq(), read.Map(variable => (Atom)variable).Strict(), Seq<Assumption>()).WithoutDeadCode();
        var inside = Numbering.Dense(body.Arguments.Then(read), body.Bindings(), inner.ToSeq(), body.Outputs, body.Assumptions).WithoutDeadCode();
        return Some(new Hoisting(
            outside with { Names = constants.Map(constant => names[constant.Id]).Strict() },
            inside with { Names = body.Arguments.Map(argument => names[argument.Id]).Then(read.Map(variable => names[variable.Id])) }));

        // A repeated number, a range: cheaper made again than carried.
        static bool IsRecipe(Equation equation) => equation.Primitive is not ICarriesPrograms && equation.Inputs.ForAll(input => input is Literal);
    }
}
