using Functional.Programs;
using Functional.Properties.Generators;
using Functional.Structures;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Jacobians;

/// <summary>Patterns found before a number is computed: no nonzero outside them, and none of them too large where it is known how small they can be.</summary>
public class PatternProperties
{
    private static Tensor Point(params int[] extents) => Cos(Reshape(Arange(new Shape(extents).Size), extents) * 1.0) + 1.5;

    [Fact]
    public void No_nonzero_of_a_random_program_lies_outside() => Theorem.Holds(ProgramDraw.Any, 150, draw => Covers(draw, false), 0.3);

    [Fact]
    public void No_nonzero_of_a_random_program_at_a_point_lies_outside() => Theorem.Holds(ProgramDraw.Any, 100, draw => Covers(draw, true), 0.3);

    [Fact]
    public void No_nonzero_of_a_random_gradient_lies_outside() => Theorem.Holds(
        ProgramDraw.Plain,
        60,
        draw =>
        {
            var inputs = draw.Inputs;
            if (inputs.Exists(input => !input.DType.IsFloat())) return false;
            var gradient = Functional.Programs.Trace.Of("Gradient", inputs.Map(input => input.Type), arguments =>
            {
                var (_, linear, moves) = Linearization.At(draw.Program, arguments);
                var ones = draw.Program.Outputs.Zip(moves).Filter(pair => pair.Item2).Map(pair => Some(Ones(pair.Item1.Type.Shape, pair.Item1.Type.DType))).ToSeq().Strict();
                return Transposition.Pull(linear, arguments.Count, linear.Captures, ones).Zip(arguments).Map(pair => Pushforward.OrZero(pair.Item1, pair.Item2.Type)).ToSeq().Strict();
            });
            return Covers(gradient, inputs, false);
        },
        0.3);

    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    public void Broyden_tridiagonal_has_3n_minus_2(int n) => Assert.Equal((3 * n) - 2, SparsityPattern(Problems.BroydenTridiagonal)(Point(n)).Count);

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    public void Broyden_banded_has_7n_minus_16(int n) => Assert.Equal((7 * n) - 16, SparsityPattern(Problems.BroydenBanded)(Point(n)).Count);

    [Fact]
    public void The_Hessian_of_chained_Rosenbrock_has_3n_minus_2() => Assert.Equal(148, SparsityPattern(Grad(Problems.ChainedRosenbrock))(Point(50)).Count);

    [Fact]
    public void Extended_Powell_has_2n() => Assert.Equal(80, SparsityPattern(Problems.ExtendedPowell)(Point(40)).Count);

    [Fact]
    public void An_arrowhead_has_3n_minus_2()
    {
        Assert.Equal(148, SparsityPattern(Problems.Arrowhead)(Point(50)).Count);
        Assert.Equal(148, SparsityPattern(Grad(Problems.Arwhead))(Point(50)).Count);
    }

    [Fact]
    public void The_five_point_Laplacian_has_5N2_minus_4N() => Assert.Equal(500 - 40, SparsityPattern(Problems.Laplacian)(Point(10, 10)).Count);

    [Fact]
    public void The_Brusselator_has_12N2() => Assert.Equal(12 * 16 * 16, SparsityPattern(Problems.Brusselator)(Point(2, 16, 16)).Count);

    [Fact]
    public void A_convolution_reads_27_inputs_at_each_place() =>
        Assert.Equal(26 * 26 * 8 * 27, SparsityPattern(Problems.Convolution)(Point(28, 28, 3)).Count);

    [Fact]
    public void Bundle_adjustment_has_29_nonzeros_an_observation()
    {
        var (pattern, observations) = Bundle();
        Assert.Equal(29 * observations, pattern.Count);
    }

    [Fact]
    public void Steps_and_comparisons_depend_on_nothing() =>
        Assert.Equal(3, SparsityPattern(x => Sign(x) + Round(x) + Where(x > 1, x, Floor(x)) + StopGradient(x))(Point(3)).Count);

