using Functional.Programs;
using static Functional.TensorMath;

namespace Functional.Properties.Generators;

/// <summary>What a step of a drawn program may do: functions a user would call, on operands that fit. A step that finds none does nothing.</summary>
internal static class ProgramSteps
{
    /// <summary>No value has more elements than this.</summary>
    internal const int Largest = 200;

    private delegate Bounded? Step(Pool pool, Sampler sampler);

    // Smooth, with a bound and a slope that follow from the operand's.
    private static readonly (Func<Tensor, Tensor> Function, Func<double, double> Bound, double Slope)[] Unary =
    [
        (Sin, _ => 1, 1),
        (Cos, _ => 1, 1),
        (Tanh, _ => 1, 1),
        (Sigmoid, _ => 1, 0.25),
        (Atan, _ => 1.6, 1),
        (Asinh, b => b, 1),
        (Softplus, b => b + 1, 1),
        (Negate, b => b, 1),
        (x => Log(1.5 + (x * x)), b => Math.Log(1.5 + (b * b)), 1),
        (x => Sqrt(1 + (x * x)), b => 1 + b, 1),
        (x => Rsqrt(1.5 + (x * x)), _ => 1, 1),
        (x => 1 / (1.5 + (x * x)), _ => 1, 1),
        (x => Log1p(Exp(Sin(x))), _ => 1.5, 1),
        (x => Expm1(Cos(x)), _ => 2, 3),
        (x => Sinh(Sin(x)), _ => 1.2, 1.6),
        (Erf, _ => 1, 1.2),
        (x => Pow(1.5 + Sin(x), 2.5), _ => 10, 10),
    ];

    // With a kink where x is 0, or at the integers.
    private static readonly (Func<Tensor, Tensor> Function, Func<Tensor, Tensor> Distance)[] Kinked =
    [
        (Abs, x => x),
        (x => Relu(x), x => x),
        (Sign, x => x),
        (Floor, x => x - Round(x)),
        (x => Clamp(x, -1, 1), x => Abs(x) - 1),
    ];

    private static readonly Func<Tensor, Tensor, Tensor>[] Comparisons = [Less, LessEqual, Greater, GreaterEqual];

    private static readonly Step[] Smooth =
    [
        OfOne, OfOne, OfOne, Sum, Product, Product, Quotient, OfSquares, Reduced, Reduced, Reordered, Reshaped, Stretched, Repeated,
        .. ProgramShelves.Steps.Concat(ProgramLoops.Steps).Select(shelf => (Step)shelf.Invoke),
    ];

    private static readonly Step[] Broken = [OfOneKinked, Extreme, Compared, Chosen, Chosen, Counted, Decided];

    private static readonly Step[] Mixed = [Narrowed, Narrowed, Held];

    /// <summary>Adds what one step makes, if its operands are found.</summary>
    /// <param name="pool">The values so far.</param>
    /// <param name="sampler">What decides the step.</param>
    /// <param name="mixed">Whether floats of 32 bits and stopped gradients may come in.</param>
    internal static void Take(Pool pool, Sampler sampler, bool mixed)
    {
        var steps = sampler.Integer(0, 9) switch
        {
            < 7 => Smooth,
            7 when mixed => Mixed,
            _ => Broken,
        };
        var made = sampler.Choose(steps)(pool, sampler);
        if (made is not null && made.Type.Size <= Largest) pool.Add(made);
    }

    private static Bounded OfOne(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var (function, bound, slope) = sampler.Choose(Unary);
        return new(function(x.Tensor), bound(x.Bound), slope * x.Slope);
    }

    private static Bounded OfOneKinked(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var (function, distance) = sampler.Choose(Kinked);
        pool.Kink(distance(x.Tensor));
        return new(function(x.Tensor), x.Bound + 1, x.Slope);
    }

    private static Bounded Sum(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var y = pool.Beside(x, sampler);
        return new(sampler.Flip() ? x.Tensor + y.Tensor : x.Tensor - y.Tensor, x.Bound + y.Bound, x.Slope + y.Slope);
    }

    private static Bounded Product(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var y = pool.Beside(x, sampler);
        return new(x.Tensor * y.Tensor, x.Bound * y.Bound, (x.Slope * y.Bound) + (x.Bound * y.Slope));
    }

