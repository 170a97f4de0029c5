using Functional.Primitives;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;

namespace Functional.Properties;

/// <summary>What holds of the transforms of every program, one by one and composed.</summary>
public class TransformProperties
{
    // Thirty equations of a dozen roundings each, values and slopes of at most 8.
    private const double Exact = 1e-12;

    // Two ways to the same derivative add the same terms in other orders, through twice as many equations.
    private const double Composed = 1e-10;

    private const int Batch = 3;

    [Fact]
    public void Jvp_agrees_with_differences() => Theorem.Holds(ProgramDraw.Plain, 150, draw =>
    {
        if (!draw.IsSmooth) return false;
        var (program, inputs) = (draw.Program, draw.Inputs.ToArray());
        var directions = Derivable.Directions(inputs, 1);
        var all = program.Jvp().Evaluate([.. inputs, .. directions.OfType<Tensor>()]).ToArray();
        var values = Floats(program.Evaluate(inputs));
        Differences.Agree(
            values,
            Differences.Along(arguments => Floats(program.Evaluate(arguments)), inputs, directions),
            [.. all.Skip(program.Outputs.Count).Select(Some)],
            "tangents");
        return true;
    },
    0.5);

    [Fact]
    public void Jvp_and_Vjp_are_adjoint() => Theorem.Holds(ProgramDraw.Plain, 150, draw =>
    {
        var inputs = draw.Inputs.ToArray();
        var v = Derivable.Directions(inputs, 1).OfType<Tensor>().ToArray();
        var pushed = draw.Program.Jvp().Evaluate([.. inputs, .. v]).Skip(draw.Program.Outputs.Count).ToArray();
        var u = Derivable.Directions(pushed, 2).OfType<Tensor>().ToArray();
        Closeness.Adjoint(Numbers.Inner(u, pushed), Numbers.Inner(Pulled(draw.Program, inputs, u), v), Exact, "Jvp and Vjp");
    });

    [Fact]
    public void Linearize_and_Jvp_push_the_same() => Theorem.Holds(ProgramDraw.Any, 100, draw =>
    {
        var inputs = draw.Inputs.ToArray();
        var v = Derivable.Directions(inputs, 1).OfType<Tensor>().ToArray();
        var linearized = draw.Program.Linearize();
        var primal = linearized.Primal.Evaluate(inputs);
        ProgramProperties.AllSame(draw.Program.Evaluate(inputs), primal.Take(linearized.Outputs).ToSeq());
        var along = Linearization.At(draw.Program, draw.Inputs);
        var pushed = linearized.Linear.Evaluate([.. v, .. primal.Skip(linearized.Outputs)]);
        var expected = draw.Program.Jvp().Evaluate([.. inputs, .. v]).Skip(draw.Program.Outputs.Count)
            .Zip(along.Moves.Zip(draw.Program.Outputs).Filter(pair => pair.Item2.Type.DType.IsFloat()))
            .Where(pair => pair.Item2.Item1).Select(pair => pair.Item1).ToSeq();
        AllWithin(expected, pushed, draw.Mixed ? 1e-4 : Composed, "tangents");
    });

    [Fact]
    public void Vmap_equals_a_loop() => Theorem.Holds(ProgramDraw.Any, 100, draw =>
    {
        var members = Members(draw);
        var stacked = Stacked(members);
        var batched = draw.Program.Vmap(Batch).Evaluate(stacked);
        for (var member = 0; member < Batch; member++)
            AllWithin(draw.Program.Evaluate(members[member]), batched.Map(result => Numbers.Member(result, member)), draw.Mixed ? 1e-4 : Exact, $"member {member}");
    });

    [Fact]
    public void Vmap_of_nothing_is_nothing() => Theorem.Holds(ProgramDraw.Any, 50, draw =>
    {
        var empty = draw.Inputs.Map(input => Numbers.Stacked(input.Type, [])).ToArray();
        var results = draw.Program.Vmap(0).Evaluate(empty);
        Assert.Equal(draw.Program.Outputs.Map(result => result.Type.Shape.Insert(0, 0)), results.Map(result => result.Shape));
    });

