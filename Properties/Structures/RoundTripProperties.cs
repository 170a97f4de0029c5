using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Functional.Structures;
using Xunit;

namespace Functional.Properties.Structures;

public class RoundTripProperties
{
    private static readonly Tensor A = 1.0;
    private static readonly Tensor B = Tensor.From([2.0, 3.0]);
    private static readonly Tensor C = Tensor.From([4, 5, 6]);

    private static Linear Layer(double w) => new(w, w + 1);

    public static TheoryData<object, int> Samples() => new()
    {
        { A, 1 },
        { (A, B), 2 },
        { (A, (B, C), "static", 3), 3 },
        { (A, 1, 2, 3, 4, 5, 6, B, (C, A), 7, 8, 9, 10, 11, 12, 13, B), 5 },
        { System.Tuple.Create(A, B, 7), 2 },
        { System.Tuple.Create(1, 2, 3, 4, 5, 6, 7, A), 1 },
        { ValueTuple.Create(A), 1 },
        { new Linear(A, B), 2 },
        { new Network(Seq(Layer(1), Layer(2)), A, "n", 3, Mode.Fast, Identity), 5 },
        { new Shape2(A) { Label = "kept" }, 1 },
        { new Circle(A, B) { Label = "kept" }, 2 },
        { new Model.Sum(new Model.Constant(A), new Model.Sum(new Model.Constant(B), new Model.Constant(C))), 3 },
        { new Tree(A, new Tree(B, null, new Tree(C, null, null)), null), 3 },
        { new Settable { W = A, Rate = 0.25, Hidden = B }, 2 },
        { new Point(A, B), 2 },
        { new Params<Tensor>(A, B), 2 },
        { new Params<(Tensor, Point)>((A, new(B, C)), (C, new(B, A))), 6 },
        { Seq(A, B, C), 3 },
        { Array(A, B, C), 3 },
        { List(A, B, C), 3 },
        { Seq((A, 1), (B, 2)), 2 },
        { Map(("b", A), ("a", B)), 2 },
        { HashMap(("b", A), ("a", B), ("c", C)), 3 },
        { HashMap((3, Seq(A, B)), (1, Seq1(C))), 3 },
        { Some(A), 1 },
        { Option<Tensor>.None, 0 },
        { Some(Some((A, B))), 2 },
        { Some(Option<Tensor>.None), 0 },
        { ImmutableArray.Create(A, B), 2 },
        { Seq<Tensor>(), 0 },
        { new { First = A, Second = (B, 4) }, 2 },
        { 3, 0 },
        { "text", 0 },
        { (1, 2.5, "x"), 0 },
    };

    private static Tensor Identity(Tensor x) => x;

    [Theory]
    [MemberData(nameof(Samples))]
    public void Unflatten_of_Flatten_is_the_identity(object value, int leaves)
    {
        var (tensors, layout) = Structure.Flatten(value);
        Assert.Equal(leaves, tensors.Count);
        Assert.Equal(leaves, layout.LeafCount);
        Assert.Equal(leaves, layout.Paths.Distinct().Count);
        var back = Structure.Unflatten<object>(layout, tensors);
        Assert.Equal(value.GetType() == typeof(object) ? value.GetType() : back.GetType(), back.GetType());
        Assert.Equal(value, back);
        var again = Structure.Flatten(back);
        Assert.Equal(layout, again.Layout);
        Assert.True(tensors.Zip(again.Leaves).ForAll(pair => ReferenceEquals(pair.Left, pair.Right)));
    }

    [Fact]
    public void Unflatten_of_Flatten_is_the_identity_at_the_declared_type()
    {
        Same(A);
        Same((A, (B, 3)));
        Same(new Point(A, B));
        Same<Model>(new Model.Sum(new Model.Constant(A), new Model.Constant(B)));
        Same<Shape2>(new Circle(A, B) { Label = "derived" });
        Same<(Tensor, Tensor)?>((A, B));
        Same<(Tensor, Tensor)?>(null);
        Same<Option<Tensor>>(None);
        Same<Tensor?>(null);
        Same<Linear?>(null);
        Same(HashMap(("b", A), ("a", B)));

        static void Same<P>(P value)
        {
            var (leaves, layout) = Structure.Flatten(value);
            Assert.Equal(value, Structure.Unflatten<P>(layout, leaves));
        }
    }

    [Fact]
    public void Mutable_collections_come_back_as_new_ones_with_the_same_content()
    {
        Same([A, B], (Tensor[] left, Tensor[] right) => left.SequenceEqual(right));
        Same([A, null, B], (Tensor?[] left, Tensor?[] right) => left.SequenceEqual(right));
        Same([(A, B), (B, C)], ((Tensor, Tensor)[] left, (Tensor, Tensor)[] right) => left.SequenceEqual(right));
        Same([A, B], (List<Tensor> left, List<Tensor> right) => left.SequenceEqual(right));
        Same([A, B], (ImmutableList<Tensor> left, ImmutableList<Tensor> right) => left.SequenceEqual(right));
        Same([A, B], (IReadOnlyList<Tensor> left, IReadOnlyList<Tensor> right) => left.SequenceEqual(right));
        Same(new() { ["b"] = A, ["a"] = B }, (Dictionary<string, Tensor> left, Dictionary<string, Tensor> right) => left.OrderBy(e => e.Key).SequenceEqual(right.OrderBy(e => e.Key)));
        Same(ImmutableDictionary<int, Tensor>.Empty.Add(2, A).Add(1, B), (left, right) => left.OrderBy(e => e.Key).SequenceEqual(right.OrderBy(e => e.Key)));
        Same(ImmutableSortedDictionary<int, Tensor>.Empty.Add(2, A).Add(1, B), (left, right) => left.SequenceEqual(right));
        Same(new Holder(A, [B, C], (A, 4), [0.5, 1.5], new(A, C)), (left, right) =>
            object.Equals(left.Anything, right.Anything) && left.Items.SequenceEqual(right.Items) && left.Maybe == right.Maybe && left.Grid.SequenceEqual(right.Grid) && left.At == right.At);

        static void Same<P>(P value, Func<P, P, bool> same)
            where P : notnull
        {
            var (leaves, layout) = Structure.Flatten(value);
            var back = Structure.Unflatten<P>(layout, leaves);
            Assert.True(same(value, back));
            Assert.Equal(layout, Structure.Flatten(back).Layout);
        }
    }