    [Fact]
    public void A_constant_zero_clears_and_a_constant_mask_chooses()
    {
        var zeros = Tensor.From([0.0, 1.0, 0.0]);
        Assert.Equal(1, SparsityPattern(x => zeros * x)(Point(3)).Count);
        Assert.Equal(0, SparsityPattern(x => 0.0 * Exp(x))(Point(3)).Count);
        Assert.Equal(1, SparsityPattern(x => MatMul(zeros, x))(Point(3)).Count);
        var mask = Tensor.From([true, false, true]);
        var pattern = SparsityPattern(x => Where(mask, x, Flip(x)))(Tensor.From([1.0, 2.0, 3.0]));
        Assert.Equal("3 × 3, 3 nonzeros\n●··\n·●·\n··●", pattern.ToString());
    }

    [Fact]
    public void At_a_point_only_what_is_taken_counts()
    {
        var x = Tensor.From([0.0, -1.0, 2.0]);
        Assert.Equal(1, SparsityPattern(y => Relu(y), local: true)(x).Count);
        Assert.Equal(3, SparsityPattern(y => Relu(y))(x).Count);
        Assert.Equal(3, SparsityPattern(y => y * Flip(y), local: true)(x).Count);
        Assert.Equal(5, SparsityPattern(y => y * Flip(y))(x).Count);
        Assert.Equal(3, SparsityPattern(y => Cond(Sum(y) > 0, y, z => z, z => Sum(z) * z), local: true)(x).Count);
    }

    [Fact]
    public void Indices_of_a_loop_are_followed()
    {
        // Each step reads one place only, which the counter tells.
        var pattern = SparsityPattern(x => For(0, 4, (i, sum) => sum + Take(x, i), Tensor.From(0.0)))(Point(9));
        Assert.Equal(4, pattern.Count);
    }

    [Fact]
    public void A_scan_is_walked_step_by_step()
    {
        var pattern = SparsityPattern(x => Scan((c, row) => (c + row, c * row), Tensor.From(0.0), x).Outputs)(Point(4));
        Assert.Equal("4 × 4, 9 nonzeros\n····\n●●··\n●●●·\n●●●●", pattern.ToString());
    }

    [Fact]
    public void A_while_loop_is_followed_to_its_fixed_point()
    {
        // How often the elements are shifted is not known, so each may come from any after it.
        var pattern = SparsityPattern(x => While(y => Sum(y) > 1, y => Concatenate([y[1..], Zeros([1])]), x))(Point(4));
        Assert.Equal("4 × 4, 10 nonzeros\n●●●●\n·●●●\n··●●\n···●", pattern.ToString());
    }

    [Fact]
    public void A_custom_derivative_is_followed_through_its_rule()
    {
        // The value depends on all elements; the rule says that each result moves with its own alone.
        var jvp = CustomJvp(x => x * Sum(x), (x, v) => (x * Sum(x), v * x));
        Assert.Equal(4, SparsityPattern(jvp)(Point(4)).Count);
        var vjp = CustomVjp<Tensor>(x => x * Sum(x), x => (x * Sum(x), x), (kept, ct) => Flip(kept * ct));
        Assert.Equal("3 × 3, 3 nonzeros\n··●\n·●·\n●··", SparsityPattern(vjp)(Point(3)).ToString());
    }

    [Fact]
    public void Sums_of_dense_rows_are_stored_once()
    {
        var pattern = SparsityPattern(x => x * Sum(x))(Point(3000));
        Assert.Equal(9_000_000, pattern.Count);
        Assert.True(pattern.Contains(2999, 0));
    }

    [Fact]
    public void Sorting_stays_in_its_lane() => Assert.Equal(2 * 9, SparsityPattern(x => Sort(x))(Point(2, 3)).Count);

    [Fact]
    public void Contractions_keep_rows_and_columns_apart()
    {
        Assert.Equal(3 * 4 * (2 + 2), SparsityPattern(((Tensor X, Tensor Y) p) => MatMul(p.X, p.Y))((Point(3, 2), Point(2, 4))).Count);
        Assert.Equal(3 * 4 * 2, SparsityPattern(x => MatMul(x, Ones([2, 4])))(Point(3, 2)).Count);
    }

