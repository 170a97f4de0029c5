using FsCheck;
using FsCheck.Fluent;
using Functional.Jacobians;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Jacobians;

/// <summary>Colourings tell every entry apart, and are as few as is known of the textbook's patterns.</summary>
public class ColouringProperties
{
    private static readonly ColouringOrder[] Orders =
        [ColouringOrder.Natural, ColouringOrder.LargestFirst, ColouringOrder.SmallestLast, ColouringOrder.IncidenceDegree];

    /// <summary>Patterns of any shape and density, some with long rows.</summary>
    internal static Gen<Sparsity> Patterns(bool isSymmetric) =>
        from rows in Gen.Choose(0, 30)
        from other in Gen.Choose(0, 30)
        from sparse in Gen.Choose(1, 20)
        from seed in Gen.Choose(0, int.MaxValue)
        select Draw(rows, isSymmetric ? rows : other, sparse, new Random(seed), isSymmetric);

    [Fact]
    public void Every_kind_and_order_recovers_what_it_promises() => Theorem.Holds(
        Patterns(false).ToArbitrary(),
        300,
        pattern =>
        {
            foreach (var kind in new[] { ColouringKind.Columns, ColouringKind.Rows, ColouringKind.Bidirectional })
                foreach (var order in Orders) Check(pattern, kind, order);
            foreach (var kind in new[] { ColouringKind.Columns, ColouringKind.Rows, ColouringKind.Bidirectional }) Check(pattern, kind, null);
            return pattern.Count > 0;
        },
        0.8);

    [Fact]
    public void Every_symmetric_kind_and_order_recovers_what_it_promises() => Theorem.Holds(
        Patterns(true).ToArbitrary(),
        300,
        pattern =>
        {
            foreach (var kind in new[] { ColouringKind.Star, ColouringKind.Acyclic })
            {
                foreach (var order in Orders) Check(pattern, kind, order);
                Check(pattern, kind, null);
            }
            return pattern.Count > 0;
        },
        0.8);

    [Fact]
    public void Long_rows_are_left_out_and_their_columns_differ() => Theorem.Holds(
        Patterns(false).ToArbitrary(),
        300,
        pattern =>
        {
            foreach (var order in Orders)
            {
                var (colours, _) = PartialColouring.Of(pattern, order, 4);
                var colouring = Made(ColouringKind.Columns, colours, []);
                if (!colouring.Recovers(pattern)) Assert.Fail($"{colouring} does not recover\n{pattern}\ncolumns {string.Join(" ", colours)}");
            }
            return pattern.Count > 0;
        },
        0.8);

    [Fact]
    public void Half_a_dense_row_costs_no_quadratic_time()
    {
        const int N = 200_000;
        var pattern = Sparsity.From([.. Enumerable.Range(0, N).Select(row => row == 7 ? Enumerable.Range(0, N / 2).ToArray() : new[] { row })], N);
        var colouring = Colouring.Of(pattern, ColouringKind.Columns);
        Assert.True(colouring.Recovers(pattern));
        Assert.Equal(N / 2, colouring.Count);
        Assert.Equal(2, Colouring.Of(pattern, ColouringKind.Bidirectional).Count);
    }

    [Fact]
    public void A_wrong_colouring_is_told()
    {
        var pattern = Sparsity.From([new[] { 0, 1 }, [1, 2], [0, 2]], 3);
        Assert.True(Made(ColouringKind.Columns, [0, 1, 2], []).Recovers(pattern));
        Assert.False(Made(ColouringKind.Columns, [0, 1, 0], []).Recovers(pattern));
        Assert.False(Made(ColouringKind.Rows, [], [0, 0, 1]).Recovers(pattern));
        Assert.False(Made(ColouringKind.Bidirectional, [0, 1, 0], [-1, 0, -1]).Recovers(pattern));
        Assert.True(Made(ColouringKind.Bidirectional, [0, 1, 0], [-1, -1, 0]).Recovers(pattern));
        Assert.False(Made(ColouringKind.Columns, [0, 1], []).Recovers(pattern));
        // A path of four has two colours and no cycle; a square has a cycle.
        var path = Sparsity.From([new[] { 1 }, [0, 2], [1, 3], [2]], 4);
        Assert.False(Made(ColouringKind.Star, [0, 1, 0, 1], []).Recovers(path));
        Assert.True(Made(ColouringKind.Acyclic, [0, 1, 0, 1], []).Recovers(path));
        Assert.False(Made(ColouringKind.Acyclic, [0, 0, 1, 0], []).Recovers(path));
        var square = Sparsity.From([new[] { 1, 3 }, [0, 2], [1, 3], [0, 2]], 4);
        Assert.False(Made(ColouringKind.Acyclic, [0, 1, 0, 1], []).Recovers(square));
        Assert.True(Made(ColouringKind.Acyclic, [0, 1, 0, 2], []).Recovers(square));
    }

    [Fact]
    public void Broyden_tridiagonal_takes_3() => Takes(3, Of(Problems.BroydenTridiagonal, Point(50)), ColouringKind.Columns, ColouringKind.Rows);

    [Fact]
    public void Broyden_banded_takes_7() => Takes(7, Of(Problems.BroydenBanded, Point(50)), ColouringKind.Columns, ColouringKind.Rows);

    [Fact]
    public void Extended_Powell_takes_2() => Takes(2, Of(Problems.ExtendedPowell, Point(40)), ColouringKind.Columns, ColouringKind.Rows);