    [Fact]
    public void A_dictionary_keeps_its_comparer()
    {
        var (leaves, layout) = Structure.Flatten(new Dictionary<string, Tensor>(StringComparer.OrdinalIgnoreCase) { ["Key"] = A });
        Assert.Equal(A, Structure.Unflatten<Dictionary<string, Tensor>>(layout, leaves)["KEY"]);
    }

    [Fact]
    public void Leaves_of_a_hash_map_stand_in_the_order_of_the_keys()
    {
        var names = Enumerable.Range(0, 50).Select(i => $"k{i * 7919 % 50:00}").ToArray();
        var forward = toHashMap(names.Select(name => (name, (Tensor)1.0)));
        var backward = toHashMap(names.Reverse().Select(name => (name, (Tensor)1.0)));
        Assert.Equal(names.Order(StringComparer.Ordinal).Select(name => $"[\"{name}\"]"), Structure.LayoutOf(forward).Paths);
        Assert.Equal(Structure.LayoutOf(forward), Structure.LayoutOf(backward));
    }

    [Fact]
    public void A_leaf_may_come_back_as_another_tensor_of_another_shape()
    {
        var (leaves, layout) = Structure.Flatten(new Circle(A, B) { Label = "kept" });
        var back = Structure.Unflatten<Circle>(layout, Seq(leaves[1], C));
        Assert.Equal(new Circle(B, C) { Label = "kept" }, back);
        Assert.Same(C, back.Twice);
    }

    [Property]
    public Property Unflatten_of_Flatten_is_the_identity_for_random_nestings() =>
        Prop.ForAll(Gen.Sized(Nested).ToArbitrary(), value =>
        {
            var (leaves, layout) = Structure.Flatten(value);
            return Equals(Structure.Unflatten<object>(layout, leaves), value)
                .Label($"{layout}")
                .Collect(leaves.Count switch { 0 => "none", 1 => "one", < 5 => "few", _ => "many" });
        });

    [Property]
    public Property Interpreted_plans_agree_with_compiled_ones() =>
        Prop.ForAll(Gen.Sized(Nested).ToArbitrary(), value =>
        {
            if (Node.Of(value.GetType()) is not Fields fields) return true;
            var writer = new Writer(null);
            fields.CompileWrite(interpret: true)(value, writer);
            var layout = writer.Layout(fields);
            var compiled = new Writer(null);
            fields.Write(value, compiled);
            return layout.Equals(compiled.Layout(fields)) && fields.CompileRead(interpret: true)(new Reader(layout, writer.Leaves)).Equals(value);
        });

    [Theory]
    [MemberData(nameof(Samples))]
    public void Interpreted_plans_rebuild_the_samples(object value, int leaves)
    {
        if (Node.Of(value.GetType()) is not Fields fields) return;
        var writer = new Writer(null);
        fields.CompileWrite(interpret: true)(value, writer);
        Assert.Equal(leaves, writer.Leaves.Length);
        Assert.Equal(value, fields.CompileRead(interpret: true)(new Reader(writer.Layout(fields), writer.Leaves)));
    }

    // Equality of the values drawn is structural, so that Equals states the law.
    private static Gen<object> Nested(int size)
    {
        var leaf = Gen.OneOf(
            Gen.Choose(-9, 9).Select(object (i) => (Tensor)(double)i),
            Gen.Choose(0, 9).Select(object (i) => i),
            Gen.Elements<object>("a", "b", 2.5, true, Mode.Fast));
        if (size < 2) return leaf;
        var inner = Nested(size / 3);
        var tensor = Gen.Choose(-9, 9).Select(i => (Tensor)(double)i);
        return Gen.OneOf(
            leaf,
            inner.Two().Select(object (pair) => pair),
            inner.Two().Select(object (pair) => System.Tuple.Create(pair.Item1, 1, pair.Item2)),
            inner.ListOf().Select(object (items) => toSeq(items).Strict()),
            inner.ListOf().Select(object (items) => toArray(items)),
            inner.Select(object (item) => Some(item)),
            inner.Two().Select(object (pair) => new Params<object>(pair.Item1, pair.Item2)),
            inner.ListOf().Select(object (items) => toMap(items.Select((item, i) => ($"k{i}", item)))),
            inner.ListOf().Select(object (items) => toHashMap(items.Select((item, i) => (i, item)))),
            tensor.Two().Select(object (pair) => new Point(pair.Item1, pair.Item2)),
            tensor.Two().Select(object (pair) => new Circle(pair.Item1, pair.Item2) { Label = "x" }),
            tensor.ListOf().Select(object (items) => new Tree(0.0, items.Aggregate((Tree?)null, (tree, item) => new(item, tree, null)), null)));
    }
}
