namespace Functional;

/// <summary>Gradient descent: θ ← θ − α g.</summary>
/// <param name="LearningRate">α, the length of a step for a gradient of 1.</param>
public sealed record Sgd(double LearningRate) : Optimizer
{
    /// <inheritdoc/>
    protected override int MomentCount => 0;

    private protected override Seq<string> Faults => Within(nameof(LearningRate), LearningRate);

    private protected override (Tensor Parameter, Seq<Tensor> Moments) Move(Tensor gradient, Tensor parameter, Seq<Tensor> moments, Tensor step) =>
        (parameter - (LearningRate * gradient), moments);
}
