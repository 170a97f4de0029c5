using Functional.Programs;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Programs;

/// <summary>Programs as text, to the letter.</summary>
public class TextProperties
{
    private static readonly Tensor X = Tensor.From([1.0, 2, 3]);

    private sealed record Layer(Tensor Weights, Tensor Bias);

    [Fact]
    public void Inputs_are_called_as_in_the_function() => Prints(
        """
        let f (u: f64[3]) (v: f64[3]) =
          let a: f64[3] = mul u v
          let b: f64[3] = sin u
          let c: f64[3] = add a b
          let d: f64[]  = sum[axes=0] c
          d
        """,
        Trace((Tensor u, Tensor v) => Sum((u * v) + Sin(u)))(X, X));

    [Fact]
    public void Members_of_structures_are_called_by_their_paths() => Prints(
        """
        let f (layer.Weights: f64[2,3]) (layer.Bias: f64[2]) =
          let a: f64[2,3] = broadcast[shape=[2,3] axes=0] layer.Bias
          let b: f64[2,3] = add layer.Weights a
          b
        """,
        Trace((Layer layer) => layer.Weights + Expand(layer.Bias))(new Layer(Zeros([2, 3]), Zeros([2]))));

    [Fact]
    public void A_carried_program_stands_under_its_equation_indented() => Prints(
        """
        let f (x: f64[3]) =
          let a: f64[], b: f64[3] = scan[length=3] 0.0 x
            let step (sum: f64[]) (row: f64[]) =
              let a: bool[] = gt row sum
              let b: f64[]  = cond a sum row
                let ifTrue (s: f64[]) (k0: f64[]) =
                  let a: f64[] = add s k0
                  a
                let ifFalse (s: f64[]) (k0: f64[]) =
                  s
              b, b
          b
        """,
        Trace((Tensor x) => Scan((sum, row) => Cond(row > sum, sum, s => s + row, s => s) switch { var next => (next, next) }, (Tensor)0.0, x).Outputs)(X));

    private static Tensor Expand(Tensor bias) => new Functional.Primitives.Broadcast([2, 3], Seq1(0)).Apply(bias);

    [Fact]
    public void What_a_function_closes_over_is_a_capture_and_never_in_the_text()
    {
        var constant = Tensor.From(Enumerable.Range(0, 1_000).Select(i => (double)i).ToArray());
        var program = Trace(x => (x * constant) + constant)(2.0);
        Prints(
            """
            let f (x: f64[]) =
              capture c0: f64[1000]
              let a: f64[1000] = mul x c0
              let b: f64[1000] = add a c0
              b
            """,
            program);
        Assert.Same(constant, Assert.Single(program.Captures));
        Assert.Same(constant, Assert.Single(program.Jvp().Captures));
        Assert.Same(constant, Assert.Single(program.Vmap(3).Captures));
        Assert.Same(constant, Assert.Single(program.Simplify().Captures));
    }

    [Fact]
    public void A_constant_of_one_number_is_made_where_it_is_needed() => Prints(
        """
        let f (x: f64[3]) =
          let a: f64[3] = broadcast[shape=[3] axes=[]] 1.0
          x, a
        """,
        Trace((Tensor x) => (x, Ones([3])))(X));

    [Fact]
    public void Decisions_of_the_host_are_assumptions() => Prints(
        """
        let f (x: f64[]) =
          assume a = true
          let a: bool[] = gt x 0.0
          let b: f64[]  = sin x
          b
        """,
        Trace(x => (bool)(x > 0) ? Sin(x) : x)(2.0));

    [Fact]
    public void Literals_stand_in_full_precision() => Prints(
        """
        let f (x: f64[]) =
          let a: f64[] = mul x 0.3333333333333333
          let b: f64[] = add a 1e-300
          let c: f64[] = sub b -0.0
          c
        """,
        Trace(x => (x * (1.0 / 3)) + 1e-300 - -0.0)(2.0));

