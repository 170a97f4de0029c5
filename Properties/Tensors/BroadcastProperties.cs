using FsCheck;
using FsCheck.Fluent;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Tensors;

/// <summary>NumPy's broadcasting, against its definition element by element.</summary>
public class BroadcastProperties
{
    private static readonly Arbitrary<int> Seeds = Arb.From(Gen.Choose(0, int.MaxValue - 1));

    [Fact]
    public void Shapes_align_from_the_last_axis_and_extents_of_one_repeat()
    {
        var (stretched, empty, refused) = (0, 0, 0);
        Theorem.Holds(Seeds, 300, seed =>
        {
            var (x, y) = Drawn(new Sampler(seed, 4));
            if (Disagreement(x.Shape, y.Shape) is { } wrong)
            {
                refused++;
                Assert.Equal(
                    $"sub: shapes do not broadcast: {x.Type} and {y.Type} differ at axis −{wrong.Axis} ({wrong.Left} ≠ {wrong.Right}, and neither is 1).",
                    Assert.Throws<ShapeException>(() => x - y).Message);
                return;
            }
            var shape = Joined(x.Shape, y.Shape);
            if (x.Shape != y.Shape) stretched++;
            if (shape.Size == 0) empty++;
            var (left, right) = (Numbers.Of(x), Numbers.Of(y));
            var expected = Places(shape).Select(place => left[Place(x.Shape, place)] - right[Place(y.Shape, place)]);
            Closeness.Same(Numbers.Tensor(new(DType.Float64, shape), expected), x - y, "x − y");
            Closeness.Same(Numbers.Tensor(new(DType.Float64, shape), Places(shape).Select(place => left[Place(x.Shape, place)])), BroadcastTo(x, shape), "x stretched");
        });
        Assert.True(stretched > 50 && empty > 3 && refused > 10, $"{stretched} stretched, {empty} empty, {refused} refused");
    }

    [Fact]
    public void A_tensor_stretches_only_to_shapes_that_hold_it()
    {
        Assert.Equal("Broadcast: f64[3] does not stretch to [4]; each axis must agree or be 1.", Assert.Throws<ShapeException>(() => BroadcastTo(Zeros([3]), [4])).Message);
        Assert.Equal("Broadcast: f64[2,3] has more axes than [3].", Assert.Throws<ShapeException>(() => BroadcastTo(Zeros([2, 3]), [3])).Message);
    }

    // The second shape is the first with axes left out, some of extent one; now and then one of another extent.
    private static (Tensor X, Tensor Y) Drawn(Sampler sampler)
    {
        var shape = sampler.Shape();
        int[] other = [.. shape.Skip(sampler.Integer(0, shape.Rank)).Select(extent => sampler.Integer(0, 9) switch { < 4 => 1, < 8 => extent, _ => extent + 1 })];
        Shape thinned = [.. shape.Select(extent => sampler.Integer(0, 3) == 0 ? 1 : extent)];
        var (x, y) = (sampler.Tensor(DType.Float64, thinned), sampler.Tensor(DType.Float64, other));
        return sampler.Flip() ? (x, y) : (y, x);
    }

    private static (int Axis, int Left, int Right)? Disagreement(Shape x, Shape y)
    {
        for (var i = 1; i <= Math.Min(x.Rank, y.Rank); i++)
            if (x[^i] != y[^i] && x[^i] != 1 && y[^i] != 1) return (i, x[^i], y[^i]);
        return null;
    }

    private static Shape Joined(Shape x, Shape y)
    {
        var (longer, shorter) = x.Rank >= y.Rank ? (x, y) : (y, x);
        var aligned = Enumerable.Repeat(1, longer.Rank - shorter.Rank).Concat(shorter);
        return longer.Zip(aligned, (a, b) => a == 1 ? b : a).ToArray();
    }

    private static IEnumerable<int[]> Places(Shape shape) =>
        shape.Aggregate<int, IEnumerable<int[]>>([[]], (places, extent) => places.SelectMany(place => Enumerable.Range(0, extent).Select(i => (int[])[.. place, i])));

    private static int Place(Shape shape, int[] place) =>
        place.TakeLast(shape.Rank).Select((i, axis) => shape[axis] == 1 ? 0 : i * shape.Strides()[axis]).Sum();
}
