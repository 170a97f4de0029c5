using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using Xunit.Abstractions;

namespace Functional.Properties;

/// <summary>What holds of every program: checking, evaluation, simplification, equality, text.</summary>
public class ProgramProperties(ITestOutputHelper output)
{
    [Fact]
    public void Drawn_programs_are_varied()
    {
        var draws = new List<ProgramDraw>();
        Theorem.Holds(ProgramDraw.Plain, 200, draws.Add);
        var programs = draws.Select(draw => draw.Program).ToArray();
        double Share(Func<ProgramDraw, bool> has) => draws.Count(has) / (double)draws.Count;
        var types = programs.SelectMany(Defined).ToArray();
        var facts = new (string Fact, double Value, double Low, double High)[]
        {
            ("mean number of equations", programs.Average(program => program.Equations.Count), 12, 80),
            ("share with one equation or none", Share(draw => draw.Program.Equations.Count < 2), 0, 0.1),
            ("mean share of live equations", programs.Average(program => (1.0 + program.WithoutDeadCode().Equations.Count) / (1 + program.Equations.Count)), 0.3, 0.9),
            ("share with a value read thrice", Share(draw => Definitions.FanOut(draw.Program).Any(uses => uses > 2)), 0.4, 1),
            ("share that differences can tell of", Share(draw => draw.IsSmooth), 0.5, 1),
            ("share with an integer or truth value", Share(draw => Defined(draw.Program).Any(type => !type.DType.IsFloat())), 0.2, 0.95),
            ("share of values of rank 0", types.Count(type => type.Rank == 0) / (double)types.Length, 0.05, 0.5),
            ("share of values of rank 2 and more", types.Count(type => type.Rank > 1) / (double)types.Length, 0.2, 0.9),
            ("share of empty values", types.Count(type => type.Size == 0) / (double)types.Length, 0.005, 0.2),
            ("distinct primitives", programs.SelectMany(program => program.Equations.Map(equation => equation.Primitive.Name)).Distinct().Count(), 25, 200),
        };
        foreach (var (fact, value, _, _) in facts) output.WriteLine($"{fact}: {value:G3}");
        Assert.All(facts, fact => Assert.True(fact.Value >= fact.Low && fact.Value <= fact.High, $"{fact.Fact} is {fact.Value:G3}, outside {fact.Low} to {fact.High}"));
    }

    [Fact]
    public void The_checker_accepts_what_is_traced_and_transformed() => Theorem.Holds(ProgramDraw.Any, 100, draw =>
    {
        var program = draw.Program;
        var linearized = program.Linearize();
        Assert.All(
            [
                ("traced", program),
                ("Simplify", program.Simplify()),
                ("Jvp", program.Jvp()),
                ("Jvp of Jvp", program.Jvp().Jvp()),
                ("Vmap", program.Vmap(2)),
                ("Linearize, primal", linearized.Primal),
                ("Linearize, linear", linearized.Linear),
                ("Transpose", linearized.Linear.Transpose(draw.Inputs.Count(input => input.DType.IsFloat()))),
            ],
            ((string Name, Program Program) made) => made.Program.Check().IfFail(faults => Assert.Fail($"{made.Name}: {string.Join("\n", faults)}")));
    });

    [Fact]
    public void Evaluation_equals_the_function() => Theorem.Holds(ProgramDraw.Any, 150, draw =>
        AllSame(draw.Function(draw.Inputs), draw.Program.Evaluate([.. draw.Inputs])));

    [Fact]
    public void Simplify_keeps_every_bit() => Theorem.Holds(ProgramDraw.Any, 200, draw =>
        AllSame(draw.Program.Evaluate([.. draw.Inputs]), draw.Program.Simplify().Evaluate([.. draw.Inputs])));

    [Fact]
    public void Simplify_keeps_every_bit_of_special_values() => Theorem.Holds(ProgramDraw.Any, 100, draw =>
    {
        double[] special = [0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, 1, -1, double.MaxValue];
        var sampler = new Sampler(draw.Seed, draw.Size);
        var inputs = draw.Inputs.Map(input => input.DType.IsFloat() ? Numbers.Map(input, _ => sampler.Choose(special)) : input).Strict();
        AllSame(draw.Program.Evaluate([.. inputs]), draw.Program.Simplify().Evaluate([.. inputs]));
    });

    [Fact]
    public void Each_pass_of_simplification_keeps_every_bit() => Theorem.Holds(ProgramDraw.Any, 100, draw =>
    {
        var expected = draw.Program.Evaluate([.. draw.Inputs]);
        foreach (var pass in (Func<Program, Program>[])[Functional.Programs.Simplification.FoldConstants, Functional.Programs.Simplification.ShareCommonSubexpressions, Functional.Programs.Simplification.WithoutDeadCode, Identities.RewriteIdentities, Selection.SelectBeforeProducts])
            AllSame(expected, pass(draw.Program).Evaluate([.. draw.Inputs]));
    });

