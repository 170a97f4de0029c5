using FsCheck;
using FsCheck.Fluent;
using Functional.ControlFlow;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Simplification;

/// <summary>Carried programs are simplified inside, and what need not be carried leaves them; every bit is kept.</summary>
public class CarriedProperties
{
    private static readonly Tensor X = Tensor.From([1.0, -2, 3]);
    private static readonly Tensor Rows = Tensor.From(new[,] { { 0.5, 1.5, -1 }, { 2.5, -0.5, 1 }, { -1.5, 0.25, 2 } });

    /// <summary>A function of a vector and rows through loops and branches, nested as deep as it has steps.</summary>
    private sealed record Draw(int Seed, int Depth)
    {
        internal Tensor X => new Sampler(Seed, 3).Tensor(DType.Float64, [3]);

        internal Tensor Rows => new Sampler(Seed + 1, 3).Tensor(DType.Float64, [Seed % 4, 3]);

        internal Program Program => Functional.Programs.Trace.Of("Draw", Seq(X.Type, Rows.Type), inputs => Seq(Run(inputs[0], inputs[1], Depth, new Sampler(Seed, 3)), inputs[0]));

        private static Tensor Run(Tensor x, Tensor rows, int depth, Sampler sampler)
        {
            if (depth == 0)
                return sampler.Choose<Func<Tensor>>(() => Sin(x), () => x * 1.0, () => -(-x) + (x * 2.0), () => x * Exp(Ones([3])), () => x)();
            var (number, known, inner) = (sampler.Choose(0.0, 1.0, -0.0, 0.5), sampler.Flip(), sampler.Integer(0, 1 << 20));
            Tensor Inside(Tensor value) => Run(value, rows, depth - 1, new Sampler(inner, 3));
            switch (sampler.Integer(0, 4))
            {
                case 0:
                    return Cond(known ? Tensor.From(inner % 2 == 0) : Sum(x) > number, x, y => Inside(y) * number, y => inner % 3 == 0 ? y : Inside(y * number));
                case 1:
                    // A carry that never changes, one that only makes itself, invariant work, an output that is read and one that is not.
                    var (carry, outputs) = Scan(
                        ((Tensor Sum, Tensor Same, Tensor Idle) c, Tensor row) =>
                            ((c.Sum + (row * Sin(x)) + Inside(c.Same), c.Same, c.Idle * 2.0), (row, c.Sum * number, Cos(x), Exp(c.Idle))),
                        (x, x * number, x),
                        rows);
                    return carry.Item1 + carry.Item2 + Sum(outputs.Item1, 0) + Sum(outputs.Item2, 0) + (known ? Sum(outputs.Item3, 0) : x);
                case 2:
                    return While(
                        c => c.Item1 > Abs(number * Sum(Sign(x))),
                        c => (c.Item1 - 1, (c.Item2 * 0.5) + Inside(Sin(x)), c.Item3 + 1.0),
                        (Tensor.From((double)sampler.Integer(0, 3)), x, x)).Item2;
                case 3:
                    return Checkpoint<Tensor, (Tensor, Tensor, Tensor)>(y => (Inside(y) * Sin(y), y, Exp(y)))(x) is var (first, second, _) ? first + second : x;
                default:
                    return Inside(For(0, sampler.Integer(0, 3), (i, y) => (y * number) + Sin(x), x));
            }
        }
    }

    private static Arbitrary<Draw> Any => (
        from seed in Gen.Choose(0, 1 << 20)
        from depth in Gen.Choose(1, 3)
        select new Draw(seed, depth)).ToArbitrary();

    [Fact]
    public void Simplification_inside_keeps_every_bit() => Theorem.Holds(Any, 150, draw =>
    {
        var expected = draw.Program.Evaluate(draw.X, draw.Rows);
        ProgramProperties.AllSame(expected, draw.Program.SimplifyInside().Evaluate(draw.X, draw.Rows));
        ProgramProperties.AllSame(expected, draw.Program.Simplify().Evaluate(draw.X, draw.Rows));
    });

    [Fact]
    public void Simplification_inside_keeps_every_bit_of_special_values() => Theorem.Holds(Any, 60, draw =>
    {
        double[] special = [0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, 1, -1];
        var sampler = new Sampler(draw.Seed, 3);
        Tensor[] inputs = [Numbers.Map(draw.X, _ => sampler.Choose(special)), Numbers.Map(draw.Rows, _ => sampler.Choose(special))];
        ProgramProperties.AllSame(draw.Program.Evaluate(inputs), draw.Program.Simplify().Evaluate(inputs));
    });

