using System.Globalization;
using Functional.Structures;
using TorchSharp;
using static Functional.TensorMath;
using static Functional.Transforms;
using NN = TorchSharp.torch.nn;
using Parameter = TorchSharp.Modules.Parameter;

namespace Functional.Benchmarks.Compare;

/// <summary>Work whose heart is products of matrices.</summary>
internal static class Networks
{
    private sealed record Layers(Tensor W1, Tensor B1, Tensor W2, Tensor B2);

    private sealed record Cell(Tensor Input, Tensor Hidden, Tensor Bias);

    /// <summary>
    /// A step of gradient descent on the cross-entropy of 784 → 512 → 10 with relu, 128 rows, f32: new weights each time from the
    /// same old ones, or step after step in donated memory, as the peer's steps are in its weights.
    /// </summary>
    public static Contest Perceptron(bool donates)
    {
        const int batch = 128, input = 784, hidden = 512, classes = 10;
        const float rate = 0.1f;
        float[] x = Contest.Draw(1, batch * input), w1 = Scaled(2, input * hidden, 0.05f), w2 = Scaled(3, hidden * classes, 0.05f);
        long[] labels = [.. Enumerable.Range(0, batch).Select(i => (long)(i * 7 % classes))];
        Tensor rows = Tensor.From(x, [batch, input]), targets = Tensor.From(labels, [batch, 1]);
        Layers start = new(Tensor.From(w1, [input, hidden]), Zeros([hidden], DType.Float32), Tensor.From(w2, [hidden, classes]), Zeros([classes], DType.Float32));
        Tensor Loss(Layers p)
        {
            Tensor logits = MatMul(Relu(MatMul(rows, p.W1) + p.B1), p.W2) + p.B2;
            return -Mean(TakeAlongAxis(LogSoftmax(logits), targets));
        }
        Layers Step(Layers p) => Structure.Map2((parameter, gradient) => parameter - (rate * gradient), p, Grad((Func<Layers, Tensor>)Loss)(p));
        var contest = Contest.Of($"MLP 784-512-10, batch 128, SGD step, f32{(donates ? ", weights donated" : "")}", Step, start, () =>
        {
            torch.Tensor tx = torch.tensor(x, batch, input), ty = torch.tensor(labels);
            Parameter[] Fresh() =>
            [
                new(torch.tensor(w1, input, hidden)), new(torch.zeros(hidden)), new(torch.tensor(w2, hidden, classes)), new(torch.zeros(classes)),
            ];
            Action Stepping(Parameter[] p)
            {
                torch.optim.Optimizer optimizer = torch.optim.SGD(p, rate);
                return () =>
                {
                    using IDisposable scope = torch.NewDisposeScope();
                    optimizer.zero_grad();
                    torch.Tensor logits = torch.addmm(p[3], NN.functional.relu(torch.addmm(p[1], tx, p[0], 1, 1)), p[2], 1, 1);
                    NN.functional.cross_entropy(logits, ty).backward();
                    optimizer.step();
                };
            }
            return (Stepping(Fresh()), () =>
            {
                Parameter[] p = Fresh();
                Stepping(p)();
                return Numbers(p);
            }
            );
        }, true);
        if (!donates)
            return contest;
        Func<Layers, Layers> step = Jit((Func<Layers, Layers>)Step, donate: true);
        Layers state = Step(start);
        return contest with { Ours = () => state = step(state) };
    }

    /// <summary>The gradient of a recurrent network's weights over 50 steps of 32 rows, 32 inputs and 64 cells, f32; a step written out, or torch's own layer.</summary>
    public static Contest Recurrent(bool layer)
    {
        const int steps = 50, batch = 32, input = 32, cells = 64;
        float[] x = Contest.Draw(1, steps * batch * input), wx = Scaled(2, 4 * cells * input, 0.1f), wh = Scaled(3, 4 * cells * cells, 0.1f), b = Scaled(4, 4 * cells, 0.1f);
        var sequence = Tensor.From(x, [steps, batch, input]);
        Cell start = new(Tensor.From(wx, [4 * cells, input]), Tensor.From(wh, [4 * cells, cells]), Tensor.From(b, [4 * cells]));
        Tensor Loss(Cell p)
        {
            Tensor zero = Zeros([batch, cells], DType.Float32);
            Tensor outputs = Scan(
                ((Tensor Hidden, Tensor Memory) s, Tensor row) =>
                {
                    Tensor gates = MatMul(row, p.Input.T) + MatMul(s.Hidden, p.Hidden.T) + p.Bias;
                    Tensor Gate(int which) => gates[.., (which * cells)..((which + 1) * cells)];
                    Tensor memory = (Sigmoid(Gate(1)) * s.Memory) + (Sigmoid(Gate(0)) * Tanh(Gate(2)));
                    Tensor hidden = Sigmoid(Gate(3)) * Tanh(memory);
                    return ((hidden, memory), hidden);
                }, (zero, zero), sequence).Outputs;
            return Mean(outputs * outputs);
        }
        var gradient = Grad((Func<Cell, Tensor>)Loss);
        string peer = layer ? "torch.nn.LSTM" : "torch's operations";
        return Contest.Of($"LSTM T=50 B=32 I=32 H=64, gradient, f32, against {peer}", gradient, start, () =>
        {
            torch.Tensor tx = torch.tensor(x, steps, batch, input);
            Parameter[] p = [new(torch.tensor(wx, 4 * cells, input)), new(torch.tensor(wh, 4 * cells, cells)), new(torch.tensor(b))];
            Func<torch.Tensor> outputs = layer ? Layer(tx, p) : () => WrittenOut(tx, p, steps, cells);
            void Turn()
            {
                using IDisposable scope = torch.NewDisposeScope();
                foreach (Parameter parameter in p)
                    parameter.grad = null;
                torch.Tensor y = outputs();
                (y * y).mean().backward();
            }
            return (Turn, () =>
            {
                Turn();
                return Numbers([.. p.Select(parameter => parameter.grad!)]);
            }
            );
        }, true);
    }

