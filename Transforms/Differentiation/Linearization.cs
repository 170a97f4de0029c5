namespace Functional.Programs;

/// <summary>A function split at a point: what needs no tangent, and what is linear in it.</summary>
/// <param name="Primal">x → (y, residuals): all that needs no tangent.</param>
/// <param name="Linear">(ẋ, residuals) → ẏ: linear in the tangents of the floating-point arguments.</param>
/// <param name="Outputs">How many of the primal program's outputs are y.</param>
public sealed record Linearized(Program Primal, Program Linear, int Outputs)
{
    /// <summary>The values that the linear program reads: what reverse mode has to keep.</summary>
    public Seq<Atom> Residuals => Primal.Outputs.Skip(Outputs).ToSeq();

    /// <summary>What the residuals are called in the text of the primal program.</summary>
    public Seq<string> ResidualNames
    {
        get
        {
            var names = Text.Names(Primal);
            return Residuals.Map(residual => residual is Variable variable ? names[variable.Id] : residual.ToString()!).Strict();
        }
    }
}

/// <summary>Linearization: (x → y) to x → (y, ẋ → ẏ).</summary>
public static class Linearization
{
    /// <summary>The part of the derivative that needs no tangent, with its residuals, and the linear part.</summary>
    public static Linearized Linearize(this Program program)
    {
        Program linear = null!;
        var primal = Trace.Of("Linearize", program.Arguments.Map(argument => argument.Type), arguments =>
        {
            (var results, linear, _) = At(program, arguments);
            return results.Concat(linear.Captures);
        }).Simplify();
        var split = new Linearized(primal with { Names = program.Names }, linear with { Captures = Seq<Tensor>() }, program.Outputs.Count);
        // A residual that turned out to be a literal has no name of its own.
        var residuals = split.Residuals.Zip(split.ResidualNames).Map(pair => pair.Item1 is Variable ? pair.Item2 : "r");
        return split with { Linear = split.Linear with { Names = Pushforward.Tangents(program).Concat(residuals).ToSeq().Strict() } };
    }

    /// <summary>
    /// The outputs at these arguments, and the program that maps tangents of the floating-point arguments to tangents of
    /// those outputs that move. Only what depends on a tangent is recorded; what does not is computed at once (on values)
    /// or in the arguments' own trace, and the linear program captures it: its residuals.
    /// </summary>
    internal static (Seq<Tensor> Results, Program Linear, Seq<bool> Moves) At(Program program, Seq<Tensor> arguments)
    {
        var results = Seq<Tensor>();
        var moves = Seq<bool>();
        var floats = arguments.Filter(argument => argument.DType.IsFloat());
        var linear = Trace.Of("Linearize", floats.Map(argument => argument.Type).Strict(), inputs =>
        {
            var given = new Queue<Tensor>(inputs);
            var tangents = arguments.Map(argument => argument.DType.IsFloat() ? Some(given.Dequeue()) : None).Strict();
            (results, var moved) = Pushforward.Push(program, arguments, tangents);
            moves = moved.Map(tangent => tangent.IsSome).Strict();
            return moved.Somes().ToSeq().Strict();
        });
        return (results, linear.WithoutDeadCode(), moves);
    }
}
