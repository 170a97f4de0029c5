using Functional.Differentiation;
using Functional.Primitives;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Differentiation;

/// <summary>What reverse mode keeps: whatever it is, values and derivatives are the same bits; the minimum cut keeps fewest.</summary>
public class ResidualProperties
{
    private static readonly ResidualPolicy[] Policies =
        [ResidualPolicy.Everything, ResidualPolicy.MinimumCut, ResidualPolicy.Contractions, ResidualPolicy.Nothing, ResidualPolicy.Named("hidden")];

    private static readonly Tensor Weights = Normal(Key.From(1), [6, 6], deviation: 0.3);

    private static readonly Func<Tensor, Tensor> Network = w =>
    {
        var hidden = Named(Tanh(MatMul(w, w)), "hidden");
        return Sum(Sigmoid(MatMul(hidden, w) * 2.0) * hidden);
    };

    [Fact]
    public void Every_policy_gives_the_same_bits() => Theorem.Holds(ProgramDraw.Any, 80, draw =>
    {
        var inputs = draw.Inputs.ToArray();
        var v = Derivable.Directions(inputs, 1).OfType<Tensor>().ToArray();
        var whole = draw.Program.Linearize(ResidualPolicy.Everything);
        var values = whole.Primal.Evaluate(inputs);
        var tangents = whole.Linear.Evaluate([.. v, .. values.Skip(whole.Outputs)]);
        var pulled = Pulled(whole, v.Length, values, tangents);
        foreach (var policy in Policies)
        {
            var split = draw.Program.Linearize(policy);
            Assert.All([split.Primal, split.Linear], program => program.Check().IfFail(faults => Assert.Fail(string.Join("\n", faults))));
            var kept = split.Primal.Evaluate(inputs);
            ProgramProperties.AllSame(values.Take(whole.Outputs).ToSeq(), kept.Take(split.Outputs).ToSeq());
            ProgramProperties.AllSame(tangents, split.Linear.Evaluate([.. v, .. kept.Skip(split.Outputs)]));
            ProgramProperties.AllSame(pulled, Pulled(split, v.Length, kept, tangents));
        }
    });

    [Fact]
    public void The_minimum_cut_keeps_no_more_than_any_other_choice_of_cheap_recomputation() => Theorem.Holds(ProgramDraw.Any, 60, draw =>
    {
        var everything = draw.Program.Linearize(ResidualPolicy.Everything);
        var cut = draw.Program.Linearize(ResidualPolicy.MinimumCut);
        Assert.True(cut.BytesKept <= everything.BytesKept, $"{cut.BytesKept} bytes by the minimum cut, {everything.BytesKept} of all\n{cut.Primal}");
        if (cut.BytesKept == everything.BytesKept) Assert.True(cut.FlopsAdded == 0 || cut.Residuals != everything.Residuals);
    });

    // Vertex cuts of graphs small enough to try all sets of vertices.
    [Fact]
    public void The_minimum_cut_is_the_smallest_set_that_separates() => Theorem.Holds(ProgramDraw.Any, 200, draw =>
    {
        var program = draw.Program;
        if (program.VariableCount is < 4 or > 14) return false;
        var sampler = new Sampler(draw.Seed, 1);
        var dear = program.Equations.Filter(_ => sampler.Integer(0, 3) == 0).ToHashSet();
        var needed = program.Outputs.OfType<Variable>().Distinct().ToSeq().Strict();
        var cut = MinimumCut.Of(program, needed, equation => !dear.Contains(equation));
        Assert.True(Separates(program, needed, dear, cut.Map(variable => variable.Id).ToHashSet()), "the cut does not separate");
        var captures = program.Inputs.Skip(program.Arguments.Count).Map(input => input.Id).ToHashSet();
        var all = program.Inputs.Concat(program.Equations.SelectMany(equation => equation.Outputs)).Where(variable => !captures.Contains(variable.Id)).ToArray();
        var least = Enumerable.Range(0, 1 << all.Length)
            .Select(set => all.Where((_, i) => (set >> i & 1) == 1).ToArray())
            .Where(set => Separates(program, needed, dear, [.. set.Select(variable => variable.Id)]))
            .Min(set => set.Sum(Bytes));
        Assert.Equal(least, cut.Filter(variable => !captures.Contains(variable.Id)).Sum(Bytes));
        return true;
    },
    0.1);

