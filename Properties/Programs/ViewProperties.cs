using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Programs;

/// <summary>Views of programs: costs, fan-out, definitions, last uses.</summary>
public class ViewProperties
{
    [Fact]
    public void Costs_of_small_programs_are_counted_by_hand()
    {
        // Operations: 3 for x·y, 2 for the sum, 1 for the square root. Bytes: 9 numbers, 4, 2.
        Assert.Equal(new Cost(6, 8 * (9 + 4 + 2)), Cost.Of(Trace((Tensor x, Tensor y) => Sqrt(Sum(x * y)))(Zeros([3]), Zeros([3]))));
        // Data movement counts for no operation: 12 numbers of 4 bytes are read and written.
        Assert.Equal(new Cost(0, 2 * 12 * 4), Cost.Of(Trace(x => Transpose(x))(Zeros([3, 4], DType.Float32))));
        // m·n products of k terms, a multiplication and an addition each.
        Assert.Equal(2 * 3 * 4 * 5, Cost.Of(Trace((Tensor x, Tensor y) => MatMul(x, y))(Zeros([3, 4]), Zeros([4, 5]))).Flops);
        Assert.Equal(default, Cost.Of(Trace(x => x)(Zeros([3]))));
    }

    [Fact]
    public void The_cost_of_a_program_is_the_sum_over_its_equations() => Theorem.Holds(ProgramDraw.Any, 40, draw =>
        Assert.Equal(draw.Program.Equations.Map(Cost.Of).Aggregate(default(Cost), (sum, next) => sum + next), Cost.Of(draw.Program)));

    [Fact]
    public void Fan_out_counts_each_reading()
    {
        var program = Trace((Tensor x) => (x * x, Sin(x), x))(1.0);
        Assert.Equal([4, 1, 1], Definitions.FanOut(program));
    }

    [Fact]
    public void Each_variable_is_defined_by_its_equation() => Theorem.Holds(ProgramDraw.Any, 40, draw =>
    {
        var definitions = Definitions.Of(draw.Program);
        Assert.All(draw.Program.Inputs, input => Assert.True(definitions[input.Id].IsNone));
        Assert.All(draw.Program.Equations, equation => Assert.All(equation.Outputs, output => Assert.Equal(Some(equation), definitions[output.Id])));
    });

    [Fact]
    public void After_its_last_use_nothing_reads_a_variable_again() => Theorem.Holds(ProgramDraw.Any, 60, draw =>
    {
        var program = draw.Program;
        var dying = Definitions.LastUses(program);
        var kept = program.Outputs.Concat(program.Assumptions.Map(assumption => assumption.Predicate)).OfType<Variable>().Select(variable => variable.Id).ToHashSet();
        var dead = new System.Collections.Generic.HashSet<int>();
        foreach (var (equation, ending) in program.Equations.Zip(dying))
        {
            Assert.All(equation.Inputs.OfType<Variable>(), input => Assert.DoesNotContain(input.Id, dead));
            Assert.All(ending, id => Assert.True(dead.Add(id) && !kept.Contains(id)));
        }
        var read = program.Equations.SelectMany(equation => equation.Inputs).OfType<Variable>().Select(variable => variable.Id);
        var made = program.Equations.SelectMany(equation => equation.Outputs).Select(variable => variable.Id);
        Assert.Equal(read.Concat(made).Distinct().Except(kept).Order(), dead.Order());
    });

    [Fact]
    public void Last_uses_of_a_small_program()
    {
        // a = x·x, b = sin a, c = cos x (unused), result b + a: x ends with c, and c at once.
        var program = Trace(x =>
        {
            var a = x * x;
            var b = Sin(a);
            _ = Cos(x);
            return b + a;
        })(1.0);
        Assert.Equal<int[]>([[], [], [3, 0], [2, 1]], Definitions.LastUses(program));
    }
}
