namespace Functional;

public static partial class TensorMath
{
    /// <summary>The mean over axes, or over all; NaN of none.</summary>
    /// <param name="x">Numbers; integers and truth values become f64.</param>
    /// <param name="axes">0-based, negative from the end; none means all.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor Mean(Tensor x, params ReadOnlySpan<int> axes) => Sum(Floating(x), axes) / Extent(x, "Mean", axes);

    /// <inheritdoc cref="Mean(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Numbers; integers and truth values become f64.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">0-based, negative from the end; none means all.</param>
    public static Tensor Mean(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) => Restored(Mean(x, axes), x, "Mean", keepDims, axes);

    /// <summary>The mean squared deviation from the mean over axes, or over all, in two passes.</summary>
    /// <param name="x">Numbers; integers and truth values become f64.</param>
    /// <param name="axes">0-based, negative from the end; none means all.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor Variance(Tensor x, params ReadOnlySpan<int> axes) => Variance(x, 0, false, axes);

    /// <inheritdoc cref="Variance(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Numbers; integers and truth values become f64.</param>
    /// <param name="correction">What is taken from the count: 1 for a sample's unbiased estimate.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">0-based, negative from the end; none means all.</param>
    public static Tensor Variance(Tensor x, int correction, bool keepDims, params ReadOnlySpan<int> axes) =>
        Sum(Square(Deviation(x, axes)), keepDims, axes) / Freedom(x, "Variance", correction, axes);

    /// <summary>The root of the mean squared deviation over axes, or over all. Its derivative where all are equal is 0.</summary>
    /// <param name="x">Numbers; integers and truth values become f64.</param>
    /// <param name="axes">0-based, negative from the end; none means all.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor Std(Tensor x, params ReadOnlySpan<int> axes) => Std(x, 0, false, axes);

    /// <inheritdoc cref="Std(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Numbers; integers and truth values become f64.</param>
    /// <param name="correction">What is taken from the count: 1 for a sample's unbiased estimate.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">0-based, negative from the end; none means all.</param>
    public static Tensor Std(Tensor x, int correction, bool keepDims, params ReadOnlySpan<int> axes) =>
        Norm(Deviation(x, axes), keepDims, axes) / Math.Sqrt(Freedom(x, "Std", correction, axes));

    /// <summary>
    /// The Euclidean norm √Σx² over axes, or over all, without overflow or underflow of the squares. Its derivative at 0 is 0,
    /// the element of least size of the subdifferential.
    /// </summary>
    /// <param name="x">Numbers; integers and truth values become f64.</param>
    /// <param name="axes">0-based, negative from the end; none means all.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor Norm(Tensor x, params ReadOnlySpan<int> axes) => Norm(x, false, axes);

    /// <inheritdoc cref="Norm(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Numbers; integers and truth values become f64.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">0-based, negative from the end; none means all.</param>
    public static Tensor Norm(Tensor x, bool keepDims, params ReadOnlySpan<int> axes)
    {
        var numbers = Floating(x);
        if (Extent(x, "Norm", axes) == 0) return Sum(numbers, keepDims, axes);
        // ‖x‖ = s ‖x/s‖ for any s: the derivative does not see the scale, which stays so far from 0 that 1/s is finite.
        var largest = Max(Abs(StopGradient(numbers)), true, axes);
        var scale = Where(IsFinite(largest), Maximum(largest, numbers.DType == DType.Float32 ? 1e-30 : 1e-290), 1);
        var square = Sum(Square(numbers / scale), true, axes);
        var isZero = Equal(square, 0);
        var norm = scale * Where(isZero, 0, Sqrt(Where(isZero, 1, square)));
        return keepDims ? norm : Squeeze(norm, [.. x.Shape.Axes("Norm", axes)]);
    }

    // How many elements are combined into one.
    private static int Extent(Tensor x, string operation, ReadOnlySpan<int> axes) =>
        x.Shape.Axes(operation, axes).Fold(1, (size, axis) => size * x.Shape[axis]);

    private static double Freedom(Tensor x, string operation, int correction, ReadOnlySpan<int> axes) =>
        Math.Max(0, Extent(x, operation, axes) - correction);

    private static Tensor Deviation(Tensor x, ReadOnlySpan<int> axes)
    {
        var numbers = Floating(x);
        return numbers - Mean(numbers, true, axes);
    }

    private static Tensor Floating(Tensor x) => x.DType.IsFloat() ? x : Convert(x, DType.Float64);
}
