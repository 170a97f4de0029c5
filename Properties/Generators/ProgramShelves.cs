using Functional.Programs;
using static Functional.TensorMath;

namespace Functional.Properties.Generators;

/// <summary>Steps of drawn programs from the shelves of primitives beyond the elementwise: each a function of the pool and a sampler.</summary>
internal static class ProgramShelves
{
    internal static Func<Pool, Sampler, Bounded?>[] Steps { get; } = [Joined, Joined, Cut, Padded, Reversed, Taken, Scattered, OnDiagonal, Tiled, Multiplied, Multiplied, Contracted];

    private static Bounded? Joined(Pool pool, Sampler sampler)
    {
        var x = WithAxes(pool, sampler);
        if (x is null) return null;
        var axis = sampler.Integer(0, x.Type.Rank - 1);
        var y = pool.Draw(sampler, type => type.DType == x.Type.DType && type.Rank == x.Type.Rank
            && Enumerable.Range(0, type.Rank).All(i => i == axis || type.Shape[i] == x.Type.Shape[i]))!;
        return new(Concatenate([x.Tensor, y.Tensor], axis), Math.Max(x.Bound, y.Bound), Math.Max(x.Slope, y.Slope));
    }

    private static Bounded? Cut(Pool pool, Sampler sampler)
    {
        var x = WithAxes(pool, sampler);
        if (x is null) return null;
        var axis = sampler.Integer(0, x.Type.Rank - 1);
        var extent = x.Type.Shape[axis];
        var start = sampler.Integer(0, extent);
        var (starts, stops, steps) = (new int[x.Type.Rank], x.Type.Shape.ToArray(), Enumerable.Repeat(1, x.Type.Rank).ToArray());
        (starts[axis], stops[axis], steps[axis]) = (Math.Min(start, Math.Max(0, extent - 1)), extent, sampler.Integer(1, 2));
        return x with { Tensor = Slice(x.Tensor, starts, stops, steps) };
    }

    private static Bounded? Padded(Pool pool, Sampler sampler)
    {
        var x = WithAxes(pool, sampler);
        if (x is null) return null;
        int[] Widths() => [.. Enumerable.Range(0, x.Type.Rank).Select(_ => sampler.Integer(0, 1))];
        return x with { Tensor = Pad(x.Tensor, Widths(), Widths()) };
    }

    private static Bounded? Reversed(Pool pool, Sampler sampler)
    {
        var x = WithAxes(pool, sampler);
        return x is null ? null : x with { Tensor = sampler.Flip() ? Flip(x.Tensor, -1) : Roll(x.Tensor, 1, 0) };
    }

    private static Bounded? Taken(Pool pool, Sampler sampler)
    {
        var x = WithAxes(pool, sampler);
        var axis = x is null ? 0 : sampler.Integer(0, x.Type.Rank - 1);
        return x is null || x.Type.Shape[axis] == 0
            ? null
            : x with { Tensor = Take(x.Tensor, sampler.Indices(sampler.Shape(0, 2), x.Type.Shape[axis]), axis) };
    }

    private static Bounded? Scattered(Pool pool, Sampler sampler)
    {
        var x = WithAxes(pool, sampler);
        if (x is null || x.Type.Shape[0] == 0) return null;
        var y = pool.Draw(sampler, type => type.DType == x.Type.DType && type.Rank == x.Type.Rank && type.Shape[1..] == x.Type.Shape[1..])!;
        var count = y.Type.Shape[0];
        return new(
            ScatterAdd(x.Tensor, sampler.Indices([count], x.Type.Shape[0]), y.Tensor, 0),
            x.Bound + (count * y.Bound),
            x.Slope + (count * y.Slope));
    }

    private static Bounded? OnDiagonal(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank is 1 or 2);
        if (x is null) return null;
        return x with { Tensor = x.Type.Rank == 1 ? Diag(x.Tensor) : Diagonal(x.Tensor) };
    }

    private static Bounded? Tiled(Pool pool, Sampler sampler)
    {
        var x = WithAxes(pool, sampler);
        return x is null ? null : x with { Tensor = Repeat(x.Tensor, 2, sampler.Integer(0, x.Type.Rank - 1)) };
    }

    private static Bounded? Multiplied(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank == 2);
        if (x is null) return null;
        var y = pool.Draw(sampler, type => type.DType == x.Type.DType && type.Rank == 2 && type.Shape[0] == x.Type.Shape[1]);
        return y is null ? Bilinear(MatMul(x.Tensor, x.Tensor.T), x, x, x.Type.Shape[1]) : Bilinear(MatMul(x.Tensor, y.Tensor), x, y, x.Type.Shape[1]);
    }

    private static Bounded? Contracted(Pool pool, Sampler sampler)
    {
        var x = pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank == 1)!;
        if (x is null) return null;
        var y = pool.Draw(sampler, type => type.DType == x.Type.DType && type.Rank == 1)!;
        return x.Type == y.Type
            ? Bilinear(Dot(x.Tensor, y.Tensor), x, y, x.Type.Size)
            : Bilinear(Outer(x.Tensor, y.Tensor), x, y, 1);
    }

    // A sum of a count of products.
    private static Bounded Bilinear(Tensor product, Bounded x, Bounded y, int count) =>
        new(product, count * x.Bound * y.Bound, count * ((x.Slope * y.Bound) + (x.Bound * y.Slope)));

    private static Bounded? WithAxes(Pool pool, Sampler sampler) => pool.Draw(sampler, type => type.DType.IsFloat() && type.Rank > 0);
}
