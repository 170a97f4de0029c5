using Functional.Programs;

namespace Functional;

/// <summary>
/// Gradient descent with momentum (Polyak 1964): v ← μ v + g, θ ← θ − α v. Nesterov's form looks ahead: θ ← θ − α (g + μ v), as
/// rewritten by Sutskever, Martens, Dahl and Hinton (2013).
/// </summary>
/// <param name="LearningRate">α, the length of a step for a velocity of 1.</param>
/// <param name="Decay">μ, the part of the velocity that is kept from step to step, in [0, 1).</param>
/// <param name="Nesterov">Whether the step looks ahead.</param>
public sealed record Momentum(double LearningRate, double Decay = 0.9, bool Nesterov = false) : Optimizer
{
    /// <inheritdoc/>
    protected override int MomentCount => 1;

    private protected override Seq<string> Faults => Within(nameof(LearningRate), LearningRate).Then(Within(nameof(Decay), Decay, 1));

    private protected override (Tensor Parameter, Seq<Tensor> Moments) Move(Tensor gradient, Tensor parameter, Seq<Tensor> moments, Tensor step)
    {
        var velocity = (Decay * moments[0]) + gradient;
        var direction = Nesterov ? gradient + (Decay * velocity) : velocity;
        return (parameter - (LearningRate * direction), Seq1(velocity));
    }
}