    [Fact]
    public void Simplification_inside_reaches_a_fixed_point_that_is_sound() => Theorem.Holds(Any, 100, draw =>
    {
        var simple = draw.Program.Simplify();
        simple.Check().IfFail(faults => Assert.Fail(string.Join("\n", faults)));
        Assert.Same(simple, simple.Simplify());
        Assert.Equal(simple, draw.Program.Simplify());
        Assert.Equal(simple.ToString(), draw.Program.Simplify().ToString());
    });

    [Fact]
    public void Derivatives_of_what_is_simplified_inside_are_those_of_what_is_not() => Theorem.Holds(Any, 60, draw =>
    {
        var simple = draw.Program.Simplify();
        var sampler = new Sampler(draw.Seed, 3);
        Tensor dx = sampler.Tensor(DType.Float64, [3]), dRows = sampler.Tensor(DType.Float64, draw.Rows.Shape);
        ProgramProperties.AllEqual(draw.Program.Jvp().Evaluate(draw.X, draw.Rows, dx, dRows), simple.Jvp().Evaluate(draw.X, draw.Rows, dx, dRows));
        ProgramProperties.AllSame(draw.Program.Jvp().Evaluate(draw.X, draw.Rows, dx, dRows), draw.Program.Jvp().Simplify().Evaluate(draw.X, draw.Rows, dx, dRows));
        Closeness.Within(Pulled(draw.Program, draw), Pulled(simple, draw), 1e-12, "the cotangent of x");
    });

    [Fact]
    public void What_is_drawn_carries_programs_and_is_made_simpler() => Theorem.Holds(
        Any, 100, draw => !ReferenceEquals(draw.Program, draw.Program.Simplify()) && draw.Program.Simplify().Equations.Exists(equation => equation.Primitive is ICarriesPrograms), 0.4);

    [Fact]
    public void A_pass_with_nothing_to_do_inside_returns_the_same_object()
    {
        var program = Trace((Tensor x, Tensor rows) => Scan((c, row) => (Sin(c) + row, Exp(c)), x, rows))(X, Rows);
        Assert.Same(program, program.SimplifyInside());
        Assert.Same(program, program.Simplify());
    }

    [Fact]
    public void Carries_and_outputs_that_nothing_needs_disappear() => Simplifies(
        Trace((Tensor x, Tensor rows) => Scan(
            ((Tensor, Tensor) c, Tensor row) => ((c.Item1 + row, c.Item2 * 2.0), (Exp(c.Item2), Sin(c.Item1))), (x, x), rows) is var (carry, outputs) ? (carry.Item1, outputs.Item2) : default)(X, Rows),
        """
        let f (x: f64[3]) (rows: f64[3,3]) =
          let a: f64[3], b: f64[3,3] = scan[length=3] x rows
            let step (c.Item1: f64[3]) (row: f64[3]) =
              let a: f64[3] = add c.Item1 row
              let b: f64[3] = sin c.Item1
              a, b
          a, b
        """);

    [Fact]
    public void What_passes_through_a_loop_is_what_went_in() => Simplifies(
        Trace((Tensor x, Tensor y, Tensor rows) => Scan(
            ((Tensor, Tensor) c, Tensor row) => ((c.Item1 * row, c.Item2), (row, c.Item2, y * 1.0, Sin(row), Sin(row))), (x, y), rows))(X, X, Rows),
        """
        let f (x: f64[3]) (y: f64[3]) (rows: f64[3,3]) =
          let a: f64[3], b: f64[3,3] = scan[length=3] x rows
            let step (c.Item1: f64[3]) (row: f64[3]) =
              let a: f64[3] = mul c.Item1 row
              let b: f64[3] = sin row
              a, b
          let c: f64[3,3] = broadcast[shape=[3,3] axes=1] y
          a, y, rows, c, c, b, b
        """);

    [Fact]
    public void What_both_branches_give_alike_needs_no_branch() => Simplifies(
        Trace((Tensor p, Tensor x) => Cond(p, x, y => (Sin(y), y, y * 1.0), y => (Cos(y), y, -(-y))))(true, X),
        """
        let f (p: bool[]) (x: f64[3]) =
          let a: f64[3] = cond p x
            let ifTrue (y: f64[3]) =
              let a: f64[3] = sin y
              a
            let ifFalse (y: f64[3]) =
              let a: f64[3] = cos y
              a
          a, x, x
        """);

