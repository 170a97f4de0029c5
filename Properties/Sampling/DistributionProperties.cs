using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Sampling;

/// <summary>Draws against their distribution functions, by the test of A. N. Kolmogorov and N. V. Smirnov, and of K. Pearson.</summary>
public class DistributionProperties
{
    private const int Count = 20000;

    // √n · D exceeds 1.95 for one seed in a thousand; the seeds are fixed.
    private const double Kolmogorov = 1.95;

    private static readonly Dictionary<string, (Func<Key, DType, Tensor> Draw, Func<Tensor, Tensor> Distribution)> Continuous = new()
    {
        ["uniform"] = ((key, dtype) => Uniform(key, [Count], dtype: dtype), x => x),
        ["uniform between -2 and 5"] = ((key, dtype) => Uniform(key, [Count], -2, 5, dtype), x => (x + 2) / 7),
        ["normal"] = ((key, dtype) => Normal(key, [Count], dtype: dtype), Phi),
        ["normal about 3"] = ((key, dtype) => Normal(key, [Count], 3, 0.5, dtype), x => Phi((x - 3) / 0.5)),
        ["normal in -1 to 2"] = ((key, dtype) => TruncatedNormal(key, [Count], -1, 2, dtype: dtype), x => (Phi(x) - Phi(-1)) / (Phi(2) - Phi(-1))),
        ["normal above 1 about 0.5"] = ((key, dtype) => TruncatedNormal(key, [Count], 1, double.PositiveInfinity, 0.5, 2, dtype), x => 1 - (Phi(-(x - 0.5) / 2) / Phi(-0.25))),
        ["normal in 8 to 9"] = ((key, dtype) => TruncatedNormal(key, [Count], 8, 9, dtype: dtype), x => (Phi(-8) - Phi(-x)) / (Phi(-8) - Phi(-9))),
        ["normal below -30"] = ((key, dtype) => TruncatedNormal(key, [Count], double.NegativeInfinity, -30, dtype: dtype), x => Phi(x) / Phi(-30)),
        ["exponential"] = ((key, dtype) => Exponential(key, [Count], dtype: dtype), x => 1 - Exp(-x)),
        ["exponential of rate 3"] = ((key, dtype) => Exponential(key, [Count], 3, dtype), x => 1 - Exp(-3 * x)),
        ["gumbel"] = ((key, dtype) => Gumbel(key, [Count], dtype: dtype), x => Exp(-Exp(-x))),
        ["gumbel about 2"] = ((key, dtype) => Gumbel(key, [Count], 2, 0.5, dtype), x => Exp(-Exp(-(x - 2) / 0.5))),
    };

