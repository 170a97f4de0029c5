using FsCheck;
using FsCheck.Xunit;
using Functional.Kernels;
using Xunit;
using static Functional.Properties.Kernels.PointwiseElements;

namespace Functional.Properties.Kernels;

/// <summary>How far the functions are from the true values, in units in the last place, and their values at the edges.</summary>
public class AccuracyProperties
{
    // Half a unit is the rounding itself; the functions stay within 1.3.
    private const double Ulps = 1.5;

    // The C library under System.Math is itself within two units (its cbrt, left out below, within four).
    private const double UlpsBesideMath = Ulps + 2;

    // An exponential of a square, a polynomial and a division.
    private const double ErrorComplementUlps = 3;

    // Sums of a logarithm, a polynomial and reciprocals, one lane after another.
    private const double GammaUlps = 6;

    private const double Infinity = double.PositiveInfinity;

    public static TheoryData<string> Functions => [.. PointwiseReference.Values.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Values_are_within_their_units_in_the_last_place(string name)
    {
        var f = UnaryCase.All.Single(x => x.Name == name);
        var bound = name switch
        {
            nameof(Erfc) => ErrorComplementUlps,
            nameof(LogGamma) or nameof(Digamma) or nameof(Trigamma) => GammaUlps,
            _ => Ulps,
        };
        foreach (var (x, y) in PointwiseReference.Values[name])
        {
            var given = f.One(x);
            Assert.True(Math.Abs(given - y) <= bound * Unit(y), $"{name}({x}) = {given} ≠ {y}");
        }
    }

    [Property(MaxTest = 2000)]
    public void Functions_of_System_Math_agree_to_its_own_error(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var (x, y) = (Double(random), Double(random));
        Near<Exp>(x, Math.Exp);
        Near<Log>(x, Math.Log);
        Near<Log2>(x, Math.Log2);
        Near<Log10>(x, Math.Log10);
        Near<Sin>(x, Math.Sin);
        Near<Cos>(x, Math.Cos);
        Near<Tan>(x, Math.Tan);
        Near<Asin>(x, Math.Asin);
        Near<Acos>(x, Math.Acos);
        Near<Atan>(x, Math.Atan);
        Near<Sinh>(x, Math.Sinh);
        Near<Cosh>(x, Math.Cosh);
        Near<Tanh>(x, Math.Tanh);
        Near<Asinh>(x, Math.Asinh);
        Near<Acosh>(x, Math.Acosh);
        Near<Atanh>(x, Math.Atanh);
        Near<Power>(x, y, Math.Pow);
        Near<Atan2>(x, y, Math.Atan2);
        Near<Hypot>(x, y, double.Hypot);
    }

    [Property(MaxTest = 500)]
    public void Exact_functions_are_exact(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var (x, y) = (Double(random), Double(random));
        Exact(Math.Floor(x), OnLanes.Unary<Floor, double>(x), x);
        Exact(Math.Ceiling(x), OnLanes.Unary<Ceiling, double>(x), x);
        Exact(Math.Round(x), OnLanes.Unary<Round, double>(x), x);
        Exact(Math.Sqrt(x), OnLanes.Unary<Sqrt, double>(x), x);
        Exact(Math.Abs(x), OnLanes.Unary<Abs, double>(x), x);
        Exact(Math.Max(x, y), OnLanes.Binary<Max, double>(x, y), x);
        Exact(Math.Min(x, y), OnLanes.Binary<Min, double>(x, y), x);
        Exact(x % y, OnLanes.Binary<Remainder, double>(x, y), x);
        Exact((float)x % (float)y, OnLanes.Binary<Remainder, float>((float)x, (float)y), (float)x);
        Exact(MathF.Floor((float)x), OnLanes.Unary<Floor, float>((float)x), (float)x);
    }

    // Half a unit is the rounding; functions on f64 lanes add a sixteenth of one, of a relative error of 2⁻²⁸. Functions on
    // f32 lanes have what f64 ones have: the worst of all 2³² arguments is 1.48 units, of the logistic function.
    [Property(MaxTest = 1000)]
    public void Single_precision_is_double_precision_but_for_the_last_rounding(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        foreach (var x in (float[])[Draw<float>(random), 100 * (random.NextSingle() - 0.5f), random.NextSingle() - 0.5f, MathF.Pow(random.NextSingle(), 20)])
        {
            foreach (var f in UnaryCase.All.Where(f => f.TakesFloats)) Rounded(f.One((double)x), f.One(x), f.Name, f.IsNative ? Ulps : 0.5625, x);
            var y = Draw<float>(random);
            foreach (var f in BinaryCase.All.Where(f => f.TakesFloats)) Exact((float)f.One((double)x, y), f.One(x, y), x);
        }

        static void Rounded(double expected, float given, string name, double bound, float x)
        {
            var nearest = (float)expected;
            if (given.Equals(nearest) && (float.IsNaN(given) || float.IsNegative(given) == float.IsNegative(nearest))) return;
            var unit = MathF.BitIncrement(MathF.Abs(nearest)) - (double)MathF.Abs(nearest);
            Assert.True(Math.Abs(given - expected) <= bound * unit, $"{name}({x}) = {given}, but it is {expected}");
        }
    }

    [Fact]
    public void Functions_on_single_lanes_are_within_their_units_from_end_to_end()
    {
        // Every sign, exponent and special value, and 2¹⁶ other numbers apart by a prime.
        var x = Enumerable.Range(0, 1 << 16).Select(k => BitConverter.UInt32BitsToSingle((uint)k * 65537))
            .Concat(Enumerable.Range(0, 1 << 11).Select(k => BitConverter.UInt32BitsToSingle((uint)k << 21))).ToArray();
        var (wide, given, expected) = (System.Array.ConvertAll(x, e => (double)e), new float[x.Length], new double[x.Length]);
        foreach (var f in UnaryCase.All.Where(f => f.IsNative))
        {
            f.Span<float>(x, given);
            f.Span<double>(wide, expected);
            for (var i = 0; i < x.Length; i++)
            {
                var nearest = (float)expected[i];
                if (given[i].Equals(nearest) && (given[i] != 0 || float.IsNegative(given[i]) == float.IsNegative(nearest))) continue;
                var unit = MathF.BitIncrement(MathF.Abs(nearest)) - (double)MathF.Abs(nearest);
                Assert.True(Math.Abs(given[i] - expected[i]) <= Ulps * unit, $"{f.Name}({x[i]}) = {given[i]}, but it is {expected[i]}");
            }
        }
    }

    [Theory]
    [InlineData(nameof(Exp), -Infinity, 0)]
    [InlineData(nameof(Exp), Infinity, Infinity)]
    [InlineData(nameof(Exp), 710, Infinity)]
    [InlineData(nameof(Exp), -746, 0)]
    [InlineData(nameof(Exp), -745, 5e-324)]
    [InlineData(nameof(Exp2), -1074, 5e-324)]
    [InlineData(nameof(Exp2), 10, 1024)]
    [InlineData(nameof(Exp2), 1024, Infinity)]
    [InlineData(nameof(Expm1), -0.0, -0.0)]
    [InlineData(nameof(Expm1), -Infinity, -1)]
    [InlineData(nameof(Expm1), Infinity, Infinity)]
    [InlineData(nameof(Expm1), 5e-324, 5e-324)]
    [InlineData(nameof(Log), 0, -Infinity)]
    [InlineData(nameof(Log), -0.0, -Infinity)]
    [InlineData(nameof(Log), -1, double.NaN)]
    [InlineData(nameof(Log), 1, 0)]
    [InlineData(nameof(Log), Infinity, Infinity)]
    [InlineData(nameof(Log2), 5e-324, -1074)]
    [InlineData(nameof(Log10), 1000, 3)]
    [InlineData(nameof(Log1p), -1, -Infinity)]
    [InlineData(nameof(Log1p), -0.0, -0.0)]
    [InlineData(nameof(Log1p), Infinity, Infinity)]
    [InlineData(nameof(Log1p), -2, double.NaN)]
    [InlineData(nameof(ReciprocalSqrt), 0, Infinity)]
    [InlineData(nameof(ReciprocalSqrt), Infinity, 0)]
    [InlineData(nameof(Cbrt), -27, -3)]
    [InlineData(nameof(Cbrt), -0.0, -0.0)]
    [InlineData(nameof(Cbrt), -Infinity, -Infinity)]
    [InlineData(nameof(Sin), -0.0, -0.0)]
    [InlineData(nameof(Sin), Infinity, double.NaN)]
    [InlineData(nameof(Cos), 0, 1)]
    [InlineData(nameof(Tan), -0.0, -0.0)]
    [InlineData(nameof(Tan), 5e-324, 5e-324)]
    [InlineData(nameof(Asin), 1, Math.PI / 2)]
    [InlineData(nameof(Asin), -0.0, -0.0)]
    [InlineData(nameof(Asin), 1.0000000000000002, double.NaN)]
    [InlineData(nameof(Acos), 1, 0)]
    [InlineData(nameof(Acos), -1, Math.PI)]
    [InlineData(nameof(Atan), Infinity, Math.PI / 2)]
    [InlineData(nameof(Atan), -0.0, -0.0)]
    [InlineData(nameof(Sinh), -Infinity, -Infinity)]
    [InlineData(nameof(Sinh), -0.0, -0.0)]
    [InlineData(nameof(Cosh), -Infinity, Infinity)]
    [InlineData(nameof(Cosh), 0, 1)]
    [InlineData(nameof(Tanh), -Infinity, -1)]
    [InlineData(nameof(Tanh), -0.0, -0.0)]
    [InlineData(nameof(Asinh), -Infinity, -Infinity)]
    [InlineData(nameof(Acosh), 1, 0)]
    [InlineData(nameof(Acosh), 0.5, double.NaN)]
    [InlineData(nameof(Acosh), Infinity, Infinity)]
    [InlineData(nameof(Atanh), 1, Infinity)]
    [InlineData(nameof(Atanh), -1, -Infinity)]
    [InlineData(nameof(Atanh), 2, double.NaN)]
    [InlineData(nameof(Sigmoid), 0, 0.5)]
    [InlineData(nameof(Sigmoid), -Infinity, 0)]
    [InlineData(nameof(Sigmoid), Infinity, 1)]
    [InlineData(nameof(Sigmoid), -745, 5e-324)]
    [InlineData(nameof(Softplus), -Infinity, 0)]
    [InlineData(nameof(Softplus), Infinity, Infinity)]
    [InlineData(nameof(Softplus), 1000, 1000)]
    [InlineData(nameof(Erf), -0.0, -0.0)]
    [InlineData(nameof(Erf), -Infinity, -1)]
    [InlineData(nameof(Erfc), Infinity, 0)]
    [InlineData(nameof(Erfc), -Infinity, 2)]
    [InlineData(nameof(Erfc), 0, 1)]
    [InlineData(nameof(LogGamma), 1, 0)]
    [InlineData(nameof(LogGamma), 2, 0)]
    [InlineData(nameof(LogGamma), 0, Infinity)]
    [InlineData(nameof(LogGamma), -3, Infinity)]
    [InlineData(nameof(LogGamma), -Infinity, Infinity)]
    [InlineData(nameof(Digamma), 0, -Infinity)]
    [InlineData(nameof(Digamma), -2, double.NaN)]
    [InlineData(nameof(Trigamma), -2, Infinity)]
    [InlineData(nameof(Sign), -0.0, -0.0)]
    [InlineData(nameof(Sign), -7, -1)]
    [InlineData(nameof(Round), 2.5, 2)]
    [InlineData(nameof(Round), -0.4, -0.0)]
    public void Edges_have_their_values(string name, double x, double y) =>
        Exact(y, UnaryCase.All.Single(f => f.Name == name).One(x), x);

    [Fact]
    public void NaN_gives_NaN()
    {
        foreach (var f in UnaryCase.All.Where(f => f.TakesFloats))
        {
            Exact(double.NaN, f.One(double.NaN), double.NaN);
            Exact(double.NaN, f.One(BitConverter.Int64BitsToDouble(-1)), double.NaN);
            Exact(float.NaN, f.One(float.NaN), float.NaN);
        }
    }

    // ψ⁽ⁿ⁾ at a few points, from 60 digits of mpmath.
    [Theory]
    [InlineData(1, 0.5, 4.934802200544679)]
    [InlineData(2, 0.5, -16.82879664423432)]
    [InlineData(3, 2.5, 0.22390584881725206)]
    [InlineData(4, 30.0, -7.914941340181023e-06)]
    [InlineData(1, -0.5, 8.934802200544679)]
    [InlineData(2, -1.25, 123.72136678366236)]
    [InlineData(20, 3.75, -2160463.62915289)]
    public void Polygamma_has_its_values(int n, double x, double y)
    {
        var given = Gamma.Polygamma(n, x);
        Assert.True(Math.Abs(given - y) <= 1e-13 * Math.Abs(y), $"ψ({n})({x}) = {given} ≠ {y}");
    }

    private static void Near<TOperator>(double x, Func<double, double> reference) where TOperator : struct, IUnaryOperator =>
        Near(typeof(TOperator).Name, OnLanes.Unary<TOperator, double>(x), reference(x), (x, 0));

    private static void Near<TOperator>(double x, double y, Func<double, double, double> reference) where TOperator : struct, IBinaryOperator =>
        Near(typeof(TOperator).Name, OnLanes.Binary<TOperator, double>(x, y), reference(x, y), (x, y));

    private static void Near(string name, double given, double expected, (double, double) at)
    {
        if (Same(given, expected)) return;
        Assert.True(Math.Abs(given - expected) <= UlpsBesideMath * Unit(expected), $"{name}{at} = {given} ≠ {expected}");
    }

    private static double Unit(double x) => Math.BitIncrement(Math.Abs(x)) - Math.Abs(x);

    private static void Exact<T>(T expected, T given, T at) where T : unmanaged =>
        Assert.True(Same(expected, given), $"at {at}: {expected} ≠ {given}");
}
