namespace Functional;

public static partial class TensorMath
{
    /// <summary>ln Σ eˣ over axes, or over all, without overflow; −∞ of none and of only −∞.</summary>
    /// <param name="x">Numbers; integers become f64.</param>
    /// <param name="axes">0-based, negative from the end; none means all.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor LogSumExp(Tensor x, params ReadOnlySpan<int> axes) => LogSumExp(x, false, axes);

    /// <inheritdoc cref="LogSumExp(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Numbers; integers become f64.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">0-based, negative from the end; none means all.</param>
    public static Tensor LogSumExp(Tensor x, bool keepDims, params ReadOnlySpan<int> axes)
    {
        var numbers = Floating(x);
        if (Extent(x, "LogSumExp", axes) == 0) return Sum(numbers, keepDims, axes) + double.NegativeInfinity;
        var shift = Shift(numbers, axes);
        var sum = Sum(Exp(numbers - shift), true, axes);
        var isZero = Equal(sum, 0);
        var result = Where(isZero, double.NegativeInfinity, Log(Where(isZero, 1, sum))) + shift;
        return keepDims ? result : Squeeze(result, [.. x.Shape.Axes("LogSumExp", axes)]);
    }

    /// <summary>eˣ / Σ eˣ along an axis, without overflow.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor Softmax(Tensor x, int axis = -1)
    {
        var numbers = Floating(x);
        if (Extent(x, "Softmax", [axis]) == 0) return numbers;
        var powers = Exp(numbers - Shift(numbers, [axis]));
        return powers / Sum(powers, true, axis);
    }

    /// <summary>x − ln Σ eˣ along an axis, without overflow, and finite where the softmax itself is rounded to 0.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor LogSoftmax(Tensor x, int axis = -1)
    {
        var numbers = Floating(x);
        if (Extent(x, "LogSoftmax", [axis]) == 0) return numbers;
        var shifted = numbers - Shift(numbers, [axis]);
        return shifted - Log(Sum(Exp(shifted), true, axis));
    }

    // ln Σ eˣ = s + ln Σ e^(x−s) for any s, so the derivative does not see the shift; an infinite one would leave ∞ − ∞.
    private static Tensor Shift(Tensor x, ReadOnlySpan<int> axes)
    {
        var largest = Max(StopGradient(x), true, axes);
        return Where(IsFinite(largest), largest, 0);
    }
}
