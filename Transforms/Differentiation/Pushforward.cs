// The room of differentiation. Rules say only how a tangent moves forward and how a linear primitive transposes; reverse
// mode is derived: linearize, then transpose. Each mode is a small interpreter of programs: on values it computes, on
// tracers it writes the rewritten program into their trace.
namespace Functional.Programs;

/// <summary>Forward mode: (x → y) to ((x, ẋ) → (y, ẏ)), linear in ẋ.</summary>
public static class Pushforward
{
    /// <summary>
    /// The program of values and tangents: arguments, then a tangent for each floating-point argument; outputs, then a
    /// tangent for each floating-point output.
    /// </summary>
    public static Program Jvp(this Program program)
    {
        var arguments = program.Arguments.Map(argument => argument.Type);
        var tangents = arguments.Filter(type => type.DType.IsFloat());
        return Trace.Of("Jvp", arguments.Then(tangents), inputs =>
        {
            var given = new Queue<Tensor>(inputs.Skip(arguments.Count));
            var directions = arguments.Map(type => type.DType.IsFloat() ? Some(given.Dequeue()) : None).Strict();
            var (results, moved) = Push(program, inputs.Take(arguments.Count), directions);
            return results.Then(results.Zip(moved)
                .Filter(pair => pair.Item1.DType.IsFloat())
                .Map(pair => OrZero(pair.Item2, pair.Item1.Type)));
        }) with
        { Names = Named(program) };
    }

    /// <summary>The outputs at these arguments, and how they move along these tangents; <c>None</c> is a zero tangent.</summary>
    internal static (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Push(Program program, Seq<Tensor> arguments, Seq<Option<Tensor>> tangents) =>
        Push(program, arguments, tangents, (primitive, operands, directions) => primitive.Jvp(operands, directions));

    /// <summary>As above, with <see cref="Primitive.Linearize"/>: outputs from the arguments alone, tangents through linear operations.</summary>
    internal static (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Split(Program program, Seq<Tensor> arguments, Seq<Option<Tensor>> tangents) =>
        Push(program, arguments, tangents, (primitive, operands, directions) => primitive.Linearize(operands, directions));

    /// <summary>As above, with a rule for each equation that some tangent reaches.</summary>
    internal static (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Push(
        Program program,
        Seq<Tensor> arguments,
        Seq<Option<Tensor>> tangents,
        Func<Primitive, Seq<Tensor>, Seq<Option<Tensor>>, (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents)> rule)
    {
        var values = new Tensor[program.VariableCount];
        var moved = new Option<Tensor>[program.VariableCount];
        foreach (var (input, value) in program.Inputs.Zip(arguments.Then(program.Captures))) values[input.Id] = value;
        foreach (var (input, tangent) in program.Inputs.Zip(tangents)) moved[input.Id] = tangent;
        foreach (var equation in program.Equations)
        {
            var operands = equation.Inputs.Map(Value).Strict();
            var directions = equation.Inputs.Map(Tangent).Strict();
            if (directions.ForAll(direction => direction.IsNone))
            {
                var results = equation.Primitive.ApplyAll([.. operands]);
                for (var i = 0; i < results.Length; i++) values[equation.Outputs[i].Id] = results[i];
                continue;
            }
            var (primal, tangent) = rule(equation.Primitive, operands, directions);
            for (var i = 0; i < equation.Outputs.Count; i++)
            {
                values[equation.Outputs[i].Id] = primal[i];
                moved[equation.Outputs[i].Id] = tangent[i];
            }
        }
        program.Carry(Value);
        return (program.Outputs.Map(Value).Strict(), program.Outputs.Map(Tangent).Strict());

        Tensor Value(Atom atom) => atom is Variable variable ? values[variable.Id] : ((Literal)atom).Value;
        Option<Tensor> Tangent(Atom atom) => atom is Variable variable ? moved[variable.Id] : None;
    }

    /// <summary>A tangent or cotangent, or the zeros it stands for.</summary>
    internal static Tensor OrZero(Option<Tensor> tangent, TensorType type) => tangent.IfNone(() => TensorMath.Zeros(type.Shape, type.DType));

    /// <summary>What the tangents of the floating-point arguments are called: dx is that of x.</summary>
    internal static Seq<string> Tangents(Program program) =>
        Tangents(program, program.Arguments.Map(argument => argument.Type.DType.IsFloat()).Strict());

    /// <summary>What the tangents of some arguments are called.</summary>
    internal static Seq<string> Tangents(Program program, Seq<bool> moving)
    {
        var names = Text.Names(program);
        return program.Arguments.Zip(moving).Filter(pair => pair.Item2).Map(pair => "d" + names[pair.Item1.Id]).ToSeq().Strict();
    }

    private static Seq<string> Named(Program program)
    {
        var names = Text.Names(program);
        return program.Arguments.Map(argument => names[argument.Id]).Then(Tangents(program));
    }
}
