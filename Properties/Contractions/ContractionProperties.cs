using Functional.Primitives;
using Functional.Programs;
using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Contractions;

/// <summary>The contraction against its definition, and NumPy's products spelled with it.</summary>
public class ContractionProperties
{
    // Products of integers up to 3 in sums of a few hundred are exact in every element type.
    private const double Exact = 0;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Contract_is_its_definition(int seed)
    {
        var (primitive, operands) = Drawn(seed);
        var contract = (Contract)primitive;
        var names = new Names();
        var batch = contract.LeftBatch.Map(_ => names.Next()).Strict();
        var summed = contract.Left.Map(_ => names.Next()).Strict();
        var left = names.For(operands[0], contract.LeftBatch.Concat(contract.Left), batch.Concat(summed));
        var right = names.For(operands[1], contract.RightBatch.Concat(contract.Right), batch.Concat(summed));
        var output = string.Concat(batch) + string.Concat(left.Except(batch.Concat(summed))) + string.Concat(right.Except(batch.Concat(summed)));
        var result = contract.Apply(operands[0], operands[1]);
        Assert.Equal(contract.Infer([operands[0].Type, operands[1].Type])[0], result.Type);
        BruteForce.Agrees(BruteForce.Sum([left, right], output, operands), result, Exact);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_batch_of_contractions_is_its_loop_bit_for_bit(int seed)
    {
        var (primitive, operands) = Drawn(seed);
        if (operands[0].DType.IsInteger()) return;
        const int size = 3;
        var sampler = new Sampler(seed, 4);
        foreach (var (x, y) in new[] { (true, true), (true, false), (false, true) })
        {
            Tensor Stacked(Tensor operand, bool isBatched) => isBatched ? sampler.Tensor(operand.DType, operand.Shape.Insert(0, size), -1, 1) : operand;
            var (left, right) = (Stacked(operands[0], x), Stacked(operands[1], y));
            var together = primitive.Batch(Seq(new Batched(left, x), new Batched(right, y)), size)[0].Value;
            var alone = Stack(Enumerable.Range(0, size).Select(i => primitive.ApplyAll(x ? left[i] : left, y ? right[i] : right)[0]));
            Assert.Equal(alone, together);
        }
    }

    // ⟨ū, C(ẋ, y)⟩ = ⟨x̄, ẋ⟩, and the same on the right.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Transposes_of_a_contraction_are_adjoint(int seed)
    {
        var (primitive, operands) = Drawn(seed);
        var contract = (Contract)primitive;
        var cotangent = new Sampler(seed, 4).Tensor(contract.Infer([operands[0].Type, operands[1].Type])[0], () => 1 + (seed % 3));
        var product = Inner(cotangent, contract.Apply(operands[0], operands[1]));
        for (var linear = 0; linear < 2; linear++)
        {
            var pulled = contract.Transpose(Seq1(Some(cotangent)), operands.Map((i, operand) => i == linear ? Operand.Linear(operand.Type) : Operand.Of(operand)).ToSeq().Strict());
            Assert.True(pulled[1 - linear].IsNone);
            var given = pulled[linear].IfNone(() => throw new InvalidOperationException());
            Assert.Equal(operands[linear].Type, given.Type);
            Assert.Equal(product, Inner(given, operands[linear]));
        }
    }

    [Fact]
    public void Cost_is_two_operations_a_product()
    {
        var types = new TensorType[] { new(DType.Float64, [3, 4]), new(DType.Float64, [4, 5]) };
        var contract = new Contract(Seq1(1), Seq1(0), Seq<int>(), Seq<int>());
        Assert.Equal(2 * 3 * 4 * 5, contract.Cost(types, contract.Infer(types)).Flops);
    }

    [Fact]
    public void Text_pairs_the_axes()
    {
        Assert.Equal("contract[axes=1·0]", new Contract(Seq1(1), Seq1(0), Seq<int>(), Seq<int>()).ToString());
        Assert.Equal("contract[axes=[1·2,3·1] batch=0·0]", new Contract(Seq(1, 3), Seq(2, 1), Seq1(0), Seq1(0)).ToString());
    }

    private static (Primitive Primitive, Tensor[] Operands) Drawn(int seed)
    {
        var (primitive, operands) = new Contract(Seq<int>(), Seq<int>(), Seq<int>(), Seq<int>()).Sample(new Sampler(seed, 4));
        var sampler = new Sampler(seed, 4);
        return (primitive, [.. operands.Map(operand => sampler.Tensor(operand.Type, () => sampler.Integer(-3, 3)))]);
    }

    private static double Inner(Tensor x, Tensor y) => (double)Convert(Sum(x * y), DType.Float64);

    private sealed class Names
    {
        private char next = 'a';

        internal char Next() => next++;

        internal string For(Tensor operand, Seq<int> known, Seq<char> names) =>
            string.Concat(Enumerable.Range(0, operand.Rank).Select(axis => known.Contains(axis) ? names[known.ToList().IndexOf(axis)] : Next()));
    }
}
