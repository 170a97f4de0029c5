using Functional.Programs;

namespace Functional;

/// <summary>
/// Adam, steps scaled by running averages of the gradient and of its square (Kingma and Ba 2015): m ← β₁ m + (1 − β₁) g,
/// v ← β₂ v + (1 − β₂) g², θ ← θ − α m̂ / (√v̂ + ε), where m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) undo the start at zero. A weight
/// decay λ is decoupled from the gradient, θ ← θ − α λ θ (Loshchilov and Hutter 2019), so this is AdamW where λ > 0.
/// </summary>
/// <param name="LearningRate">α, about the length of a step.</param>
/// <param name="Beta1">β₁, the part of the average gradient that is kept from step to step, in [0, 1).</param>
/// <param name="Beta2">β₂, the part of the average square that is kept from step to step, in [0, 1).</param>
/// <param name="Epsilon">ε, which bounds a step where gradients have been tiny.</param>
/// <param name="WeightDecay">λ, the rate at which parameters shrink, times α.</param>
public sealed record Adam(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0) : Optimizer
{
    /// <inheritdoc/>
    protected override int MomentCount => 2;

    private protected override Seq<string> Faults =>
        Within(nameof(LearningRate), LearningRate).Then(Within(nameof(Beta1), Beta1, 1), Within(nameof(Beta2), Beta2, 1), Within(nameof(Epsilon), Epsilon), Within(nameof(WeightDecay), WeightDecay));

    private protected override (Tensor Parameter, Seq<Tensor> Moments) Move(Tensor gradient, Tensor parameter, Seq<Tensor> moments, Tensor step)
    {
        var mean = (Beta1 * moments[0]) + ((1 - Beta1) * gradient);
        var square = (Beta2 * moments[1]) + ((1 - Beta2) * (gradient * gradient));
        var direction = Unbiased(mean, Beta1, step) / (TensorMath.Sqrt(Unbiased(square, Beta2, step)) + Epsilon);
        var shrunk = WeightDecay == 0 ? parameter : (1 - (LearningRate * WeightDecay)) * parameter;
        return (shrunk - (LearningRate * direction), Seq(mean, square));
    }

    // βᵗ = exp(t ln β), in f64 whatever the parameter's type; β = 0 keeps nothing, and there is nothing to undo.
    private static Tensor Unbiased(Tensor average, double decay, Tensor step) =>
        decay == 0
            ? average
            : average / TensorMath.Convert(1.0 - TensorMath.Exp(Math.Log(decay) * TensorMath.Convert(step, DType.Float64)), average.DType);
}