    [Fact]
    public void Vmap_of_one_argument_shares_the_others() => Theorem.Holds(ProgramDraw.Any, 50, draw =>
    {
        var inputs = draw.Inputs.ToArray();
        var first = Members(draw).Select(member => member[0]).ToArray();
        var only = draw.Inputs.Select((_, i) => i == 0).ToSeq();
        var batched = draw.Program.Vmap(Batch, only).Evaluate([Numbers.Stacked(inputs[0].Type, first), .. inputs[1..]]);
        for (var member = 0; member < Batch; member++)
            AllWithin(draw.Program.Evaluate([first[member], .. inputs[1..]]), batched.Map(result => Numbers.Member(result, member)), draw.Mixed ? 1e-4 : Exact, $"member {member}");
    });

    [Fact]
    public void Jvp_of_Vmap_equals_Vmap_of_Jvp() => Theorem.Holds(ProgramDraw.Plain, 60, draw =>
    {
        var members = Members(draw);
        var arguments = Stacked([.. members.Select((member, i) => (Tensor[])[.. member, .. Derivable.Directions(member, i).OfType<Tensor>()])]);
        AllWithin(
            draw.Program.Vmap(Batch).Jvp().Evaluate(arguments),
            draw.Program.Jvp().Vmap(Batch).Evaluate(arguments),
            Composed,
            "values and tangents");
    });

    [Fact]
    public void Second_tangents_are_symmetric() => Theorem.Holds(ProgramDraw.Plain, 60, draw =>
    {
        var inputs = draw.Inputs.ToArray();
        var (v, w) = (Derivable.Directions(inputs, 1).OfType<Tensor>().ToArray(), Derivable.Directions(inputs, 2).OfType<Tensor>().ToArray());
        var still = v.Select(tensor => Numbers.Map(tensor, _ => 0)).ToArray();
        var twice = draw.Program.Jvp().Jvp();
        var floats = draw.Program.Outputs.Count(result => result.Type.DType.IsFloat());
        // (x, v, w, 0) to (y, ẏ, …, D²f(v, w)): second derivatives commute.
        AllWithin(
            twice.Evaluate([.. inputs, .. v, .. w, .. still]).TakeLast(floats).ToSeq(),
            twice.Evaluate([.. inputs, .. w, .. v, .. still]).TakeLast(floats).ToSeq(),
            Composed,
            "second tangents");
    });

    [Fact]
    public void Forward_over_reverse_equals_reverse_over_forward() => Theorem.Holds(ProgramDraw.Plain, 40, draw =>
    {
        var inputs = draw.Inputs.ToArray();
        var scalar = Scalar(draw.Program);
        var v = Derivable.Directions(inputs, 1).OfType<Tensor>().ToArray();
        // The gradient's tangent, and the gradient of the tangent: both are H v.
        var forward = Gradient(scalar).Jvp().Evaluate([.. inputs, .. v]).Skip(v.Length).ToSeq();
        var tangent = Trace.Of("Tangent", scalar.Arguments.Map(argument => argument.Type), arguments =>
            scalar.Jvp().Evaluate([.. arguments, .. v]).Skip(1).ToSeq());
        AllWithin(forward, Gradient(tangent).Evaluate(inputs), Composed, "H v");
    });

    [Fact]
    public void Transpose_of_Vmap_equals_Vmap_of_Transpose() => Theorem.Holds(ProgramDraw.Plain, 60, draw =>
    {
        var linearized = draw.Program.Linearize();
        var linear = linearized.Linear;
        if (linear.Outputs.IsEmpty) return;
        var floats = draw.Inputs.Count(input => input.DType.IsFloat());
        var members = Members(draw);
        var arguments = Stacked([.. members.Select((member, i) =>
        {
            var residuals = linearized.Primal.Evaluate(member).Skip(linearized.Outputs).ToArray();
            var sampler = new Sampler(i, 1);
            return (Tensor[])[.. linear.Outputs.Map(result => sampler.Tensor(result.Type, -1, 1)), .. residuals];
        })]);
        AllWithin(
            linear.Transpose(floats).Vmap(Batch).Evaluate(arguments),
            linear.Vmap(Batch).Transpose(floats).Evaluate(arguments),
            Composed,
            "cotangents");
    });

