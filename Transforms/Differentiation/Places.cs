namespace Functional.Differentiation;

/// <summary>The algebra of supports: nothing is computed before somebody asks.</summary>
internal static class Places
{
    // What waits for what waits … is worked out by recursion, so at this depth without being asked.
    private const int Deepest = 100;

    /// <summary>A support that follows from another.</summary>
    internal static Lazy<Tensor> After(Lazy<Tensor> support, Func<Tensor, Tensor> next) =>
        new Deferred(() => next(support.Value), Depth(support));

    /// <summary>Where a mask holds, within a support.</summary>
    internal static Lazy<Tensor> Within(Option<Lazy<Tensor>> support, Func<Tensor> mask) => support.Case is Lazy<Tensor> known
        ? After(known, truth => Both(truth, mask()))
        : new Deferred(mask, 0);

    /// <summary>Where one of two supports is; everywhere if one is everywhere.</summary>
    internal static Option<Lazy<Tensor>> Union(Option<Lazy<Tensor>> left, Option<Lazy<Tensor>> right) =>
        left.Case is Lazy<Tensor> one && right.Case is Lazy<Tensor> other
            ? Some<Lazy<Tensor>>(new Deferred(() => TensorMath.Or(one.Value, other.Value), Math.Max(Depth(one), Depth(other))))
            : None;

    private static Tensor Both(Tensor left, Tensor right) => ReferenceEquals(left, right) ? left : TensorMath.And(left, right);

    private static int Depth(Lazy<Tensor> support)
    {
        if (support is not Deferred { IsValueCreated: false, Depth: var depth }) return 0;
        if (depth < Deepest) return depth + 1;
        _ = support.Value;
        return 0;
    }

    private sealed class Deferred(Func<Tensor> make, int depth) : Lazy<Tensor>(make)
    {
        internal int Depth => depth;
    }
}
