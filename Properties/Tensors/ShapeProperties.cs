using FsCheck;
using FsCheck.Fluent;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;

namespace Functional.Properties.Tensors;

/// <summary>Shapes: extents, strides, axes.</summary>
public class ShapeProperties
{
    // A shape is drawn from a seed, and prints as itself through the message of a failed assertion.
    private static readonly Arbitrary<int> Seeds = Arb.From(Gen.Choose(0, int.MaxValue - 1));

    [Fact]
    public void The_size_is_the_product_of_the_extents() => Theorem.Holds(Seeds, 100, seed =>
    {
        var shape = Drawn(seed);
        Assert.Equal(shape.Aggregate(1, (size, extent) => size * extent), shape.Size);
        Assert.Equal(shape.Rank, shape.Extents.Length);
    });

    [Fact]
    public void Row_major_places_by_strides_count_up_from_zero() => Theorem.Holds(Seeds, 100, seed =>
    {
        var shape = Drawn(seed);
        var places = Places(shape).Select(index => index.Zip(shape.Strides(), (i, stride) => i * stride).Sum());
        Assert.Equal(Enumerable.Range(0, shape.Size), places);
    });

    [Fact]
    public void Shapes_are_equal_when_their_extents_are() => Theorem.Holds(Seeds, 100, seed =>
    {
        var (shape, again, other) = (Drawn(seed), Drawn(seed), Drawn(seed ^ 1));
        Assert.Equal(shape, again);
        Assert.True(shape == again);
        Assert.Equal(shape.GetHashCode(), again.GetHashCode());
        Assert.Equal(shape.SequenceEqual(other), shape == other);
        Assert.Equal(shape != other, !shape.Equals((object)other));
    });

    [Fact]
    public void Without_undoes_Insert_and_ranges_join_again() => Theorem.Holds(Seeds, 100, seed =>
    {
        var shape = Drawn(seed);
        for (var axis = 0; axis <= shape.Rank; axis++)
        {
            Assert.Equal(shape, shape.Insert(axis, 7).Without([axis]));
            Assert.Equal(7, shape.Insert(axis, 7)[axis]);
            Assert.Equal(shape, shape[..axis].Concat(shape[axis..]));
        }
    });

    [Fact]
    public void With_replaces_one_extent()
    {
        Shape shape = [2, 3, 4];
        Assert.Equal([2, 7, 4], shape.With(1, 7));
        Assert.Equal([2, 3, 4], shape);
    }

    [Fact]
    public void A_negative_axis_counts_from_the_last()
    {
        Shape shape = [2, 3, 4];
        for (var axis = 0; axis < 3; axis++) Assert.Equal(axis, shape.Axis("Test", axis - 3));
        Assert.Equal(4, shape[^1]);
        Assert.Equal(Seq(0, 2), shape.Axes("Test", [-1, 0]));
    }

    [Fact]
    public void No_axes_are_all_axes() => Assert.Equal(Seq(0, 1, 2), new Shape(2, 3, 4).Axes("Test", []));

    [Fact]
    public void A_scalar_has_one_element_and_no_axes()
    {
        Assert.Equal((0, 1), (Shape.Scalar.Rank, Shape.Scalar.Size));
        Assert.Equal(Shape.Scalar, new Shape());
        Assert.Equal("[]", Shape.Scalar.ToString());
        Assert.Empty(Shape.Scalar.Strides());
    }

    [Fact]
    public void A_shape_does_not_change_with_the_array_it_came_from()
    {
        int[] extents = [2, 3];
        Shape shape = extents;
        extents[0] = 9;
        Assert.Equal("[2,3]", shape.ToString());
    }

    [Fact]
    public void Extents_beside_a_zero_may_be_of_any_size()
    {
        Shape shape = [int.MaxValue, 0, int.MaxValue];
        Assert.Equal(0, shape.Size);
    }

    [Fact]
    public void Wrong_shapes_and_axes_say_what_is_wrong()
    {
        Says("Shape: the extent -1 is negative in [2,-1].", () => new Shape(2, -1));
        Says("Shape: [65536,65536] has more elements than the 2147483591 an array can hold.", () => new Shape(65536, 65536));
        Says("Sum: axis 3 is out of range for shape [2,3]; expected −2 to 1.", () => new Shape(2, 3).Axis("Sum", 3));
        Says("Sum: axis -3 is out of range for shape [2,3]; expected −2 to 1.", () => new Shape(2, 3).Axis("Sum", -3));
        Says("Sum: axis 0 of a scalar, which has no axes.", () => Shape.Scalar.Axis("Sum", 0));
        Says("Sum: axis 1 of shape [2,3] is named twice.", () => new Shape(2, 3).Axes("Sum", [1, -1]));
    }

    [Theory]
    [InlineData(DType.Bool, "bool", 1, false, false)]
    [InlineData(DType.Int32, "i32", 4, false, true)]
    [InlineData(DType.Int64, "i64", 8, false, true)]
    [InlineData(DType.Float32, "f32", 4, true, false)]
    [InlineData(DType.Float64, "f64", 8, true, false)]
    public void An_element_type_has_a_name_and_a_width(DType dtype, string name, int bytes, bool isFloat, bool isInteger)
    {
        Assert.Equal((name, bytes, isFloat, isInteger), (dtype.Name(), dtype.Bytes(), dtype.IsFloat(), dtype.IsInteger()));
        var type = new TensorType(dtype, [3, 4]);
        Assert.Equal($"{name}[3,4]", type.ToString());
        Assert.Equal(12L * bytes, type.Bytes);
    }

    private static Shape Drawn(int seed) => new Sampler(seed, 4).Shape();

    // All indices, the last axis fastest.
    private static IEnumerable<int[]> Places(Shape shape) =>
        shape.Aggregate<int, IEnumerable<int[]>>([[]], (places, extent) => places.SelectMany(place => Enumerable.Range(0, extent).Select(i => (int[])[.. place, i])));

    private static void Says(string message, Func<object> wrong) => Assert.Equal(message, Assert.Throws<ShapeException>(wrong).Message);
}
