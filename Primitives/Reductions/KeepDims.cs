namespace Functional;

public static partial class TensorMath
{
    // The result of a reduction over axes, with each of them again, of extent 1.
    private static Tensor Restored(Tensor reduced, Tensor x, string operation, bool keepDims, ReadOnlySpan<int> axes)
    {
        if (!keepDims) return reduced;
        int[] extents = [.. x.Shape.Extents];
        foreach (var axis in x.Shape.Axes(operation, axes)) extents[axis] = 1;
        return Reshape(reduced, extents);
    }
}
