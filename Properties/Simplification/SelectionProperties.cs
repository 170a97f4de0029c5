using Functional.Primitives;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Simplification;

/// <summary>Rows that are read of a product are taken from its factor.</summary>
public class SelectionProperties
{
    [Fact]
    public void Rows_of_a_product_are_the_products_of_rows_bit_for_bit()
    {
        var smaller = 0;
        foreach (var seed in Enumerable.Range(0, Theorem.Count(400)))
        {
            var sampler = new Sampler(seed, 9);
            var application = new Contract(Seq<int>(), Seq<int>(), Seq<int>(), Seq<int>()).Sample(sampler);
            var (contract, factors) = ((Contract)application.Primitive, application.Operands);
            var product = contract.Apply([.. factors]);
            var batch = contract.LeftBatch.Count;
            if (product.Rank == batch || product.Shape[batch..].Any(extent => extent == 0)) continue;
            var axis = sampler.Integer(batch, product.Rank - 1);
            Tensor Index() => Indices.Sample(sampler, sampler.Shape(highestRank: 2), [product.Shape[axis]])[0];
            var (one, other) = (Index(), Index());
            var program = Programs(inputs => Seq(
                new Gather(axis).Apply(contract.Apply(inputs[0], inputs[1]), inputs[2]),
                new Gather(axis).Apply(contract.Apply(inputs[0], inputs[1]), inputs[3])), factors[0], factors[1], one, other);
            var simple = program.Simplify();
            if (simple.Equations.Exists(equation => equation.Primitive is Contract && equation.Outputs[0].Type.Size < product.Size)) smaller++;
            Assert.Equal(program.Evaluate(factors[0], factors[1], one, other), simple.Evaluate(factors[0], factors[1], one, other));
        }
        Assert.True(smaller >= 20, $"only {smaller} products were computed in part");
    }

    [Fact]
    public void What_reads_the_rest_of_a_product_has_it_computed_whole()
    {
        Tensor x = Ones([40, 8], DType.Float64), y = Ones([8, 30], DType.Float64), few = Tensor.From([3, 1]), many = Zeros([39], DType.Int32);
        bool IsWhole(Func<Tensor, Tensor> f) => Trace(f)(x).Simplify().Equations.Exists(equation => equation.Primitive is Contract && equation.Outputs[0].Type.Shape == [40, 30]);
        Assert.False(IsWhole(t => Take(MatMul(t, y), few)));
        Assert.False(IsWhole(t => Take(Take(MatMul(t, y), few), few, axis: 1)));
        Assert.True(IsWhole(t => Take(MatMul(t, y), many)));
        Assert.True(IsWhole(t => Sum(Take(MatMul(t, y), few)) + Sum(MatMul(t, y))));
        Assert.True(IsWhole(t => MatMul(t, y)));
        Assert.True(IsWhole(t => Gather(MatMul(t, y), few, few)));
    }

    [Fact]
    public void Rows_of_what_is_known_are_taken_before_the_program_runs()
    {
        Tensor table = new Sampler(1, 9).Tensor(DType.Float64, [40, 8]), few = Tensor.From([3, 1]);
        var simple = Trace(y => Take(MatMul(table, y), few))(Ones([8, 3], DType.Float64)).Simplify();
        Assert.IsType<Contract>(Assert.Single(simple.Equations).Primitive);
        Assert.Equal([2, 8], Assert.Single(simple.Captures).Shape);
    }

    private static Program Programs(Func<Seq<Tensor>, Seq<Tensor>> f, params Tensor[] at) => Functional.Programs.Trace.Of("Test", at.Map(one => one.Type).ToSeq().Strict(), f);
}
