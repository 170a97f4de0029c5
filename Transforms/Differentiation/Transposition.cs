using Functional.Differentiation;

namespace Functional.Programs;

/// <summary>Transposition: a linear program (ẋ → ẏ) to (ȳ → x̄) with ⟨ȳ, A ẋ⟩ = ⟨Aᵀ ȳ, ẋ⟩.</summary>
public static class Transposition
{
    /// <summary>
    /// The transposed program, (ȳ, residuals) → x̄, of a program linear in its first arguments.
    /// </summary>
    /// <param name="program">Linear in its first arguments, given the rest.</param>
    /// <param name="linear">How many arguments it is linear in.</param>
    /// <exception cref="NotDifferentiableException">An equation on the way is not linear; the message names its primitive.</exception>
    public static Program Transpose(this Program program, int linear)
    {
        var types = program.Arguments.Map(argument => argument.Type);
        var cotangents = program.Outputs.Map(output => output.Type);
        return Trace.Of("Transpose", cotangents.Then(types.Skip(linear)), inputs =>
        {
            var known = inputs.Skip(cotangents.Count).ToSeq().Then(program.Captures);
            return Pull(program, linear, known, inputs.Take(cotangents.Count).Map(Some).Strict())
                .Zip(types).Map(pair => Pushforward.OrZero(pair.Item1, pair.Item2)).Strict();
        }) with
        { Names = Named(program, linear) };
    }

    // Cotangents come first; what is known keeps its name.
    private static Seq<string> Named(Program program, int linear)
    {
        var names = Text.Names(program);
        var cotangents = program.Outputs.Count == 1 ? Seq1("ct") : Enumerable.Range(0, program.Outputs.Count).Select(output => $"ct{output}").ToSeq();
        return cotangents.Then(program.Arguments.Skip(linear).Map(argument => names[argument.Id]));
    }

    /// <summary>The cotangents of the linear arguments from those of the outputs; <c>None</c> is zero, and says that nothing depends on the argument.</summary>
    internal static Seq<Option<Tensor>> Pull(Program program, int linear, Seq<Tensor> known, Seq<Option<Tensor>> cotangents) =>
        Support.Values(Pull(program, linear, known, Support.Everywhere(cotangents)));

    /// <summary>As above, where it is known of cotangents that they are zero in places.</summary>
    internal static Seq<Option<Cotangent>> Pull(Program program, int linear, Seq<Tensor> known, Seq<Option<Cotangent>> cotangents)
    {
        var moves = new bool[program.VariableCount];
        var values = new Tensor[program.VariableCount];
        var pulled = new Option<Cotangent>[program.VariableCount];
        for (var i = 0; i < linear; i++) moves[i] = true;
        foreach (var (input, value) in program.Inputs.Skip(linear).Zip(known)) values[input.Id] = value;
        foreach (var equation in program.Equations)
        {
            var isLinear = equation.Inputs.Exists(Moves);
            foreach (var output in equation.Outputs) moves[output.Id] = isLinear;
            if (isLinear) continue;
            var results = equation.Primitive.ApplyAll([.. equation.Inputs.Map(Value)]);
            for (var i = 0; i < results.Length; i++) values[equation.Outputs[i].Id] = results[i];
        }
        foreach (var (predicate, expected) in program.Assumptions.Map(assumption => (assumption.Predicate, assumption.Expected)))
        {
            if (Moves(predicate))
                throw new NotDifferentiableException($"Transpose: the host decided on {expected} by what the program is linear in, so it is linear on one side of the decision only. Decide by other arguments.");
            Assumptions.Hold(Value(predicate), expected);
        }
        foreach (var (output, cotangent) in program.Outputs.Zip(cotangents)) Accumulate(output, cotangent);
        foreach (var equation in program.Equations.Reverse())
        {
            var above = equation.Outputs.Map(output => pulled[output.Id]).Strict();
            if (above.ForAll(cotangent => cotangent.IsNone) || !equation.Inputs.Exists(Moves)) continue;
            if (equation.Primitive is not ILinear rule)
                throw new NotDifferentiableException($"Transpose: {equation.Primitive.Name} is not linear, so it has no transpose.");
            foreach (var output in equation.Outputs) pulled[output.Id] = None;
            var below = Support.Transpose(rule, above, equation.Inputs.Map(input => Moves(input) ? Operand.Linear(input.Type) : Operand.Of(Value(input))).Strict());
            foreach (var (input, cotangent) in equation.Inputs.Zip(below)) Accumulate(input, cotangent);
        }
        return program.Inputs.Take(linear).Map(input => pulled[input.Id].Map(cotangent => cotangent.Clear())).ToSeq().Strict();

        bool Moves(Atom atom) => atom is Variable variable && moves[variable.Id];
        Tensor Value(Atom atom) => atom is Variable variable ? values[variable.Id] : ((Literal)atom).Value;

        // Cotangents meet where a value fans out, and add up.
        void Accumulate(Atom atom, Option<Cotangent> cotangent)
        {
            if (!Moves(atom) || cotangent.IsNone) return;
            var id = ((Variable)atom).Id;
            pulled[id] = pulled[id].Match(Some: sum => cotangent.Map(next => sum + next), None: () => cotangent);
        }
    }
}
