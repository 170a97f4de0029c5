using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>
/// A carried program split for reverse mode. What its linear part reads is an argument that is at hand where that part
/// runs, or it is stored: an output more of the primal part.
/// </summary>
/// <param name="Primal">x → (y, stored values).</param>
/// <param name="Linear">(ẋ of those that move, x, stored values) → ẏ of those that move.</param>
/// <param name="Outputs">How many of the primal part's outputs are y.</param>
/// <param name="Moves">Which of these move.</param>
internal sealed record Parted(Program Primal, Program Linear, int Outputs, Seq<bool> Moves)
{
    /// <summary>The types of y.</summary>
    internal Seq<TensorType> ResultTypes => Primal.ResultTypes().Part(0, Outputs);

    /// <summary>The types of what is stored.</summary>
    internal Seq<TensorType> StoredTypes => Primal.ResultTypes().Skip(Outputs).ToSeq().Strict();

    /// <summary>Splits a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="moving">Which arguments have a tangent.</param>
    /// <param name="policy">What is kept; by default the minimum cut.</param>
    /// <param name="isAtHand">Which arguments the linear part will have anyway; all where none is said.</param>
    internal static Parted Of(Program program, Seq<bool> moving, ResidualPolicy? policy = null, Seq<bool> isAtHand = default)
    {
        var split = program.Linearize(moving, policy ?? ResidualPolicy.MinimumCut);
        var arguments = program.Arguments.Count;
        var residuals = split.Residuals;
        var stored = residuals.OfType<Variable>().Where(residual => residual.Id >= arguments || !(isAtHand.IsEmpty || isAtHand[residual.Id])).Distinct().ToSeq().Strict();
        var primal = (split.Primal with { Outputs = split.Primal.Outputs.Take(split.Outputs).Then(stored.Map(residual => (Atom)residual)) }).WithoutDeadCode();
        var tangents = split.Linear.Arguments.Count - residuals.Count;
        var places = stored.Select((residual, i) => (residual.Id, Place: tangents + arguments + i)).ToDictionary(pair => pair.Id, pair => pair.Place);
        var types = split.Linear.Types().Take(tangents).Then(program.Types(), stored.Map(residual => residual.Type));
        var linear = Trace.Of("Linearize", types, inputs => split.Linear.Evaluate(
        [
            .. inputs.Take(tangents),
            .. residuals.Map(residual => residual switch
            {
                Literal literal => literal.Value,
                Variable { Id: var id } when places.TryGetValue(id, out var place) => inputs[place],
                _ => inputs[tangents + ((Variable)residual).Id],
            }),
        ]));
        return new(primal, linear, split.Outputs, split.Moves);
    }
}
