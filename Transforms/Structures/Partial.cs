namespace Functional.Structures;

/// <summary>A value of P some of whose tensors are missing: a gradient that tells a leaf that was never used from one whose gradient is zero.</summary>
/// <typeparam name="P">The type of the whole structure.</typeparam>
/// <param name="Layout">The layout of the whole value.</param>
/// <param name="Leaves">The tensors, one for each of the layout's paths; None where there is none.</param>
public sealed record Partial<P>(Layout Layout, Seq<Option<Tensor>> Leaves)
{
    /// <summary>The leaf that a selector such as <c>p => p.Weights</c> picks out.</summary>
    /// <exception cref="StructureException">The selector does not give a leaf of its argument as it is.</exception>
    public Option<Tensor> this[Func<P, Tensor> selector]
    {
        get
        {
            var markers = Layout.Markers;
            var picked = selector(Structure.Unflatten<P>(Layout, markers));
            for (var i = 0; i < markers.Count; i++)
                if (ReferenceEquals(markers[i], picked)) return Leaves[i];
            throw new StructureException($"Partial<{typeof(P).Text()}>: the selector gave no leaf of its argument. Select one as it is, as in p => p.Weights; there are {string.Join(", ", Layout.Paths)}.");
        }
    }

    /// <summary>The leaf at a path, as <see cref="Layout.Paths"/> spells it.</summary>
    /// <exception cref="StructureException">There is no such path.</exception>
    public Option<Tensor> this[string path]
    {
        get
        {
            var paths = Layout.Paths;
            for (var i = 0; i < paths.Count; i++)
                if (paths[i] == path) return Leaves[i];
            throw new StructureException($"Partial<{typeof(P).Text()}>: there is no leaf {path}; there are {string.Join(", ", paths)}.");
        }
    }

    /// <summary>The whole value, with zeros of the type of the other value's leaf where there is none.</summary>
    /// <exception cref="StructureException">The other value has another layout.</exception>
    public P OrZero(P like)
    {
        var (leaves, layout) = Structure.Flatten(like);
        Layout.RequireEqual($"Partial<{typeof(P).Text()}>.OrZero", layout);
        return Structure.Unflatten<P>(layout, Leaves.Zip(leaves).Map(pair => pair.Left.IfNone(() => TensorMath.Zeros(pair.Right.Shape, pair.Right.DType))).Strict());
    }

    /// <summary>The same with <c>Option&lt;Tensor&gt;</c> in place of each <c>Tensor</c>: a tuple, array or generic record of them.</summary>
    /// <exception cref="StructureException">G does not mirror P.</exception>
    public G To<G>() => Structure.UnflattenOptional<P, G>(Layout, Leaves);

    /// <summary>Each path with its tensor, or <c>none</c>.</summary>
    public override string ToString() =>
        string.Join(", ", Layout.Paths.Zip(Leaves).Map(pair => $"{pair.Left}: {pair.Right.Match(leaf => leaf.ToString(), () => "none")}"));
}