    [Fact]
    public void Linearize_of_Vmap_equals_Vmap_of_Linearize() => Theorem.Holds(ProgramDraw.Plain, 40, draw =>
    {
        var members = Members(draw);
        var stacked = Stacked(members);
        var v = Derivable.Directions(stacked, 1).OfType<Tensor>().ToArray();
        AllWithin(
            Pushed(draw.Program.Vmap(Batch).Linearize(), p => p, stacked, v),
            Pushed(draw.Program.Linearize(), p => p.Vmap(Batch), stacked, v),
            Composed,
            "tangents");
    });

    [Fact]
    public void Transpose_of_transpose_is_itself() => Theorem.Holds(ProgramDraw.Plain, 40, draw =>
    {
        var inputs = draw.Inputs.ToArray();
        var v = Derivable.Directions(inputs, 1).OfType<Tensor>().ToArray();
        var linear = Linearization.At(draw.Program, draw.Inputs).Linear;
        AllWithin(linear.Evaluate(v), linear.Transpose(v.Length).Transpose(linear.Outputs.Count).Evaluate(v), Composed, "tangents");
    });

    public static TheoryData<string> Names() => new(Transformed.Keys);

    private static readonly Dictionary<string, Func<Program, Program>> Transformed = new()
    {
        ["Jvp"] = program => program.Jvp(),
        ["Vmap"] = program => program.Vmap(Batch),
        ["Primal"] = program => program.Linearize().Primal,
        ["Grad"] = program => Gradient(Scalar(program)),
        ["Jvp of Vmap"] = program => program.Vmap(Batch).Jvp(),
        ["Jvp of Grad"] = program => Gradient(Scalar(program)).Jvp(),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Simplify_of_a_transformed_program_keeps_every_bit(string transform) => Theorem.Holds(ProgramDraw.Any, 40, draw =>
    {
        var program = Transformed[transform](draw.Program);
        var sampler = new Sampler(draw.Seed, draw.Size);
        Tensor[] arguments = [.. program.Arguments.Map(argument => sampler.Tensor(argument.Type, -2, 2))];
        ProgramProperties.AllSame(program.Evaluate(arguments), program.Simplify().Evaluate(arguments));
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void A_transform_of_a_simplified_program_means_the_same(string transform) => Theorem.Holds(ProgramDraw.Plain, 40, draw =>
    {
        var (before, after) = (Transformed[transform](draw.Program), Transformed[transform](draw.Program.Simplify()));
        var sampler = new Sampler(draw.Seed, draw.Size);
        Tensor[] arguments = [.. before.Arguments.Map(argument => sampler.Tensor(argument.Type, -2, 2))];
        var count = transform == "Primal" ? draw.Program.Outputs.Count : before.Outputs.Count;
        AllWithin(before.Evaluate(arguments).Take(count).ToSeq(), after.Evaluate(arguments).Take(count).ToSeq(), Composed, transform);
    });

    // The cheap-gradient principle. Data movement counts for nothing in f, but fan-out of what moved is added up
    // in the gradient: each element read counts as one operation of f. Where f chooses, masks of where a cotangent is zero
    // are computed beside it: two or three more operations of one bit for each of the gradient's.
    [Fact]
    public void A_gradient_costs_at_most_four_evaluations_and_its_masks() => Theorem.Holds(ProgramDraw.Plain, 150, draw =>
    {
        var scalar = Scalar(draw.Program).Simplify();
        // A loop of unknown length and a checkpoint compute again, to keep less.
        if (Recomputes(scalar)) return false;
        var linearized = scalar.Linearize();
        var pullback = linearized.Linear.Transpose(draw.Inputs.Count(input => input.DType.IsFloat())).Simplify();
        var gradient = Cost.Of(linearized.Primal).Flops + Cost.Of(pullback).Flops;
        var moved = scalar.Equations.Filter(equation => Cost.Of(equation).Flops == 0)
            .Sum(equation => equation.Outputs.Sum(result => (long)result.Type.Size) + equation.Inputs.Sum(input => (long)input.Type.Size));
        var evaluation = Cost.Of(scalar).Flops + moved;
        Assert.True(gradient <= (Chooses(scalar) ? 6 : 4) * Math.Max(1, evaluation), $"{gradient} FLOPs for {evaluation} of the function\n{scalar}\n{linearized.Primal}\n{pullback}");
        return true;
    },
    0.5);

    private static bool Chooses(Program program) => program.Equations.Exists(equation =>
        equation.Primitive is Select or Maximum or Minimum or Clamp or Relu or Abs
        || (equation.Primitive is ICarriesPrograms carrier && carrier.Programs.Exists(carried => Chooses(carried.Program))));

    private static bool Recomputes(Program program) => program.Equations.Exists(equation =>
        equation.Primitive is Functional.ControlFlow.While or Functional.ControlFlow.Checkpoint
        || (equation.Primitive is ICarriesPrograms carrier && carrier.Programs.Exists(carried => Recomputes(carried.Program))));

    private static Tensor[] Floats(Seq<Tensor> tensors) => [.. tensors.Where(tensor => tensor.DType.IsFloat())];

    // Σ sin over all outputs of floats: a scalar that every output moves, each element at its own rate.
    private static Program Scalar(Program program) => Trace.Of("Scalar", program.Arguments.Map(argument => argument.Type), arguments =>
        Seq1(program.Evaluate([.. arguments]).Filter(result => result.DType.IsFloat())
            .Map(result => TensorMath.Sum(TensorMath.Sin(TensorMath.Convert(result, DType.Float64))))
            .Fold(TensorMath.Sum(arguments[0]), (total, next) => total + next)));

    private static Program Gradient(Program scalar) => Trace.Of("Gradient", scalar.Arguments.Map(argument => argument.Type), arguments =>
        Pulled(scalar, [.. arguments], [TensorMath.Ones(Shape.Scalar)]));

    private static Seq<Tensor> Pulled(Program program, Tensor[] arguments, Tensor[] cotangents)
    {
        var (results, linear, moves) = Linearization.At(program, arguments.ToSeq());
        var moving = results.Zip(moves).Filter(pair => pair.Item1.DType.IsFloat()).Map(pair => pair.Item2)
            .Zip(cotangents).Filter(pair => pair.Item1).Map(pair => pair.Item2);
        return linear.Transpose(arguments.Count(argument => argument.DType.IsFloat())).Evaluate([.. moving]);
    }

    private static Seq<Tensor> Pushed(Linearized linearized, Func<Program, Program> batch, Tensor[] inputs, Tensor[] v)
    {
        var primal = batch(linearized.Primal).Evaluate(inputs);
        return batch(linearized.Linear).Evaluate([.. v, .. primal.Skip(linearized.Outputs)]);
    }

    // Members of a batch: the drawn inputs, and two that are scaled down, away from the drawn ones by more than rounding.
    private static Tensor[][] Members(ProgramDraw draw) =>
        [.. Enumerable.Range(0, Batch).Select(member => draw.Inputs.Map(input => input.DType.IsFloat() ? Numbers.Map(input, x => x * (1 - (0.3 * member))) : input).ToArray())];

    private static Tensor[] Stacked(Tensor[][] members) =>
        [.. Enumerable.Range(0, members[0].Length).Select(i => Numbers.Stacked(members[0][i].Type, members.Select(member => member[i])))];

    private static void AllWithin(Seq<Tensor> expected, Seq<Tensor> given, double tolerance, string what)
    {
        Assert.Equal(expected.Count, given.Count);
        for (var i = 0; i < expected.Count; i++) Closeness.Within(expected[i], given[i], tolerance, $"{what}: output {i}");
    }
}
