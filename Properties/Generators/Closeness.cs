using Xunit;

namespace Functional.Properties.Generators;

/// <summary>Comparisons of tensors that name the worst place.</summary>
internal static class Closeness
{
    /// <summary>Fails unless types and bits are the same; one NaN is as good as another.</summary>
    internal static void Same(Tensor expected, Tensor actual, string what) => Within(expected, actual, 0, what);

    /// <summary>
    /// Fails unless types and numbers are the same, zeros of either sign being one number: where one program adds a zero that another
    /// knows to be nothing, −0 becomes 0.
    /// </summary>
    internal static void Equal(Tensor expected, Tensor actual, string what) => Same(Unsigned(expected), Unsigned(actual), what);

    /// <summary>Fails unless the types are the same and no element differs by more than a share of the largest.</summary>
    internal static void Within(Tensor expected, Tensor actual, double tolerance, string what) =>
        Within(expected, actual, tolerance, Numbers.Largest(Numbers.Of(expected).Where(double.IsFinite)), what);

    /// <summary>Fails unless the types are the same and no element differs by more than a share of a scale.</summary>
    internal static void Within(Tensor expected, Tensor actual, double tolerance, double scale, string what)
    {
        if (expected.Type != actual.Type) Assert.Fail($"{what}: expected {expected.Type}, got {actual.Type}.");
        if (expected.Equals(actual)) return;
        var (wanted, given) = (Numbers.Of(expected), Numbers.Of(actual));
        for (var k = 0; k < wanted.Length; k++)
        {
            var same = BitConverter.DoubleToInt64Bits(wanted[k]) == BitConverter.DoubleToInt64Bits(given[k])
                || (double.IsNaN(wanted[k]) && double.IsNaN(given[k]));
            if (!same && !(tolerance > 0 && Math.Abs(wanted[k] - given[k]) <= tolerance * scale))
                Assert.Fail($"{what}: element {k} of {expected.Type}: expected {wanted[k]:R}, got {given[k]:R}.");
        }
    }

    private static Tensor Unsigned(Tensor x) => x.DType.IsFloat() ? x + 0.0 : x;

    /// <summary>Fails unless two inner products agree to a share of the sums of magnitudes behind them.</summary>
    internal static void Adjoint((double Product, double Magnitude) left, (double Product, double Magnitude) right, double tolerance, string what)
    {
        if (!(Math.Abs(left.Product - right.Product) <= tolerance * Math.Max(left.Magnitude, right.Magnitude)))
            Assert.Fail($"{what}: ⟨u, J v⟩ = {left.Product:R}, ⟨Jᵀ u, v⟩ = {right.Product:R}.");
    }
}
