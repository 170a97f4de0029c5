namespace Functional.Programs;

/// <summary>Running programs, equation by equation. On tracers this writes the program into their trace.</summary>
public static class Evaluation
{
    /// <summary>The outputs for these arguments; each intermediate is let go after its last use.</summary>
    /// <exception cref="ShapeException">The arguments are not those that the program was traced for.</exception>
    public static Seq<Tensor> Evaluate(this Program program, params ReadOnlySpan<Tensor> arguments) =>
        new Evaluator(program).Run(arguments).ToSeq();
}

/// <summary>A program made ready to be run many times; it keeps nothing between runs.</summary>
internal sealed class Evaluator
{
    private readonly Program program;
    private readonly (Primitive Primitive, Atom[] Inputs, int[] Outputs, TensorType[] Types, int[] LastUses)[] steps;
    private readonly int arguments;
    private readonly int variables;

    internal Evaluator(Program program)
    {
        this.program = program;
        arguments = program.Inputs.Count - program.Captures.Count;
        variables = program.VariableCount;
        steps = new (Primitive, Atom[], int[], TensorType[], int[])[program.Equations.Count];
        var lastUses = Definitions.LastUses(program);
        var place = 0;
        foreach (var equation in program.Equations)
        {
            var ids = new int[equation.Outputs.Count];
            var types = new TensorType[ids.Length];
            for (var i = 0; i < ids.Length; i++) (ids[i], types[i]) = (equation.Outputs[i].Id, equation.Outputs[i].Type);
            steps[place] = (equation.Primitive, [.. equation.Inputs], ids, types, lastUses[place]);
            place++;
        }
    }

    /// <summary>The outputs for these arguments.</summary>
    /// <param name="given">The arguments.</param>
    /// <param name="into">Where every equation is written, though all that it reads be known; by default what is known is run.</param>
    /// <exception cref="ShapeException">The arguments are not those that the program was traced for.</exception>
    internal Tensor[] Run(ReadOnlySpan<Tensor> given, Trace? into = null)
    {
        Accept(given);
        var environment = new Tensor?[variables];
        for (var i = 0; i < given.Length; i++) environment[i] = given[i];
        var captured = arguments;
        foreach (var capture in program.Captures) environment[captured++] = capture;
        foreach (var (primitive, inputs, outputs, types, lastUses) in steps)
        {
            var operands = new Tensor[inputs.Length];
            for (var i = 0; i < operands.Length; i++) operands[i] = Read(environment, inputs[i]);
            var results = into is null ? primitive.ApplyTyped(operands, types) : into.Record(primitive, operands, types);
            for (var i = 0; i < results.Length; i++) environment[outputs[i]] = results[i];
            foreach (var id in lastUses) environment[id] = null;
        }
        if (!program.Assumptions.IsEmpty) program.Carry(predicate => Read(environment, predicate));
        var values = new Tensor[program.Outputs.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Read(environment, program.Outputs[i]);
        return values;
    }

    private static Tensor Read(Tensor?[] environment, Atom atom) =>
        atom is Variable variable ? environment[variable.Id]! : ((Literal)atom).Value;

    private void Accept(ReadOnlySpan<Tensor> given)
    {
        if (given.Length != arguments)
            throw new ShapeException($"Evaluate: the program takes {arguments} arguments, given {given.Length}.");
        for (var i = 0; i < given.Length; i++)
            if (given[i].Type != program.Inputs[i].Type)
                throw new ShapeException($"Evaluate: argument {i} is {given[i].Type}, but the program was traced for {program.Inputs[i].Type}.");
    }
}
