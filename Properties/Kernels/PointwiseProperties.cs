using System.Runtime.Intrinsics;
using FsCheck;
using FsCheck.Xunit;
using Functional.Kernels;
using Xunit;
using static Functional.Properties.Kernels.PointwiseElements;

namespace Functional.Properties.Kernels;

/// <summary>An element's bits depend on its value alone: not on its position, its neighbours, the length or the register.</summary>
public class PointwiseProperties
{
    private const int Longest = 40;

    [Property(MaxTest = 200)]
    public void A_unary_element_is_alone(DoNotSize<int> seed)
    {
        foreach (var f in UnaryCase.All)
        {
            if (f.TakesFloats) { Alone<double>(f, seed.Item); Alone<float>(f, seed.Item); }
            if (f.TakesIntegers) { Alone<long>(f, seed.Item); Alone<int>(f, seed.Item); }
        }
        Alone<bool>(UnaryCase.All.Single(x => x.Name == nameof(Not)), seed.Item);
    }

    [Property(MaxTest = 200)]
    public void A_binary_element_is_alone(DoNotSize<int> seed)
    {
        foreach (var f in BinaryCase.All)
        {
            if (f.TakesFloats) { Alone<double>(f, seed.Item); Alone<float>(f, seed.Item); }
            if (f.TakesIntegers) { Alone<long>(f, seed.Item); Alone<int>(f, seed.Item); }
            if (f.IsLogical) Alone<bool>(f, seed.Item);
        }
    }

    [Property(MaxTest = 200)]
    public void A_compared_element_is_alone(DoNotSize<int> seed)
    {
        foreach (var f in ComparisonCase.All)
        {
            Alone<double>(f, seed.Item);
            Alone<float>(f, seed.Item);
            Alone<long>(f, seed.Item);
            Alone<int>(f, seed.Item);
            Alone<bool>(f, seed.Item);
        }
    }

    [Property(MaxTest = 150)]
    public void Every_register_gives_the_bits_of_one_element(DoNotSize<int> seed)
    {
        foreach (var f in UnaryCase.All)
        {
            if (f.TakesFloats) { Registers<double>(f, seed.Item); Registers<float>(f, seed.Item); }
            if (f.TakesIntegers) { Registers<long>(f, seed.Item); Registers<int>(f, seed.Item); }
        }
        foreach (var f in BinaryCase.All)
        {
            if (f.TakesFloats) { Registers<double>(f, seed.Item); Registers<float>(f, seed.Item); }
            if (f.TakesIntegers) { Registers<long>(f, seed.Item); Registers<int>(f, seed.Item); }
        }
    }

    [Property(MaxTest = 200)]
    public void Select_chooses_element_by_element(DoNotSize<int> seed)
    {
        Selects<double>(seed.Item);
        Selects<float>(seed.Item);
        Selects<long>(seed.Item);
        Selects<int>(seed.Item);
        Selects<bool>(seed.Item);
    }

    [Property(MaxTest = 100)]
    public void Clamp_is_the_maximum_then_the_minimum(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var x = Draw<double>(random, random.Next(Longest));
        var result = new double[x.Length];
        var (low, high) = (Double(random), Double(random));
        Pointwise.Clamp<double>(x, [low], [high], result);
        for (var i = 0; i < x.Length; i++) Assert.True(Same(Math.Min(Math.Max(x[i], low), high), result[i]));
    }

    [Property(MaxTest = 100)]
    public void Predicates_are_their_definitions(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var x = Draw<double>(random, random.Next(Longest));
        var singles = System.Array.ConvertAll(x, e => (float)e);
        var holds = new bool[x.Length];
        Pointwise.Test<IsNaN, double>(x, holds);
        Assert.Equal(x.Select(double.IsNaN), holds);
        Pointwise.Test<IsFinite, double>(x, holds);
        Assert.Equal(x.Select(double.IsFinite), holds);
        Pointwise.Test<IsNonzero, double>(x, holds);
        Assert.Equal(x.Select(e => e != 0), holds);
        Pointwise.Test<IsFinite, float>(singles, holds);
        Assert.Equal(singles.Select(float.IsFinite), holds);
    }

