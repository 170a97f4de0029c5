using FsCheck;
using FsCheck.Fluent;
using Functional.Programs;
using static Functional.TensorMath;

namespace Functional.Properties.ControlFlow;

/// <summary>
/// A drawn function of a vector, through branches, loops, checkpoints and transforms in one another. All bodies contract and
/// are smooth, and close over the argument of the whole function.
/// </summary>
/// <param name="Seed">What decides the function.</param>
/// <param name="Depth">How deep it nests.</param>
internal sealed record NestDraw(int Seed, int Depth)
{
    private const int Kinds = 8;

    /// <summary>The function, its control flow said in one of two ways.</summary>
    internal Func<Tensor, Tensor> Function(Flow flow) => x => Run(flow, x, x, Depth, Seed);

    /// <summary>Functions of all kinds; a deep one shrinks to a shallow one.</summary>
    internal static Arbitrary<NestDraw> Any(int deepest) => Arb.From(
        from seed in Gen.Choose(0, 1 << 20)
        from depth in Gen.Choose(1, deepest)
        select new NestDraw(seed, depth),
        draw => draw.Depth > 1 ? [draw with { Depth = draw.Depth - 1 }] : System.Array.Empty<NestDraw>());

    public override string ToString()
    {
        try
        {
            return $"seed {Seed}, depth {Depth}\n{Trace.Of("Draw", Seq1(Derived.X.Type), inputs => Seq1(Function(Flow.Structured)(inputs[0])))}";
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"seed {Seed}, depth {Depth}: {failure}";
        }
    }

    private static Tensor Run(Flow flow, Tensor x, Tensor v, int depth, int seed)
    {
        var sampler = new Sampler(seed, 3);
        if (depth == 0) return Leaf(x, v, sampler);
        var kind = sampler.Integer(0, Kinds - 1);
        var (first, second) = (sampler.Integer(0, 1 << 20), sampler.Integer(0, 1 << 20));
        Tensor Inside(Tensor y) => Run(flow, x, y, depth - 1, first);
        var rows = Rows(x, v, sampler.Integer(0, 3));
        return kind switch
        {
            0 => flow.Cond(Sum(v) > sampler.Real(-1, 1), v, Inside, y => Run(flow, x, y, 0, second)),
            1 or 2 => Scanned(flow, v, rows, Inside, sampler),
            3 => Repeated(flow, x, v, Inside, sampler),
            4 => flow.For(sampler.Integer(-1, 1), sampler.Integer(0, 3), (i, y) => Inside(y) + (0.1 * Convert(i, y.DType)), v),
            5 => sampler.Flip()
                ? Sum(flow.Map(Inside, rows), 0)
                : Sum(flow.Vmap(Inside, rows), 0),
            6 => flow.Checkpoint(Inside, v) + (0.5 * v),
            _ => flow.For(Convert(v[0] * 0.0, DType.Int32), Convert(Abs(v[1]) * 2.0, DType.Int32) % 4, (i, y) => Inside(y) * Cos(x + Convert(i, y.DType)), v),
        };
    }

    private static Tensor Leaf(Tensor x, Tensor v, Sampler sampler) => sampler.Integer(0, 4) switch
    {
        0 => Sin(v) * x,
        1 => (0.5 * Tanh(v)) + (0.5 * x),
        2 => (0.5 * v) + Cos(x),
        3 => 0.3 * v * Sum(Sin(v)),
        _ => Atan(v + x),
    };

    private static Tensor Rows(Tensor x, Tensor v, int count) =>
        count == 0 ? Zeros(x.Shape.Insert(0, 0), x.DType) : TensorMath.Stack([.. ((Tensor[])[v, Sin(x), x * v])[..count]]);

    private static State Start(Tensor value) => new(value, 0, false);

    private static Tensor Scanned(Flow flow, Tensor v, Tensor rows, Func<Tensor, Tensor> inside, Sampler sampler)
    {
        var (carry, outputs) = flow.Scan(
            (s, at) => (
                new(inside((0.5 * s.Value) + at.Row) + (0.1 * Convert(at.Place, v.DType)), s.Step + 1, Not(s.IsOdd)),
                new(Where(s.IsOdd, s.Value, at.Row) * 0.5, s.Step, s.IsOdd)),
            Start(v),
            (rows, Arange(rows.Shape[0])),
            sampler.Flip(),
            sampler.Integer(0, 3) is var every and > 0 ? every : null);
        var chosen = Where(ExpandDims(outputs.IsOdd, 1), outputs.Value, outputs.Value * Convert(ExpandDims(outputs.Step, 1), v.DType));
        return carry.Value + (0.3 * Sum(chosen, 0));
    }

    // As many steps as the values say, up to a few.
    private static Tensor Repeated(Flow flow, Tensor x, Tensor v, Func<Tensor, Tensor> inside, Sampler sampler)
    {
        var (most, level) = (sampler.Integer(0, 6), sampler.Real(0.5, 3));
        var end = flow.While(
            s => And(s.Step < most, Sum(s.Value) < level),
            s => new(inside(s.Value) + (0.4 * Where(s.IsOdd, x, 1.0)), s.Step + 1, Not(s.IsOdd)),
            Start(v));
        return end.Value * (1.0 + (0.1 * Convert(end.Step, v.DType)));
    }
}
