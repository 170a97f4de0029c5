using Functional.Compilation;
using Functional.Properties.ControlFlow;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Compilation;

/// <summary>Loops and branches, compiled: the evaluator's bits, in place, with checkpoints that keep what they promise.</summary>
public class CompiledControlFlow
{
    [Fact]
    public void Nests_of_control_flow_have_the_bits_of_the_evaluator() => Theorem.Holds(NestDraw.Any(3), 30, draw =>
    {
        var f = draw.Function(Flow.Structured);
        ExecutableProperties.Agrees(Trace(f)(Derived.X), Seq1(Derived.X));
        ExecutableProperties.Agrees(Trace(Grad(x => Sum(f(x))))(Derived.X), Seq1(Derived.X));
    });

    [Fact]
    public void Jit_of_a_nest_is_the_nest_of_the_host() => Theorem.Holds(NestDraw.Any(2), 30, draw =>
    {
        var (host, structured) = (draw.Function(Flow.Host), Jit(draw.Function(Flow.Structured)));
        foreach (var x in (Tensor[])[Derived.X, Derived.V, Derived.X]) Closeness.Same(host(x), structured(x), "value");
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void A_loop_of_any_length_forward_and_reverse(int length)
    {
        Tensor x = Reshape(Sin(Arange(length * 3) + 1.0), [length, 3]), c = Tensor.From([0.5, -0.25, 1]);
        foreach (var reverse in (bool[])[false, true])
        {
            var program = Trace(((Tensor C, Tensor X) at) =>
            {
                var (carry, outputs) = Scan((s, row) => ((s.Now, (s.Now * row) + s.Old), s), (Old: at.C, Now: at.C * 2), at.X, reverse: reverse);
                return (carry.Old, carry.Now, outputs.Old, outputs.Now);
            })((c, x));
            ExecutableProperties.Agrees(program, Seq(c, x));
        }
    }

    [Fact]
    public void A_loop_that_swaps_its_carries() => ExecutableProperties.Agrees(
        Trace(((Tensor A, Tensor B) at) => For(0, 5, (_, s) => (s.B, s.A), at))((Tensor.From([1.0, 2]), Tensor.From([3.0, 4]))),
        Seq(Tensor.From([1.0, 2]), Tensor.From([3.0, 4])));

    [Fact]
    public void A_loop_without_end_says_what_it_carries()
    {
        static Tensor Endless(Tensor x) => While(c => c > 0, c => c + 1, x, limit: 3);
        var jitted = Jit((Func<Tensor, Tensor>)Endless);
        Assert.Equal(Assert.Throws<LoopException>(() => Endless(1.0)).Message, Assert.Throws<LoopException>(() => jitted(1.0)).Message);
        Closeness.Same(-1.0, jitted(-1.0), "after a failure");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public void Steps_allocate_nothing(int length)
    {
        Tensor x = Reshape(Sin(Arange(length * 4) + 1.0), [length, 4]), w = Tensor.From([0.5, 0.25, 0.125, 1]);
        var gradient = Trace(Grad((Tensor w) => Sum(Scan((c, row) => (Tanh((c * w) + row), c), w, x).Outputs)))(w).Compile();
        var search = Trace((Tensor w) => While(c => Sum(c) > 1e-3, c => Where(c > 0.5, c * 0.99, Cond(c[0] > 0.25, c, d => d * 0.9, d => d * 0.8)), w))(w).Compile();
        System.Array[] destination = [new double[4]];
        Tensor[] arguments = [w];
        foreach (var executable in (Executable[])[gradient, search])
        {
            for (var call = 0; call < 3; call++) executable.Run(arguments, destination);
            var before = GC.GetAllocatedBytesForCurrentThread();
            executable.Run(arguments, destination);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void What_a_checkpoint_drops_is_not_kept_by_the_compiled_program()
    {
        const int size = 10_000;
        Tensor Layers(Func<Tensor, Tensor> wrapped, Tensor x)
        {
            for (var k = 0; k < 4; k++) x = wrapped(x);
            return Sum(x);
        }
        Tensor Layer(Tensor x)
        {
            for (var k = 0; k < 8; k++) x = Sin(CumSum(x, 0)) * 0.001;
            return x;
        }
        Tensor x = Full([size], 0.01);
        var plain = Trace(Grad(x => Layers(Layer, x)))(x).Compile();
        var checkpoints = Trace(Grad(x => Layers(y => Checkpoint<Tensor, Tensor>(Layer)(y), x)))(x).Compile();
        Closeness.Same(plain.Run(x)[0], checkpoints.Run(x)[0], "gradient");
        // Four inputs of layers, and what one layer needs, for four times that.
        Assert.True(checkpoints.ArenaBytes < 0.6 * plain.ArenaBytes, $"{checkpoints.ArenaBytes} of {plain.ArenaBytes} bytes\n{checkpoints}");
    }

    [Fact]
    public void Carried_programs_are_listed_inside_their_loop()
    {
        var listing = Trace((Tensor x) => For(0, 3, (_, c) => Sin(c) * 0.5, x))(Tensor.From([1.0, 2])).Compile().ToString();
        Assert.Contains("step: 1 steps, 1 of them loops", listing, StringComparison.Ordinal);
    }
}
