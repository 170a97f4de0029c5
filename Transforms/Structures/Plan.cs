namespace Functional.Structures;

/// <summary>What is known of P once and for all, and the layout seen last: values of one layout share it, so comparing is cheap.</summary>
internal static class Plan<P>
{
    private static readonly Node Root = Node.Of(typeof(P));
    private static Layout? last;

    internal static Tensor[] Flatten(P value, out Layout layout)
    {
        var known = last;
        var writer = new Writer(known);
        Root.WriteAny(value, writer);
        layout = known is not null && writer.Wrote(known) ? known : last = writer.Layout(Root);
        return writer.Leaves;
    }

    /// <summary>The layout seen last, if it is that of this array.</summary>
    internal static Layout? LayoutOf(Tensor[] array) =>
        last is { Deviations: [] } known && known.LeafCount == array.Length && System.Array.TrueForAll(array, leaf => leaf is not null) ? known : null;

    internal static P Unflatten(Layout layout, Tensor[] leaves)
    {
        Require(layout, leaves.Length);
        return (P)Root.ReadAny(new Reader(layout, leaves))!;
    }

    internal static void Require(Layout layout, int leaves)
    {
        if (layout.Root != Root)
            throw new StructureException($"Structure.Unflatten: the layout is of {layout.Root.Type.Text()}, expected one of {typeof(P).Text()}.");
        if (layout.LeafCount != leaves)
            throw new StructureException($"Structure.Unflatten: {leaves} tensors for {typeof(P).Text()}, which has {layout.LeafCount} leaves in this layout.");
    }
}
