// The room of vectorization: one program for a batch, each equation rewritten by its batching rule.
using Functional.Primitives;

namespace Functional.Programs;

/// <summary>Batching: (x → y) to ([x₁ … xₙ] → [y₁ … yₙ]), the batch on the first axis.</summary>
public static class Vectorization
{
    /// <summary>The program for a batch of arguments, of outputs stacked on the first axis.</summary>
    /// <param name="program">For one member of the batch.</param>
    /// <param name="size">How many members.</param>
    /// <param name="batched">Which arguments are batched; all where none is said.</param>
    public static Program Vmap(this Program program, int size, Seq<bool> batched = default)
    {
        var arguments = program.Arguments.Select((argument, i) => (argument.Type, IsBatched: batched.IsEmpty || batched[i])).ToSeq().Strict();
        var types = arguments.Map(argument => argument.IsBatched ? Stacked(argument.Type, size) : argument.Type).Strict();
        return Trace.Of("Vmap", types, inputs =>
            Run(program, inputs.Zip(arguments).Map(pair => new Batched(pair.Item1, pair.Item2.IsBatched)).Strict(), size)
                .Map(output => output.Each(size)).Strict()) with
        { Names = program.Names };
    }

    /// <summary>The outputs for batched arguments; what depends on none of them stays unbatched.</summary>
    internal static Seq<Batched> Run(Program program, Seq<Batched> arguments, int size)
    {
        var environment = new Batched[program.VariableCount];
        foreach (var (input, value) in program.Inputs.Zip(arguments.Then(program.Captures.Map(Batched.Shared)))) environment[input.Id] = value;
        var lastUses = Definitions.LastUses(program);
        var place = 0;
        foreach (var equation in program.Equations)
        {
            var operands = equation.Inputs.Map(Read).Strict();
            var results = operands.Exists(operand => operand.IsBatched)
                ? equation.Primitive.Batch(operands, size)
                : equation.Primitive.ApplyAll([.. operands.Map(operand => operand.Value)]).Map(Batched.Shared).ToSeq();
            foreach (var (output, result) in equation.Outputs.Zip(results)) environment[output.Id] = result;
            foreach (var id in lastUses[place++]) environment[id] = default;
        }
        foreach (var (predicate, expected) in program.Assumptions.Map(assumption => (Read(assumption.Predicate), assumption.Expected))) Hold(predicate, expected);
        return program.Outputs.Map(Read).Strict();

        Batched Read(Atom atom) => atom is Variable variable ? environment[variable.Id] : Batched.Shared(((Literal)atom).Value);
    }

    // What was assumed of one member is assumed of each.
    private static void Hold(Batched predicate, Literal expected)
    {
        if (predicate.IsBatched) Assumptions.Hold(TensorMath.All(TensorMath.Equal(predicate.Value, expected.Value)), new Literal(true));
        else Assumptions.Hold(predicate.Value, expected);
    }

    private static TensorType Stacked(TensorType type, int size) => new(type.DType, type.Shape.Insert(0, size));
}