    [Fact]
    public void Nothing_keeps_only_arguments() => Theorem.Holds(ProgramDraw.Any, 40, draw =>
    {
        var split = draw.Program.Linearize(ResidualPolicy.Nothing);
        Assert.All(split.Residuals, residual => Assert.True(residual is not Variable variable || variable.Id < draw.Program.Arguments.Count, split.Primal.ToString()));
    });

    [Fact]
    public void The_work_added_is_that_of_the_equation_that_recomputes() => Theorem.Holds(ProgramDraw.Any, 40, draw =>
    {
        foreach (var policy in Policies)
        {
            var split = draw.Program.Linearize(policy);
            Assert.Equal(split.FlopsAdded, split.Linear.Equations.Filter(equation => equation.Primitive is Recompute).Sum(equation => Cost.Of(equation).Flops));
        }
    });

    [Fact]
    public void Contractions_keeps_the_products_of_matrices()
    {
        var split = Trace(Network)(Weights).Linearize(ResidualPolicy.Contractions);
        var products = split.Primal.Equations.Filter(equation => equation.Primitive is Contract).SelectMany(equation => equation.Outputs).ToArray();
        Assert.Equal(2, products.Length);
        Assert.Equal([split.Primal.Inputs[0], .. products], split.Residuals.OfType<Variable>());
    }

    [Fact]
    public void Named_keeps_what_bears_the_name()
    {
        var split = Trace(Network)(Weights).Linearize(ResidualPolicy.Named("hidden"));
        var named = split.Primal.Equations.Find(equation => equation.Primitive is Named).Map(equation => equation.Outputs[0]).ToSeq();
        Assert.Equal([split.Primal.Inputs[0], .. named], split.Residuals.OfType<Variable>());
        Assert.Equal(2 * 6 * 6 * sizeof(double), split.BytesKept);
    }

    // What was dropped is an equation of its own when both halves stand in one program: nothing shares what it does.
    [Fact]
    public void No_simplification_takes_what_was_dropped_for_what_is_computed_again()
    {
        var split = Trace(Network)(Weights).Linearize(ResidualPolicy.Nothing);
        var pasted = Pasted(split).Simplify();
        var again = pasted.Equations.Filter(equation => equation.Primitive is Recompute).ToArray();
        Assert.Single(again);
        Assert.Contains(((Recompute)again[0].Primitive).Body.Equations, equation => equation.Primitive is Contract);
    }

    // A transform of the whole program keeps the boundary: what it makes of a recomputation is one.
    [Theory]
    [InlineData("Vmap")]
    [InlineData("Jvp")]
    [InlineData("Primal")]
    public void A_recomputation_stays_one_under_every_transform(string transform)
    {
        var pasted = Pasted(Trace(Network)(Weights).Linearize(ResidualPolicy.Nothing));
        var transformed = transform switch
        {
            "Vmap" => pasted.Vmap(3),
            "Jvp" => pasted.Jvp(),
            _ => pasted.Linearize(ResidualPolicy.Everything).Primal,
        };
        Assert.Equal(2, Recomputed(pasted));
        Assert.True(Recomputed(transformed.Simplify()) >= 2, transformed.Simplify().ToString());

        static int Recomputed(Program program) => program.Equations.Map(equation => equation.Primitive).OfType<Recompute>()
            .Sum(again => again.Body.Equations.Count(equation => equation.Primitive is Contract));
    }

    [Fact]
    public void A_recomputation_reads_only_what_its_live_results_need()
    {
        var body = Functional.Programs.Trace.Of("Body", Seq(Weights.Type, Weights.Type), inputs => Seq(Sin(inputs[0]), Sin(inputs[1])));
        var program = Trace(((Tensor X, Tensor Y) p) => new Recompute(body).ApplyAll(p.X, p.Y)[1])((Weights, Weights)).Simplify();
        Assert.Equal(Seq1((Atom)program.Inputs[1]), Assert.Single(program.Equations).Inputs);
    }

