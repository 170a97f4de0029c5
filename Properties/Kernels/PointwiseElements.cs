namespace Functional.Properties.Kernels;

/// <summary>Elements drawn for pointwise kernels: edges of each type among numbers of every magnitude.</summary>
internal static class PointwiseElements
{
    private static readonly double[] DoubleEdges =
    [
        0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
        double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 2.2250738585072014e-308, 1e-310,
        709.78, 709.79, -745.1, -745.2, 710.4, 1e9, 1.2e9, -3e15, 1e22, 0.625, 1 - 1e-16, 1 + 2.3e-16, Math.PI, Math.E,
    ];

    private static readonly long[] LongEdges = [0, 1, -1, 2, 3, -3, 10, long.MaxValue, long.MinValue, int.MaxValue, int.MinValue, 1L << 53, (1L << 53) + 1];

    public static double Double(Random random) => random.Next(6) switch
    {
        0 => DoubleEdges[random.Next(DoubleEdges.Length)],
        1 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        2 => (random.NextDouble() - 0.5) * 2,
        3 => (random.NextDouble() - 0.5) * 1500,
        4 => random.Next(-20, 20) / 2.0,
        _ => (random.NextDouble() - 0.5) * 20,
    };

    public static T Draw<T>(Random random) where T : unmanaged
    {
        object drawn = default(T) switch
        {
            double => Double(random),
            float => random.Next(8) == 0 ? BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)) : (float)Double(random),
            long => random.Next(3) switch { 0 => LongEdges[random.Next(LongEdges.Length)], 1 => random.NextInt64(), _ => random.NextInt64(-9, 10) },
            int => random.Next(3) switch { 0 => unchecked((int)LongEdges[random.Next(LongEdges.Length)]), 1 => random.Next(), _ => random.Next(-9, 10) },
            bool => random.Next(2) == 0,
            _ => throw new NotSupportedException(typeof(T).Name),
        };
        return (T)drawn;
    }

    public static T[] Draw<T>(Random random, int length) where T : unmanaged
    {
        var drawn = new T[length];
        for (var i = 0; i < length; i++) drawn[i] = Draw<T>(random);
        return drawn;
    }

    /// <summary>Equal bits; every NaN is one value.</summary>
    public static bool Same<T>(T x, T y) where T : unmanaged => (x, y) switch
    {
        (double a, double b) => double.IsNaN(a) ? double.IsNaN(b) : BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b),
        (float a, float b) => float.IsNaN(a) ? float.IsNaN(b) : BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b),
        _ => x.Equals(y),
    };
}
