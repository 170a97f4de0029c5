using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Compilation.Aot;

/// <summary>Numbers of a compiled program in each of its kinds, for hosts that make code at run time and hosts that do not.</summary>
internal static class Sample
{
    /// <summary>A line for each.</summary>
    internal static IEnumerable<string> Lines()
    {
        var x = Tensor.From([0.5, 1.0, 2.0]);
        var f = (Tensor t) => Sum(Sin(t * t) * Exp(t));
        var (value, gradient) = Jit(ValueAndGrad(f))(x);
        yield return Line("value", value);
        yield return Line("gradient", gradient);
        yield return Line("hessian", Jit(Hessian(f))(x));
        yield return Line("batch", Jit(Vmap(Grad(f)))(Stack([x, x * 2.0])));
        var hinge = Jit((Tensor t) => (bool)(t > 0.0) ? t * t : -t);
        yield return Line("branches", Stack([hinge(3.0), hinge(-3.0)]));
        var weights = Jit(Grad(((Tensor W, Tensor B) p) => Mean(Softplus(MatMul(p.W, x) + p.B))))((Tensor.From(new[,] { { 0.1, 0.2, 0.3 }, { 0.4, 0.5, 0.6 } }), Tensor.From([0.5, -0.5])));
        yield return Line("weights", weights.W);
        yield return Line("bias", weights.B);
        var steps = Jit((Tensor start) => Scan((Tensor state, Tensor input) => (Tanh((state * 0.5) + input), state), start, x).Carry);
        yield return Line("scan", steps(0.25));
        yield return Line("single", Jit((Tensor t) => Sigmoid(t) * Log(t))(Convert(x, DType.Float32)));
    }

    private static string Line(string name, Tensor value) => $"{name}: {string.Join(" ", Convert(Reshape(value, [-1]), DType.Float64).ToArray<double>().Select(number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}";
}
