using Functional.Structures;
using Xunit;

namespace Functional.Properties.Structures;

public class PartialProperties
{
    private static readonly Tensor X = 1.0;
    private static readonly Tensor Y = Tensor.From([2.0f, 3.0f]);

    private static Partial<P> Of<P>(P value, params Option<Tensor>[] leaves) => new(Structure.LayoutOf(value), toSeq(leaves));

    [Fact]
    public void A_partial_value_is_read_by_selector_and_by_path()
    {
        var value = new Network(Seq(new Linear(X, Y), new Linear(X, Y)), X, "", 1, Mode.Slow, x => x);
        var partial = Of(value, Some(X), None, Some(Y), None, None);
        Assert.Equal(Some(X), partial[p => p.Layers[0].Weights]);
        Assert.Equal(None, partial[p => p.Layers[0].Bias]);
        Assert.Equal(Some(Y), partial["Layers[1].Weights"]);
        Assert.Equal(None, partial["Scale"]);
        Assert.Equal(Some(X), Of(X, Some(X))[x => x]);
    }

    [Fact]
    public void A_selector_or_path_that_is_no_leaf_is_an_error()
    {
        var partial = Of(new Linear(X, Y), None, None);
        Assert.Equal(
            "Partial<Linear>: the selector gave no leaf of its argument. Select one as it is, as in p => p.Weights; there are Weights, Bias.",
            Assert.Throws<StructureException>(() => partial[_ => 3.0]).Message);
        Assert.Equal("Partial<Linear>: there is no leaf bias; there are Weights, Bias.", Assert.Throws<StructureException>(() => partial["bias"]).Message);
    }

    [Fact]
    public void OrZero_fills_in_zeros_of_the_type_of_the_leaf()
    {
        var filled = Of(new Linear(X, Y), Some(X), None).OrZero(new(X, Y));
        Assert.Equal(new Linear(X, Tensor.From([0.0f, 0.0f])), filled);
    }

    [Fact]
    public void A_partial_value_prints_its_paths() =>
        Assert.Equal("Weights: 1.0, Bias: none", Of(new Linear(X, Y), Some(X), None).ToString());

    [Fact]
    public void A_mirror_has_an_option_in_place_of_each_tensor()
    {
        Mirrors<Tensor, Option<Tensor>>(X, Some(X), Some(X));
        Mirrors<Tensor, Option<Tensor>>(X, None, Option<Tensor>.None);
        Mirrors(new Params<Tensor>(X, Y), new Params<Option<Tensor>>(None, Y), None, Some(Y));
        Mirrors((X, 3, (Y, "s")), ((Option<Tensor>)None, 3, (Some(Y), "s")), None, Some(Y));
        Mirrors(new Params<(Tensor, int)>((X, 1), (Y, 2)), new Params<(Option<Tensor>, int)>((X, 1), (None, 2)), Some(X), None);
        Mirrors(Seq(X, Y, X), Seq(Some(X), None, None), Some(X), None, None);
        Mirrors(Map(("a", X), ("b", Y)), Map(("a", Option<Tensor>.None), ("b", Some(Y))), None, Some(Y));
        Mirrors(Some(X), Some(Some(X)), Some(X));
        Mirrors(Some(X), Some(Option<Tensor>.None), Option<Tensor>.None);
        Mirrors(new Point(X, Y), (Some(X), Option<Tensor>.None), Some(X), None);
        Mirrors<(Tensor?, Tensor), (Option<Tensor>, Option<Tensor>)>((null, X), (None, None), Option<Tensor>.None);
        Mirrors<(Tensor?, Tensor), (Option<Tensor>, Option<Tensor>)>((null, X), (None, X), Some(X));
    }

    private static void Mirrors<P, G>(P value, G mirror, params Option<Tensor>[] leaves)
    {
        var layout = Structure.LayoutOf(value);
        Assert.Equal(mirror, Structure.UnflattenOptional<P, G>(layout, toSeq(leaves)));
        Assert.Equal(mirror, Of(value, leaves).To<G>());
        Assert.Equal(toSeq(leaves), Structure.FlattenOptional<P, G>(layout, mirror));
    }

    [Fact]
    public void Arrays_mirror_by_position()
    {
        var layout = Structure.LayoutOf(new[] { X, Y });
        Assert.Equal([None, Some(Y)], Structure.UnflattenOptional<Tensor[], Option<Tensor>[]>(layout, Seq(None, Some(Y))));
    }

    [Fact]
    public void A_type_that_does_not_mirror_is_named()
    {
        Equal(
            "Structure: Params<Tensor> does not mirror Params<Tensor>: where the one has Tensor, expected Option<Tensor>, the other has Tensor. Put Option<Tensor> in place of each Tensor.",
            () => Structure.UnflattenOptional<Params<Tensor>, Params<Tensor>>(Structure.LayoutOf(new Params<Tensor>(X, Y)), Seq(Some(X), None)));
        Equal(
            "Structure: (Option<Tensor>, Option<Tensor>, Option<Tensor>) does not mirror (Tensor, Tensor): where the one has (Tensor, Tensor), expected the same with Option<Tensor> in place of Tensor, the other has (Option<Tensor>, Option<Tensor>, Option<Tensor>). Put Option<Tensor> in place of each Tensor.",
            () => Structure.UnflattenOptional<(Tensor, Tensor), (Option<Tensor>, Option<Tensor>, Option<Tensor>)>(Structure.LayoutOf((X, Y)), Seq(Some(X), None)));
        Equal(
            "Structure.FlattenOptional: the structures differ: x is of 2 elements in the first and of 3 elements in the second.",
            () => Structure.FlattenOptional<Seq<(Tensor, int)>, Seq<(Option<Tensor>, int)>>(Structure.LayoutOf(Seq((X, 1), (X, 2))), Seq((Some(X), 1), (Some(X), 2), (None, 3))));
    }

    private static void Equal(string message, Func<object?> act) => Assert.Equal(message, Assert.Throws<StructureException>(() => { act(); }).Message);
}
