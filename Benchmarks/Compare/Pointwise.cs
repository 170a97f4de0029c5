using System.Numerics;
using TorchSharp;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Benchmarks.Compare;

/// <summary>Work whose operations are on elements: chains of elementary functions, long and short.</summary>
internal static class Pointwise
{
    /// <summary>The value and gradient of Σ sin(x²)eˣ.</summary>
    public static Contest Sines<T>(int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] numbers = [.. Enumerable.Range(0, n).Select(i => T.CreateTruncating((4 * (i * 0.618 % 1)) - 2))];
        var x = Tensor.From(numbers, [n]);
        var f = ValueAndGrad(t => Sum(Sin(t * t) * Exp(t)));
        return Contest.Of($"Σ sin(x²)eˣ, value and gradient, n = {n:N0}, {(numbers is float[]? "f32" : "f64")}", f, x, () =>
        {
            torch.Tensor t = (numbers is float[] floats ? torch.tensor(floats) : torch.tensor((double[])(object)numbers)).requires_grad_(true);
            double last = 0;
            void Turn()
            {
                using IDisposable scope = torch.NewDisposeScope();
                t.grad = null;
                torch.Tensor value = (torch.sin(t * t) * torch.exp(t)).sum();
                value.backward();
                last = value.to(torch.float64).item<double>();
            }
            return (Turn, () => [.. Values(Turn, t).Prepend(last)]);
        }, n >= 10_000);
    }

    /// <summary>The gradient of a logistic regression of 100 rows on 4 columns, f64.</summary>
    public static Contest LogisticRegression()
    {
        const int rows = 100, columns = 4;
        double[] numbers = [.. Contest.Draw(1, rows * columns).Select(number => (double)number)];
        double[] labels = [.. Contest.Draw(2, rows).Select(number => number > 0 ? 1.0 : 0.0)];
        double[] start = [0.1, -0.2, 0.3, 0.4];
        Tensor x = Tensor.From(numbers, [rows, columns]), y = Tensor.From(labels), w = Tensor.From(start), bias = 0.5;
        var gradient = Grad(((Tensor W, Tensor B) p) =>
        {
            Tensor z = MatMul(x, p.W) + p.B;
            return Mean(Softplus(z) - (y * z));
        });
        return Contest.Of("logistic regression 100×4, gradient, f64", gradient, (w, bias), () =>
        {
            torch.Tensor tx = torch.tensor(numbers, rows, columns), ty = torch.tensor(labels);
            torch.Tensor tw = torch.tensor(start).requires_grad_(true), tb = torch.tensor(0.5, torch.float64).requires_grad_(true);
            void Turn()
            {
                using IDisposable scope = torch.NewDisposeScope();
                (tw.grad, tb.grad) = (null, null);
                torch.nn.functional.binary_cross_entropy_with_logits(torch.matmul(tx, tw) + tb, ty).backward();
            }
            return (Turn, () => Values(Turn, tw, tb));
        });
    }

    /// <summary>
    /// A call less a number of puts after Black and Scholes, and its derivatives in all ten numbers: the spot, the rate, the yield;
    /// strike, volatility and time of each option; the number of puts.
    /// </summary>
    public static Contest BlackScholes()
    {
        double[] at = [100, 0.03, 0.01, 105, 0.2, 0.5, 95, 0.25, 0.75, 1.5];
        Tensor[] scalars = [.. at.Select(number => (Tensor)number)];
        var greeks = ValueAndGrad<Tensor[]>(Spread);
        return Contest.Of("Black–Scholes, ten scalars, value and all Greeks, f64", greeks, scalars, () =>
        {
            torch.Tensor[] p = [.. at.Select(number => torch.tensor(number, torch.float64).requires_grad_(true))];
            double last = 0;
            void Turn()
            {
                using IDisposable scope = torch.NewDisposeScope();
                foreach (torch.Tensor number in p)
                    number.grad = null;
                torch.Tensor value = Spread(p);
                value.backward();
                last = value.item<double>();
            }
            return (Turn, () => [.. Values(Turn, p).Prepend(last)]);
        });
    }

    private static Tensor Spread(Tensor[] p)
    {
        static Tensor Normal(Tensor x) => 0.5 * (1 + Erf(x * Math.Sqrt(0.5)));
        // The call where sign is 1, the put where it is −1.
        Tensor Option(double sign, Tensor strike, Tensor volatility, Tensor time)
        {
            Tensor deviation = volatility * Sqrt(time);
            Tensor first = (Log(p[0] / strike) + ((p[1] - p[2] + (0.5 * volatility * volatility)) * time)) / deviation;
            return sign * ((p[0] * Exp(-p[2] * time) * Normal(sign * first)) - (strike * Exp(-p[1] * time) * Normal(sign * (first - deviation))));
        }
        return Option(1, p[3], p[4], p[5]) - (p[9] * Option(-1, p[6], p[7], p[8]));
    }

    private static torch.Tensor Spread(torch.Tensor[] p)
    {
        static torch.Tensor Normal(torch.Tensor x) => 0.5 * (1 + torch.erf(x * Math.Sqrt(0.5)));
        torch.Tensor Option(double sign, torch.Tensor strike, torch.Tensor volatility, torch.Tensor time)
        {
            torch.Tensor deviation = volatility * torch.sqrt(time);
            torch.Tensor first = (torch.log(p[0] / strike) + ((p[1] - p[2] + (0.5 * volatility * volatility)) * time)) / deviation;
            return sign * ((p[0] * torch.exp(-p[2] * time) * Normal(sign * first)) - (strike * torch.exp(-p[1] * time) * Normal(sign * (first - deviation))));
        }
        return Option(1, p[3], p[4], p[5]) - (p[9] * Option(-1, p[6], p[7], p[8]));
    }

    private static double[] Values(Action turn, params torch.Tensor[] leaves)
    {
        turn();
        return [.. leaves.SelectMany(leaf => leaf.grad!.to(torch.float64).data<double>().ToArray())];
    }
}