    [Fact]
    public void A_zero_divisor_throws_and_the_smallest_over_minus_one_wraps()
    {
        var result = new int[3];
        Assert.Throws<DivideByZeroException>(() => Pointwise.Binary<Divide, int>([1, 2, 3], [1, 0, 1], result));
        Assert.Throws<DivideByZeroException>(() => Pointwise.Binary<Remainder, int>([1, 2, 3], [0], result));
        Assert.Throws<DivideByZeroException>(() => Pointwise.Binary<Power, int>([0, 2, 3], [-1], result));
        Pointwise.Binary<Divide, int>([int.MinValue, 7, -7], [-1, 2, 2], result);
        Assert.Equal([int.MinValue, 3, -3], result);
        Pointwise.Binary<Remainder, int>([int.MinValue, 7, -7], [-1, 2, 2], result);
        Assert.Equal([0, 1, -1], result);
        Pointwise.Binary<Power, int>([-1, 3, 2], [-3, 4, -1], result);
        Assert.Equal([-1, 81, 0], result);
    }

    [Fact]
    public void Lengths_that_disagree_are_named()
    {
        var message = Assert.Throws<ArgumentException>(() => Pointwise.Binary<Add, double>([1.0, 2.0], [1.0], new double[3])).Message;
        Assert.Contains("2", message);
        Assert.Contains("3", message);
    }

    private static void Alone<T>(UnaryCase f, int seed) where T : unmanaged
    {
        var random = new Random(seed);
        var x = Draw<T>(random, random.Next(Longest + 1));
        var result = new T[x.Length];
        f.Span<T>(x, result);
        for (var i = 0; i < x.Length; i++) Equal(f.Name, f.One(x[i]), result[i], x[i]);
        f.Span<T>(x, x);
        for (var i = 0; i < x.Length; i++) Equal(f.Name, x[i], result[i], i);
    }

    private static void Alone<T>(BinaryCase f, int seed) where T : unmanaged
    {
        var random = new Random(seed);
        var length = random.Next(Longest + 1);
        var x = Draw<T>(random, random.Next(3) == 0 ? 1 : length);
        var y = Draw<T>(random, random.Next(3) == 0 ? 1 : length);
        Divisible(f, y);
        var result = new T[length];
        f.Span<T>(x, y, result);
        for (var i = 0; i < length; i++)
        {
            var (a, b) = (x[x.Length == 1 ? 0 : i], y[y.Length == 1 ? 0 : i]);
            Equal(f.Name, f.One(a, b), result[i], (a, b));
        }
        if (x.Length != length) return;
        f.Span<T>(x, y, x);
        for (var i = 0; i < length; i++) Equal(f.Name, x[i], result[i], i);
    }

    private static void Alone<T>(ComparisonCase f, int seed) where T : unmanaged
    {
        var random = new Random(seed);
        var length = random.Next(Longest + 1);
        var x = Draw<T>(random, random.Next(3) == 0 ? 1 : length);
        var y = Draw<T>(random, random.Next(3) == 0 ? 1 : length);
        var result = new bool[length];
        f.Span<T>(x, y, result);
        for (var i = 0; i < length; i++)
        {
            var (a, b) = (x[x.Length == 1 ? 0 : i], y[y.Length == 1 ? 0 : i]);
            var expected = Defined(f.Name, a, b);
            Assert.True(expected == result[i] && expected == f.One(a, b), $"{f.Name} {typeof(T).Name} {a} {b}");
        }
    }

