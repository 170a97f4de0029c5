namespace Functional.Programs;

/// <summary>Running programs, equation by equation. On tracers this writes the program into their trace.</summary>
public static class Evaluation
{
    /// <summary>The outputs for these arguments; each intermediate is let go after its last use.</summary>
    /// <exception cref="ShapeException">The arguments are not those that the program was traced for.</exception>
    public static Seq<Tensor> Evaluate(this Program program, params ReadOnlySpan<Tensor> arguments)
    {
        Accept(program, arguments);
        var environment = new Tensor?[program.VariableCount];
        for (var i = 0; i < arguments.Length; i++) environment[i] = arguments[i];
        for (var i = 0; i < program.Captures.Count; i++) environment[arguments.Length + i] = program.Captures[i];
        var lastUses = Definitions.LastUses(program);
        var place = 0;
        foreach (var equation in program.Equations)
        {
            var operands = new Tensor[equation.Inputs.Count];
            for (var i = 0; i < operands.Length; i++) operands[i] = Read(environment, equation.Inputs[i]);
            var types = new TensorType[equation.Outputs.Count];
            for (var i = 0; i < types.Length; i++) types[i] = equation.Outputs[i].Type;
            var results = equation.Primitive.ApplyTyped(operands, types);
            for (var i = 0; i < results.Length; i++) environment[equation.Outputs[i].Id] = results[i];
            foreach (var id in lastUses[place]) environment[id] = null;
            place++;
        }
        program.Carry(predicate => Read(environment, predicate));
        return program.Outputs.Map(output => Read(environment, output)).Strict();
    }

    private static Tensor Read(Tensor?[] environment, Atom atom) =>
        atom is Variable variable ? environment[variable.Id]! : ((Literal)atom).Value;

    private static void Accept(Program program, ReadOnlySpan<Tensor> arguments)
    {
        var expected = program.Inputs.Count - program.Captures.Count;
        if (arguments.Length != expected)
            throw new ShapeException($"Evaluate: the program takes {expected} arguments, given {arguments.Length}.");
        for (var i = 0; i < expected; i++)
            if (arguments[i].Type != program.Inputs[i].Type)
                throw new ShapeException($"Evaluate: argument {i} is {arguments[i].Type}, but the program was traced for {program.Inputs[i].Type}.");
    }
}
