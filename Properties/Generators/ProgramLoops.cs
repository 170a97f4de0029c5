using Functional.Programs;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Generators;

/// <summary>Steps of drawn programs that branch, loop and set boundaries: bodies contract, so that bounds hold for any number of steps.</summary>
internal static class ProgramLoops
{
    internal static Func<Pool, Sampler, Bounded?>[] Steps { get; } = [Branched, Scanned, Scanned, Counted, Repeated, Mapped, Checkpointed, Ruled, BranchedInside, LoopedInside, ScannedInside, Guarded];

    private static Bounded? Branched(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var z = Scalar(pool, sampler, x.Type.DType);
        var predicate = Predicate(pool, sampler);
        if (predicate is null) return null;
        return new(
            Cond(predicate, x.Tensor, u => Sin(u) + z.Tensor, u => (0.5 * Cos(u)) + u),
            Math.Max(1 + z.Bound, 0.5 + x.Bound),
            (1.5 * x.Slope) + z.Slope);
    }

    private static Bounded? Scanned(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank > 0);
        if (x is null) return null;
        var (z, wantsCarry) = (Scalar(pool, sampler, x.Type.DType), sampler.Flip());
        var (carry, outputs) = Scan(
            (Tensor c, Tensor row) =>
            {
                var next = (0.5 * Sin(c)) + row + z.Tensor;
                return (next, 0.5 * next * Cos(row));
            },
            Zeros(x.Type.Shape[1..], x.Type.DType),
            x.Tensor,
            reverse: sampler.Flip(),
            checkpointEvery: sampler.Integer(0, 3) == 0 ? 2 : null);
        var (bound, slope) = (0.5 + x.Bound + z.Bound, 2 * (x.Slope + z.Slope));
        return wantsCarry ? new(carry, bound, slope) : new(outputs, 0.5 * bound, 0.5 * (slope + (bound * x.Slope)));
    }

    private static Bounded Counted(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var first = sampler.Integer(-1, 1);
        return new(
            For(first, sampler.Integer(0, 4), (place, c) => (0.5 * Cos(c + Convert(place, c.DType))) + x.Tensor, x.Tensor),
            0.5 + x.Bound,
            2 * x.Slope);
    }

    // As many steps as integers of the program say, which no tangent moves.
    private static Bounded Repeated(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var count = pool.Draw(sampler, type => type.DType.IsInteger());
        var steps = count is null ? (Tensor)sampler.Integer(0, 4) : Abs(Sum(count.Tensor)) % 4;
        var looped = While(
            s => s.Step < steps,
            s => (Step: s.Step + 1, Value: (0.5 * Sin(s.Value)) + x.Tensor),
            (Step: Convert(steps * 0, steps.DType), Value: x.Tensor),
            limit: 10,
            states: 4).Value;
        return new(looped, 0.5 + x.Bound, 2 * x.Slope);
    }

    private static Bounded? Mapped(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank > 0);
        if (x is null) return null;
        var z = Scalar(pool, sampler, x.Type.DType);
        return new(Map(row => Tanh(row) * z.Tensor, x.Tensor), z.Bound, (x.Slope * z.Bound) + z.Slope);
    }

    private static Bounded Checkpointed(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var z = Scalar(pool, sampler, x.Type.DType);
        var policy = sampler.Choose(ResidualPolicy.Nothing, ResidualPolicy.MinimumCut, ResidualPolicy.Everything, ResidualPolicy.Named("sine"));
        return new(Checkpoint(u => Exp(Named(Sin(u), "sine")) + z.Tensor, policy)(x.Tensor), 2.8 + z.Bound, (2.8 * x.Slope) + z.Slope);
    }

    private static Bounded Ruled(Pool pool, Sampler sampler)
    {
        var x = pool.Float(sampler);
        var sine = sampler.Integer(0, 2) switch
        {
            0 => CustomJvp(Sin, (u, v) => (Sin(u), Cos(u) * v)),
            1 => CustomVjp(Sin, u => (Sin(u), Cos(u)), (cosine, ct) => cosine * ct),
            _ => CustomDerivative<Tensor, Tensor, Tensor>(Sin, (u, v) => (Sin(u), Cos(u) * v), u => (Sin(u), u), (u, ct) => Cos(u) * ct),
        };
        return new(sine(x.Tensor), 1, x.Slope);
    }

    private static Bounded? BranchedInside(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank > 0);
        var predicate = Predicate(pool, sampler);
        if (x is null || predicate is null) return null;
        var carry = Scan(
            (Tensor c, Tensor row) => (Cond(predicate, c, u => 0.5 * Sin(u), u => (0.5 * Cos(u)) - row) + row, c),
            Zeros(x.Type.Shape[1..], x.Type.DType),
            x.Tensor).Carry;
        return new(carry, 0.5 + (2 * x.Bound), 4 * x.Slope);
    }

    // Another number of steps at each row; in a branch, so that a batch may run it for some members only.
    private static Bounded? LoopedInside(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank > 0);
        var predicate = Predicate(pool, sampler);
        if (x is null || predicate is null) return null;
        var places = Arange(x.Type.Shape[0]);
        var mapped = Map(
            ((Tensor Row, Tensor Place) at) => Cond(
                predicate,
                at,
                b => While(s => s.Left > 0, s => (Left: s.Left - 1, Value: (0.5 * Cos(s.Value)) + b.Row), (Left: b.Place, Value: b.Row), limit: 10, states: 4).Value,
                b => 0.5 * b.Row),
            (x.Tensor, places % 3));
        return new(mapped, 0.5 + x.Bound, 2 * x.Slope);
    }

    private static Bounded? ScannedInside(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank is 1 or 2);
        if (x is null) return null;
        var (carry, outputs) = Scan(
            (Tensor c, Tensor row) => (Scan((Tensor d, Tensor other) => ((0.5 * Sin(d)) + (0.25 * other), d), c, x.Tensor, reverse: true).Carry + (0.5 * row), c * 0.5),
            Zeros(x.Type.Shape[1..], x.Type.DType),
            x.Tensor,
            checkpointEvery: sampler.Flip() ? 1 : null);
        return new(sampler.Flip() ? outputs : carry, 0.5 + x.Bound, 2 * x.Slope);
    }

    // Integer division and indexing that only the branch taken can do.
    private static Bounded? Guarded(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank > 0 && type.Shape[0] > 0);
        var index = pool.Draw(sampler, type => type.DType.IsInteger() && type.Rank == 0);
        if (x is null || index is null) return null;
        var taken = Cond(
            And(index.Tensor > 0, index.Tensor < x.Type.Shape[0]),
            (x.Tensor, index.Tensor),
            p => Take(p.Item1, p.Item2) * Cos(Convert(7 / p.Item2, x.Type.DType)),
            p => Sin(Sum(p.Item1, 0)));
        var count = x.Type.Shape[0];
        return new(taken, Math.Max(1, x.Bound), count * x.Slope);
    }

    private static Bounded Scalar(Pool pool, Sampler sampler, DType dtype)
    {
        var z = pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank == 0) ?? new(sampler.Real(-1, 1), 1, 0);
        return z with { Tensor = Convert(z.Tensor, dtype) };
    }

    private static Tensor? Predicate(Pool pool, Sampler sampler)
    {
        var mask = pool.Draw(sampler, type => type.DType == DType.Bool);
        return mask is null ? null : sampler.Flip() ? Any(mask.Tensor) : All(mask.Tensor);
    }
}
