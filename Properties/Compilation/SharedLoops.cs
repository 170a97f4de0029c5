using Functional.Compilation;
using Xunit;
using static Functional.Properties.Compilation.ExecutableProperties;
using static Functional.TensorMath;

namespace Functional.Properties.Compilation;

/// <summary>Loops that do the same to other buffers, or at other places of them, run the same code.</summary>
public sealed class SharedLoops
{
    private const int Steps = 12;

    [Fact]
    public void Equal_steps_of_a_program_that_was_unrolled_are_compiled_once()
    {
        var program = Unrolled(0.3);
        var executable = program.Compile();
        var loops = executable.Runners.OfType<LoopRunner>().ToArray();
        Assert.True(loops.Length >= Steps);
        // The first step begins from what is given and the last is returned, so these two may be shaped otherwise.
        Assert.True(loops.Select(loop => loop.Code).Distinct().Count() <= 3, executable.Disassemble());
        Agrees(program, Given(), executable);
    }

    [Fact]
    public void Programs_that_differ_elsewhere_share_the_code_of_their_equal_loops()
    {
        var (one, other) = (Unrolled(0.3), Unrolled(0.7));
        var codes = one.Compile().Runners.OfType<LoopRunner>().Select(loop => loop.Code).ToHashSet();
        Assert.Contains(other.Compile().Runners.OfType<LoopRunner>(), loop => codes.Contains(loop.Code));
        Agrees(other, Given());
    }

    [Theory]
    [InlineData(1.5, 2.5)]
    [InlineData(0.0, -0.0)]
    [InlineData(double.NaN, 1.0)]
    public void Loops_with_other_constants_are_others(double one, double other)
    {
        Functional.Programs.Program Of(double constant) => Transforms.Trace((Tensor x) => Sin(x) / constant)(Ones([20]));
        var codes = new[] { Of(one), Of(other) }.Select(program => Assert.Single(program.Compile().Runners.OfType<LoopRunner>()).Code).ToArray();
        Assert.NotEqual(codes[0], codes[1]);
        Agrees(Of(one), Seq1(Ones([20])));
        Agrees(Of(other), Seq1(Ones([20])));
    }

    // h ← tanh(h·w + xₜ), its last value scaled.
    private static Functional.Programs.Program Unrolled(double scale) => Transforms.Trace(((Tensor X, Tensor W) p) =>
    {
        Tensor h = Zeros([4, 9]);
        for (var step = 0; step < Steps; step++) h = Tanh(MatMul(h, p.W) + p.X[step]);
        return h * scale;
    })((Given()[0], Given()[1]));

    private static Seq<Tensor> Given() => Seq(Sin(Reshape(Arange(0.0, Steps * 36.0, 1.0), Steps, 4, 9)), Cos(Reshape(Arange(0.0, 81.0, 1.0), 9, 9)) / 9.0);
}
