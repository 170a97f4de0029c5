using Functional.Structures;
using Xunit;

namespace Functional.Properties.Structures;

public class LayoutProperties
{
    private static readonly Tensor X = 1.0;
    private static readonly Tensor Y = 2.0;

    [Fact]
    public void Layouts_are_equal_whatever_the_tensors()
    {
        var first = Structure.LayoutOf(new Annotated(X, 0.5, "a"));
        var second = Structure.LayoutOf(new Annotated(Tensor.From([1, 2]), 0.5, "a"));
        Assert.Equal(first, second);
        Assert.Same(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
    }

    [Fact]
    public void Layouts_seen_apart_are_equal_and_hash_alike()
    {
        var first = Structure.LayoutOf(new Annotated(X, 0.5, "a"));
        Structure.LayoutOf(new Annotated(X, 0.25, "b"));
        var second = Structure.LayoutOf(new Annotated(X, 0.5, "a"));
        Assert.NotSame(first, second);
        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
    }

    public static TheoryData<object, object> Pairs() => new()
    {
        { new Annotated(X, 0.5, "a"), new Annotated(X, 0.5, "b") },
        { new Annotated(X, 0.0, "a"), new Annotated(X, -0.0, "a") },
        { new Annotated(X, double.NaN, "a"), new Annotated(X, 0.0, "a") },
        { (X, new Dictionary<string, double> { ["a"] = 0.0 }), (X, new Dictionary<string, double> { ["a"] = -0.0 }) },
        { (X, new[] { 1.0, 2.0 }), (X, new[] { 1.0, 3.0 }) },
        { (X, new int[2, 3]), (X, new int[3, 2]) },
        { (X, 1), (X, 2) },
        { (X, 1), (X, 1L) },
        { (X, Y), Tuple(X, Y) },
        { Seq(X, Y), Seq(X, Y, X) },
        { Seq(X, Y), Array(X, Y) },
        { Some(X), Option<Tensor>.None },
        { HashMap(("a", X)), HashMap(("b", X)) },
        { new Tree(X, new(Y, null, null), null), new Tree(X, null, new(Y, null, null)) },
        { new Shape2(X), new Shape2(X) { Label = "other" } },
        { (X, Mode.Slow), (X, Mode.Fast) },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Layouts_differ_when_a_type_a_static_value_a_length_or_a_key_does(object first, object second)
    {
        Assert.NotEqual(Structure.LayoutOf(first), Structure.LayoutOf(second));
        Assert.Throws<StructureException>(() => Structure.Zip(first, second));
    }

    [Fact]
    public void Static_arrays_are_compared_by_content_and_kept_apart_from_their_owner()
    {
        double[] grid = [1, 2];
        var layout = Structure.LayoutOf((X, grid));
        Assert.Equal(layout, Structure.LayoutOf((X, new double[] { 1, 2 })));
        grid[0] = 5;
        Assert.Equal([1.0, 2.0], Structure.Unflatten<(Tensor, double[])>(layout, Seq1(X)).Item2);
        Assert.NotEqual(layout, Structure.LayoutOf((X, grid)));
    }

    [Fact]
    public void A_class_without_tensors_is_static_and_comes_back_itself()
    {
        var settings = new Settings { Count = 3 };
        var (leaves, layout) = Structure.Flatten((X, settings));
        Assert.Single(leaves);
        Assert.Same(settings, Structure.Unflatten<(Tensor, Settings)>(layout, leaves).Item2);
    }

    [Fact]
    public void Paths_are_spelled_as_in_CSharp()
    {
        Assert.Equal(Seq1("x"), Structure.LayoutOf(X).Paths);
        Assert.Equal(Seq1("p"), Structure.LayoutOf(X).PathsFrom("p"));
        Assert.Equal(Seq("Item1", "Item2.Item1", "Item8", "Item9.X", "Item9.Y"), Structure.LayoutOf((X, (Y, 1), 3, 4, 5, 6, 7, X, new Point(X, Y))).Paths);
        Assert.Equal(
            Seq("p.Layers[0].Weights", "p.Layers[0].Bias", "p.Layers[1].Weights", "p.Layers[1].Bias", "p.Scale"),
            Structure.LayoutOf(new Network(Seq(new Linear(X, X), new Linear(X, X)), X, "", 1, Mode.Slow, x => x)).PathsFrom("p"));
        Assert.Equal(Seq("[\"a\"].W", "[\"a\"].B", "[\"b\"].W", "[\"b\"].B"), Structure.LayoutOf(Map(("b", new Params<Tensor>(X, Y)), ("a", new Params<Tensor>(X, Y)))).Paths);
        Assert.Equal(Seq("Value", "Left.Value"), Structure.LayoutOf(new Tree(X, new(Y, null, null), null)).Paths);
    }

    [Fact]
    public void A_layout_prints_its_type_and_leaves() =>
        Assert.Equal("Params<(Tensor, int)>{W.Item1, B.Item1}", Structure.LayoutOf(new Params<(Tensor, int)>((X, 1), (Y, 2))).ToString());

    [Fact]
    public void A_difference_names_the_first_place()
    {
        Equal(
            "Structure.Zip: the structures differ: Layers is of 1 element in the first and of 2 elements in the second.",
            () => Structure.Zip(Net(1), Net(2)));
        Equal("Structure.Zip: the structures differ: Rate is the value 0 in the first and the value -0 in the second.", () => Structure.Zip(new Annotated(X, 0.0, "a"), new Annotated(X, -0.0, "a")));
        Equal("Structure.Zip: the structures differ: x is absent in the first and a tensor in the second.", () => Structure.Zip(Option<Tensor>.None, Some(X)));
        Equal("Structure.Zip: the structures differ: Left is absent in the first and of type Constant in the second.", () => Structure.Zip<Model>(new Model.Sum(null!, null!), new Model.Sum(new Model.Constant(X), null!)));
        Equal("Structure.Zip: the structures differ: x is of type Constant in the first and of type Sum in the second.", () => Structure.Zip<Model>(new Model.Constant(X), new Model.Sum(new Model.Constant(X), null!)));
        Equal("Structure.Zip: the structures differ: x is with the keys [a] in the first and with the keys [b] in the second.", () => Structure.Zip(HashMap(("a", X)), HashMap(("b", X))));

        static Network Net(int layers) => new(Range(0, layers).Map(_ => new Linear(X, X)).ToSeq().Strict(), X, "", 1, Mode.Slow, Identity);
        static Tensor Identity(Tensor x) => x;
    }

    [Fact]
    public void What_cannot_be_taken_apart_says_what_to_do()
    {
        Equal("Structure: Plain holds tensors but is a plain class. Make it a record.", () => Structure.Flatten(new OfPlain(X, new())));
        Equal("Structure: PlainStruct holds tensors but is a plain struct. Make it a record struct.", () => Structure.Flatten(new PlainStruct()));
        Equal("Structure: Tensor[,] holds tensors in an array of several axes. Use an array of rank 1, or a tensor.", () => Structure.Flatten(new Tensor[1, 1]));
        Equal("Structure: Queue<Tensor> holds tensors but is no structure. Use a tuple, a record, an array, a list, a dictionary, or one of LanguageExt's Seq, Arr, Lst, Map, HashMap, Option.", () => Structure.Flatten(new Queue<Tensor>()));
        Equal("Structure: Unbuildable cannot be rebuilt: no constructor takes all of its state. Give the record a constructor whose parameters have the names and types of its properties, or init properties.", () => Structure.Flatten(new Unbuildable(1)));
        Equal("Grad: the argument of type (int, string) holds no tensor. Only Tensor members vary; an int, a double or a string is static.", () => Structure.LayoutOf((1, "a")).RequireLeaves("Grad"));
        Equal("Structure.Unflatten: 1 tensors for (Tensor, Tensor), which has 2 leaves in this layout.", () => Structure.Unflatten<(Tensor, Tensor)>(Structure.LayoutOf((X, Y)), Seq1(X)));
        Equal("Structure.Unflatten: the layout is of (Tensor, Tensor), expected one of Point.", () => Structure.Unflatten<Point>(Structure.LayoutOf((X, Y)), Seq(X, Y)));
        Equal("Structure.Unflatten: the layout is of (Tensor, Tensor), expected one of Tensor.", () => Structure.Unflatten<Tensor>(Structure.LayoutOf((X, Y)), Seq(X, Y)));
    }

    [Fact]
    public void Map_and_Map2_act_leaf_by_leaf()
    {
        var p = new Params<Tensor>(X, Y);
        Assert.Equal(new Params<Tensor>(Y, Y), Structure.Map(_ => Y, p));
        Assert.Equal(new Params<Tensor>(Y, X), Structure.Map2((_, b) => b, p, new(Y, X)));
        Assert.Equal(Seq((X, Y), (Y, X)), Structure.Zip(p, new(Y, X)));
    }

    private static void Equal(string message, Action act) => Assert.Equal(message, Assert.Throws<StructureException>(act).Message);

    private static void Equal(string message, Func<object?> act) => Equal(message, () => { act(); });
}
