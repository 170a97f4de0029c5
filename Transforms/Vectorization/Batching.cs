using Functional.Primitives;
using Functional.Programs;
using Functional.Structures;

namespace Functional.Vectorizing;

/// <summary>Batched structured functions.</summary>
internal static class Batching
{
    /// <summary>One call for a batch: every leaf of the argument is split along an axis, or shared where there is none.</summary>
    internal static R Vmap<P, R>(Func<P, R> f, P argument, Func<Layout, Seq<Option<int>>> inAxes, int outAxis)
    {
        var (leaves, layout) = Structure.Flatten(argument);
        layout.RequireLeaves("Vmap");
        var axes = inAxes(layout);
        var size = Size(layout, leaves, axes);
        var batched = leaves.Zip(axes).Map(pair => pair.Item2.Match(
            Some: axis => Batched.Each(TensorMath.MoveAxis(pair.Item1, axis, 0)),
            None: () => Batched.Shared(pair.Item1))).Strict();
        Layout? result = null;
        var program = Trace.Batch("Vmap", batched, size, Common, Lifted.Body(f, layout, found => result = found));
        var outputs = Vectorization.Run(program, batched, size).Map(output => Moved(output.Each(size), outAxis)).Strict();
        return Structure.Unflatten<R>(result!, outputs);
    }

    /// <summary>The same axis for every leaf of a layout.</summary>
    internal static Seq<Option<int>> Everywhere(Layout layout, int? axis) =>
        Enumerable.Repeat(axis is { } mapped ? Some(mapped) : None, layout.LeafCount).ToSeq().Strict();

    private static (Tensor Agrees, Tensor First) Common(Tensor members)
    {
        var first = members[0];
        return (TensorMath.All(TensorMath.Equal(members, first)), first);
    }

    private static int Size(Layout layout, Seq<Tensor> leaves, Seq<Option<int>> axes)
    {
        Option<(string Path, Tensor Leaf, int Extent)> first = None;
        foreach (var (path, (leaf, axis)) in layout.Paths.Zip(leaves.Zip(axes)))
        {
            if (axis.Case is not int mapped) continue;
            if (leaf.Rank == 0)
                throw new ShapeException($"Vmap: {path} is the scalar {leaf.Type}, which has no axis to map over. Close over what all members share.");
            var extent = leaf.Shape[leaf.Shape.Axis("Vmap", mapped)];
            if (first.Case is not (string, Tensor, int)) first = (path, leaf, extent);
            first.IfSome(known =>
            {
                if (known.Extent != extent)
                    throw new ShapeException($"Vmap: batch extents differ: {known.Path} is {known.Leaf.Type} ({known.Extent} along the mapped axis), {path} is {leaf.Type} ({extent}).");
            });
        }
        return first.Match(Some: known => known.Extent, None: () => throw new ShapeException("Vmap: no argument is mapped; give at least one an axis."));
    }

    private static Tensor Moved(Tensor result, int outAxis) => outAxis == 0 ? result : TensorMath.MoveAxis(result, 0, outAxis);
}
