using Functional.Compilation;
using Functional.Programs;
using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Compilation;

/// <summary>A product that is scaled and added to something is so before it is stored, with the bits of the operations one by one.</summary>
public class AddedProducts
{
    // On both sides of tiles, panels, vectors, and of the blocks along the sum.
    private static readonly int[] Rows = [2, 3, 7, 8, 9, 17, 31, 50, 100], Sums = [2, 3, 16, 17, 128, 256, 257, 320, 321, 600], Columns = [32, 33, 40, 47, 48, 49, 64, 65, 96, 100, 130, 200];

    /// <summary>How a product p of two matrices, of rows and columns, is added to x of their shape, f being a number and r a row.</summary>
    public static TheoryData<string> Forms() => ["x + p", "p + x", "x - p", "x - 0.1 p", "0.1 p + x", "x + f p", "x - p f", "p + r", "x[:, 3:] - f p", "x + f p twice", "p + q", "x - p, x", "x' - p"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void They_are_the_evaluators(string form)
    {
        var sampler = new Sampler(form.Length, 10);
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64, DType.Int32, DType.Int64])
        {
            for (var trial = 0; trial < 8; trial++)
            {
                var (m, k, n) = (sampler.Choose(Rows), sampler.Choose(Sums), sampler.Choose(Columns));
                var (tall, wide) = (sampler.Choose([true, false]), sampler.Choose([true, false]));
                var program = Program(form, dtype, m, k, n, tall, wide);
                Seq<Tensor> inputs = program.Arguments.Map(argument => sampler.Tensor(dtype, argument.Type.Shape)).Strict();
                Assert.Equal(Functional.Kernels.MatMul.TakesAddend(m, k, n), Products(program.Compile()).Any(product => product.Addend is not null));
                foreach (var part in (int[])[0, 5, 24])
                {
                    ExecutableProperties.Agrees(program, inputs, Compiler.Made(program, part));
                    DonatedArguments.Agrees(program, inputs, part);
                }
            }
        }
    }

    [Fact]
    public void What_is_not_finite_stays_in_its_row_and_column()
    {
        var program = Program("x - f p", DType.Float32, 20, 40, 50, true, false);
        Tensor With(Shape shape, double number, int place) => Values.Of(Enumerable.Range(0, shape.Size).Select(i => i == place ? (float)number : 1f).ToArray(), shape);
        ExecutableProperties.Agrees(program, Seq(With([40, 20], double.NaN, 63), With([40, 50], double.PositiveInfinity, 256), With([20, 50], double.NegativeInfinity, 358), With([], 0, 1)));
    }

    [Fact]
    public void A_step_of_descent_is_one_step_and_says_so()
    {
        if (!Functional.Kernels.MatMul.TakesAddend(64, 32, 48)) return;
        var executable = Program("x - 0.1 p", DType.Float32, 64, 32, 48, true, false).Compile();
        Assert.Single(executable.Plan.Schedule.Steps);
        Assert.Contains("[64,32] by steps of 1, 64 · [32,48], times 0.1 and taken from x2: a contraction", executable.ToString().Split('\n')[1], StringComparison.Ordinal);
        Assert.Contains("[64,32] · [32,48], added to x2: a contraction", Program("p + r", DType.Float64, 64, 32, 48, false, false).Compile().ToString().Split('\n')[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p, x - p")]
    [InlineData("x - tanh(p)")]
    [InlineData("x - f p + p")]
    public void A_product_that_is_read_otherwise_is_stored_as_it_is(string form)
    {
        var program = Program(form, DType.Float64, 40, 30, 40, false, false);
        var sampler = new Sampler(3, 10);
        Assert.All(Products(program.Compile()), product => Assert.Null(product.Addend));
        ExecutableProperties.Agrees(program, program.Arguments.Map(argument => sampler.Tensor(DType.Float64, argument.Type.Shape)).Strict());
    }

    private static IEnumerable<Step.Product> Products(Executable executable) => executable.Plan.Schedule.Steps.OfType<Step.Product>();

    private static Program Program(string form, DType dtype, int m, int k, int n, bool isTransposed, bool isWide)
    {
        Shape left = isTransposed ? [k, m] : [m, k], right = isWide ? [n, k] : [k, n], x = form.StartsWith("x[", StringComparison.Ordinal) ? [m, n + 3] : form.StartsWith("x'", StringComparison.Ordinal) ? [n, m] : form.Contains('r') ? [n] : [m, n];
        return Trace.Of("Added", Seq<TensorType>(new(dtype, left), new(dtype, right), new(dtype, x), new(dtype, [])), given =>
        {
            var (a, b, c, f) = (isTransposed ? given[0].T : given[0], isWide ? given[1].T : given[1], given[2], given[3]);
            var p = MatMul(a, b);
            var tenth = Convert(dtype.IsFloat() ? 0.1 : 10.0, dtype);
            return form switch
            {
                "x + p" => Seq1(c + p),
                "p + x" or "p + r" => Seq1(p + c),
                "x - p" => Seq1(c - p),
                "x - 0.1 p" => Seq1(c - (tenth * p)),
                "0.1 p + x" => Seq1((tenth * p) + c),
                "x + f p" => Seq1(c + (f * p)),
                "x - p f" or "x - f p" => Seq1(c - (p * f)),
                "x[:, 3:] - f p" => Seq1(c[.., 3..] - (f * p)),
                "x + f p twice" => Seq1(c + (f * p) - (f * MatMul(a * 2, b))),
                "p + q" => Seq1(p + MatMul(a, b + 1)),
                "x - p, x" => Seq(c - p, c),
                "p, x - p" => Seq(p, c - p),
                "x - tanh(p)" => Seq1(c - Tanh(p)),
                "x - f p + p" => Seq1(c - (f * p) + p),
                "x' - p" => Seq1(c.T - p),
                _ => throw new ArgumentOutOfRangeException(nameof(form)),
            };
        });
    }
}
