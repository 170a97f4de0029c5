using Functional.Programs;
using Functional.Structures;
using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Sampling;

/// <summary>A key is good for one use, and decides the numbers whatever the batch.</summary>
public class KeyProperties
{
    [Fact]
    public void A_key_used_twice_says_how_to_have_two()
    {
        var key = Key.From(1);
        Uniform(key, [3]);
        Assert.Equal(
            "Normal: this key was used by Uniform and would give the same numbers again. Split it before, var (a, b) = key.Split(), or pass key.Again() if you want the same numbers.",
            Assert.Throws<KeyException>(() => Normal(key, [3])).Message);
        Assert.Throws<KeyException>(() => key.Split());
        Assert.Throws<KeyException>(() => key.Batch(2));
    }

    public static TheoryData<string> Uses => [.. Everything.Keys];

    [Theory]
    [MemberData(nameof(Uses))]
    public void Every_use_uses_up(string use)
    {
        var key = Key.From(1);
        Everything[use](key);
        Assert.StartsWith($"Split: this key was used by {use} ", Assert.Throws<KeyException>(() => key.Split()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Again_gives_the_same_numbers()
    {
        var key = Key.From(1);
        Assert.Equal(Uniform(key, [5]), Uniform(key.Again(), [5]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_others()
    {
        Assert.Equal(Normal(Key.From(3), [4]), Normal(Key.From(3), [4]));
        Assert.NotEqual(Normal(Key.From(3), [4]), Normal(Key.From(4), [4]));
    }

    [Fact]
    public void Numbers_of_f64_are_pinned()
    {
        var (x, y) = (Threefry(0), Threefry(1));
        Assert.Equal(Tensor.From([x, y]), Uniform(Key.From(42), [2]));

        static double Threefry(ulong place) => Math.ScaleB(Functional.Kernels.Threefry.Block(42, place) & ((1ul << 53) - 1), -53);
    }

    // Of numbers from unrelated keys the correlation is of the order of 1/√n.
    [Fact]
    public void Split_and_folded_keys_are_unrelated()
    {
        const int count = 10000;
        var (first, second) = Key.From(9).Split();
        var third = Key.From(9).Fold(0);
        var fourth = Key.From(9).Fold(1);
        var draws = new[] { first, second, third, fourth, Key.From(9), Key.From(10) }.Select(key => Normal(key, [count])).ToArray();
        for (var i = 0; i < draws.Length; i++)
            for (var j = 0; j < i; j++)
                Assert.InRange(Math.Abs((double)Sum(draws[i] * draws[j])) / count, 0, 4 / Math.Sqrt(count));
    }

    [Fact]
    public void Fold_takes_a_traced_step_and_leaves_the_key()
    {
        var key = Key.From(2);
        var program = Trace.Of("test", Seq1(new TensorType(DType.Int64, Shape.Scalar)), step => Seq1(Uniform(key.Fold(step[0]), [3])));
        Assert.Equal(Uniform(key.Fold(5), [3]), program.Evaluate(Tensor.From(5L))[0]);
        Assert.Throws<DTypeException>(() => key.Fold(1.5));
        Normal(key, [1]);
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public void Under_Vmap_the_numbers_are_those_of_the_loop(string use)
    {
        const int size = 5;
        var keys = Key.From(8).Batch(size);
        var program = Trace.Of("test", Seq1(new TensorType(DType.Int64, Shape.Scalar)), words => Seq1(Everything[use](new Key(words[0]))));
        var loop = Stack(Enumerable.Range(0, size).Select(i => Everything[use](new Key(keys.Words[i]))));
        Assert.Equal(loop, program.Vmap(size).Evaluate(keys.Words)[0]);
    }

    [Fact]
    public void A_batch_of_keys_is_the_keys_split()
    {
        var together = Uniform(Key.From(4).Batch(3), [2]);
        Assert.Equal(Stack(Key.From(4).Split(3).Select(key => Uniform(key, [2]))), together);
    }

    [Fact]
    public void A_key_is_a_leaf_of_structures()
    {
        var leaves = Structure.Flatten((Key.From(6), Tensor.From(1.0)));
        Assert.Equal(Seq(Tensor.From(6L), Tensor.From(1.0)), leaves.Leaves);
        var mapped = Transforms.Vmap(((Key Key, Tensor Mean) p) => Normal(p.Key, [2], p.Mean));
        var means = Tensor.From(new double[] { 0, 100, 200 });
        var drawn = mapped((Key.From(6).Batch(3), means));
        Assert.Equal(Stack(Key.From(6).Split(3).Select((key, i) => Normal(key, [2], means[i]))), drawn);
    }

    private static readonly Dictionary<string, Func<Key, Tensor>> Everything = new()
    {
        ["Uniform"] = key => Uniform(key, [3], -1, 4),
        ["Normal"] = key => Normal(key, [3], Tensor.From(new double[] { 1, 2, 3 }), 2, DType.Float32),
        ["TruncatedNormal"] = key => TruncatedNormal(key, [3], 1, 2),
        ["Exponential"] = key => Exponential(key, [2, 2], 3),
        ["Gumbel"] = key => Gumbel(key, []),
        ["Bernoulli"] = key => Bernoulli(key, [7], 0.3),
        ["Categorical"] = key => Categorical(key, Tensor.From(new double[,] { { 1, 2 }, { 3, 1 }, { 0, 0 } })),
        ["Permutation"] = key => Permutation(key, 6),
        ["RandomIntegers"] = key => RandomIntegers(key, [9], -5, 5, DType.Int32),
    };
}
