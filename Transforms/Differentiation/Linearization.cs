using Functional.Differentiation;

namespace Functional.Programs;

/// <summary>A function split at a point: what needs no tangent, and what is linear in it.</summary>
/// <param name="Primal">x → (y, residuals): all that needs no tangent.</param>
/// <param name="Linear">(ẋ, residuals) → ẏ: linear in the tangents of the floating-point arguments.</param>
/// <param name="Outputs">How many of the primal program's outputs are y.</param>
public sealed record Linearized(Program Primal, Program Linear, int Outputs)
{
    /// <summary>Which outputs move with some tangent: the linear program gives a tangent for each of these.</summary>
    public Seq<bool> Moves { get; init; } = Seq<bool>();

    /// <summary>The values that the linear program reads: what reverse mode has to keep.</summary>
    public Seq<Atom> Residuals => Primal.Outputs.Skip(Outputs).ToSeq();

    /// <summary>Bytes of the residuals: what reverse mode keeps beside the program.</summary>
    public long BytesKept => Residuals.OfType<Variable>().Distinct().Sum(residual => residual.Type.Bytes);

    /// <summary>Counted operations that the linear program does again, to make from the residuals what it reads.</summary>
    public long FlopsAdded { get; init; }

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
    /// <param name="program">The function.</param>
    /// <param name="policy">Which residuals are kept; the minimum cut where none is said.</param>
    public static Linearized Linearize(this Program program, ResidualPolicy? policy = null) =>
        program.Linearize(program.Arguments.Map(argument => argument.Type.DType.IsFloat()).Strict(), policy ?? ResidualPolicy.MinimumCut);

    /// <summary>As above, linear in the tangents of some floating-point arguments; the others stand still.</summary>
    /// <param name="program">The function.</param>
    /// <param name="moving">Which arguments have a tangent.</param>
    /// <param name="policy">Which residuals are kept.</param>
    internal static Linearized Linearize(this Program program, Seq<bool> moving, ResidualPolicy policy)
    {
        Program linear = null!;
        var moves = Seq<bool>();
        var primal = Trace.Of("Linearize", program.Arguments.Map(argument => argument.Type), arguments =>
        {
            (var results, linear, moves) = At(program, arguments, moving);
            return results.Then(linear.Captures);
        }).Simplify();
        var split = new Linearized(primal with { Names = program.Names }, linear with { Captures = Seq<Tensor>() }, program.Outputs.Count) { Moves = moves }.Keeping(policy);
        // A residual that turned out to be a literal has no name of its own.
        var residuals = split.Residuals.Zip(split.ResidualNames).Map(pair => pair.Item1 is Variable ? pair.Item2 : "r");
        return split with { Linear = split.Linear with { Names = Pushforward.Tangents(program, moving).Then(residuals) } };
    }

    /// <summary>
    /// The outputs at these arguments, and the program that maps tangents of the floating-point arguments to tangents of
    /// those outputs that move. Only what depends on a tangent is recorded; what does not is computed at once (on values)
    /// or in the arguments' own trace, and the linear program captures it: its residuals.
    /// </summary>
    internal static (Seq<Tensor> Results, Program Linear, Seq<bool> Moves) At(Program program, Seq<Tensor> arguments) =>
        At(program, arguments, arguments.Map(argument => argument.DType.IsFloat()).Strict());

    /// <summary>As above, where only some floating-point arguments move.</summary>
    internal static (Seq<Tensor> Results, Program Linear, Seq<bool> Moves) At(Program program, Seq<Tensor> arguments, Seq<bool> moving)
    {
        var results = Seq<Tensor>();
        var moves = Seq<bool>();
        var moved = arguments.Zip(moving).Filter(pair => pair.Item2).Map(pair => pair.Item1.Type).ToSeq().Strict();
        var linear = Trace.Of("Linearize", moved, inputs =>
        {
            var given = new Queue<Tensor>(inputs);
            var tangents = moving.Map(moves => moves ? Some(given.Dequeue()) : None).Strict();
            (results, var directions) = Pushforward.Split(program, arguments, tangents);
            moves = directions.Map(tangent => tangent.IsSome).Strict();
            return directions.Somes().ToSeq().Strict();
        });
        return (results, linear.WithoutDeadCode(), moves);
    }
}