    [Fact]
    public void What_a_checkpoint_passes_on_is_its_argument() => Simplifies(
        Trace((Tensor x) => Checkpoint<Tensor, (Tensor, Tensor, Tensor)>(y => (Sin(y), y, 2.0))(x))(X),
        """
        let f (x: f64[3]) =
          let a: f64[3] = checkpoint[nothing] x
            let body (y: f64[3]) =
              let a: f64[3] = sin y
              a
          a, x, 2.0
        """);

    [Fact]
    public void Work_that_is_the_same_at_every_step_leaves_the_loop()
    {
        var step = Functional.Programs.Trace.Of("Test", Seq(Vector, Vector), inputs =>
            Seq1(inputs[0] * Sin(inputs[1]) + (Exp(new Primitives.Broadcast([3], Seq<int>()).Apply(Sum(inputs[1]))) * new Primitives.Broadcast([3], Seq<int>()).Apply(Sum(inputs[0]))))) with
        { Names = Seq("c", "k") };
        Simplifies(
            Functional.Programs.Trace.Of("Test", Seq(Vector, Vector), inputs => new Scan(step, 1, 0, 5, false).ApplyAll(inputs[0], inputs[1]).ToSeq()),
            """
            let f (x0: f64[3]) (x1: f64[3]) =
              let a: f64[3] = sin x1
              let b: f64[]  = sum[axes=0] x1
              let c: f64[3] = broadcast[shape=[3] axes=[]] b
              let d: f64[3] = exp c
              let e: f64[3] = scan[length=5] x0 a d
                let step (c: f64[3]) (a: f64[3]) (g: f64[3]) =
                  let b: f64[3] = mul c a
                  let d: f64[]  = sum[axes=0] c
                  let e: f64[3] = mul g d
                  let h: f64[3] = add b e
                  h
              e
            """);
    }

