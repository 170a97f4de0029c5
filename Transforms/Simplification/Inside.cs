namespace Functional.Programs;

/// <summary>Simplification of the programs that equations carry, and of what passes between these and the program around them.</summary>
public static class Inside
{
    /// <summary>
    /// Every carried program is simplified; results that nothing reads, carries that nothing needs and work that is the same
    /// at every step leave it.
    /// </summary>
    public static Program SimplifyInside(this Program program)
    {
        if (!program.Equations.Exists(equation => equation.Primitive is ICarriesPrograms)) return program;
        var live = Live(program);
        return Rewrite.Each(program, equation =>
        {
            if (equation.Primitive is not ICarriesPrograms carrier) return Rewritten.Kept;
            var before = carrier.Programs.Map(carried => carried.Program).Strict();
            var after = before.Map(carried => carried.Simplify()).Strict();
            var isNew = before.Zip(after).Exists(pair => !ReferenceEquals(pair.Item1, pair.Item2));
            if (isNew) carrier = (ICarriesPrograms)carrier.With(after);
            var known = equation.Inputs.Map(input => input is Literal literal ? Some(literal.Value) : None).Strict();
            if (carrier.Lessened(known, equation.Outputs.Map(output => live[output.Id]).Strict()).Case is Func<Seq<Tensor>, Seq<Option<Tensor>>> lessened)
                return Spliced(equation, lessened);
            return isNew ? new Rewritten.By((Primitive)carrier, equation.Inputs) : Rewritten.Kept;
        });
    }

    private static Rewritten.Spliced Spliced(Equation equation, Func<Seq<Tensor>, Seq<Option<Tensor>>> lessened)
    {
        var given = Seq<bool>();
        var part = Trace.Of("Simplify", equation.Inputs.Map(input => input.Type).Strict(), operands =>
        {
            var results = lessened(operands);
            given = results.Map(result => result.IsSome).Strict();
            return results.Somes().ToSeq().Strict();
        });
        return new(part, equation.Inputs, given);
    }

    private static bool[] Live(Program program)
    {
        var live = new bool[program.VariableCount];
        var read = program.Equations.SelectMany(equation => equation.Inputs).Concat(program.Outputs).Concat(program.Assumptions.Map(assumption => assumption.Predicate));
        foreach (var variable in read.OfType<Variable>()) live[variable.Id] = true;
        return live;
    }
}
