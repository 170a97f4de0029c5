using Xunit;

namespace Functional.Properties.Generators;

/// <summary>Directional derivatives by central differences, extrapolated twice after Richardson: the error is of the sixth order in the step.</summary>
internal static class Differences
{
    /// <summary>The widest step. The error of (h, h/2, h/4) is about h⁶/4096 · f⁽⁷⁾/7!, far below rounding for functions of scale 1.</summary>
    internal const double Step = 4e-3;

    /// <summary>Derivatives agree with differences to this, relative to the larger.</summary>
    internal const double Tolerance = 1e-6;

    // The narrowest step divides a rounding error of a few ulps of f by h/4 = 1e-3; extrapolation triples it.
    private const double Rounding = 1e-10;

    /// <summary>How the floating-point results of f move when its operands move along directions (none: they stay).</summary>
    internal static Tensor[] Along(Func<Tensor[], IReadOnlyList<Tensor>> f, Tensor[] operands, Tensor?[] directions)
    {
        var wide = Central(f, operands, directions, Step);
        var middle = Central(f, operands, directions, Step / 2);
        var narrow = Central(f, operands, directions, Step / 4);
        return [.. wide.Zip(middle, narrow).Select(at =>
        {
            var (first, second) = (Extrapolated(at.First, at.Second, 4), Extrapolated(at.Second, at.Third, 4));
            return Extrapolated(first, second, 16);
        })];
    }

    /// <summary>Fails where a derivative is not what the differences say; a result's own size bounds the rounding of its differences.</summary>
    internal static void Agree(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> differences, IReadOnlyList<Option<Tensor>> derivatives, string what)
    {
        for (var i = 0; i < values.Count; i++)
        {
            var (value, difference) = (Numbers.Of(values[i]), Numbers.Of(differences[i]));
            var derivative = derivatives[i].Match(Some: Numbers.Of, None: () => new double[value.Length]);
            var floor = Rounding * Math.Max(1, Numbers.Largest(value));
            for (var k = 0; k < value.Length; k++)
            {
                var allowed = floor + (Tolerance * Math.Max(Math.Abs(difference[k]), Math.Abs(derivative[k])));
                if (!(Math.Abs(difference[k] - derivative[k]) <= allowed))
                    Assert.Fail($"{what}: result {i}, element {k}: the derivative is {derivative[k]:R}, differences say {difference[k]:R}.");
            }
        }
    }

    private static Tensor[] Central(Func<Tensor[], IReadOnlyList<Tensor>> f, Tensor[] operands, Tensor?[] directions, double step)
    {
        var ahead = f(Moved(operands, directions, step));
        var behind = f(Moved(operands, directions, -step));
        return [.. ahead.Zip(behind, (right, left) => Numbers.Combined(0.5 / step, right, -0.5 / step, left))];
    }

    private static Tensor[] Moved(Tensor[] operands, Tensor?[] directions, double step) =>
        [.. operands.Zip(directions, (operand, direction) => direction is null ? operand : Numbers.Combined(1, operand, step, direction))];

    private static Tensor Extrapolated(Tensor wide, Tensor narrow, int factor) =>
        Numbers.Combined((double)factor / (factor - 1), narrow, -1.0 / (factor - 1), wide);
}
