using Functional.Compilation;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Compilation;

/// <summary>What holds of every compiled program: it has the evaluator's bits, elements and reductions alike.</summary>
public class ExecutableProperties
{
    private static readonly double[] Special =
        [0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -1e-310, 1, -1, 1e-40, double.MaxValue, double.MinValue];

    [Fact]
    public void Compiled_equals_evaluated() => Theorem.Holds(ProgramDraw.Any, 300, draw =>
        Agrees(draw.Program, draw.Inputs));

    [Fact]
    public void Compiled_derivatives_equal_evaluated_ones() => Theorem.Holds(ProgramDraw.Any, 60, draw =>
    {
        var directions = draw.Inputs.Filter(input => input.DType.IsFloat()).Map(input => Numbers.Map(input, x => Math.Sin(3 * x))).Strict();
        Agrees(draw.Program.Jvp(), draw.Inputs.Concat(directions).ToSeq().Strict());
        var linearized = draw.Program.Linearize();
        Agrees(linearized.Primal, draw.Inputs);
        var residuals = linearized.Primal.Evaluate([.. draw.Inputs]).Skip(linearized.Outputs);
        Agrees(linearized.Linear, directions.Concat(residuals).ToSeq().Strict());
        var cotangents = linearized.Linear.Outputs.Map(output => Ones(output.Type.Shape, output.Type.DType)).Strict();
        Agrees(linearized.Linear.Transpose(directions.Count), cotangents.Concat(residuals).ToSeq().Strict());
    });

    [Fact]
    public void Compiled_equals_evaluated_on_special_values() => Theorem.Holds(ProgramDraw.Any, 150, draw =>
    {
        var sampler = new Sampler(draw.Seed, draw.Size);
        Agrees(draw.Program, draw.Inputs.Map(input => input.DType.IsFloat() ? Numbers.Map(input, _ => sampler.Choose(Special)) : input).Strict());
    });

    [Fact]
    public void Compiled_batches_equal_evaluated_ones() => Theorem.Holds(ProgramDraw.Any, 60, draw =>
        Agrees(draw.Program.Vmap(3), draw.Inputs.Map(input => BroadcastTo(input, input.Shape.Insert(0, 3))).Strict()));