    [Fact]
    public void Nothing_that_is_carried_is_run_by_simplification()
    {
        // Loops without end, and divisions by zero, of numbers that become known inside: in a branch that is not taken, and in loops.
        Tensor Endless(Tensor start) => While(c => c >= 0.0, c => c + 1.0, start, limit: long.MaxValue);
        var branch = Trace((Tensor p, Tensor x) => Cond(p, (x, Tensor.From(1.0), Tensor.From(0)), y => y.Item1 + Endless(y.Item2) + (1 / y.Item3), y => y.Item1))(false, 2.0).Simplify();
        Assert.Equal(Tensor.From(2.0), branch.Evaluate(false, 2.0)[0]);
        var taken = Functional.Programs.Trace.Of("Test", Seq1(Scalar), inputs => Seq1(Cond(Tensor.From(true), inputs[0], y => y + Endless(y * 0.0 + 1.0), y => y))).Simplify();
        Assert.Contains("while", taken.ToString(), StringComparison.Ordinal);
        var many = Functional.Programs.Trace.Of("Test", Seq1(Scalar), inputs => Seq1(Scan(
c => ((c.Item1 + Endless(c.Item2) + (1 / c.Item3), c.Item2, c.Item3), c.Item1), (inputs[0], Tensor.From(1.0), Tensor.From(0)), 3).Carry.Item1)).Simplify();
        Assert.Contains("while", many.ToString(), StringComparison.Ordinal);
        Assert.Contains("div 1 0", many.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_of_no_step_is_what_it_starts_with() => Simplifies(
        Trace((Tensor x, Tensor rows) => Scan((c, row) => (Sin(c) + row, c), x, rows).Carry)(X, Zeros([0, 3])),
        """
        let f (x: f64[3]) (rows: f64[0,3]) =
          x
        """);

    [Fact]
    public void A_loop_of_one_step_is_the_step() => Simplifies(
        Trace((Tensor x, Tensor rows) => Scan((c, row) => (Sin(c) + row, c), x, rows))(X, Zeros([1, 3])),
        """
        let f (x: f64[3]) (rows: f64[1,3]) =
          let a: f64[3]   = reshape[shape=[3]] rows
          let b: f64[3]   = sin x
          let c: f64[3]   = add b a
          let d: f64[1,3] = reshape[shape=[1,3]] x
          c, d
        """);

    [Fact]
    public void A_loop_whose_condition_never_holds_is_what_it_starts_with() => Simplifies(
        Trace((Tensor x) => While(_ => false, c => Sin(c), x))(X),
        """
        let f (x: f64[3]) =
          x
        """);

    [Fact]
    public void Loops_that_are_equal_are_one()
    {
        Tensor Loop(Tensor x, Tensor rows) => Scan((c, row) => (Sin(c) * row, c), x, rows).Carry;
        Assert.Single(Trace((Tensor x, Tensor rows) => Loop(x, rows) + Loop(x, rows))(X, Rows).Simplify().Equations.Filter(equation => equation.Primitive is Scan));
    }

    [Fact]
    public void What_a_checkpoint_dropped_is_computed_again()
    {
        static Tensor F(Tensor x) => Sum(Checkpoint(y => Sin(Sin(y)))(x)) + Sum(Sin(Sin(x)));
        var gradient = Trace(Grad(F))(X).Simplify();
        // Once for the value beside it, once inside.
        var map = gradient.Equations.Find(equation => equation.Primitive is LinearMap).IfNone(() => throw new InvalidOperationException("no recomputation is left"));
        Assert.Contains(((ICarriesPrograms)map.Primitive).Programs, carried => carried.Program.ToString().Contains("= sin y", StringComparison.Ordinal));
        Assert.Equal("x", Text.Names(gradient)[((Variable)map.Inputs[0]).Id]);
        Closeness.Within(Grad(x => 2 * Sum(Sin(Sin(x))))(X), gradient.Evaluate(X)[0], 1e-15, "the gradient");
    }

    [Fact]
    public void A_transpose_that_the_user_gave_stays_though_a_result_is_not_read()
    {
        // The backward function is wrong on purpose, by a factor of ten.
        var f = CustomDerivative<Tensor, (Tensor, Tensor), Tensor>(
            x => (Sin(x), Cos(x)),
            (x, dx) => ((Sin(x), Cos(x)), (Cos(x) * dx, -Sin(x) * dx)),
            x => ((Sin(x), Cos(x)), x),
            (x, ct) => 10 * ((Cos(x) * ct.Item1) - (Sin(x) * ct.Item2)));
        Assert.Equal(10 * Cos(Tensor.From(0.5)), Grad(x => f(x).Item1)(0.5));
    }

    [Fact]
    public void Reverse_mode_goes_through_a_loop_of_which_one_carry_is_read() => CheckGradients(
        x => While(c => c.Item1 > 0.5, c => (c.Item1 - 1.0, Sin(c.Item2 * x), c.Item3 * c.Item2), (Tensor.From(3.0), x * 2.0, x)).Item2, 0.75);

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void A_loop_is_one_equation_with_one_body_under_every_transform(int length)
    {
        static string[] All(int length)
        {
            var program = Trace((Tensor x) => Scan(c => (Sin(c) * x, Cos(c)), x, length))(0.5);
            var split = program.Linearize();
            Program[] made = [program, program.Simplify(), program.Jvp(), split.Primal, split.Linear, split.Linear.Transpose(1), split.Linear.Transpose(1).Simplify(), program.Vmap(2)];
            return [.. made.Select(program => program.ToString().Replace(length.ToString(System.Globalization.CultureInfo.InvariantCulture), "n", StringComparison.Ordinal))];
        }

        Assert.Equal(All(7), All(length));
    }

    [Fact]
    public void The_cost_of_a_loop_is_that_of_its_steps()
    {
        static Cost Of(int length) => Cost.Of(Trace((Tensor x) => Scan(c => (Sin(c) * x, Cos(c)), x, length).Carry)(0.5));
        Assert.Equal(new Cost(100 * Of(10).Flops, 100 * Of(10).Bytes), Of(1_000));
        var cond = Trace((Tensor p, Tensor x) => Cond(p, x, y => Sin(Sin(y)), y => y * 2.0))(true, 0.5);
        Assert.Equal(20, Cost.Of(cond).Flops);
    }

    private static readonly TensorType Vector = new(DType.Float64, [3]);
    private static readonly TensorType Scalar = new(DType.Float64, Shape.Scalar);

    private static void Simplifies(Program program, string text) => Assert.Equal(text, program.Simplify().ToString());

    private static Tensor Pulled(Program program, Draw draw)
    {
        var split = program.Linearize();
        var primal = split.Primal.Evaluate(draw.X, draw.Rows);
        return split.Linear.Transpose(2).Evaluate([.. program.Outputs.Map(output => Ones(output.Type.Shape)), .. primal.Skip(program.Outputs.Count)])[0];
    }
}
