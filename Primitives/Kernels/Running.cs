using System.Numerics;

namespace Functional.Kernels;

/// <summary>Running sums and products along an axis of row-major storage [outer, n, inner], each from its own sequence alone.</summary>
internal static class Running
{
    /// <summary>destination[o, i, k] = Σ source[o, j, k] over j ≤ i; f32 is summed in f64, f64 with the compensation of Neumaier (1974).</summary>
    internal static void Sum<T>(ReadOnlySpan<T> source, int n, int inner, Span<T> destination)
        where T : unmanaged, INumber<T>
    {
        for (var start = 0; start < source.Length; start += n * inner)
            for (var k = start; k < start + inner; k++)
            {
                if (typeof(T) == typeof(float) || typeof(T) == typeof(double)) Compensated(source, k, n, inner, destination);
                else Plain(source, k, n, inner, destination);
            }
    }

    /// <summary>destination[o, i, k] = Π source[o, j, k] over j ≤ i.</summary>
    internal static void Product<T>(ReadOnlySpan<T> source, int n, int inner, Span<T> destination)
        where T : unmanaged, INumber<T>
    {
        for (var start = 0; start < source.Length; start += n * inner)
            for (var k = start; k < start + inner; k++)
            {
                var product = T.One;
                for (int i = 0, at = k; i < n; i++, at += inner) destination[at] = product *= source[at];
            }
    }

    /// <summary>destination[o, i, k] = source[o, n − 1 − i, k].</summary>
    internal static void Turn<T>(ReadOnlySpan<T> source, int n, int inner, Span<T> destination)
    {
        for (var start = 0; start < source.Length; start += n * inner)
            for (var i = 0; i < n; i++)
                source.Slice(start + (i * inner), inner).CopyTo(destination[(start + ((n - 1 - i) * inner))..]);
    }

    private static void Plain<T>(ReadOnlySpan<T> source, int at, int n, int inner, Span<T> destination)
        where T : unmanaged, INumber<T>
    {
        var sum = T.Zero;
        for (var i = 0; i < n; i++, at += inner) destination[at] = sum += source[at];
    }

    private static void Compensated<T>(ReadOnlySpan<T> source, int at, int n, int inner, Span<T> destination)
        where T : unmanaged, INumber<T>
    {
        double sum = 0, lost = 0;
        for (var i = 0; i < n; i++, at += inner)
        {
            var next = double.CreateTruncating(source[at]);
            var total = sum + next;
            if (double.IsFinite(total)) lost += Math.Abs(sum) >= Math.Abs(next) ? sum - total + next : next - total + sum;
            else lost = 0;
            sum = total;
            destination[at] = T.CreateTruncating(sum + lost);
        }
    }
}
