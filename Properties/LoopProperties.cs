using Functional.Primitives;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;

namespace Functional.Properties;

/// <summary>What every primitive says of its loops and of itself, held of each: batching, loop form, text, equality.</summary>
public class LoopProperties
{
    // A batch may sum in another order than its members do: a few roundings of the largest element.
    private const double Reordered = 1e-13;

    private const double ReorderedSingle = 1e-5;

    // A fold of the form goes one by one, the kernel's in a tree.
    private const double Folded = 1e-12;

    public static TheoryData<string> Primitives() => RuleProperties.Primitives();

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Batching_equals_a_loop(string primitive) => Theorem.Holds(ApplicationDraw.Any(ApplicationDraw.Kinds[primitive]), 20, draw =>
    {
        var (drawn, operands) = draw.Sample();
        var shared = operands.ToArray();
        if (shared.Length == 0) return;
        var members = Members(drawn, shared);
        foreach (var batched in Subsets(shared.Length))
            foreach (var size in (int[])[0, 1, 3])
                Batched(drawn, shared, [.. members.Take(size)], batched, size);
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Form_agrees_with_evaluation(string primitive) => Theorem.Holds(ApplicationDraw.Any(ApplicationDraw.Kinds[primitive]), 30, draw =>
    {
        var (drawn, operands) = draw.Sample();
        var results = drawn.ApplyAll(operands.ToArray());
        switch (drawn.Form(operands.Map(operand => operand.Type).ToArray()))
        {
            case LoopForm.Pointwise:
                Closeness.Same(results[0], Forms.Elementwise(drawn, operands.ToArray(), results[0].Type), "element by element");
                break;
            case LoopForm.View(var map):
                Closeness.Same(Forms.Viewed(operands[0], map, results[0].Type), results[0], $"through {map}");
                break;
            case LoopForm.Fold(var monoid, var axes):
                Closeness.Within(Forms.Folded(operands[0], monoid, axes, results[0].Type), results[0], Tolerance(results[0], Folded), $"{monoid} over {axes}");
                break;
            case LoopForm.Contract contraction:
                Closeness.Within(Forms.Contracted(operands[0], operands[1], contraction, results[0].Type), results[0], Tolerance(results[0], Folded), $"{contraction}");
                break;
            default:
                break;
        }
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Cost_is_counted_and_covers_the_traffic(string primitive) => Theorem.Holds(ApplicationDraw.Any(ApplicationDraw.Kinds[primitive]), 20, draw =>
    {
        var (drawn, operands) = draw.Sample();
        var types = operands.Map(operand => operand.Type).ToArray();
        var cost = drawn.Cost(types, drawn.Infer(types));
        Assert.True(cost.Flops >= 0, $"{cost}");
        Assert.True(cost.Bytes >= 0, $"{cost}");
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Text_is_stable(string primitive) => Theorem.Holds(ApplicationDraw.Small(ApplicationDraw.Kinds[primitive]), 40, draw =>
    {
        var (first, second) = (Traced(draw), Traced(draw));
        Assert.Equal(first, second);
        Assert.Equal(first.ToString(), second.ToString());
        Assert.Equal(first.ToString(), first.ToString());
        var text = draw.Sample().Primitive.ToString();
        // The name of a .NET type or of a default ToString is no text for a reader.
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("LanguageExt", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Functional.", text, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Equal_parameters_are_equal_primitives(string primitive) => Theorem.Holds(ApplicationDraw.Small(ApplicationDraw.Kinds[primitive]), 40, draw =>
    {
        var (first, second, other) = (draw.Sample().Primitive, draw.Sample().Primitive, (draw with { Seed = draw.Seed ^ 1 }).Sample().Primitive);
        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
        if (first == other) Assert.Equal(first.GetHashCode(), other.GetHashCode());
        // Text that says all parameters tells unequal primitives apart.
        else Assert.NotEqual(Said(first), Said(other));
    });

    private static string Said(Primitive primitive) => primitive is ICarriesPrograms carrier
        ? $"{primitive}\n{string.Join("\n", carrier.Programs.Map(carried => $"{carried.Name}\n{carried.Program}"))}"
        : primitive.ToString();

    private static void Batched(Primitive primitive, Tensor[] shared, Tensor[][] members, int[] batched, int size)
    {
        var operands = shared.Select((operand, i) => batched.Contains(i)
            ? Functional.Programs.Batched.Each(Numbers.Stacked(operand.Type, members.Select(member => member[i])))
            : Functional.Programs.Batched.Shared(operand)).ToSeq().Strict();
        var results = primitive.Batch(operands, size);
        var types = primitive.Infer(shared.Select(operand => operand.Type).ToArray());
        var what = $"a batch of {size} at operands {string.Join(",", batched)}";
        Assert.Equal(types, results.Map(result => result.Type));
        Assert.All(results, result => Assert.True(!result.IsBatched || result.Value.Shape[0] == size, $"{what} has {result.Value.Type}"));
        for (var member = 0; member < size; member++)
        {
            var alone = primitive.ApplyAll(shared.Select((operand, i) => batched.Contains(i) ? members[member][i] : operand).ToArray());
            foreach (var (expected, result) in alone.Zip(results))
                Closeness.Within(
                    expected,
                    result.IsBatched ? Numbers.Member(result.Value, member) : result.Value,
                    IsExact(primitive, shared) ? 0 : Tolerance(expected, Reordered),
                    $"{what}, member {member}");
        }
    }

    // What moves elements, or computes each from those at its place, gives the same bits wherever they stand.
    private static bool IsExact(Primitive primitive, Tensor[] operands) =>
        primitive is Functional.Primitives.Elementwise or Randomness
        || primitive.Form(operands.Select(operand => operand.Type).ToArray()) is LoopForm.View or LoopForm.Pointwise;

    private static double Tolerance(Tensor result, double wide) => result.DType == DType.Float32 ? ReorderedSingle : wide;

    // Three members: the operands, and two variations that stay in domains like x > 1, |x| < 1, positive definite, index < n.
    private static Tensor[][] Members(Primitive primitive, Tensor[] operands)
    {
        double[] scales = [1, 0.96, 0.92];
        return [.. scales.Select((scale, shift) => operands.Select((operand, i) =>
        {
            var elements = Numbers.Of(operand);
            var varied = Numbers.Tensor(operand.Type, operand.DType.IsFloat()
                ? elements.Select(element => element * scale)
                : elements.Select((_, k) => elements[(k + shift) % elements.Length]));
            return Accepts(primitive, [.. operands[..i], varied, .. operands[(i + 1)..]]) ? varied : operand;
        }).ToArray())];
    }

    private static bool Accepts(Primitive primitive, Tensor[] operands)
    {
        try
        {
            primitive.ApplyAll(operands);
            return true;
        }
        catch (Exception refused) when (refused is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            return false;
        }
    }

    private static IEnumerable<int[]> Subsets(int count)
    {
        // All subsets of a few operands; of many, each alone, all but each, and all.
        var all = Enumerable.Range(0, count).ToArray();
        if (count <= 3)
            return Enumerable.Range(1, (1 << count) - 1).Select(bits => all.Where(i => (bits >> i & 1) == 1).ToArray());
        return [.. all.Select(i => new[] { i }), .. all.Select(i => all.Where(k => k != i).ToArray()), all];
    }

    private static Program Traced(ApplicationDraw draw)
    {
        var (primitive, operands) = draw.Sample();
        return Trace.Of("Rule", operands.Map(operand => operand.Type), inputs => primitive.ApplyAll(inputs.ToArray()).ToSeq());
    }
}