    [Fact]
    public void A_single_literal_of_binary32_stands_in_its_own_precision() =>
        Assert.Contains("mul x 0.1\n", Trace(x => x * 0.1)(2f).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Parameters_are_named_and_a_list_of_one_stands_without_brackets() => Prints(
        """
        let f (x: f64[2,3]) =
          let a: f64[]    = sum[axes=[0,1]] x
          let b: f64[3]   = sum[axes=0] x
          let c: f64[3,2] = transpose[order=[1,0]] x
          let d: f64[6]   = reshape[shape=[6]] c
          let e: i32[6]   = convert[i32] d
          a, b, e
        """,
        Trace((Tensor x) => (Sum(x), Sum(x, 0), Convert(Reshape(Transpose(x), [6]), DType.Int32)))(Zeros([2, 3])));

    [Fact]
    public void A_program_without_arguments_takes_the_unit() => Prints(
        """
        let f () =
          2.5
        """,
        Functional.Programs.Trace.Of("Test", Seq<TensorType>(), _ => Seq1((Tensor)2.5)));

    [Fact]
    public void Results_never_take_the_name_of_an_input()
    {
        Prints(
            """
            let f (a: f64[]) (c: f64[]) =
              let b: f64[] = mul a c
              let d: f64[] = sin b
              d
            """,
            Trace((Tensor a, Tensor c) => Sin(a * c))(1.0, 2.0));
        Assert.StartsWith("let f (f': f64[]) =", Trace((Tensor f) => f * 2)(1.0).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_go_on_after_z()
    {
        var program = Trace(x => Enumerable.Range(0, 30).Aggregate(x, (y, _) => Sin(y)))(1.0);
        Assert.Equal(["y", "z", "aa", "ab"], Text.Names(program).Skip(23).Take(4));
    }

    [Fact]
    public void The_tangent_of_x_is_dx()
    {
        var program = Trace(x => x * 2.0)(1.0);
        Prints(
            """
            let f (x: f64[]) (dx: f64[]) =
              let a: f64[] = mul x 2.0
              let b: f64[] = mul dx 2.0
              a, b
            """,
            program.Jvp());
        Prints(program.Jvp().ToString(), (program with { Names = Seq<string>() }).Jvp());
        Assert.StartsWith("let f (x: f64[]) (dx: f64[]) (dx': f64[]) (ddx: f64[]) =", program.Jvp().Jvp().ToString(), StringComparison.Ordinal);
        Assert.StartsWith(
            "let f (p.Item1: f64[]) (p.Item2: i32[]) (dp.Item1: f64[]) =",
            Trace(((Tensor, Tensor) p) => p.Item1 * p.Item2)((1.0, 2)).Jvp().ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_linear_program_calls_its_residuals_as_the_primal_does()
    {
        var linearized = Trace(x => Sin(x * x))(1.0).Linearize();
        Prints(
            """
            let f (x: f64[]) =
              let a: f64[] = mul x x
              let b: f64[] = sin a
              let c: f64[] = cos a
              b, x, c
            """,
            linearized.Primal);
        Prints(
            """
            let f (dx: f64[]) (x: f64[]) (c: f64[]) =
              let a: f64[] = mul dx x
              let b: f64[] = mul x dx
              let d: f64[] = add a b
              let e: f64[] = mul d c
              e
            """,
            linearized.Linear);
        Prints(
            """
            let f (ct: f64[]) (x: f64[]) (c: f64[]) =
              let a: f64[] = mul ct c
              let b: f64[] = mul x a
              let d: f64[] = mul a x
              let e: f64[] = add b d
              e
            """,
            linearized.Linear.Transpose(1));
    }

    [Fact]
    public void Programs_within_programs_stand_deeper()
    {
        Tensor Halved(Tensor x) => While(y => Sum(y) > 1, y => y / 2, x);
        var program = Trace((Tensor p, Tensor x) => Cond(p, x, Halved, y => Checkpoint(z => Sin(z))(y)))(true, X);
        Prints(
            """
            let f (p: bool[]) (x: f64[3]) =
              let a: f64[3] = cond p x
                let ifTrue (x: f64[3]) =
                  let a: f64[3] = while x
                    let condition (y: f64[3]) =
                      let a: f64[]  = sum[axes=0] y
                      let b: bool[] = gt a 1.0
                      b
                    let body (y: f64[3]) =
                      let a: f64[3] = div y 2.0
                      a
                  a
                let ifFalse (y: f64[3]) =
                  let a: f64[3] = checkpoint[nothing] y
                    let body (z: f64[3]) =
                      let a: f64[3] = sin z
                      a
                  a
              a
            """,
            program);
        Assert.Equal(program.ToString(), Trace((Tensor p, Tensor x) => Cond(p, x, Halved, y => Checkpoint(z => Sin(z))(y)))(true, X).ToString());
    }

    private static void Prints(string text, Program program) => Assert.Equal(text, program.ToString());
}
