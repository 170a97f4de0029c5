using Functional.Primitives;

namespace Functional.Programs;

/// <summary>Simplification: a program to a cheaper one with the same values, bit for bit.</summary>
public static class Simplification
{
    /// <summary>Folding, identities, common subexpressions, dead code and unread rows of products, inside carried programs too, again and again until nothing changes.</summary>
    public static Program Simplify(this Program program)
    {
        while (true)
        {
            var next = program.FoldConstants().RewriteIdentities().ShareCommonSubexpressions().WithoutDeadCode().SelectBeforeProducts().SimplifyInside();
            if (ReferenceEquals(next, program)) return program;
            program = next;
        }
    }

    /// <summary>Equations whose inputs are all known are computed now, where the result is no larger than what it is made of.</summary>
    public static Program FoldConstants(this Program program)
    {
        var known = new Dictionary<int, Tensor>();
        foreach (var (input, value) in program.Inputs.Skip(program.Arguments.Count).Zip(program.Captures))
            if (value is Dense) known.Add(input.Id, value);
        return Rewrite.Each(program, equation =>
        {
            // A loop may be long, or endless: it runs when the program does.
            if (equation.Primitive is ICarriesPrograms) return Rewritten.Kept;
            var operands = equation.Inputs.Map(Known).Strict();
            if (operands.Exists(operand => operand.IsNone)) return Rewritten.Kept;
            var values = operands.Somes().ToArray();
            if (equation.Outputs.Sum(output => output.Type.Bytes) > Math.Max(sizeof(double), values.Sum(value => value.Type.Bytes))) return Rewritten.Kept;
            if (Computed(equation.Primitive, values) is not { } results) return Rewritten.Kept;
            foreach (var (output, result) in equation.Outputs.Zip(results)) known[output.Id] = result;
            return new Rewritten.Constant(results.ToSeq());
        });

        // What cannot be computed, 1 / 0 among integers, is left to fail where it is run, if it ever is.
        static Tensor[]? Computed(Primitive primitive, Tensor[] values)
        {
            try
            {
                return primitive.ApplyAll(values);
            }
            catch (ArithmeticException)
            {
                return null;
            }
        }

        Option<Tensor> Known(Atom atom) => atom switch
        {
            Literal literal => Some(literal.Value),
            Variable variable when known.TryGetValue(variable.Id, out var value) => Some(value),
            _ => None,
        };
    }

    /// <summary>An equation equal to an earlier one gives way to it.</summary>
    public static Program ShareCommonSubexpressions(this Program program)
    {
        var seen = new Dictionary<(Primitive, Seq<Atom>), Seq<Variable>>();
        return Rewrite.Each(program, equation =>
        {
            var key = (equation.Primitive, Ordered(equation));
            if (seen.TryGetValue(key, out var earlier)) return new Rewritten.As(earlier.Map(output => (Atom)output).Strict());
            seen.Add(key, equation.Outputs);
            return Rewritten.Kept;
        });

        // x + y is y + x and x·y is y·x bit for bit, but for which of two NaNs it is.
        static Seq<Atom> Ordered(Equation equation) => (equation.Primitive, equation.Inputs) switch
        {
            (Add or Multiply, [Variable { Id: var x }, Variable { Id: var y }]) when y < x => equation.Inputs.Rev(),
            (Add or Multiply, [Literal, Variable]) => equation.Inputs.Rev(),
            _ => equation.Inputs,
        };
    }

    /// <summary>Equations that no output and no assumption needs are left out, and captures that nothing reads.</summary>
    public static Program WithoutDeadCode(this Program program)
    {
        var live = new bool[program.VariableCount];
        foreach (var atom in program.Outputs.Then(program.Assumptions.Map(assumption => assumption.Predicate))) Mark(atom);
        var kept = new List<Equation>();
        foreach (var equation in program.Equations.Reverse())
        {
            if (!equation.Outputs.Exists(output => live[output.Id])) continue;
            kept.Add(equation);
            foreach (var input in equation.Inputs) Mark(input);
        }
        kept.Reverse();
        var captures = program.Inputs.Skip(program.Arguments.Count).Zip(program.Captures)
            .Filter(capture => live[capture.Item1.Id]).Map(capture => (capture.Item1, capture.Item2)).ToSeq().Strict();
        return kept.Count == program.Equations.Count && captures.Count == program.Captures.Count
            ? program
            : Numbering.Dense(program.Arguments, captures, kept.ToSeq(), program.Outputs, program.Assumptions) with { Names = program.Names };

        void Mark(Atom atom)
        {
            if (atom is Variable variable) live[variable.Id] = true;
        }
    }

    /// <summary>The program with its first arguments bound to values: scalars become literals, larger ones captures.</summary>
    /// <param name="program">The program.</param>
    /// <param name="values">A value for each argument to bind; <c>None</c> leaves one open.</param>
    public static Program Bind(this Program program, Seq<Option<Tensor>> values)
    {
        var arguments = program.Arguments;
        var open = arguments.Select((argument, i) => (i, argument)).Where(pair => pair.i >= values.Count || values[pair.i].IsNone).ToSeq().Strict();
        var bound = Trace.Of("Bind", open.Map(pair => pair.argument.Type).Strict(), inputs =>
        {
            var given = new Queue<Tensor>(inputs);
            return program.Evaluate([.. arguments.Select((_, i) => i < values.Count ? values[i].IfNone(given.Dequeue) : given.Dequeue())]);
        });
        return bound with { Names = open.Filter(pair => pair.i < program.Names.Count).Map(pair => program.Names[pair.i]).Strict() };
    }
}
