using FsCheck;
using FsCheck.Fluent;
using Functional.Programs;
using Functional.Properties.Generators;

namespace Functional.Properties.Reductions;

/// <summary>A drawn tensor with some of its axes, and reductions by their definition: the plain sequence behind each element of the result.</summary>
internal sealed record Sequences(Tensor X, int[] Axes)
{
    /// <summary>Tensors of ranks 0 to 3, now and then without elements, with the axes to combine (none chosen stands for all).</summary>
    internal static Arbitrary<Sequences> Any(bool mayBeEmpty = true) => Gen.Choose(0, int.MaxValue - 1).Select(seed =>
    {
        var sampler = new Sampler(seed, 5);
        var shape = sampler.Shape(mayBeEmpty: mayBeEmpty);
        return new Sequences(sampler.Tensor(sampler.Float(), shape), [.. sampler.Axes(shape.Rank)]);
    }).ToArbitrary();

    /// <summary>The axes that go, where none named means all.</summary>
    private int[] Gone => Axes.Length > 0 ? Axes : [.. Enumerable.Range(0, X.Rank)];

    /// <summary>The shape of the axes that stay.</summary>
    internal Shape Shape => X.Shape.Without(Gone);

    /// <summary>The shape where the axes stay with extent 1.</summary>
    internal Shape KeptShape => [.. X.Shape.Select((extent, axis) => Gone.Contains(axis) ? 1 : extent)];

    /// <summary>The elements behind each place of the result, row-major.</summary>
    internal double[][] Rows()
    {
        var (shape, strides, elements, gone) = (X.Shape, X.Shape.Strides(), Numbers.Of(X), Gone);
        var kept = Enumerable.Range(0, X.Rank).Except(gone).ToArray();
        var rows = Enumerable.Range(0, Shape.Size).Select(_ => new List<double>()).ToArray();
        for (var i = 0; i < elements.Length; i++)
            rows[kept.Aggregate(0, (place, axis) => (place * shape[axis]) + (i / strides[axis] % shape[axis]))].Add(elements[i]);
        return [.. rows.Select(row => row.ToArray())];
    }

    /// <summary>A function of each sequence, as a tensor.</summary>
    internal Tensor Each(DType dtype, Func<double[], double> function) => Numbers.Tensor(new(dtype, Shape), Rows().Select(function));

    public override string ToString() => $"{X.Type} over [{string.Join(",", Axes)}]: {X}";
}