    private static bool Defined<T>(string name, T x, T y)
    {
        dynamic a = x!, b = y!;
        return (name, x) switch
        {
            (nameof(Functional.Kernels.Equal), _) => a == b,
            (nameof(NotEqual), _) => a != b,
            (nameof(Less), bool) => !a && b,
            (nameof(LessOrEqual), bool) => !a || b,
            (nameof(Greater), bool) => a && !b,
            (nameof(GreaterOrEqual), bool) => a || !b,
            (nameof(Less), _) => a < b,
            (nameof(LessOrEqual), _) => a <= b,
            (nameof(Greater), _) => a > b,
            (nameof(GreaterOrEqual), _) => a >= b,
            _ => throw new NotSupportedException($"Defined: no definition of {name}. Add it."),
        };
    }

    private static void Registers<T>(UnaryCase f, int seed) where T : unmanaged
    {
        var x = Draw<T>(new Random(seed), Vector512<T>.Count);
        var wide = f.On(Vector512.Create<T>(x));
        var middle = f.On(Vector256.Create<T>(x));
        var narrow = f.On(Vector128.Create<T>(x));
        for (var i = 0; i < x.Length; i++)
        {
            var alone = f.One(x[i]);
            Equal(f.Name, alone, wide[i], x[i]);
            if (i < Vector256<T>.Count) Equal(f.Name, alone, middle[i], x[i]);
            if (i < Vector128<T>.Count) Equal(f.Name, alone, narrow[i], x[i]);
        }
    }

    private static void Registers<T>(BinaryCase f, int seed) where T : unmanaged
    {
        var random = new Random(seed);
        var x = Draw<T>(random, Vector512<T>.Count);
        var y = Draw<T>(random, Vector512<T>.Count);
        Divisible(f, y);
        var wide = f.On(Vector512.Create<T>(x), Vector512.Create<T>(y));
        var middle = f.On(Vector256.Create<T>(x), Vector256.Create<T>(y));
        var narrow = f.On(Vector128.Create<T>(x), Vector128.Create<T>(y));
        for (var i = 0; i < x.Length; i++)
        {
            var alone = f.One(x[i], y[i]);
            Equal(f.Name, alone, wide[i], (x[i], y[i]));
            if (i < Vector256<T>.Count) Equal(f.Name, alone, middle[i], (x[i], y[i]));
            if (i < Vector128<T>.Count) Equal(f.Name, alone, narrow[i], (x[i], y[i]));
        }
    }

    private static void Selects<T>(int seed) where T : unmanaged
    {
        var random = new Random(seed);
        var length = random.Next(Longest + 1);
        var mask = Draw<bool>(random, random.Next(4) == 0 ? 1 : length);
        var x = Draw<T>(random, random.Next(4) == 0 ? 1 : length);
        var y = Draw<T>(random, random.Next(4) == 0 ? 1 : length);
        var result = new T[length];
        Pointwise.Select<T>(mask, x, y, result);
        for (var i = 0; i < length; i++)
            Equal("Select", mask[mask.Length == 1 ? 0 : i] ? x[x.Length == 1 ? 0 : i] : y[y.Length == 1 ? 0 : i], result[i], i);
    }

    // Integers: no zero divisor, and no exponent that zero could not take.
    private static void Divisible<T>(BinaryCase f, T[] y) where T : unmanaged
    {
        if (f.Name is not (nameof(Divide) or nameof(Remainder) or nameof(Power))) return;
        for (var i = 0; i < y.Length; i++)
            if (y[i] is long or int)
                y[i] = f.Name == nameof(Power) ? OnLanes.Unary<Abs, T>(OnLanes.Binary<Divide, T>(y[i], OnLanes.Binary<Add, T>(One<T>(), One<T>()))) : y[i].Equals(default(T)) ? One<T>() : y[i];
    }

    private static T One<T>() where T : unmanaged => Pointwise.Convert<int, T>(1);

    private static void Equal<T>(string name, T expected, T given, object at) where T : unmanaged =>
        Assert.True(Same(expected, given), $"{name} {typeof(T).Name} at {at}: {expected} ≠ {given}");
}
