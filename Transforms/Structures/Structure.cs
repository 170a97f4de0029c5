// The room of structured arguments: any nesting of tuples, records, arrays and maps of tensors is a list of leaves and a layout.
// Flattening a value twice gives the same leaves in the same order; unflattening never looks at a leaf, so it may be another one.
// A type is read once, its plan kept; what is not a tensor is static: part of the layout, and of every cache's key.
namespace Functional.Structures;

/// <summary>A structured value taken apart.</summary>
/// <param name="Leaves">Its tensors, in the order of the layout's paths.</param>
/// <param name="Layout">Everything else.</param>
public readonly record struct Flat(Seq<Tensor> Leaves, Layout Layout);

/// <summary>
/// Structured values: a <see cref="Tensor"/>, or a tuple, record, array, <c>Seq</c>, <c>Arr</c>, <c>Lst</c>, <c>Map</c>, <c>HashMap</c>,
/// <c>Option</c>, list or dictionary of structures, to any nesting. Other members are static.
/// </summary>
/// <remarks>
/// The leaves of a map stand in the order of its keys where these can be compared (strings by code point), else in the map's own
/// order. A record is rebuilt through the constructor whose parameters name its properties, then its settable members. Where code is
/// trimmed, the assembly of the records must be kept whole (<c>TrimmerRootAssembly</c>), as for a serializer.
/// </remarks>
public static class Structure
{
    /// <summary>The tensors of a value, and its layout.</summary>
    /// <exception cref="StructureException">There are tensors in a type that cannot be rebuilt, such as a class that is no record.</exception>
    public static Flat Flatten<P>(P value) =>
        typeof(P) == typeof(Tensor) && value is Tensor tensor
            ? new(Seq1(tensor), Layout.OfTensor)
            : new(toSeq(Leaves(value, out var layout)), layout);

    /// <summary>The tensors of a value and its layout, for who counts nanoseconds: a sequence is enumerated through an interface.</summary>
    internal static Tensor[] Leaves<P>(P value, out Layout layout)
    {
        if (typeof(P) != typeof(Tensor) || value is not Tensor tensor) return Plan<P>.Flatten(value, out layout);
        layout = Layout.OfTensor;
        return [tensor];
    }

    /// <summary>As <see cref="Leaves"/>, perhaps in the caller's own array: to be read before the caller goes on, and not kept.</summary>
    internal static Tensor[] Borrowed<P>(P value, out Layout layout)
    {
        if (typeof(P) != typeof(Tensor[]) || value is not Tensor[] array || Plan<P>.LayoutOf(array) is not { } known) return Leaves(value, out layout);
        layout = known;
        return array;
    }

    /// <summary>The value of a layout with these tensors, of any types, in place of the ones it was taken from.</summary>
    /// <exception cref="StructureException">The layout is not one of P's, or has another number of leaves.</exception>
    public static P Unflatten<P>(Layout layout, Seq<Tensor> leaves) =>
        typeof(P) == typeof(Tensor) && ReferenceEquals(layout, Layout.OfTensor) && leaves.Count == 1
            ? (P)(object)leaves[0]
            : Plan<P>.Unflatten(layout, [.. leaves]);

    /// <inheritdoc cref="Unflatten{P}(Layout, Seq{Tensor})"/>
    internal static P Unflatten<P>(Layout layout, Tensor[] leaves) =>
        typeof(P) == typeof(Tensor) && ReferenceEquals(layout, Layout.OfTensor) && leaves.Length == 1
            ? (P)(object)leaves[0]
            : Plan<P>.Unflatten(layout, leaves);

    /// <summary>The layout alone.</summary>
    /// <exception cref="StructureException">There are tensors in a type that cannot be rebuilt.</exception>
    public static Layout LayoutOf<P>(P value) => Flatten(value).Layout;

    /// <summary>The value with a function applied to each of its tensors.</summary>
    public static P Map<P>(Func<Tensor, Tensor> f, P value)
    {
        var (leaves, layout) = Flatten(value);
        return Unflatten<P>(layout, leaves.Map(f).Strict());
    }

    /// <summary>The value with a function applied to the tensors of two values of one layout, in pairs.</summary>
    /// <exception cref="StructureException">The layouts differ; the message names the first place where they do.</exception>
    public static P Map2<P>(Func<Tensor, Tensor, Tensor> f, P first, P second)
    {
        var layout = LayoutOf(first);
        return Unflatten<P>(layout, Zip(first, second).Map(pair => f(pair.First, pair.Second)).Strict());
    }

    /// <summary>The tensors of two values of one layout, in pairs.</summary>
    /// <exception cref="StructureException">The layouts differ; the message names the first place where they do.</exception>
    public static Seq<(Tensor First, Tensor Second)> Zip<P>(P first, P second)
    {
        var (left, layout) = Flatten(first);
        var (right, other) = Flatten(second);
        layout.RequireEqual("Structure.Zip", other);
        return left.Zip(right).Map(pair => (pair.Left, pair.Right)).Strict();
    }

    /// <summary>A value of G, which mirrors P with <c>Option&lt;Tensor&gt;</c> in place of each <c>Tensor</c>, from a layout of P.</summary>
    /// <exception cref="StructureException">G does not mirror P, or the number of leaves is another.</exception>
    public static G UnflattenOptional<P, G>(Layout layout, Seq<Option<Tensor>> leaves)
    {
        Plan<P>.Require(layout, leaves.Count);
        var mirrored = Mirror.Reflect(layout, Node.Of(typeof(G)), leaves);
        return Unflatten<G>(mirrored.Layout, mirrored.Leaves);
    }

    /// <summary>The leaves of a value of G, which mirrors P with <c>Option&lt;Tensor&gt;</c> in place of each <c>Tensor</c>, one for each leaf of P.</summary>
    /// <exception cref="StructureException">G does not mirror P, or this value of it has another layout.</exception>
    public static Seq<Option<Tensor>> FlattenOptional<P, G>(Layout layout, G value)
    {
        Plan<P>.Require(layout, layout.LeafCount);
        var (leaves, mirrored) = Flatten(value);
        var slots = mirrored.Slots(leaves);
        var options = layout.Slots(layout.Markers).Zip(slots).Filter(pair => pair.Left.IsSome).Map(pair => pair.Right).Strict();
        if (options.Count == layout.LeafCount) Mirror.Reflect(layout, Node.Of(typeof(G)), options).Layout.RequireEqual("Structure.FlattenOptional", mirrored);
        else throw new StructureException($"Structure.FlattenOptional: {mirrored.Root.Type.Text()} has {slots.Count} places for tensors, {layout.Root.Type.Text()} has {layout.LeafCount}.");
        return options;
    }
}

/// <summary>A value or type that cannot be taken apart into tensors and put together again, or layouts that do not agree.</summary>
/// <param name="message">The operation, what was given, what was expected, and what to do.</param>
public sealed class StructureException(string message) : ArgumentException(message);