    [Fact]
    public void A_pattern_is_that_of_its_transposed_transpose()
    {
        var pattern = SparsityPattern(Problems.BroydenBanded)(Point(12));
        Assert.Equal(pattern, pattern.Transposed().Transposed());
        Assert.NotEqual(pattern, pattern.Transposed());
        Assert.Equal(pattern.ToTensor().T, pattern.Transposed().ToTensor());
        Assert.Equal(pattern, Sparsity.From([.. Enumerable.Range(0, 12).Select(row => pattern[row].ToArray().Reverse().ToArray())], 12));
    }

    [Fact]
    public void Empty_functions_have_empty_patterns()
    {
        Assert.Equal(0, SparsityPattern(x => x * 2)(Zeros([0])).Count);
        Assert.Equal(0, SparsityPattern(x => Zeros([3]))(Point(2)).Count);
        Assert.Equal(3, SparsityPattern(x => Zeros([3]))(Point(2)).Rows);
    }

    [Fact]
    public void What_has_no_derivative_is_refused()
    {
        Assert.Throws<NotDifferentiableException>(() => SparsityPattern(x => x > 0)(Point(2)));
        Assert.Throws<NotDifferentiableException>(() => SparsityPattern(x => x * 1.0)(Arange(3)));
        Assert.Throws<StructureException>(() => SparsityPattern((int n) => Zeros([n]))(3));
        Assert.Throws<ShapeException>(() => Sparsity.From([new[] { 3 }], 3));
    }

    internal static (Sparsity Pattern, int Observations) Bundle()
    {
        const int Cameras = 5, Points = 20;
        var camera = Tensor.From(Enumerable.Range(0, 60).Select(i => i % Cameras).ToArray());
        var point = Tensor.From(Enumerable.Range(0, 60).Select(i => (i * 7) % Points).ToArray());
        var x = (Point(Cameras, 11), Point(Points, 3), Point(60));
        return (SparsityPattern(((Tensor, Tensor, Tensor) p) => Problems.BundleAdjustment(p, camera, point))(x), 60);
    }

    private static bool Covers(ProgramDraw draw, bool isLocal) => Covers(draw.Program, draw.Inputs, isLocal);

    // The dense Jacobian is that of linearization, a pushforward for each unit tangent.
    private static bool Covers(Program program, Seq<Tensor> inputs, bool isLocal)
    {
        var pattern = Pushed(program, inputs, isLocal);
        var (_, linear, moves) = Linearization.At(program, inputs);
        var moving = inputs.Filter(input => input.DType.IsFloat()).ToArray();
        var (column, nonzeros) = (0, 0);
        for (var input = 0; input < moving.Length; input++)
            for (var place = 0; place < moving[input].Size; place++, column++)
            {
                var basis = moving.Select((tensor, i) => Numbers.Tensor(tensor.Type, Enumerable.Range(0, tensor.Size).Select(k => i == input && k == place ? 1.0 : 0))).ToArray();
                var tangents = new Queue<Tensor>(linear.Evaluate(basis));
                foreach (var (moves_, (output, found)) in moves.Zip(program.Outputs.Zip(pattern)))
                {
                    if (!moves_) continue;
                    var tangent = Numbers.Of(tangents.Dequeue());
                    var (rows, map) = found.Single();
                    for (var k = 0; k < tangent.Length; k++)
                    {
                        // 0·∞ is no entry of a Jacobian.
                        if (tangent[k] == 0 || !double.IsFinite(tangent[k])) continue;
                        nonzeros++;
                        if (!((map is null ? k : map[k]) is >= 0 and var row && rows[row].Contains(column)))
                            Assert.Fail($"input {input} at {place} moves {output.Type} at {k} by {tangent[k]}, outside the pattern.");
                    }
                }
            }
        return nonzeros > 0;
    }

    private static Pattern[] Pushed(Program program, Seq<Tensor> inputs, bool isLocal)
    {
        var space = new PatternSpace(inputs.Filter(input => input.DType.IsFloat()).Sum(input => input.Size), isLocal);
        var start = 0;
        return [.. program.Through(space, [.. inputs.Map(input =>
        {
            if (!input.DType.IsFloat()) return new Dependent(input.Type, Pattern.Nothing(space, input.Size), isLocal ? new(input) : null);
            start += input.Size;
            return new Dependent(input.Type, Pattern.Inputs(space, start - input.Size, input.Size), isLocal ? new(input) : null);
        })]).Select(output => output.Pattern)];
    }
}
