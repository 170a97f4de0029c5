using Functional.Primitives;

namespace Functional;

// A window whose place is a value but whose extents are known: along each axis it moves, indices start + 0, 1, ….
public static partial class TensorMath
{
    /// <summary>The window of these extents that begins at the starts, which may be traced.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="starts">An integer scalar for each axis, negative from the end.</param>
    /// <param name="extents">The extent of the window along each axis.</param>
    /// <exception cref="ShapeException">There is not one start and extent for each axis, or the window is not inside; nothing is clamped.</exception>
    /// <exception cref="DTypeException">A start is not an integer.</exception>
    public static Tensor DynamicSlice(Tensor x, ReadOnlySpan<Tensor> starts, ReadOnlySpan<int> extents)
    {
        Fit("DynamicSlice", x.Type, starts, x.Type with { Shape = new(extents) });
        for (var axis = 0; axis < starts.Length; axis++)
            x = starts[axis] is Dense start
                ? Along(x, axis, Start("DynamicSlice", x.Type, start, axis, extents[axis]), extents[axis])
                : new Gather(axis).Apply(x, Window(x.Shape, starts[axis], axis, extents[axis]));
        return x;
    }

    /// <summary>The tensor with an update in place of the window that begins at the starts, which may be traced.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="update">The window's elements, of the tensor's rank, converted to its element type.</param>
    /// <param name="starts">An integer scalar for each axis, negative from the end.</param>
    /// <exception cref="ShapeException">There is not one start for each axis, or the window is not inside; nothing is clamped.</exception>
    /// <exception cref="DTypeException">A start is not an integer.</exception>
    public static Tensor DynamicUpdateSlice(Tensor x, Tensor update, ReadOnlySpan<Tensor> starts)
    {
        Fit("DynamicUpdateSlice", x.Type, starts, update.Type);
        var updates = Convert(update, x.DType);
        // Axes that the update fills from 0 need no index; the others are indexed from the first to the last of them.
        var (first, last) = (0, x.Rank);
        while (last > first && Fills(x.Type, update.Type, starts[last - 1], last - 1)) last--;
        while (first < last && Fills(x.Type, update.Type, starts[first], first)) first++;
        if (first == last) return updates;
        var window = update.Shape[first..last];
        var indices = new Tensor[last - first];
        for (var axis = first; axis < last; axis++)
            indices[axis - first] = new Broadcast(window, Seq1(axis - first)).Apply(Window(x.Shape, starts[axis], axis, update.Shape[axis]));
        return new Scatter(first).Apply([x, updates, .. indices]);
    }

    private static bool Fills(TensorType x, TensorType update, Tensor start, int axis) =>
        update.Shape[axis] == x.Shape[axis] && start is Dense && (long)start == 0;

    private static void Fit(string operation, TensorType x, ReadOnlySpan<Tensor> starts, TensorType window)
    {
        if (starts.Length != x.Rank || window.Rank != x.Rank)
            throw new ShapeException($"{operation}: {x} needs a start and an extent for each of its {x.Rank} axes, given {starts.Length} and {window.Rank}.");
        for (var axis = 0; axis < x.Rank; axis++)
        {
            Indices.Demand(operation, starts[axis].Type);
            if (starts[axis].Rank != 0) throw new ShapeException($"{operation}: the start of axis {axis} is a scalar, given {starts[axis].Type}.");
            if (window.Shape[axis] > x.Shape[axis])
                throw new ShapeException($"{operation}: a window of extent {window.Shape[axis]} does not fit axis {axis} of {x}, which has extent {x.Shape[axis]}.");
        }
    }

    private static int Start(string operation, TensorType x, Dense start, int axis, int extent)
    {
        var given = (long)start;
        var place = given < 0 ? given + x.Shape[axis] : given;
        return place >= 0 && place + extent <= x.Shape[axis]
            ? (int)place
            : throw new ShapeException($"{operation}: a window of extent {extent} from {given} on is not inside axis {axis} of {x}, which has extent {x.Shape[axis]}.");
    }

    // A start before the axis stays as it is, so that the index that is out of range is the user's own, and never wraps.
    private static Tensor Window(Shape shape, Tensor start, int axis, int extent)
    {
        var fromEnd = And(Less(start, 0), GreaterEqual(start, -shape[axis]));
        return Where(fromEnd, start + shape[axis], start) + Iota([extent], 0, start.DType);
    }
}