    // On both sides of every register's elements.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(1000)]
    public void Batches_of_any_size_and_their_derivatives_compiled_equal_evaluated_ones(int size) => Theorem.Holds(ProgramDraw.Any, 15, draw =>
    {
        var (batched, sampler) = (draw.Program.Vmap(size), new Sampler(draw.Seed, 3));
        Seq<Tensor> Drawn(Seq<Tensor> like) => like.Map(one => sampler.Tensor(one.DType, one.Shape.Insert(0, size))).Strict();
        var inputs = Drawn(draw.Inputs);
        Agrees(batched, inputs);
        Agrees(batched.Jvp(), inputs.Concat(Drawn(draw.Inputs.Filter(input => input.DType.IsFloat()).Strict())).ToSeq().Strict());
    });

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(17)]
    [InlineData(33)]
    public void Programs_of_wide_shapes_and_their_derivatives_compiled_equal_evaluated_ones(int size) => Theorem.Holds(ProgramDraw.Any, 50, draw =>
    {
        var wide = draw.Wide(size);
        if (wide.Program.Equations.SelectMany(equation => equation.Outputs).Any(output => output.Type.Size > 50_000)) return false;
        Agrees(wide.Program, wide.Inputs);
        var directions = wide.Inputs.Filter(input => input.DType.IsFloat()).Map(input => Numbers.Map(input, x => Math.Sin(3 * x))).Strict();
        Agrees(wide.Program.Jvp(), wide.Inputs.Concat(directions).ToSeq().Strict());
        return true;
    },
    0.3);

    [Fact]
    public void Steps_run_in_parts_equal_evaluated_ones() => Theorem.Holds(ProgramDraw.Any, 80, draw =>
    {
        var batched = draw.Program.Vmap(5);
        Agrees(batched, draw.Inputs.Map(input => BroadcastTo(input, input.Shape.Insert(0, 5))).Strict(), Compiler.Made(batched, part: 2));
    });

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Int32)]
    public void Rows_of_products_run_in_parts_with_what_follows_equal_evaluated_ones(DType dtype)
    {
        var sampler = new Sampler(7, 10);
        Tensor Drawn(params int[] shape) => sampler.Tensor(dtype, [.. shape]);
        var inputs = Seq(Drawn(17, 4), Drawn(4, 9), Drawn(9), Drawn(9, 9), Drawn(4, 17));
        var program = Trace.Of("Layers", inputs.Map(input => input.Type).Strict(), given =>
        {
            var hidden = Relu(MatMul(given[0], given[1]) + given[2]);
            var next = MatMul(hidden, given[3].T) + hidden;
            return Seq(next, Max(next, -1), MatMul(given[4].T, given[1]) - next, MatMul(next.T, hidden));
        });
        foreach (var part in (int[])[1, 3, 17]) Agrees(program, inputs, Compiler.Made(program, part));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Functions_of_several_numbers_done_at_one_time_have_the_bits_of_each_alone(DType dtype)
    {
        var sampler = new Sampler(11, 10);
        Func<Tensor, Tensor>[] functions = [Sin, Exp, Erf, Log, Tanh, Sigmoid, Sqrt, x => Pow(x, 1.5), Cos];
        foreach (var count in (int[])[1, 2, 3, 4, 5, 8, 9, 16, 17])
        {
            var inputs = Enumerable.Range(0, count).Select(i => Convert(i < 4 ? sampler.Choose(Special) : sampler.Real(-3, 3), dtype)).ToSeq().Strict();
            var program = Trace.Of("Test", inputs.Map(input => input.Type).Strict(), given =>
            {
                // Chains of functions, so that not all are ready at one time.
                var first = given.Select((x, i) => functions[i % 3](x)).ToArray();
                var next = first.Select((x, i) => functions[(i + 4) % functions.Length](x + given[(i + 1) % count])).ToArray();
                return first.Concat(next).Concat(given.Select(x => Exp(x))).ToSeq().Strict();
            });
            Agrees(program, inputs);
        }
    }

    [Fact]
    public void Products_of_any_height_run_with_what_follows()
    {
        var sampler = new Sampler(5, 10);
        foreach (var rows in (int[])[2, 10, 12, 13, 25, 300, 1023, 1025])
        {
            var inputs = Seq(sampler.Tensor(DType.Float64, [rows, 8]), sampler.Tensor(DType.Float64, [8, 2048]));
            Agrees(Trace.Of("Layer", inputs.Map(input => input.Type).Strict(), given => Seq1(Max(Tanh(MatMul(given[0], given[1])), -1))), inputs);
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Int64)]
    public void Parts_of_a_product_read_one_packed_operand_to_the_same_bits(DType dtype)
    {
        var sampler = new Sampler(3, 10);
        foreach (var (depth, columns) in (ReadOnlySpan<(int, int)>)[(70, 49), (1, 40), (300, 33), (513, 16), (20, 5), (64, 200)])
        {
            var inputs = Seq(sampler.Tensor(dtype, [29, depth]), sampler.Tensor(dtype, [depth, columns]), sampler.Tensor(dtype, [columns]), sampler.Tensor(dtype, [columns, depth]), sampler.Tensor(dtype, [depth, 29]));
            var program = Trace.Of("Layers", inputs.Map(input => input.Type).Strict(), given =>
                Seq(Relu(MatMul(given[0], given[1]) + given[2]), MatMul(given[4].T, given[3].T) * 2 - given[2]));
            foreach (var part in (int[])[1, 5, 12, 28])
            {
                var executable = Compiler.Made(program, part);
                Assert.Contains(executable.Units, unit => unit is ChunkRunner);
                Agrees(program, inputs, executable);
            }
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void A_logistic_function_shares_its_exponential_with_its_derivative(DType dtype)
    {
        var program = Trace.Of("Test", Seq1(new TensorType(dtype, [300])), inputs => Seq(Sigmoid(inputs[0]), Sigmoid(inputs[0]) * Sigmoid(-inputs[0])));
        var executable = program.Compile();
        var loop = Assert.IsType<Step.Kernel>(Assert.Single(executable.Plan.Schedule.Steps));
        Assert.Single(loop.Body, instruction => instruction.Operation is Operation.Operator(var form) && form == typeof(Functional.Kernels.SigmoidTail));
        Agrees(program, Seq1(Numbers.Tensor(new(dtype, [300]), Enumerable.Range(0, 300).Select(k => k < Special.Length ? Special[k] : (k - 150) * 0.7))), executable);
    }

    internal static void Agrees(Program program, Seq<Tensor> inputs) => Agrees(program, inputs, program.Compile());

    internal static void Agrees(Program program, Seq<Tensor> inputs, Executable executable)
    {
        Seq<Tensor> expected;
        try
        {
            expected = program.Evaluate([.. inputs]);
        }
        catch (DivideByZeroException)
        {
            Assert.Throws<DivideByZeroException>(() => executable.Run([.. inputs]));
            return;
        }
        // Twice, as the second run finds what the first left behind.
        for (var run = 0; run < 2; run++)
        {
            var given = executable.Run([.. inputs]);
            for (var i = 0; i < given.Length; i++) Closeness.Same(expected[i], given[i], $"output {i} of\n{executable}");
        }
    }

    [Fact]
    public void A_missing_destination_is_named()
    {
        var executable = Transforms.Trace((Tensor x) => Sin(x))(Arange(0.0, 3.0, 1.0)).Compile();
        var error = Assert.Throws<ShapeException>(() => executable.Run([Arange(0.0, 3.0, 1.0)], new Array[] { null! }));
        Assert.Equal("Run: output 0 is f64[3], given null; give an array of 3 elements.", error.Message);
    }
}
