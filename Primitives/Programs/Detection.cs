namespace Functional.Programs;

/// <summary>An operand as a rule of dependence sees it: what its elements depend on, and its value where that is a constant.</summary>
public sealed class Dependent
{
    private readonly Lazy<Tensor>? value;

    internal Dependent(TensorType type, Pattern pattern, Lazy<Tensor>? value = null) => (Type, Pattern, this.value) = (type, pattern, value);

    /// <summary>Element type and shape.</summary>
    public TensorType Type { get; }

    /// <summary>What its elements depend on.</summary>
    public Pattern Pattern { get; }

    /// <summary>Whether it is a constant of the program, or all values are those at one point.</summary>
    public bool IsKnown => value is not null;

    /// <summary>The value where it is known; worked out when it is first asked for.</summary>
    /// <exception cref="InvalidOperationException">It is not known.</exception>
    public Tensor Value => value?.Value ?? throw new InvalidOperationException($"a rule asks for the value of {Type}, which is not known");

    /// <summary>The same, of unknown value.</summary>
    internal Dependent Open() => IsKnown ? new(Type, Pattern) : this;
}

/// <summary>The walk that finds which inputs the outputs of a program may depend on, by the rule of each equation's primitive.</summary>
internal static class Detection
{
    /// <summary>What the outputs depend on, from what the arguments do.</summary>
    internal static Dependent[] Through(this Program program, PatternSpace space, ReadOnlySpan<Dependent> arguments)
    {
        var environment = new Dependent?[program.VariableCount];
        for (var i = 0; i < arguments.Length; i++) environment[i] = arguments[i];
        foreach (var (input, value) in program.Inputs.Skip(arguments.Length).Zip(program.Captures)) environment[input.Id] = Constant(space, value);
        var lastUses = Definitions.LastUses(program);
        var place = 0;
        foreach (var equation in program.Equations)
        {
            var operands = new Dependent[equation.Inputs.Count];
            for (var i = 0; i < operands.Length; i++) operands[i] = Read(equation.Inputs[i]);
            var results = Through(equation, space, operands);
            for (var i = 0; i < results.Length; i++) environment[equation.Outputs[i].Id] = results[i];
            foreach (var id in lastUses[place++]) environment[id] = null;
        }
        return [.. program.Outputs.Map(Read)];

        Dependent Read(Atom atom) => atom is Variable variable ? environment[variable.Id]! : Constant(space, ((Literal)atom).Value);
    }

    /// <summary>A value that no input moves.</summary>
    internal static Dependent Constant(PatternSpace space, Tensor value) =>
        new(value.Type, Pattern.Nothing(space, value.Size), value is Dense ? new(value) : null);

    private static Dependent[] Through(Equation equation, PatternSpace space, Dependent[] operands)
    {
        var types = new TensorType[equation.Outputs.Count];
        for (var i = 0; i < types.Length; i++) types[i] = equation.Outputs[i].Type;
        var isStill = true;
        foreach (var operand in operands) isStill &= operand.Pattern.IsNothing;
        // What carries programs may run long: its results are values only where they are asked for at a point.
        var values = System.Array.TrueForAll(operands, operand => operand.IsKnown) && (space.IsLocal || equation.Primitive is not ICarriesPrograms)
            ? new Lazy<Tensor[]>(() => equation.Primitive.ApplyTyped([.. operands.Select(operand => operand.Value)], types))
            : null;
        var patterns = isStill ? null : equation.Primitive.Dependence(operands, types).Case as Pattern[];
        if (patterns is null && !isStill) patterns = Guess(equation, space, operands, types);
        var results = new Dependent[types.Length];
        for (var i = 0; i < results.Length; i++)
        {
            var output = i;
            results[i] = new(
                types[i],
                patterns is null || !types[i].DType.IsFloat() ? Pattern.Nothing(space, types[i].Size) : patterns[i],
                values is null ? null : new Lazy<Tensor>(() => values.Value[output]));
        }
        return results;
    }

    // Nothing is said of the primitive: all may depend on all, which is sound.
    private static Pattern[] Guess(Equation equation, PatternSpace space, Dependent[] operands, TensorType[] types)
    {
        space.Guessed.Add(equation.Primitive.Name);
        var all = Pattern.Dense(space, 1, [.. operands.Select(operand => operand.Pattern)]);
        return System.Array.ConvertAll(types, type => all.Everywhere(type.Size));
    }
}
