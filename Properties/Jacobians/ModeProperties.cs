using Functional.Jacobians;
using Functional.Properties.Generators;
using Functional.Structures;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Jacobians;

/// <summary>The way to a Jacobian is the one of the fewest counted passes, and never shows in the result.</summary>
public class ModeProperties
{
    // Sums in another order, of numbers of the size of the entries.
    private const double Rounding = 1e-11;

    [Fact]
    public void Every_way_gives_the_same_Jacobian_of_a_random_program() => Theorem.Holds(
        ProgramDraw.Plain,
        80,
        draw =>
        {
            if (draw.Inputs.Exists(input => !input.DType.IsFloat()) || draw.Program.Outputs.Exists(output => !output.Type.DType.IsFloat())) return false;
            var passes = Passes.Of(new(draw.Program, draw.Inputs, null!, null!));
            var ways = ModeChoice.Of("Test", passes, draw.Program, worth: 0).Ways;
            var expected = DenseJacobian.Rows(ways[0], passes);
            if (expected.Exists(row => row.Exists(block => !(bool)All(IsFinite(block))))) return false;
            foreach (var way in ways.Tail)
            {
                var found = DenseJacobian.Rows(way, passes);
                if (found.Exists(row => row.Exists(block => !(bool)All(IsFinite(block))))) return false;
                foreach (var (row, other) in expected.Zip(found))
                    foreach (var (block, same) in row.Zip(other))
                        if (!IsClose(block, same)) Assert.Fail($"{way}\nexpected {block}\nfound {same}\n{draw.Program}");
            }
            return ways.Count > 2;
        },
        0.2);

    [Fact]
    public void A_bottleneck_takes_as_many_passes_as_it_is_wide_twice()
    {
        Func<Tensor, Tensor> f = x => Tanh(MatMul(Weights(1000, 3), Sin(MatMul(Weights(3, 1000), x))));
        var choice = Choice(f, Point(1000));
        Assert.Equal("split at 3", choice.Taken.Name);
        Assert.Equal((3, 3), (choice.Taken.Forward, choice.Taken.Reverse));
        Assert.True(IsClose(Jacobian(f, JacobianMode.Forward)(Point(1000)), Jacobian(f)(Point(1000))));
    }

    [Fact]
    public void Several_values_at_once_may_be_the_bottleneck()
    {
        Func<Tensor, Tensor> f = x => Atan(Outer(Sum(x * x), x, 1)) * Sum(Sin(x)) + Outer(Mean(x), x, 0);
        var choice = Choice(f, Point(400));
        Assert.Equal("split at 3", choice.Taken.Name);
        Assert.True(IsClose(Jacobian(f, JacobianMode.Reverse)(Point(400)), Jacobian(f)(Point(400))));

        static Tensor Outer(Tensor scalar, Tensor like, int start) => scalar * Sin(Arange(like.Size) + (1.0 * start));
    }

    [Fact]
    public void A_thin_pattern_takes_its_colours()
    {
        Assert.Equal(3, Taken(Problems.BroydenTridiagonal, Point(3000)));
        Assert.Equal(3, Taken(Problems.Arrowhead, Point(3000)));
        Assert.Equal(6, Taken(Problems.Brusselator, Point(2, 24, 24)));
        foreach (var (f, x) in new (Func<Tensor, Tensor>, Tensor)[] { (Problems.BroydenTridiagonal, Point(700)), (Problems.Arrowhead, Point(700)), (Problems.Brusselator, Point(2, 12, 12)) })
            Assert.True(IsClose(Jacobian(f, JacobianMode.Forward)(x), Jacobian(f)(x)));
    }

    [Fact]
    public void A_thin_Hessian_takes_its_colours()
    {
        var x = Point(400);
        Assert.Contains("→ columns coloured", Explain(Hessian(Problems.ChainedRosenbrock))(x).ToString(), StringComparison.Ordinal);
        Assert.True(IsClose(Jacobian(Grad(Problems.ChainedRosenbrock), JacobianMode.Forward)(x), Hessian(Problems.ChainedRosenbrock)(x)));
    }

    [Fact]
    public void A_dense_function_takes_the_direction_of_fewer_passes()
    {
        Assert.Equal("forward", Choice(x => MatMul(Weights(300, 200), Sin(x)), Point(200)).Taken.Name);
        Assert.Equal("reverse", Choice(x => MatMul(Weights(100, 400), Sin(x)), Point(400)).Taken.Name);
        Assert.Equal("forward", Choice(x => Sin(x), Point(3)).Taken.Name);
        Assert.Equal("reverse", Choice(x => Sum(x * x), Point(3)).Taken.Name);
    }

    [Fact]
    public void Structures_are_cut_into_their_blocks()
    {
        var f = ((Tensor X, Tensor Y) p) => (Problems.BroydenTridiagonal(p.X) * Sum(p.Y), Second: Sin(p.Y));
        var at = (Point(400), Point(2, 2));
        Assert.EndsWith("coloured", Choice(f, at).Taken.Name, StringComparison.Ordinal);
        var (expected, found) = (Jacobian(f, JacobianMode.Forward)(at), Jacobian(f)(at));
        foreach (var (row, other) in expected.Rows.Zip(found.Rows))
            foreach (var (block, same) in row.Zip(other)) Assert.True(IsClose(block, same));
    }

    [Fact]
    public void Explain_tells_the_ways_and_the_one_taken()
    {
        var text = Explain(Jacobian(Problems.BroydenTridiagonal))(Point(1000)).ToString();
        Assert.Contains("Jacobian, 1000 × 1000: pushforwards + pullbacks", text, StringComparison.Ordinal);
        Assert.Contains("at least 3, Lattice", text, StringComparison.Ordinal);
        Assert.Contains("the pattern has 2998 nonzeros", text, StringComparison.Ordinal);
        Assert.Contains("SparseJacobian, 1000 × 1000 with 2998 nonzeros", Explain(SparseJacobian<Tensor, Tensor>(Problems.BroydenTridiagonal))(Point(1000)).ToString(), StringComparison.Ordinal);
        Assert.Contains("too little work", Explain(Jit(y => Jacobian(Grad(x => Sum(x * x * x)))(y)))(Point(3)).ToString(), StringComparison.Ordinal);
    }

    private static int Taken(Func<Tensor, Tensor> f, Tensor x)
    {
        var taken = Choice(f, x).Taken;
        Assert.EndsWith("coloured", taken.Name, StringComparison.Ordinal);
        return taken.Forward + taken.Reverse;
    }

    private static ModeChoice Choice<P, R>(Func<P, R> f, P at)
    {
        var lifted = Lifted.At("Test", f, at);
        return ModeChoice.Of("Test", Passes.Of(lifted), lifted.Program);
    }

    private static Tensor Point(params int[] extents) => Cos(Reshape(Arange(new Shape(extents).Size), extents) * 1.0) + 1.5;

    private static Tensor Weights(int rows, int columns) => Cos(Reshape(Arange(rows * columns), rows, columns) * 0.37);

    private static bool IsClose(Tensor expected, Tensor found) =>
        expected.Type == found.Type
        && (expected.Size == 0 || (double)Max(Abs(expected - found)) <= (expected.DType == DType.Float32 ? 1e-4 : Rounding) * (1 + (double)Max(Abs(expected))));
}
