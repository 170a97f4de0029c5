using FsCheck.Fluent;
using Functional.Jacobians;
using Functional.Properties.Generators;
using Functional.Structures;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Jacobians;

/// <summary>Sparse Jacobians and Hessians are the dense ones, from few passes.</summary>
public class SparseProperties
{
    // Sums in another order, of numbers of the size of the entries.
    private const double Rounding = 1e-12;

    public static TheoryData<string> Functions => [.. Known.Keys];

    private static readonly SortedDictionary<string, (Func<Tensor, Tensor> F, Tensor At)> Known = new(StringComparer.Ordinal)
    {
        ["Broyden tridiagonal"] = (Problems.BroydenTridiagonal, Point(20)),
        ["Broyden banded"] = (Problems.BroydenBanded, Point(20)),
        ["extended Powell"] = (Problems.ExtendedPowell, Point(20)),
        ["arrowhead"] = (Problems.Arrowhead, Point(20)),
        ["Laplacian"] = (Problems.Laplacian, Point(5, 6)),
        ["Brusselator"] = (Problems.Brusselator, Point(2, 6, 6)),
        ["convolution"] = (x => Problems.Convolution(x)[3..7, 2..5], Point(28, 28, 3)),
        ["dense"] = (x => x * Sum(x), Point(9)),
        ["nothing"] = (x => Zeros([3]), Point(4)),
        ["some that stand still"] = (x => Concatenate([StopGradient(x) * 2, x * x, Round(x)]), Point(4)),
        ["a scalar"] = (x => x * x, Tensor.From(3.0)),
        ["an empty argument"] = (x => x * 2, Zeros([0])),
        ["an empty result"] = (x => Zeros([0, 2]), Point(3)),
        ["a loop"] = (x => Scan((c, row) => (c + row, c * row), Tensor.From(0.5), x).Outputs, Point(6)),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_sparse_Jacobian_is_the_dense_one(string name)
    {
        var (f, x) = Known[name];
        var sparse = SparseJacobian(f);
        foreach (var at in new[] { x, x + 0.25 })
        {
            var found = sparse(at);
            var dense = Jacobian(f, JacobianMode.Forward)(at);
            Assert.Equal(new Shape(dense.Size / Math.Max(1, at.Size), at.Size), found.ToDense().Shape);
            Close(Reshape(dense, found.Rows, found.Columns), found.ToDense());
            Assert.Equal(SparsityPattern(f)(at), found.Pattern);
        }
    }

    [Fact]
    public void Every_colouring_gives_the_same_entries()
    {
        foreach (var (f, x) in Known.Values)
        {
            var lifted = Lifted.At("Test", f, x);
            var passes = Passes.Of(lifted);
            var pattern = PatternDetection.Of(lifted.Program, Seq<Tensor>());
            var expected = Compression.Values(passes, pattern, Colouring.Of(pattern, ColouringKind.Columns));
            Close(expected, Compression.Values(passes, pattern, Colouring.Of(pattern, ColouringKind.Rows)));
            Close(expected, Compression.Values(passes, pattern, Colouring.Of(pattern, ColouringKind.Bidirectional)));
            Close(new Csr(pattern, expected).ToDense(), passes.Matrix(true));
            Close(passes.Matrix(false), passes.Matrix(true));
        }
    }

    [Fact]
    public void A_sparse_Jacobian_of_a_random_program_is_the_dense_one() => Theorem.Holds(
        ProgramDraw.Any,
        100,
        draw =>
        {
            var inputs = draw.Inputs;
            if (inputs.Exists(input => !input.DType.IsFloat()) || draw.Program.Outputs.Exists(output => !output.Type.DType.IsFloat())) return false;
            var passes = Passes.Of(new(draw.Program, inputs, null!, null!));
            var pattern = PatternDetection.Of(draw.Program, Seq<Tensor>());
            var dense = passes.Matrix(true);
            // Where a factor overflows, zeros are not zero.
            if (!(bool)All(IsFinite(dense))) return false;
            foreach (var kind in new[] { ColouringKind.Columns, ColouringKind.Rows, ColouringKind.Bidirectional })
            {
                var colouring = Colouring.Of(pattern, kind);
                var found = new Csr(pattern, Compression.Values(passes, pattern, colouring)).ToDense();
                if (!(bool)All(IsFinite(found))) return false;
                Assert.True((double)Max(Concatenate([Reshape(Abs(found - dense), dense.Size), Zeros([1])])) <= Tolerance(dense, draw.Program.ToString().Contains("f32", StringComparison.Ordinal)), $"{colouring}\n{pattern}\n{draw.Program}");
            }
            return true;
        },
        0.2);

    [Fact]
    public void A_sparse_Hessian_is_the_dense_one()
    {
        foreach (var f in new Func<Tensor, Tensor>[] { Problems.ChainedRosenbrock, Problems.Arwhead, x => Sum(Problems.Laplacian(Reshape(x, 5, 4)) * Exp(Reshape(x, 5, 4))), x => Prod(Sin(x)), x => Sum(x) })
        {
            var hessian = SparseHessian(f);
            foreach (var at in new[] { Point(20), Point(20) * 0.5 }) Close(Hessian(f)(at), hessian(at).ToDense());
        }
    }

    [Fact]
    public void Every_symmetric_way_gives_the_same_entries() => Theorem.Holds(
        ColouringProperties.Patterns(true).ToArbitrary(),
        100,
        pattern =>
        {
            // A quadratic form with the pattern: the gradient is A x.
            var n = pattern.Rows;
            var random = Cos(Reshape(Arange(n * n), n, n) * 1.3) + 0.5;
            var matrix = Convert(pattern.ToTensor(), DType.Float64) * (random + random.T);
            var lifted = Lifted.At("Test", x => MatMul(matrix, x), Zeros([n]));
            var passes = Passes.Of(lifted);
            foreach (var kind in new[] { ColouringKind.Star, ColouringKind.Acyclic })
            {
                var colouring = Colouring.Of(pattern, kind);
                var way = ModeChoice.Of("Test", pattern, colouring, 1) with { Substitution = kind == ColouringKind.Acyclic ? Substitution.Of(pattern, colouring, int.MaxValue) : None };
                Close(matrix, new Csr(pattern, Compression.Values(passes, way)).ToDense());
            }
            return pattern.Count > 0;
        },
        0.7);

    [Fact]
    public void Substitution_is_taken_where_it_saves_a_pass_and_is_short()
    {
        // A tree of depth two: its leaves tell the rest.
        var f = (Tensor x) => Sum(Sin(x[1..4] * x[0]) * x[0]) + Sum(Exp(Reshape(x[4..], 3, 5) * ExpandDims(x[1..4], 1)));
        var text = Explain(SparseHessian(f))(Point(19)).ToString();
        Assert.Contains("→ acyclic coloured", text, StringComparison.Ordinal);
        Close(Hessian(f)(Point(19)), SparseHessian(f)(Point(19)).ToDense());
    }

    [Fact]
    public void Structures_have_a_row_and_a_column_for_each_element()
    {
        var f = ((Tensor X, Tensor Y) p) => (p.X * Sum(p.Y), Second: Tanh(p.Y));
        var at = (Point(2, 2), Convert(Point(3), DType.Float32));
        var found = SparseJacobian(f)(at);
        Assert.Equal("7 × 7, 19 nonzeros, f64[19]", found.ToString());
        var blocks = Jacobian(f, JacobianMode.Forward)(at);
        var dense = Concatenate([.. blocks.Rows.Map(row => Concatenate([.. row.Map(block => Convert(Reshape(block, block.Shape[0] == 2 ? 4 : 3, block.Size / (block.Shape[0] == 2 ? 4 : 3)), DType.Float64))], 1))]);
        Assert.True((double)Max(Abs(dense - found.ToDense())) < 1e-6);
    }

    [Fact]
    public void A_host_decision_selects_its_own_pattern()
    {
        var f = (Tensor x) => (bool)(Sum(x) > 0) ? x * x : x * Flip(x);
        var sparse = SparseJacobian(f);
        foreach (var at in new[] { Point(4), -Point(4), Point(4) * 3, -Point(4) * 2 })
        {
            Close(Jacobian(f)(at), sparse(at).ToDense());
            Assert.Equal((double)Sum(at) > 0 ? 4 : 8, sparse(at).Pattern.Count);
        }
    }

    [Fact]
    public void A_function_is_traced_once_for_each_type()
    {
        var traced = 0;
        var sparse = SparseJacobian(x =>
        {
            traced++;
            return Problems.BroydenTridiagonal(x);
        });
        for (var i = 0; i < 3; i++) _ = sparse(Point(5) + i);
        Assert.Equal(1, traced);
        _ = sparse(Point(6));
        Assert.Equal(2, traced);
    }

    [Fact]
    public void It_composes_with_Jit_and_Grad()
    {
        var x = Point(8);
        var jitted = Jit(y => SparseJacobian(Problems.BroydenTridiagonal)(y * 2).Values * 3);
        Close(SparseJacobian(Problems.BroydenTridiagonal)(x * 2).Values * 3, jitted(x));
        var whole = Jit<Tensor, Csr>(y => SparseJacobian(Problems.BroydenTridiagonal)(y));
        Close(SparseJacobian(Problems.BroydenTridiagonal)(x).ToDense(), whole(x).ToDense());
        Close(
            Grad(y => Sum(Square(Jacobian(Problems.BroydenTridiagonal)(y))))(x),
            Grad(y => Sum(Square(SparseJacobian(Problems.BroydenTridiagonal)(y).Values)))(x));
    }

    [Fact]
    public void It_is_batched_and_pushed_forward()
    {
        var x = Point(3, 8);
        var values = (Tensor y) => SparseJacobian(Problems.BroydenTridiagonal)(y).Values;
        var batch = Vmap(values)(x);
        for (var i = 0; i < 3; i++) Close(values(x[i]), batch[i]);
        var (value, tangent) = Jvp<Tensor, Csr>(y => SparseJacobian(Problems.BroydenTridiagonal)(y))(x[0], Ones([8]));
        var (dense, along) = Jvp(Jacobian(Problems.BroydenTridiagonal))(x[0], Ones([8]));
        Close(dense, value.ToDense());
        Close(along, tangent.ToDense());
    }

    [Fact]
    public void Threads_share_what_is_prepared()
    {
        var sparse = SparseJacobian(Problems.BroydenTridiagonal);
        Parallel.For(0, 40, i => Close(Jacobian(Problems.BroydenTridiagonal)(Point(5 + (i % 3)) + i), sparse(Point(5 + (i % 3)) + i).ToDense()));
    }

    [Fact]
    public void More_entries_than_an_array_holds_are_refused() => Assert.Equal(
        "SparseJacobian: 3600000000 entries from 60000 passes are 3600000000 numbers, more than an array can hold. Use products with the matrix, Jvp, Vjp or Hvp.",
        Assert.Throws<ShapeException>(() => SparseJacobian(x => x * Sum(x))(Point(60_000))).Message);

    [Fact]
    public void A_product_and_a_conversion_are_those_of_the_dense_matrix()
    {
        var x = Point(9);
        foreach (var f in new Func<Tensor, Tensor>[] { Problems.BroydenBanded, y => Zeros([4]) })
        {
            var sparse = SparseJacobian(f)(x);
            Close(MatMul(sparse.ToDense(), x), sparse.Times(x));
            var other = sparse.ToMathNet();
            Assert.Equal(sparse.ToDense(), Tensor.From(other.ToArray()));
            Assert.Equal(sparse.Pattern.Count, other.Storage.EnumerateNonZero().Count() + sparse.Values.ToArray<double>().Count(value => value == 0));
        }
    }

    [Fact]
    public void A_pattern_of_ones_own_is_used_where_it_fits()
    {
        var x = Point(6);
        var dense = Sparsity.From([.. Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, 6).ToArray())], 6);
        Close(Jacobian(Problems.BroydenTridiagonal)(x), SparseJacobian(Problems.BroydenTridiagonal, dense)(x).ToDense());
        Close(Hessian(Problems.ChainedRosenbrock)(x), SparseHessian(Problems.ChainedRosenbrock, dense)(x).ToDense());
        Assert.Equal(
            "SparseJacobian: the pattern is 6 × 6, but the result has 5 elements and the argument 5. Leave the pattern out, or take it from SparsityPattern(f)(x).",
            Assert.Throws<ShapeException>(() => SparseJacobian(Problems.BroydenTridiagonal, dense)(Point(5))).Message);
        Assert.Throws<ShapeException>(() => SparseHessian(Problems.ChainedRosenbrock, Sparsity.From([new[] { 1 }, []], 2))(Point(2)));
    }

    [Fact]
    public void What_has_no_derivative_is_refused()
    {
        Assert.Contains("SparseJacobian: ", Assert.Throws<NotDifferentiableException>(() => SparseJacobian(x => x > 0)(Point(2))).Message, StringComparison.Ordinal);
        Assert.Contains("SparseJacobian: ", Assert.Throws<NotDifferentiableException>(() => SparseJacobian(x => x * 1.0)(Arange(3))).Message, StringComparison.Ordinal);
        Assert.Contains("SparseHessian: needs a scalar", Assert.Throws<ShapeException>(() => SparseHessian(x => x * 1.0)(Point(3))).Message, StringComparison.Ordinal);
        Assert.Contains("SparseJacobian: ", Assert.Throws<StructureException>(() => SparseJacobian((int n) => Zeros([n]))(3)).Message, StringComparison.Ordinal);
        Assert.Contains("Csr.Times: ", Assert.Throws<ShapeException>(() => SparseJacobian(x => x * x)(Point(3)).Times(Point(2))).Message, StringComparison.Ordinal);
    }

    private static Tensor Point(params int[] extents) => Cos(Reshape(Arange(new Shape(extents).Size), extents) * 1.0) + 1.5;

    // What passed through f32 is rounded there.
    private static double Tolerance(Tensor expected, bool isSingle = false) =>
        (isSingle || expected.DType == DType.Float32 ? 1e-4 : Rounding) * (1 + (double)Max(Concatenate([Reshape(Abs(expected), expected.Size), Zeros([1])])));

    private static void Close(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.Shape, found.Shape);
        if (expected.Size > 0) Assert.True((double)Max(Abs(expected - found)) <= Tolerance(expected), $"expected {expected}\nfound {found}");
    }
}
