using Functional.ControlFlow;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.ControlFlow;

/// <summary>What loops cost: equations, bytes kept, steps done again.</summary>
public class LoopMemory
{
    private const double Rounded = 1e-9;

    private static Tensor Recurrence(Tensor w, int length, int? every) =>
        Scan(c => (Tanh((c * w) + 0.1), c), (Tensor)0.1, length, every).Carry;

    [Fact]
    public void The_number_of_equations_does_not_depend_on_the_number_of_steps()
    {
        static int[] Counts(int length)
        {
            var program = Trace((Tensor w) => Recurrence(w, length, null))(0.9);
            var linearized = program.Linearize();
            Program[] programs = [program, program.Jvp(), linearized.Primal, linearized.Linear, linearized.Linear.Transpose(1), program.Vmap(3), program.Simplify(), Trace(Grad(w => Recurrence(w, length, 2)))(0.9)];
            return [.. programs.Select(Equations)];
        }
        Assert.Equal(Counts(10), Counts(1_000_000));
    }

    [Fact]
    public void Checkpoints_every_root_of_n_steps_keep_memory_of_the_root_of_n()
    {
        static long Kept(int length, int? every) => Trace((Tensor w) => Recurrence(w, length, every))(0.9).Linearize().BytesKept;
        const int length = 10_000, root = 100;
        // Carries between stretches and the weight; without checkpoints, carry and slope of each step.
        Assert.True(Kept(length, root) <= 2 * root * sizeof(double), $"{Kept(length, root)} bytes");
        Assert.True(Kept(length, null) >= length * sizeof(double), $"{Kept(length, null)} bytes");
        Assert.Equal(10.0, (double)Kept(100 * length, 10 * root) / Kept(length, root), 0.2);
    }

    [Fact]
    public void A_recurrence_of_ten_thousand_steps_has_the_same_gradient_with_checkpoints()
    {
        var inputs = Sin(Arange(10_000) * 0.01);
        Tensor Run(Tensor w, int? every) => Sum(Scan((c, x) => (Tanh((c * w) + x), c), (Tensor)0.1, inputs, checkpointEvery: every).Outputs);
        Closeness.Within(Grad(w => Run(w, null))(0.9), Grad(w => Run(w, 100))(0.9), Rounded, "gradient");
    }

    // Reverse mode through a loop of n steps: the states kept are as many as was said, and steps done again at most n log₂ n.
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(7, 4)]
    [InlineData(40, 4)]
    [InlineData(40, 8)]
    [InlineData(1000, 8)]
    [InlineData(1000, 32)]
    [InlineData(5000, 16)]
    public void Reverse_mode_through_a_loop_of_unknown_length_keeps_few_states_and_recomputes_little(int steps, int states)
    {
        Tensor Run(Tensor x) => While(s => s.Step < steps, s => (Step: s.Step + 1, Value: Sin(s.Value * 1.3) + (0.1 * x)), (Step: (Tensor)0, Value: x), states: states).Value;
        Tensor Unrolled(Tensor x) => Scan(c => (Sin(c * 1.3) + (0.1 * x), c), x, steps).Carry;
        Tensor at = 0.7;
        Closeness.Within(Grad(Unrolled)(at), Grad(Run)(at), Rounded, "gradient");

        var linearized = Trace(Run)(at).Linearize();
        Assert.All(linearized.Residuals.Map(residual => residual.Type).Filter(type => type.Rank > 0), type => Assert.Equal(states, type.Shape[0]));
        var residuals = linearized.Primal.Evaluate(at).Skip(1).ToArray();
        var again = Steps(linearized.Linear.Transpose(1), [1.0, .. residuals]);
        Assert.InRange(again, Math.Max(0, steps - 1), 1 + (steps * (2 + Math.Log2(Math.Max(1, steps)))));
    }

    // How often a body that takes a sine is run: loops are walked here, so that their bodies can be counted.
    private static double Steps(Program program, Tensor[] arguments)
    {
        var count = 0.0;
        Run(program, arguments);
        return count;

        Tensor[] Run(Program part, Tensor[] inputs)
        {
            var values = new Tensor[part.VariableCount];
            for (var i = 0; i < part.Inputs.Count; i++) values[i] = i < inputs.Length ? inputs[i] : part.Captures[i - inputs.Length];
            foreach (var equation in part.Equations)
            {
                if (equation.Primitive is Functional.Primitives.Sin) count++;
                Tensor[] operands = [.. equation.Inputs.Map(Read)];
                var results = equation.Primitive switch
                {
                    LinearMap map => Run(map.Forward.IfNone(() => throw new InvalidOperationException("no forward program")), operands),
                    Cond branches => Run((bool)operands[0] ? branches.IfTrue : branches.IfFalse, operands[1..]),
                    While loop => Loop(loop, operands),
                    var primitive => primitive.ApplyAll(operands),
                };
                foreach (var (output, result) in equation.Outputs.Zip(results)) values[output.Id] = result;
            }
            return [.. part.Outputs.Map(Read)];

            Tensor Read(Atom atom) => atom is Variable variable ? values[variable.Id] : ((Literal)atom).Value;
        }

        Tensor[] Loop(While loop, Tensor[] operands)
        {
            while ((bool)Run(loop.Condition, operands)[0]) Run(loop.Body, operands).CopyTo(operands, 0);
            return operands[..loop.Carries];
        }
    }

    private static int Equations(Program program) => program.Equations.Sum(equation =>
        1 + (equation.Primitive is ICarriesPrograms carrier ? carrier.Programs.Sum(carried => Equations(carried.Program)) : 0));
}