    public static TheoryData<string, DType> Continuously()
    {
        var data = new TheoryData<string, DType>();
        foreach (var name in Continuous.Keys)
        {
            data.Add(name, DType.Float64);
            data.Add(name, DType.Float32);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Continuously))]
    public void Draws_follow_their_distribution_function(string name, DType dtype)
    {
        var (draw, distribution) = Continuous[name];
        for (var seed = 0; seed < 3; seed++)
        {
            var drawn = draw(Key.From(seed), dtype);
            Assert.Equal(new TensorType(dtype, [Count]), drawn.Type);
            Assert.InRange(Distance(distribution(Convert(drawn, DType.Float64))) * Math.Sqrt(Count), 0, Kolmogorov);
        }
    }

    // The k-th moment of n standard normal draws has a standard error of √((2k−1)!!/n) at most.
    [Fact]
    public void The_moments_of_normal_draws_are_0_1_0_3()
    {
        const int many = 200000;
        var x = Normal(Key.From(1), [many]);
        double Moment(Tensor power) => (double)Sum(power) / many;
        Assert.InRange(Moment(x), -0.01, 0.01);
        Assert.InRange(Moment(x * x), 0.985, 1.015);
        Assert.InRange(Moment(x * x * x), -0.04, 0.04);
        Assert.InRange(Moment(x * x * x * x), 2.88, 3.12);
        // P(|x| > 4) = 6.33e-5.
        Assert.InRange((double)Sum(Convert(Abs(x) > 4, DType.Float64)), 3, 25);
    }

    [Fact]
    public void Uniform_draws_keep_within_their_bounds()
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            // The bounds are neighbours: half of all draws round to the upper one.
            var (low, high) = dtype == DType.Float32 ? (1.0, (double)MathF.BitIncrement(1)) : (1.0, Math.BitIncrement(1));
            Assert.All(Convert(Uniform(Key.From(1), [1000], low, high, dtype), DType.Float64).ToArray<double>(), x => Assert.Equal(1, x));
            var unit = Uniform(Key.From(2), [Count], dtype: dtype);
            Assert.DoesNotContain(false, ((unit >= 0.0) & (unit < 1.0)).ToArray<bool>());
        }
    }

    [Fact]
    public void Every_bit_of_the_mantissa_is_set_half_of_the_time()
    {
        var wide = Uniform(Key.From(1), [Count]).ToArray<double>();
        for (var bit = 1; bit <= 53; bit++) Assert.InRange(wide.Count(x => ((long)Math.ScaleB(x, bit) & 1) == 1), 9700, 10300);
        var narrow = Uniform(Key.From(1), [Count], dtype: DType.Float32).ToArray<float>();
        for (var bit = 1; bit <= 24; bit++) Assert.InRange(narrow.Count(x => ((long)Math.ScaleB(x, bit) & 1) == 1), 9700, 10300);
    }

    [Fact]
    public void Integers_are_equally_frequent()
    {
        Frequent(RandomIntegers(Key.From(1), [Count], 0, 7), Enumerable.Repeat(1.0, 7));
        Frequent(RandomIntegers(Key.From(2), [Count], -3, 2, DType.Int32) + 3, Enumerable.Repeat(1.0, 5));
        RandomIntegers(Key.From(3), [10], long.MinValue, long.MaxValue);
        Assert.Throws<ArgumentException>(() => RandomIntegers(Key.From(1), [1], 3, 3));
    }

    [Fact]
    public void Alternatives_are_drawn_by_their_probabilities()
    {
        double[] probabilities = [0.1, 0.4, 0, 0.2, 0.3];
        Tensor logits = Log(Tensor.From(probabilities)) + 5.0;
        Frequent(Categorical(Key.From(1), BroadcastTo(logits, [Count, 5])), probabilities);
        Frequent(Categorical(Key.From(2), BroadcastTo(ExpandDims(logits, 1), [5, Count]), 0), probabilities);
        Frequent(Choice(Key.From(3), Arange(5), [Count], probabilities: Tensor.From(probabilities)), probabilities);
        Frequent(Choice(Key.From(4), Arange(5), [Count]), Enumerable.Repeat(1.0, 5));
        Frequent(Convert(Bernoulli(Key.From(5), [Count], 0.3), DType.Int64), [0.7, 0.3]);
        Assert.DoesNotContain(true, Bernoulli(Key.From(6), [Count], 0).ToArray<bool>());
        Assert.DoesNotContain(false, Bernoulli(Key.From(6), [Count], 1).ToArray<bool>());
    }

    [Fact]
    public void Every_order_is_equally_probable()
    {
        var orders = Key.From(1).Split(6000).Select(key => Permutation(key, 3).ToArray<long>()).ToArray();
        Assert.All(orders, order => Assert.Equal([0L, 1, 2], order.Order()));
        Frequent(Tensor.From(orders.Select(order => (order[0] * 2) + (order[1] > order[2] ? 1 : 0)).ToArray()), Enumerable.Repeat(1.0, 6));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), Permutation(Key.From(2), 1000).ToArray<long>().Order());
        var x = Tensor.From(new double[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } });
        Assert.Equal(9.0, (double)Sum(Permutation(Key.From(3), x)[.., 0]));
        Assert.Equal(new Shape(3, 2), Permutation(Key.From(3), x, 1).Shape);
    }

    [Fact]
    public void Without_putting_back_nothing_is_drawn_twice()
    {
        Tensor weights = Tensor.From(new double[] { 1, 2, 0, 3 });
        foreach (var key in Key.From(1).Split(50))
        {
            Assert.Equal(3, Choice(key.Again(), Arange(4), [3], false, weights).ToArray<long>().Distinct().Count());
            Assert.DoesNotContain(2L, Choice(key.Again(), Arange(4), [3], false, weights).ToArray<long>());
            Assert.Equal(4, Choice(key, Arange(4), [2, 2], false).ToArray<long>().Distinct().Count());
        }
        Assert.Equal(new Shape(2, 3, 5), Choice(Key.From(1), Zeros([4, 5]), [2, 3]).Shape);
        Assert.Equal(
            "Choice: 5 of the 4 slices of f64[4]; that many cannot be chosen without putting some back.",
            Assert.Throws<ShapeException>(() => Choice(Key.From(1), Zeros([4]), [5], false)).Message);
    }

    // Reparametrised: the noise stays, so the draw is a function of the parameters.
    [Fact]
    public void Draws_are_differentiable_in_their_parameters()
    {
        var parameters = (Low: Tensor.From(new[] { -0.5, 0.2, 3.0 }), Scale: (Tensor)Tensor.From(1.5));
        var noise = Normal(Key.From(1), [3]);
        Assert.Equal(noise, Transforms.Grad((Tensor s) => Sum(Normal(Key.From(1), [3], 2, s)))(Tensor.From(new[] { 1.0, 1, 1 })));
        Check(p => Normal(Key.From(1), [4, 3], p.Low, p.Scale));
        Check(p => Uniform(Key.From(2), [4, 3], p.Low, 4 * p.Scale));
        Check(p => Exponential(Key.From(3), [4, 3], p.Scale));
        Check(p => Gumbel(Key.From(4), [4, 3], p.Low, p.Scale));
        Check(p => TruncatedNormal(Key.From(5), [4, 3], p.Low, p.Low + 3, 0.1 * p.Scale, p.Scale));

        void Check(Func<(Tensor Low, Tensor Scale), Tensor> f) => Transforms.CheckGradients(f, parameters);
    }

    [Fact]
    public void Wrong_parameters_are_named()
    {
        Assert.Equal("Normal: draws f32 or f64, not i32. Convert the numbers afterwards.", Assert.Throws<DTypeException>(() => Normal(Key.From(1), [2], dtype: DType.Int32)).Message);
        Assert.Equal(
            "Normal: a parameter f64[3,2] is larger than the shape [2] that is drawn. Draw with its shape.",
            Assert.Throws<ShapeException>(() => Normal(Key.From(1), [2], Zeros([3, 2]))).Message);
        Assert.Equal(
            "Choice: f64[4] has 4 slices, so the probabilities are [4], given f64[3].",
            Assert.Throws<ShapeException>(() => Choice(Key.From(1), Zeros([4]), [2], true, Ones([3]))).Message);
    }

    private static Tensor Phi(Tensor x) => 0.5 * Erfc(x * -Math.Sqrt(0.5));

    // sup |F(x) − share of draws up to x|, from F at the draws.
    private static double Distance(Tensor levels)
    {
        var sorted = levels.ToArray<double>().Order().ToArray();
        Assert.All(sorted, level => Assert.InRange(level, -1e-6, 1 + 1e-6));
        return sorted.Select((level, i) => Math.Max(level - ((double)i / sorted.Length), ((i + 1.0) / sorted.Length) - level)).Max();
    }

    // Pearson's χ² per degree of freedom stays below 4 but for one seed in some thousands; what has no weight is never drawn.
    private static void Frequent(Tensor drawn, IEnumerable<double> weights)
    {
        var counts = Convert(drawn, DType.Int64).ToArray<long>().CountBy(place => place).ToDictionary(pair => (int)pair.Key, pair => pair.Value);
        var (shares, total) = (weights.ToArray(), weights.Sum());
        Assert.All(counts.Keys, place => Assert.InRange(place, 0, shares.Length - 1));
        Assert.All(counts.Keys, place => Assert.NotEqual(0, shares[place]));
        var expected = shares.Select(share => share / total * drawn.Size).ToArray();
        var statistic = expected.Select((mean, place) => mean == 0 ? 0 : Math.Pow(counts.GetValueOrDefault(place) - mean, 2) / mean).Sum();
        Assert.InRange(statistic / (shares.Length - 1), 0, 4);
    }
}