    private static Bounded Quotient(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var y = pool.Beside(x, sampler);
        return new(x.Tensor / (1.5 + (y.Tensor * y.Tensor)), x.Bound, x.Slope + (x.Bound * y.Slope));
    }

    private static Bounded OfSquares(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var y = pool.Beside(x, sampler);
        return sampler.Flip()
            ? new(Hypot(1 + (x.Tensor * x.Tensor), y.Tensor), 1 + (x.Bound * x.Bound) + y.Bound, (2 * x.Bound * x.Slope) + y.Slope)
            : new(Atan2(y.Tensor, 1 + (x.Tensor * x.Tensor)), 1.6, x.Slope + y.Slope);
    }

    private static Bounded? Extreme(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var y = pool.Beside(x, sampler);
        if (ReferenceEquals(x, y)) return null;
        pool.Kink(x.Tensor - y.Tensor);
        return new(sampler.Flip() ? Maximum(x.Tensor, y.Tensor) : Minimum(x.Tensor, y.Tensor), Math.Max(x.Bound, y.Bound), Math.Max(x.Slope, y.Slope));
    }

    private static Bounded Compared(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType != DType.Bool)!;
        var pivot = sampler.Real(-1, 1);
        if (x.Type.DType.IsFloat()) pool.Kink(x.Tensor - pivot);
        return new(sampler.Choose(Comparisons)(x.Tensor, pivot), 1, 0);
    }

    private static Bounded? Chosen(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var y = pool.Beside(x, sampler);
        var mask = pool.Draw(sampler, type => type.DType == DType.Bool && (type.Rank == 0 || type.Shape == x.Type.Shape));
        return mask is null ? null : new(Where(mask.Tensor, x.Tensor, y.Tensor), Math.Max(x.Bound, y.Bound), Math.Max(x.Slope, y.Slope));
    }

    // Integers and truth values become floats again, as counts and weights do.
    private static Bounded? Counted(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => !type.DType.IsFloat());
        return x is null ? null : new(Convert(x.Tensor, DType.Float64), x.Bound, 0);
    }

    private static Bounded? Decided(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType == DType.Bool);
        if (x is null) return null;
        var y = pool.Beside(x, sampler);
        return new(sampler.Integer(0, 2) switch { 0 => And(x.Tensor, y.Tensor), 1 => Xor(x.Tensor, y.Tensor), _ => Not(x.Tensor) }, 1, 0);
    }

    private static Bounded Narrowed(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        return x with { Tensor = Convert(x.Tensor, x.Type.DType == DType.Float64 ? DType.Float32 : DType.Float64) };
    }

    private static Bounded Held(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        return x with { Tensor = StopGradient(x.Tensor) };
    }

    private static Bounded? Reduced(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank > 0);
        if (x is null) return null;
        var axes = sampler.Axes(x.Type.Rank);
        var sum = TensorMath.Sum(x.Tensor, [.. axes]);
        var count = x.Type.Size == 0 ? 0 : (double)x.Type.Size / Math.Max(1, sum.Size);
        return new(sum, x.Bound * count, x.Slope * count);
    }

    private static Bounded? Reordered(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.Rank > 1);
        return x is null ? null : x with { Tensor = Transpose(x.Tensor, [.. sampler.Permutation(x.Type.Rank)]) };
    }

    private static Bounded? Reshaped(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.Rank > 0);
        if (x is null) return null;
        return x with
        {
            Tensor = sampler.Integer(0, 2) switch
            {
                0 => Reshape(x.Tensor, x.Type.Size),
                1 => Reshape(x.Tensor, [.. x.Type.Shape.Reverse()]),
                _ => Squeeze(x.Tensor),
            },
        };
    }

    private static Bounded Stretched(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        return x with { Tensor = ExpandDims(x.Tensor, sampler.Integer(0, x.Type.Rank)) };
    }

    private static Bounded? Repeated(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        return x.Type.Rank > 3 ? null : x with { Tensor = BroadcastTo(x.Tensor, x.Type.Shape.Insert(0, sampler.Integer(1, 3))) };
    }
}
