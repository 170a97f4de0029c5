using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Benchmarks.AdBench;

/// <summary>A recurrent network with diagonal weights that predicts the next character of a text.</summary>
internal static class LongShortTermMemory
{
    /// <summary>The weights of l layers of b cells.</summary>
    /// <param name="Main">[2l, 4b]: row 2i has the weights of layer i and row 2i + 1 its biases, for the forget, input, output and change gates.</param>
    /// <param name="Extra">[3, b]: the weights of the input, the weights of the output, the biases of the output.</param>
    internal sealed record Parameters(Tensor Main, Tensor Extra);

    private sealed record Gate(Tensor Weights, Tensor Biases)
    {
        public Tensor Of(Tensor x) => (x * Weights) + Biases;
    }

    /// <summary>The objective: the mean cross-entropy of the predictions.</summary>
    /// <param name="p">The weights.</param>
    /// <param name="state">[2l, b], where the layers start: row 2i is the hidden state of layer i and row 2i + 1 its cells.</param>
    /// <param name="sequence">[c, b], the characters by their bits.</param>
    public static Tensor Loss(Parameters p, Tensor state, Tensor sequence)
    {
        int layers = state.Shape[0] / 2, cells = state.Shape[1];
        Gate[][] gates = [.. Enumerable.Range(0, layers).Select(layer => Gates(p.Main[2 * layer], p.Main[(2 * layer) + 1], cells))];
        (Tensor Hidden, Tensor Cell)[] start = [.. Enumerable.Range(0, layers).Select(layer => (state[2 * layer], state[(2 * layer) + 1]))];
        Tensor input = sequence[..^1] * p.Extra[0], wanted = sequence[1..];
        Tensor hidden = Scan(((Tensor, Tensor)[] carry, Tensor x) => Step(gates, carry, x), start, input).Outputs;
        Tensor predicted = (hidden * p.Extra[1]) + p.Extra[2];
        // ADBench adds 2 to the sum under the logarithm.
        Tensor normaliser = Log(2 + Sum(Exp(predicted), keepDims: true, -1));
        return -Mean(wanted * (predicted - normaliser));
    }

    // Each layer takes the hidden state of the one below; the last one's is the output.
    private static ((Tensor Hidden, Tensor Cell)[] Carry, Tensor Output) Step(Gate[][] gates, (Tensor Hidden, Tensor Cell)[] carry, Tensor x)
    {
        (Tensor, Tensor)[] next = new (Tensor, Tensor)[gates.Length];
        for (int layer = 0; layer < gates.Length; layer++)
        {
            ((Tensor hidden, Tensor cell), Gate[] gate) = (carry[layer], gates[layer]);
            cell = (cell * Sigmoid(gate[0].Of(x))) + (Sigmoid(gate[1].Of(hidden)) * Tanh(gate[3].Of(hidden)));
            x = Sigmoid(gate[2].Of(x)) * Tanh(cell);
            next[layer] = (x, cell);
        }

        return (next, x);
    }

    private static Gate[] Gates(Tensor weights, Tensor biases, int cells) =>
        [.. Enumerable.Range(0, 4).Select(i => new Gate(weights[(i * cells)..((i + 1) * cells)], biases[(i * cells)..((i + 1) * cells)]))];
}