    [Fact]
    public void A_widened_value_is_kept_narrow()
    {
        var x = Convert(Tensor.From([1.0, 2, 3, 4]), DType.Float32);
        var program = Trace((Tensor x) => Sum(Square(Convert(x, DType.Float64))))(x);
        Assert.Equal(4 * sizeof(double), program.Linearize(ResidualPolicy.Everything).BytesKept);
        Assert.Equal(4 * sizeof(float), program.Linearize(ResidualPolicy.MinimumCut).BytesKept);
    }

    // What a name stands for is the value itself: the derivative of exp reads the one, that of the square the other.
    [Fact]
    public void A_named_value_is_kept_once_whoever_reads_it()
    {
        var program = Trace(x => Sum(Square(Named(Named(Exp(x), "inner"), "outer"))))(Weights);
        foreach (var policy in new[] { ResidualPolicy.Everything, ResidualPolicy.MinimumCut, ResidualPolicy.Named("outer"), ResidualPolicy.Named("inner", "outer") })
        {
            var split = program.Linearize(policy);
            Assert.Equal(Weights.Type.Bytes, split.BytesKept);
            Assert.Equal(0, split.FlopsAdded);
        }
        Assert.Equal("c", Assert.Single(program.Linearize(ResidualPolicy.Named("outer")).ResidualNames));
    }

    [Fact]
    public void A_kept_name_spares_the_work_before_it()
    {
        var split = Trace(Network)(Weights).Linearize(ResidualPolicy.Named("hidden"));
        var again = split.Linear.Equations.Map(equation => equation.Primitive).OfType<Recompute>().Single();
        Assert.Single(again.Body.Equations.Filter(equation => equation.Primitive is Contract));
        Assert.DoesNotContain(again.Body.Equations, equation => equation.Primitive.Name == "tanh");
    }

    [Fact]
    public void A_checkpoint_has_the_values_of_none_bit_for_bit_and_its_gradients() => Theorem.Holds(ProgramDraw.Any, 60, draw =>
    {
        var arguments = draw.Inputs;
        foreach (var policy in Policies)
        {
            var checkpointed = Functional.Programs.Trace.Of("Checkpoint", draw.Program.Arguments.Map(argument => argument.Type), inputs =>
                Checkpoint<Tensor[], Tensor[]>(x => [.. draw.Program.Evaluate(x)], policy)([.. inputs]).ToSeq());
            ProgramProperties.AllSame(draw.Program.Evaluate([.. arguments]), checkpointed.Evaluate([.. arguments]));
            var (plain, kept) = (Linearization.At(draw.Program, arguments), Linearization.At(checkpointed, arguments));
            Assert.Equal(plain.Moves, kept.Moves);
            var moved = plain.Results.Zip(plain.Moves).Filter(pair => pair.Item2).Map(pair => pair.Item1).ToArray();
            var u = Derivable.Directions(moved, 2).OfType<Tensor>().ToArray();
            var count = arguments.Count(argument => argument.DType.IsFloat());
            ProgramProperties.AllEqual(plain.Linear.Transpose(count).Evaluate(u), kept.Linear.Transpose(count).Evaluate(u));
        }
    });

    // Both halves in one program: (x, ẋ) to (y, ẏ).
    private static Program Pasted(Linearized split) => Trace(((Tensor X, Tensor V) p) =>
    {
        var kept = split.Primal.Evaluate(p.X);
        return (kept[0], split.Linear.Evaluate([p.V, .. kept.Skip(1)])[0]);
    })((Weights, Weights));

    private static Seq<Tensor> Pulled(Linearized split, int count, Seq<Tensor> values, Seq<Tensor> cotangents) =>
        split.Linear.Transpose(count).Evaluate([.. cotangents, .. values.Skip(split.Outputs)]);

    private static long Bytes(Variable variable) => Math.Max(1, variable.Type.Bytes);

    // No way back from what is needed, through equations that may be run again, to what may not be, but through the set.
    private static bool Separates(Program program, Seq<Variable> needed, System.Collections.Generic.HashSet<Equation> dear, System.Collections.Generic.HashSet<int> set)
    {
        var definitions = Definitions.Of(program);
        return needed.ForAll(Follows);

        bool Follows(Variable variable) =>
            set.Contains(variable.Id)
            || (definitions[variable.Id].Case is Equation equation
                ? !dear.Contains(equation) && equation.Inputs.OfType<Variable>().All(Follows)
                : variable.Id >= program.Arguments.Count);
    }
}
