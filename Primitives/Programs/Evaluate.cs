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
    private readonly (Primitive Primitive, Atom[] Inputs, int[] Outputs, TensorType[] Types, int[] LastUses, Assumption[] Assumptions)[] steps;
    private readonly Assumption[] initial;
    private readonly int arguments;
    private readonly int variables;

    internal Evaluator(Program program)
    {
        this.program = program;
        arguments = program.Inputs.Count - program.Captures.Count;
        variables = program.VariableCount;
        steps = new (Primitive, Atom[], int[], TensorType[], int[], Assumption[])[program.Equations.Count];
        var lastUses = Definitions.LastUses(program);
        var assumed = program.Assumptions.ToLookup(assumption => assumption.Predicate is Variable variable ? variable.Id : -1);
        initial = [.. assumed[-1], .. program.Inputs.Bind(input => assumed[input.Id])];
        var place = 0;
        foreach (var equation in program.Equations)
        {
            var ids = new int[equation.Outputs.Count];
            var types = new TensorType[ids.Length];
            for (var i = 0; i < ids.Length; i++) (ids[i], types[i]) = (equation.Outputs[i].Id, equation.Outputs[i].Type);
            steps[place] = (equation.Primitive, [.. equation.Inputs], ids, types, lastUses[place], [.. ids.SelectMany(id => assumed[id])]);
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
        Check(environment, initial);
        foreach (var (primitive, inputs, outputs, types, lastUses, assumptions) in steps)
        {
            var operands = new Tensor[inputs.Length];
            for (var i = 0; i < operands.Length; i++) operands[i] = Read(environment, inputs[i]);
            var results = into is null ? primitive.ApplyTyped(operands, types) : into.Record(primitive, operands, types);
            for (var i = 0; i < results.Length; i++) environment[outputs[i]] = results[i];
            foreach (var id in lastUses) environment[id] = null;
            Check(environment, assumptions);
        }
        // What a trace takes over, it takes in the order of the decisions.
        foreach (var assumption in program.Assumptions)
            if (Read(environment, assumption.Predicate) is Tracer tracer) Assumptions.Hold(tracer, assumption.Expected);
        var values = new Tensor[program.Outputs.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Read(environment, program.Outputs[i]);
        return values;
    }

    // At once where the value is known: beyond a broken assumption a program may divide by zero, or loop for ever.
    private static void Check(Tensor?[] environment, Assumption[] assumptions)
    {
        foreach (var assumption in assumptions)
            if (Read(environment, assumption.Predicate) is Dense value) Assumptions.Hold(value, assumption.Expected);
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