    [Fact]
    public void Chained_Rosenbrock_takes_3_directly_and_2_by_substitution()
    {
        var hessian = Of(Grad(Problems.ChainedRosenbrock), Point(50));
        Takes(3, hessian, ColouringKind.Star);
        Takes(2, hessian, ColouringKind.Acyclic);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(3000)]
    public void An_arrowhead_takes_all_in_one_direction_and_3_in_two(int n)
    {
        var pattern = Of(Problems.Arrowhead, Point(n));
        Takes(n, pattern, ColouringKind.Columns, ColouringKind.Rows);
        Takes(3, pattern, ColouringKind.Bidirectional);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(3000)]
    public void Arwhead_takes_2(int n) => Takes(2, Of(Grad(Problems.Arwhead), Point(n)), ColouringKind.Star, ColouringKind.Acyclic);

    [Fact]
    public void The_five_point_Laplacian_takes_5()
    {
        var pattern = Of(Problems.Laplacian, Point(10, 10));
        Takes(5, pattern, ColouringKind.Columns, ColouringKind.Rows);
        foreach (var order in Orders) Assert.InRange(Colouring.Of(pattern, ColouringKind.Columns, order).Count, 5, 7);
    }

    [Theory]
    [InlineData(6, 9)]
    [InlineData(12, 10)]
    [InlineData(24, 10)]
    [InlineData(48, 10)]
    [InlineData(96, 10)]
    [InlineData(192, 10)]
    public void The_Brusselator_takes_6_where_6_divides_N(int n, int natural)
    {
        var pattern = Of(Problems.Brusselator, Point(2, n, n));
        Assert.Equal(natural, Colouring.Of(pattern, ColouringKind.Columns, ColouringOrder.Natural).Count);
        Takes(6, pattern, ColouringKind.Columns, ColouringKind.Rows);
    }

    [Fact]
    public void The_Brusselator_takes_at_most_8_elsewhere() =>
        Assert.InRange(Colouring.Of(Of(Problems.Brusselator, Point(2, 128, 128)), ColouringKind.Columns).Count, 6, 8);

    [Fact]
    public void A_convolution_takes_27_columns() => Takes(27, Of(Problems.Convolution, Point(28, 28, 3)), ColouringKind.Columns);

    [Fact]
    public void Bundle_adjustment_takes_14() => Takes(14, PatternProperties.Bundle().Pattern, ColouringKind.Columns);

    [Fact]
    public void A_dense_function_takes_as_many_as_it_has_inputs() => Takes(3000, Of(x => x * Sum(x), Point(3000)), ColouringKind.Columns);

    [Fact]
    public void An_empty_pattern_takes_none()
    {
        foreach (var kind in Enum.GetValues<ColouringKind>()) Takes(0, Sparsity.From([System.Array.Empty<int>(), []], 2), kind);
        foreach (var kind in Enum.GetValues<ColouringKind>()) Takes(0, Sparsity.From([], 0), kind);
    }

    [Fact]
    public void A_symmetric_kind_refuses_what_is_not()
    {
        var error = Assert.Throws<ShapeException>(() => Colouring.Of(Sparsity.From([new[] { 0, 1 }, [1]], 2), ColouringKind.Star));
        Assert.Equal("Colouring: Star is for symmetric patterns, given one of 2 × 2 that is not. Colour its columns or rows.", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Colouring.Of(Sparsity.From([new[] { 0, 1 }, [1], []], 3), ColouringKind.Columns, ColouringOrder.Lattice));
    }

    [Fact]
    public void A_colouring_tells_its_kind_count_bound_and_order() =>
        Assert.Equal("Columns: 3 colours, at least 3, Lattice", Colouring.Of(Of(Problems.BroydenTridiagonal, Point(9)), ColouringKind.Columns).ToString());

    private static Tensor Point(params int[] extents) => Cos(Reshape(Arange(new Shape(extents).Size), extents) * 1.0) + 1.5;

    private static Sparsity Of(Func<Tensor, Tensor> f, Tensor x) => SparsityPattern(f)(x);

    private static void Takes(int count, Sparsity pattern, params ColouringKind[] kinds)
    {
        foreach (var kind in kinds)
        {
            var colouring = Colouring.Of(pattern, kind);
            Assert.True(colouring.Count == count, $"{colouring}, expected {count}");
            Assert.True(colouring.Bound <= count, $"{colouring}: the bound is above the count");
            if (pattern.Count < 50_000) Assert.True(colouring.Recovers(pattern), colouring.ToString());
        }
    }

    private static void Check(Sparsity pattern, ColouringKind kind, ColouringOrder? order)
    {
        var colouring = Colouring.Of(pattern, kind, order);
        if (!colouring.Recovers(pattern)) Assert.Fail($"{colouring} does not recover\n{pattern}\ncolumns {string.Join(" ", colouring.Columns.ToArray())}\nrows {string.Join(" ", colouring.Rows.ToArray())}");
        Assert.True(colouring.Bound <= colouring.Count, $"{colouring}: the bound is above the count\n{pattern}");
    }

    private static Colouring Made(ColouringKind kind, int[] columns, int[] rows) => new(kind, ColouringOrder.Natural, columns, rows, 0);

    private static Sparsity Draw(int rows, int columns, int sparse, Random random, bool isSymmetric)
    {
        var entries = new SortedSet<int>[rows];
        for (var row = 0; row < rows; row++) entries[row] = [];
        for (var row = 0; row < rows; row++)
        {
            var isLong = random.Next(10) == 0;
            for (var column = 0; column < columns; column++)
            {
                if (random.Next(isLong ? 2 : sparse + 1) != 0) continue;
                entries[row].Add(column);
                if (isSymmetric) entries[column].Add(row);
            }
        }
        return Sparsity.From([.. entries.Select(entry => entry.ToArray())], columns);
    }
}