    private static torch.Tensor WrittenOut(torch.Tensor x, torch.Tensor[] p, int steps, int cells)
    {
        torch.Tensor hidden = torch.zeros(x.shape[1], cells), memory = torch.zeros(x.shape[1], cells);
        torch.Tensor[] outputs = new torch.Tensor[steps];
        for (int t = 0; t < steps; t++)
        {
            torch.Tensor[] gates = (torch.matmul(x[t], p[0].t()) + torch.matmul(hidden, p[1].t()) + p[2]).chunk(4, 1);
            memory = (torch.sigmoid(gates[1]) * memory) + (torch.sigmoid(gates[0]) * torch.tanh(gates[2]));
            hidden = torch.sigmoid(gates[3]) * torch.tanh(memory);
            outputs[t] = hidden;
        }
        return torch.stack(outputs);
    }

    // The layer's second bias stays zero: one is enough.
    private static Func<torch.Tensor> Layer(torch.Tensor x, Parameter[] p)
    {
        TorchSharp.Modules.LSTM lstm = NN.LSTM(x.shape[2], p[1].shape[1]);
        string[] names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0"];
        using (torch.no_grad())
        {
            lstm.get_parameter("bias_hh_l0")!.zero_();
            for (int i = 0; i < names.Length; i++)
                lstm.get_parameter(names[i])!.copy_(p[i]);
        }
        for (int i = 0; i < names.Length; i++)
            p[i] = lstm.get_parameter(names[i])!;
        return () => lstm.call(x).Item1;
    }

    /// <summary>The gradient of attention of 128 places, 4 heads of 64, in queries, keys and values, f32; a softmax written out, or torch's own function.</summary>
    public static Contest Attention(bool fused)
    {
        const int heads = 4, places = 128, size = 64;
        float[][] numbers = [.. Enumerable.Range(1, 3).Select(seed => Contest.Draw(seed, heads * places * size))];
        Tensor[] start = [.. numbers.Select(array => Tensor.From(array, [heads, places, size]))];
        var gradient = Grad((Tensor[] p) =>
        {
            Tensor weights = Softmax(MatMul(p[0], Transpose(p[1], 0, 2, 1)) * (1 / Math.Sqrt(size)));
            Tensor y = MatMul(weights, p[2]);
            return Mean(y * y);
        });
        string peer = fused ? "scaled_dot_product_attention" : "torch's operations";
        return Contest.Of($"attention T=128 H=4 D=64, gradient, f32, against {peer}", gradient, start, () =>
        {
            torch.Tensor[] p = [.. numbers.Select(array => torch.tensor(array, heads, places, size).requires_grad_(true))];
            torch.Tensor Output() => fused
                ? NN.functional.scaled_dot_product_attention(p[0].unsqueeze(0), p[1].unsqueeze(0), p[2].unsqueeze(0))
                : torch.matmul(NN.functional.softmax(torch.matmul(p[0], p[1].transpose(1, 2)) * (1 / Math.Sqrt(size)), -1), p[2]);
            void Turn()
            {
                using IDisposable scope = torch.NewDisposeScope();
                foreach (torch.Tensor tensor in p)
                    tensor.grad = null;
                torch.Tensor y = Output();
                (y * y).mean().backward();
            }
            return (Turn, () =>
            {
                Turn();
                return Numbers([.. p.Select(tensor => tensor.grad!)]);
            }
            );
        }, true);
    }

    /// <summary>A product of two square matrices.</summary>
    public static Contest Product(int n, DType dtype)
    {
        float[] x = Contest.Draw(1, n * n), y = Contest.Draw(2, n * n);
        Tensor a = TensorMath.Convert(Tensor.From(x, [n, n]), dtype), b = TensorMath.Convert(Tensor.From(y, [n, n]), dtype);
        return Contest.Of($"matrix product {n.ToString(CultureInfo.InvariantCulture)}, {(dtype == DType.Float32 ? "f32" : "f64")}", ((Tensor A, Tensor B) p) => MatMul(p.A, p.B), (a, b), () =>
        {
            torch.ScalarType type = dtype == DType.Float32 ? torch.float32 : torch.float64;
            torch.Tensor ta = torch.tensor(x, n, n).to(type), tb = torch.tensor(y, n, n).to(type);
            return (() => torch.matmul(ta, tb).Dispose(), () => Numbers([torch.matmul(ta, tb)]));
        }, true);
    }

    private static float[] Scaled(int seed, int length, float scale) => [.. Contest.Draw(seed, length).Select(number => number * scale)];

    private static double[] Numbers(IEnumerable<torch.Tensor> tensors) =>
        [.. tensors.SelectMany(tensor => tensor.detach().to(torch.float64).contiguous().data<double>().ToArray())];
}
