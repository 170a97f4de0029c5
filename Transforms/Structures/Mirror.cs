namespace Functional.Structures;

/// <summary>Carries a layout over to a type that mirrors its own, with <c>Option&lt;Tensor&gt;</c> in place of each <c>Tensor</c>.</summary>
internal sealed class Mirror
{
    private readonly Layout layout;
    private readonly Node target;
    private readonly Seq<Option<Tensor>> options;
    private readonly Reader reader;
    private readonly Writer writer = new(null);

    private Mirror(Layout layout, Node target, Seq<Option<Tensor>> options)
    {
        (this.layout, this.target, this.options) = (layout, target, options);
        reader = new(layout, [.. layout.Markers]);
    }

    internal static Flat Reflect(Layout layout, Node target, Seq<Option<Tensor>> options)
    {
        var mirror = new Mirror(layout, target, options);
        mirror.Visit(layout.Root, target);
        return new(toSeq(mirror.writer.Leaves), mirror.writer.Layout(target));
    }

    private void Visit(Node source, Node image)
    {
        if (source is Leaf)
        {
            if (image is not Optional { Inner: Leaf }) throw Differs(source, image);
            writer.Enter();
            writer.Leaf(reader.Leaf() is { } marker ? options[(int)marker.Elements<double>()[0]].IfNoneUnsafe((Tensor?)null) : null);
        }
        else if (!source.HasPlace)
        {
            if (image != source) throw Differs(source, image);
            writer.Mark(reader.Mark());
        }
        else if (reader.Enter(source) is not { } actual)
            writer.Enter(null);
        else
        {
            // A derived type has a mirror only if it is its own: one with no tensor in it.
            if (actual == source) writer.Enter();
            else writer.Enter(image = actual);
            Inside(actual, image);
        }
    }

    private void Inside(Node source, Node image)
    {
        switch (source, image)
        {
            case (Static or Snapshot or Open, _) when source == image:
                writer.Mark(reader.Mark());
                break;
            case (Fields from, Fields to) when Agree(from, to):
                foreach (var (member, other) in from.Members.Zip(to.Members)) Visit(member.Node, other.Node);
                break;
            case (Elements from, Elements to):
                var length = Copy<int>();
                for (var i = 0; i < length; i++) Visit(from.Element, to.Element);
                break;
            case (Entries from, Entries to) when from.Key == to.Key:
                writer.Mark(reader.Mark());
                var count = Copy<int>();
                for (var i = 0; i < count; i++) writer.Mark(reader.Mark());
                for (var i = 0; i < count; i++) Visit(from.Value, to.Value);
                break;
            case (Optional from, Optional to):
                Visit(from.Inner, to.Inner);
                break;
            default:
                throw Differs(source, image);
        }
    }

    private T Copy<T>()
    {
        var mark = reader.Mark();
        writer.Mark(mark);
        return (T)mark!;
    }

    private static bool Agree(Fields from, Fields to) =>
        from.Members.Count == to.Members.Count
        && (Grammar.IsTuple(from.Type) || Grammar.IsTuple(to.Type) || from.Members.Map(member => member.Name) == to.Members.Map(member => member.Name));

    private StructureException Differs(Node source, Node image) => new(
        $"Structure: {target.Type.Text()} does not mirror {layout.Root.Type.Text()}: where the one has {source.Type.Text()}, expected {Expected(source)}, the other has {image.Type.Text()}. Put Option<Tensor> in place of each Tensor.");

    private static string Expected(Node source) => source is Leaf ? "Option<Tensor>" : "the same with Option<Tensor> in place of Tensor";
}
