// The room of simplification: rewrites of programs into cheaper ones with the same values, bit for bit.
// A rewrite that changes nothing returns the same object.
namespace Functional.Programs;

/// <summary>What becomes of one equation.</summary>
internal abstract record Rewritten
{
    private Rewritten()
    {
    }

    /// <summary>It stays.</summary>
    internal static Rewritten Kept { get; } = new KeptForm();

    /// <summary>Its results are values that the program has already.</summary>
    internal sealed record As(Seq<Atom> Results) : Rewritten;

    /// <summary>Its results are those of another application.</summary>
    internal sealed record By(Primitive Primitive, Seq<Atom> Inputs) : Rewritten;

    /// <summary>Its results are known.</summary>
    internal sealed record Constant(Seq<Tensor> Results) : Rewritten;

    /// <summary>Some of its results are those of a program of these inputs, whose equations take its place; nothing reads the others.</summary>
    internal sealed record Spliced(Program Program, Seq<Atom> Inputs, Seq<bool> Given) : Rewritten;

    private sealed record KeptForm : Rewritten;
}

/// <summary>A walk over a program's equations that rewrites each.</summary>
internal static class Rewrite
{
    /// <summary>The program with each equation, its inputs already rewritten, replaced by what the rule says.</summary>
    internal static Program Each(Program program, Func<Equation, Rewritten> rule)
    {
        var replaced = new Atom?[program.VariableCount];
        var equations = new List<Equation>();
        var constants = new List<(Variable, Tensor)>();
        var assumptions = new List<Assumption>();
        var fresh = program.VariableCount;
        var changed = false;
        foreach (var original in program.Equations)
        {
            var equation = original with { Inputs = original.Inputs.Map(Read).Strict() };
            var rewritten = rule(equation);
            changed |= rewritten != Rewritten.Kept;
            switch (rewritten)
            {
                case Rewritten.As { Results: var results }:
                    Replace(equation.Outputs, results);
                    break;
                case Rewritten.By { Primitive: var primitive, Inputs: var inputs }:
                    equations.Add(new(primitive, inputs, equation.Outputs));
                    break;
                case Rewritten.Spliced { Program: var part, Inputs: var read, Given: var given }:
                    Replace(equation.Outputs.Zip(given).Filter(pair => pair.Item2).Map(pair => pair.Item1).ToSeq(), Splice(part, read));
                    break;
                case Rewritten.Constant { Results: var values }:
                    Bind(equation.Outputs, values);
                    break;
                default:
                    equations.Add(equation);
                    break;
            }
        }
        if (!changed) return program;
        var captures = program.Inputs.Skip(program.Arguments.Count).Zip(program.Captures).Map(pair => (pair.Item1, pair.Item2));
        return Numbering.Dense(
            program.Arguments,
            captures.ToSeq().Then(constants.ToSeq()),
            equations.ToSeq(),
            program.Outputs.Map(Read).Strict(),
            program.Assumptions.Map(assumption => assumption with { Predicate = Read(assumption.Predicate) }).Then(assumptions.ToSeq())) with
        { Names = program.Names };

        Atom Read(Atom atom) => atom is Variable variable ? replaced[variable.Id] ?? atom : atom;

        void Replace(Seq<Variable> outputs, Seq<Atom> results)
        {
            foreach (var (output, result) in outputs.Zip(results)) replaced[output.Id] = result;
        }

        // The equations of a part, its inputs put in and its variables under names that are free.
        Seq<Atom> Splice(Program part, Seq<Atom> inputs)
        {
            var places = new Atom[part.VariableCount];
            for (var i = 0; i < part.Inputs.Count; i++) places[i] = i < inputs.Count ? inputs[i] : Captured(part.Captures[i - inputs.Count]);
            foreach (var (primitive, operands, results) in part.Equations)
            {
                var read = operands.Map(Inside).Strict();
                var made = results.Map(result => new Variable(fresh++, result.Type)).Strict();
                equations.Add(new(primitive, read, made));
                foreach (var (result, variable) in results.Zip(made)) places[result.Id] = variable;
            }
            foreach (var assumption in part.Assumptions) assumptions.Add(assumption with { Predicate = Inside(assumption.Predicate) });
            return part.Outputs.Map(Inside).Strict();

            Atom Inside(Atom atom) => atom is Variable variable ? places[variable.Id] : atom;
        }

        Variable Captured(Tensor value)
        {
            var variable = new Variable(fresh++, value.Type);
            constants.Add((variable, value));
            return variable;
        }

        // A scalar becomes a literal; a larger value a capture, under the name it has.
        void Bind(Seq<Variable> outputs, Seq<Tensor> values)
        {
            foreach (var (output, value) in outputs.Zip(values))
            {
                if (value.Rank == 0) replaced[output.Id] = new Literal(value);
                else constants.Add((output, value));
            }
        }
    }
}
