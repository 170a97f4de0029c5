namespace Functional.Structures;

/// <summary>
/// What a structured value is apart from its tensors: types, static values, lengths, keys, what is absent. Equal when all of these
/// are; static floats are compared by bits, static arrays of numbers by content, other static values by their own equality.
/// </summary>
public sealed class Layout : IEquatable<Layout>
{
    private readonly int hash;
    private Part[]? parts;

    internal Layout(Node root, int leafCount, object?[] marks, Deviation[] deviations)
    {
        (Root, LeafCount, Marks, Deviations) = (root, leafCount, marks, deviations);
        var code = new HashCode();
        code.Add(root.Type);
        code.Add(leafCount);
        foreach (var mark in marks) code.Add(Structures.Marks.Hash(mark));
        foreach (var (place, _) in deviations) code.Add(place);
        hash = code.ToHashCode();
    }

    /// <summary>The number of tensors.</summary>
    public int LeafCount { get; }

    /// <summary>The place of each leaf as its C# expression: <c>w</c>, <c>layers[0].Weights</c>, <c>Item1</c>; <c>x</c> for a lone tensor.</summary>
    public Seq<string> Paths => PathsFrom("");

    internal static Layout OfTensor { get; } = new(Node.Of(typeof(Tensor)), 1, [], []);

    internal Node Root { get; }

    internal object?[] Marks { get; }

    internal Deviation[] Deviations { get; }

    /// <summary>As many distinct tensors as there are leaves, known again by reference.</summary>
    internal Seq<Tensor> Markers => toSeq(Enumerable.Range(0, LeafCount).Select(Tensor (i) => Values.Scalar((double)i)).ToArray());

    // An array, which is published whole to other threads, as a Seq would not be.
    private Part[] Parts => parts ??= Describe();

    /// <summary>The place of each leaf as its C# expression, from a variable of this name: <c>p.layers[0].Weights</c>, or <c>p</c> itself.</summary>
    public Seq<string> PathsFrom(string root) => Parts.Where(part => part.Kind == PartKind.Leaf).Select(part => part.From(root)).ToSeq().Strict();

    /// <summary>This layout, if there is a tensor in it.</summary>
    /// <param name="operation">The transform that needs one, for the message.</param>
    /// <exception cref="StructureException">There is none.</exception>
    public Layout RequireLeaves(string operation) =>
        LeafCount > 0
            ? this
            : throw new StructureException($"{operation}: the argument of type {Root.Type.Text()} holds no tensor. Only Tensor members vary; an int, a double or a string is static.");

    /// <summary>This layout, if the other is equal.</summary>
    /// <param name="operation">The operation that needs them equal, for the message.</param>
    /// <param name="other">The other layout.</param>
    /// <exception cref="StructureException">They differ; the message names the first place where they do.</exception>
    public Layout RequireEqual(string operation, Layout other) =>
        Equals(other) ? this : throw new StructureException($"{operation}: the structures differ: {Difference(other)}.");

    /// <summary>This layout, if the other is equal; the message ends with what to do.</summary>
    internal Layout RequireEqual(string operation, Layout other, string advice) =>
        Equals(other) ? this : throw new StructureException($"{operation}: the structures differ: {Difference(other)}. {advice}");

    /// <summary>Which leaf a selector such as <c>p => p.Weights</c> picks out, counted from 0.</summary>
    /// <exception cref="StructureException">The selector does not give a leaf of its argument as it is.</exception>
    internal int IndexOf<P>(Func<P, Tensor> selector)
    {
        var markers = Markers;
        var picked = selector(Structure.Unflatten<P>(this, markers));
        for (var i = 0; i < markers.Count; i++)
            if (ReferenceEquals(markers[i], picked)) return i;
        throw new StructureException($"{typeof(P).Text()}: the selector gave no leaf of its argument. Select one as it is, as in p => p.Weights; there are {string.Join(", ", Paths)}.");
    }

    /// <inheritdoc/>
    public bool Equals(Layout? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && hash == other.hash
            && Root.Type == other.Root.Type
            && LeafCount == other.LeafCount
            && Structures.Marks.Same(Marks, other.Marks)
            && Deviations.AsSpan().SequenceEqual(other.Deviations));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Layout);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>The type and the leaves' paths: <c>Params{Weights, Bias}</c>.</summary>
    public override string ToString() => $"{Root.Type.Text()}{{{string.Join(", ", Paths)}}}";

    /// <summary>Every place that can hold a tensor, in order, with the leaf that it holds, or None where it is null or absent.</summary>
    internal Seq<Option<Tensor>> Slots(Seq<Tensor> leaves)
    {
        var next = 0;
        return Parts
            .Where(part => part.Kind is PartKind.Leaf or PartKind.AbsentLeaf)
            .Select(part => part.Kind == PartKind.Leaf ? Some(leaves[next++]) : None)
            .ToSeq()
            .Strict();
    }

    private Part[] Describe()
    {
        var description = new Description(new Reader(this, [.. Markers]));
        description.Visit(Root, "");
        return [.. description.Parts];
    }

    private string Difference(Layout other)
    {
        if (Root.Type != other.Root.Type) return $"{Root.Type.Text()} and {other.Root.Type.Text()}";
        var (left, right) = Parts.Zip(other.Parts).FirstOrDefault(pair => pair.Item1 != pair.Item2);
        return left == right
            ? "two static values print alike but are not equal"
            : $"{left.From("")} is {left.What} in the first and {right.What} in the second";
    }
}

internal enum PartKind
{
    Leaf,
    AbsentLeaf,
    Other,
}

/// <summary>One thing that a layout says of a place, in words.</summary>
internal readonly record struct Part(string Path, PartKind Kind, string What)
{
    internal string From(string root) => (root, Path) switch
    {
        ("", "") => "x",
        ("", _) => Path.TrimStart('.'),
        _ => root + Path,
    };
}

/// <summary>A walk over a layout that says what stands where.</summary>
internal sealed class Description(Reader reader)
{
    private readonly List<Part> parts = [];

    internal IReadOnlyList<Part> Parts => parts;

    internal Reader Reader => reader;

    internal void Visit(Node node, string path)
    {
        if (node is Leaf)
            parts.Add(reader.Leaf() is null ? new(path, PartKind.AbsentLeaf, "absent") : new(path, PartKind.Leaf, "a tensor"));
        else if (!node.HasPlace)
            node.Describe(this, path);
        else if (reader.Enter(node) is not { } actual)
            Say(path, "absent");
        else
        {
            if (actual != node) Say(path, $"of type {actual.Type.Text()}");
            actual.Describe(this, path);
        }
    }

    internal void Say(string path, string what) => parts.Add(new(path, PartKind.Other, what));
}