    [Fact]
    public void Simplify_of_a_simple_program_is_the_same_object() => Theorem.Holds(ProgramDraw.Any, 100, draw =>
    {
        var simple = draw.Program.Simplify();
        Assert.Same(simple, simple.Simplify());
    });

    [Fact]
    public void Simplify_costs_no_more() => Theorem.Holds(ProgramDraw.Any, 100, draw =>
    {
        var (before, after) = (Cost.Of(draw.Program), Cost.Of(draw.Program.Simplify()));
        Assert.True(after.Flops <= before.Flops && after.Bytes <= before.Bytes, $"{before} became {after}");
    });

    [Fact]
    public void Programs_traced_twice_are_equal_and_print_alike() => Theorem.Holds(ProgramDraw.Any, 100, draw =>
    {
        var again = Trace.Of("Draw", draw.Inputs.Map(input => input.Type), draw.Function);
        Assert.Equal(draw.Program, again);
        Assert.Equal(draw.Program.GetHashCode(), again.GetHashCode());
        Assert.Equal(draw.Program.ToString(), again.ToString());
        Assert.Equal(draw.Program.Jvp().ToString(), again.Jvp().ToString());
    });

    [Fact]
    public void Equality_is_up_to_the_names_of_variables() => Theorem.Holds(ProgramDraw.Any, 100, draw =>
    {
        var program = draw.Program;
        Variable Renamed(Variable variable) => variable with { Id = 1000 - (7 * variable.Id) };
        Atom RenamedAtom(Atom atom) => atom is Variable variable ? Renamed(variable) : atom;
        var renamed = Numbering.Dense(
            program.Arguments.Map(Renamed),
            program.Inputs.Skip(program.Arguments.Count).Zip(program.Captures).Map(pair => (Renamed(pair.Item1), pair.Item2)).ToSeq(),
            program.Equations.Map(equation => new Equation(equation.Primitive, equation.Inputs.Map(RenamedAtom).Strict(), equation.Outputs.Map(Renamed).Strict())),
            program.Outputs.Map(RenamedAtom),
            program.Assumptions);
        Assert.Equal(program, renamed);
        Assert.Equal(program, program with { Names = Seq("some", "other", "names") });
        Assert.NotEqual(program, program with { Outputs = program.Outputs.Add(program.Inputs[0]) });
    });

    // A primitive that counts which of its earlier results are still held when the next is computed.
    private sealed record Probe(List<WeakReference> Made, List<int> Alive) : SingleResult
    {
        public override string Name => "probe";

        public override Application Sample(Sampler sampler) => new(this, Seq1(sampler.Tensor(DType.Float64, sampler.Shape())));

        protected override TensorType Result(ReadOnlySpan<TensorType> operands) => operands[0];

        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
        {
            GC.Collect();
            Alive.Add(Made.Count(reference => reference.IsAlive));
            Tensor result = Numbers.Map(operands[0], x => x + 1);
            Made.Add(new WeakReference(result));
            return result;
        }

        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => tangents[0];

        protected override Tensor BatchedResult(Seq<Batched> operands, int size) => Apply(operands[0].Value);
    }

    [Fact]
    public void Evaluation_lets_intermediates_go_after_their_last_use()
    {
        var probe = new Probe([], []);
        var program = Trace.Of("Probe", Seq1(new TensorType(DType.Float64, [4])), inputs =>
            Seq1(Enumerable.Range(0, 12).Aggregate(inputs[0], (x, _) => probe.Apply(x))));
        program.Evaluate(Tensor.From([1.0, 2, 3, 4]));
        // The operand, and what the last iteration's locals may still hold.
        Assert.True(probe.Alive.Max() <= 2, $"alive at each step: {string.Join(",", probe.Alive)}");
    }

    internal static void AllSame(Seq<Tensor> expected, Seq<Tensor> given)
    {
        Assert.Equal(expected.Count, given.Count);
        for (var i = 0; i < expected.Count; i++) Closeness.Same(expected[i], given[i], $"output {i}");
    }

    internal static void AllEqual(Seq<Tensor> expected, Seq<Tensor> given)
    {
        Assert.Equal(expected.Count, given.Count);
        for (var i = 0; i < expected.Count; i++) Closeness.Equal(expected[i], given[i], $"output {i}");
    }

    private static IEnumerable<TensorType> Defined(Program program) =>
        program.Inputs.Concat(program.Equations.SelectMany(equation => equation.Outputs)).Select(variable => variable.Type);
}
