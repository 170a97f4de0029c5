using Functional.Kernels;
using Xunit;

namespace Functional.Properties.Sampling;

/// <summary>The generator against its published vectors, and its spans against its definition.</summary>
public class ThreefryProperties
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 36)];

    // The known answers of Random123 for threefry2x32 with 20 rounds; low words first.
    [Theory]
    [InlineData(0x0000000000000000, 0x0000000000000000, 0x99ba4efe6b200159)]
    [InlineData(0xffffffffffffffff, 0xffffffffffffffff, 0xbb002be71cb996fc)]
    [InlineData(0x0370734413198a2e, 0x85a308d3243f6a88, 0x483df7a0c4923a9c)]
    public void Known_answers_are_given(ulong key, ulong counter, ulong answer) => Assert.Equal(answer, Threefry.Block(key, counter));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Element_i_is_the_block_of_counter_i(int length)
    {
        const long key = 0x123456789ABCDEF;
        var (wide, narrow) = (new long[length], new int[length]);
        Threefry.Fill(key, wide);
        Threefry.Fill(key, narrow);
        for (var i = 0; i < length; i++)
        {
            Assert.Equal(Threefry.Block((ulong)key, (ulong)i), (ulong)wide[i]);
            Assert.Equal((uint)(Threefry.Block((ulong)key, (ulong)i / 2) >> (i % 2 * 32)), (uint)narrow[i]);
        }
    }

    // Every product and sum is exact: the numbers have no more bits than the mantissa.
    [Theory]
    [MemberData(nameof(Lengths))]
    public void Unit_numbers_are_the_low_bits_scaled(int length)
    {
        const long key = 99;
        var (wide, narrow) = (new long[length], new int[length]);
        Threefry.Fill(key, wide);
        Threefry.Fill(key, narrow);
        var (doubles, singles) = (new double[length], new float[length]);
        Threefry.FillUnit(key, doubles, inside: false);
        Threefry.FillUnit(key, singles, inside: false);
        Assert.Equal(wide.Select(bits => Math.ScaleB(bits & ((1L << 53) - 1), -53)), doubles);
        Assert.Equal(narrow.Select(bits => MathF.ScaleB(bits & ((1 << 24) - 1), -24)), singles);
        Threefry.FillUnit(key, doubles, inside: true);
        Threefry.FillUnit(key, singles, inside: true);
        Assert.Equal(wide.Select(bits => Math.ScaleB((2 * (bits & ((1L << 52) - 1))) + 1, -53)), doubles);
        Assert.Equal(narrow.Select(bits => MathF.ScaleB((2 * (bits & ((1 << 23) - 1))) + 1, -24)), singles);
    }

    [Fact]
    public void Draws_splits_and_folds_of_one_key_never_meet()
    {
        var (drawn, split) = (new long[1000], new long[1000]);
        Threefry.Fill(7, drawn);
        Threefry.Split(7, split);
        var folded = Enumerable.Range(0, 1000).Select(number => Threefry.Fold(7, number));
        Assert.Equal(3000, drawn.Concat(split).Concat(folded).Distinct().Count());
    }

    // At 3·2⁶¹ every fourth draw is rejected, so the path of the second draw is well walked.
    [Fact]
    public void Rejected_integers_are_drawn_again()
    {
        const ulong count = 3ul << 61;
        var drawn = new long[30000];
        Threefry.FillBelow(5, count, drawn);
        Assert.All(drawn, number => Assert.InRange(number, 0, (long)count - 1));
        for (var third = 0ul; third < 3; third++)
            Assert.InRange(drawn.Count(number => (ulong)number / (count / 3) == third), 9700, 10300);
    }
}
