using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;

namespace Functional.Properties;

/// <summary>What every primitive's rules promise, held of each sealed primitive that reflection finds: types, derivatives, transposes.</summary>
public class RuleProperties
{
    // A dozen roundings of f64, each of 1e-16, and a sum over at most a few hundred elements.
    private const double Exact = 1e-12;

    // The same number of roundings of f32, each of 6e-8.
    private const double Single = 1e-5;

    // Their derivative is what the user decrees, not that of their value.
    private static readonly string[] ByDecree = ["StopGradient"];

    public static TheoryData<string> Primitives() => new(ApplicationDraw.Kinds.Keys.Order());

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Inferred_type_is_the_evaluated_type(string primitive) => Theorem.Holds(ApplicationDraw.Any(ApplicationDraw.Kinds[primitive]), 40, draw =>
    {
        var (drawn, operands) = draw.Sample();
        var types = operands.Map(operand => operand.Type).ToArray();
        var inferred = drawn.Infer(types);
        Assert.Equal(inferred, drawn.Evaluate(operands.ToArray(), inferred).Select(result => result.Type));
        Assert.Equal(inferred, drawn.ApplyAll(operands.ToArray()).Select(result => result.Type));
        Traced(draw).Check().IfFail(faults => Assert.Fail(string.Join("\n", faults)));
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Evaluation_leaves_its_operands_alone_and_repeats(string primitive) => Theorem.Holds(ApplicationDraw.Any(ApplicationDraw.Kinds[primitive]), 20, draw =>
    {
        var (drawn, operands) = draw.Sample();
        var once = drawn.ApplyAll(operands.ToArray());
        foreach (var (before, after) in draw.Sample().Operands.Zip(operands)) Closeness.Same(before, after, "an operand after evaluation");
        foreach (var (first, second) in once.Zip(drawn.ApplyAll(operands.ToArray()))) Closeness.Same(first, second, "a second evaluation");
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Jvp_agrees_with_differences(string primitive) => Theorem.Holds(
        ApplicationDraw.Small(ApplicationDraw.Kinds[primitive]),
        30,
        draw =>
        {
            if (Derivable.AsDrawn(draw) is null) return true;
            if (Derivable.Of(draw) is not { } at) return false;
            foreach (var moving in at.MovingSubsets())
            {
                var directions = at.Directions(1, moving);
                var (results, tangents) = at.Primitive.Jvp(at.Operands.ToSeq(), Derivable.Optional(directions));
                foreach (var (direct, result) in at.Evaluate(at.Operands).Zip(results)) Closeness.Same(direct, result, "the value beside a tangent");
                Derivable.Typed(results, tangents);
                if (ByDecree.Contains(primitive)) continue;
                var floats = results.Zip(tangents).Filter(pair => pair.Item1.DType.IsFloat()).ToArray();
                var differences = Differences.Along(at.EvaluateFloats, at.Operands, directions);
                Differences.Agree(
                    [.. floats.Select(pair => pair.Item1)], differences, [.. floats.Select(pair => pair.Item2)], $"tangents at operands {string.Join(",", moving)}");
            }
            return true;
        },
        0.2);

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Jvp_of_Jvp_agrees_with_differences_of_Jvp(string primitive) => Theorem.Holds(
        ApplicationDraw.Small(ApplicationDraw.Kinds[primitive]),
        15,
        draw =>
        {
            if (Derivable.AsDrawn(draw) is null) return true;
            if (Derivable.Of(draw) is not { } at) return false;
            if (ByDecree.Contains(primitive)) return true;
            var once = at.Program().Jvp();
            var twice = once.Jvp();
            Tensor[] inputs = [.. at.Operands, .. at.Directions(1).OfType<Tensor>()];
            var directions = Derivable.Directions(inputs, 2);
            var all = twice.Evaluate([.. inputs, .. directions.OfType<Tensor>()]).ToArray();
            Tensor[] values = [.. all.Take(once.Outputs.Count).Where(value => value.DType.IsFloat())];
            var differences = Differences.Along(
                arguments => [.. once.Evaluate(arguments).Where(value => value.DType.IsFloat())], inputs, directions);
            Differences.Agree(values, differences, [.. all.Skip(once.Outputs.Count).Select(Some)], "second tangents");
            return true;
        },
        0.2);

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Jvp_in_f32_is_that_in_f64_rounded(string primitive) => Theorem.Holds(ApplicationDraw.Small(ApplicationDraw.Kinds[primitive]), 30, draw =>
    {
        if (Derivable.Of(draw, DType.Float32) is not { } narrow || narrow.In(DType.Float64) is not { } wide) return;
        var directions = narrow.Directions(1);
        var (results, tangents) = narrow.Primitive.Jvp(narrow.Operands.ToSeq(), Derivable.Optional(directions));
        Derivable.Typed(results, tangents);
        var wideDirections = directions.Select(direction => direction is null ? null : Numbers.As(direction, DType.Float64)).ToArray();
        var (expected, given, magnitudes) = (wide.Tangents(wideDirections), narrow.Tangents(directions), wide.Magnitudes(wideDirections));
        for (var i = 0; i < expected.Length; i++)
        {
            var errors = Numbers.Of(expected[i]).Zip(Numbers.Of(given[i]), (left, right) => Math.Abs(left - right)).ToArray();
            Assert.True(Numbers.Largest(errors) <= Single * magnitudes[i], $"the tangent in f32 is off by {Numbers.Largest(errors):G3}, where f64 has {expected[i]}");
        }
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Jvp_is_linear_in_the_tangent(string primitive) => Theorem.Holds(ApplicationDraw.Any(ApplicationDraw.Kinds[primitive]), 30, draw =>
    {
        if (Derivable.AsDrawn(draw) is not { } at) return;
        const double a = 0.75, b = -1.5;
        var (v, w) = (at.Directions(1), at.Directions(2));
        var mixed = v.Zip(w, (left, right) => left is null ? null : Numbers.Combined(a, left, b, right!)).ToArray();
        var (along, across, between) = (at.Tangents(v), at.Tangents(w), at.Tangents(mixed));
        for (var i = 0; i < between.Length; i++)
        {
            Sums([Numbers.Map(along[i], x => a * x), Numbers.Map(across[i], x => b * x)], between[i], Tolerance(at), "J (a v + b w) against a J v + b J w");
            Tensor[] parts = [.. at.Moving.Select(operand => at.Tangents(at.Directions(1, [operand]))[i])];
            Sums(parts, along[i], Tolerance(at), "the tangents of the operands, one by one, against all together");
        }
    });

    // Terms may cancel: rounding is relative to these, not to their sum.
    private static void Sums(Tensor[] terms, Tensor sum, double tolerance, string what)
    {
        var expected = terms.Aggregate(Numbers.Map(sum, _ => 0), (total, term) => Numbers.Combined(1, total, 1, term));
        var scale = terms.Sum(term => Numbers.Largest(Numbers.Of(term)));
        var error = Numbers.Largest(Numbers.Of(Numbers.Combined(1, expected, -1, sum)));
        Assert.True(error <= tolerance * scale, $"{what}: {sum} is off by {error:G3} from {expected}, a sum of terms up to {scale:G3}");
    }

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Jvp_and_transpose_are_adjoint(string primitive) => Theorem.Holds(ApplicationDraw.Any(ApplicationDraw.Kinds[primitive]), 30, draw =>
    {
        if (Derivable.AsDrawn(draw) is not { } at) return;
        foreach (var moving in at.MovingSubsets())
        {
            var directions = at.Directions(1, moving);
            var linear = at.Linear(moving);
            if (linear.Outputs.IsEmpty) continue;
            var v = moving.Select(operand => directions[operand]!).ToArray();
            var pushed = linear.Evaluate(v).ToArray();
            var u = Derivable.Directions(pushed, 3).OfType<Tensor>().ToArray();
            var transposed = linear.Transpose(v.Length);
            transposed.Check().IfFail(faults => Assert.Fail(string.Join("\n", faults)));
            var pulled = transposed.Evaluate(u);
            Closeness.Adjoint(Numbers.Inner(u, pushed), Numbers.Inner(pulled, v), Tolerance(at), $"{linear}\n{transposed}");
        }
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Linearize_and_Jvp_push_the_same(string primitive) => Theorem.Holds(ApplicationDraw.Small(ApplicationDraw.Kinds[primitive]), 20, draw =>
    {
        if (Derivable.AsDrawn(draw) is not { } at) return;
        var linearized = at.Program().Linearize();
        Assert.All([linearized.Primal, linearized.Linear], program => program.Check().IfFail(faults => Assert.Fail(string.Join("\n", faults))));
        var primal = linearized.Primal.Evaluate(at.Operands);
        var directions = at.Directions(1);
        foreach (var (expected, value) in at.Evaluate(at.Operands).Zip(primal)) Closeness.Same(expected, value, "the linearized value");
        var pushed = linearized.Linear.Evaluate([.. directions.OfType<Tensor>(), .. primal.Skip(linearized.Outputs)]);
        var (_, tangents) = at.Primitive.Jvp(at.Operands.ToSeq(), Derivable.Optional(directions));
        foreach (var (expected, tangent) in tangents.Somes().Zip(pushed)) Closeness.Within(expected, tangent, Tolerance(at), "the linearized tangent");
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Transpose_of_transpose_is_itself(string primitive) => Theorem.Holds(ApplicationDraw.Small(ApplicationDraw.Kinds[primitive]), 20, draw =>
    {
        if (Derivable.AsDrawn(draw) is not { } at) return;
        var linear = at.Linear(at.Moving);
        if (linear.Outputs.IsEmpty) return;
        var v = at.Directions(1).OfType<Tensor>().ToArray();
        var again = linear.Transpose(v.Length).Transpose(linear.Outputs.Count);
        foreach (var (expected, given) in linear.Evaluate(v).Zip(again.Evaluate(v)))
            Closeness.Within(expected, given, Tolerance(at), $"{linear}\n{again}");
    });

    // A primitive that says it is linear is so in some of its operands: those in which it is additive and homogeneous.
    // One that carries programs is linear where these are, which its derivative is: adjointness holds it to that.
    [Theory]
    [MemberData(nameof(Primitives))]
    public void A_linear_primitive_transposes_where_it_is_linear(string primitive) => Theorem.Holds(ApplicationDraw.Small(ApplicationDraw.Kinds[primitive]), 20, draw =>
    {
        if (Derivable.AsDrawn(draw) is not { Primitive: ILinear rule and not ICarriesPrograms } at) return;
        foreach (var moving in at.MovingSubsets().Where(at.IsLinearIn))
        {
            var linear = Trace.Of("Rule", moving.Select(operand => at.Operands[operand].Type).ToSeq(), v =>
                at.Primitive.ApplyAll(at.With(moving, v)).ToSeq());
            var v = moving.Select(operand => at.Operands[operand]).ToArray();
            var pushed = linear.Evaluate(v).ToArray();
            var u = Derivable.Directions(pushed, 3).OfType<Tensor>().ToArray();
            var operands = at.Operands.Select((operand, i) => moving.Contains(i) ? Operand.Linear(operand.Type) : Operand.Of(operand)).ToSeq();
            var pulled = rule.Transpose(u.Map(Some).ToSeq(), operands);
            Assert.Equal(operands.Count, pulled.Count);
            for (var i = 0; i < operands.Count; i++)
            {
                if (!moving.Contains(i)) Assert.True(pulled[i].IsNone, $"operand {i} is known, and has a cotangent");
                pulled[i].IfSome(cotangent => Assert.Equal(operands[i].Type, cotangent.Type));
            }
            var cotangents = moving.Select(i => pulled[i].IfNone(() => Numbers.Map(at.Operands[i], _ => 0)));
            Closeness.Adjoint(Numbers.Inner(u, pushed), Numbers.Inner(cotangents, v), Tolerance(at), $"linear in operands {string.Join(",", moving)}");
            var nothing = rule.Transpose(u.Map(_ => Option<Tensor>.None).ToSeq(), operands);
            Assert.All(nothing.Somes(), zero => Assert.Equal(0, Numbers.Largest(Numbers.Of(zero))));
        }
    });

    private static double Tolerance(Derivable at) => at.Types.Concat(at.Infer()).Any(type => type.DType == DType.Float32) ? Single : Exact;

    private static Program Traced(ApplicationDraw draw)
    {
        var (primitive, operands) = draw.Sample();
        return Trace.Of("Rule", operands.Map(operand => operand.Type), inputs => primitive.ApplyAll(inputs.ToArray()).ToSeq());
    }
}
