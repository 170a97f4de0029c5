using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;

namespace Functional.Properties;

/// <summary>What every primitive says of its dependence: no derivative that is not zero lies outside it.</summary>
public class DependenceProperties
{
    // So many elements of an operand are moved one by one.
    private const int Moved = 30;

    public static TheoryData<string> Primitives() => RuleProperties.Primitives();

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Dependence_covers_the_nonzeros(string primitive) => Theorem.Holds(ApplicationDraw.Small(ApplicationDraw.Kinds[primitive]), 25, draw =>
    {
        if (Derivable.AsDrawn(draw) is not { } at) return;
        Covers(at, at.Operands.Select(operand => operand.DType.IsFloat()).ToArray(), false);
        Covers(at, [.. at.Operands.Select(_ => true)], false);
        Covers(at, at.Operands.Select(operand => operand.DType.IsFloat()).ToArray(), true);
        // Some floats are constants too, zeros among them.
        for (var still = 0; still < at.Operands.Length; still++)
        {
            if (!at.Operands[still].DType.IsFloat()) continue;
            var zeroed = at with { Operands = [.. at.Operands] };
            if (primitive is "Multiply" or "Contract") zeroed.Operands[still] = Numbers.Tensor(at.Operands[still].Type, Numbers.Of(at.Operands[still]).Select((x, k) => k % 2 == 0 ? 0 : x));
            Covers(zeroed, [.. at.Operands.Select((_, i) => i != still)], false);
        }
    });

    // Operands that are not given from outside are constants of the program.
    private static void Covers(Derivable at, bool[] isGiven, bool isLocal)
    {
        int[] given = [.. Enumerable.Range(0, isGiven.Length).Where(i => isGiven[i])];
        int[] moving = [.. given.Where(i => at.Operands[i].DType.IsFloat())];
        if (moving.Length == 0) return;
        var program = Trace.Of("Rule", given.Select(i => at.Operands[i].Type).ToSeq(), inputs => at.Primitive.ApplyAll(at.With(given, inputs)).ToSeq());
        var columns = moving.Sum(i => at.Operands[i].Size);
        var space = new PatternSpace(columns, isLocal);
        var starts = new int[at.Operands.Length];
        var start = 0;
        foreach (var i in moving) start = (starts[i] = start) + at.Operands[i].Size;
        var outputs = program.Through(space, [.. given.Select(i => new Dependent(
            at.Operands[i].Type,
            at.Operands[i].DType.IsFloat() ? Pattern.Inputs(space, starts[i], at.Operands[i].Size) : Pattern.Nothing(space, at.Operands[i].Size),
            isLocal ? new(at.Operands[i]) : null))]).Where(output => output.Type.DType.IsFloat()).ToArray();
        foreach (var operand in moving)
            for (var place = 0; place < Math.Min(at.Operands[operand].Size, Moved); place++)
            {
                var basis = new Tensor?[at.Operands.Length];
                basis[operand] = Numbers.Tensor(at.Operands[operand].Type, Enumerable.Range(0, at.Operands[operand].Size).Select(k => k == place ? 1.0 : 0));
                foreach (var (tangent, output) in at.Tangents(basis).Zip(outputs))
                {
                    var moved = Numbers.Of(tangent);
                    var (rows, map) = output.Pattern.Single();
                    for (var k = 0; k < moved.Length; k++)
                        if (moved[k] != 0 && !((map is null ? k : map[k]) is >= 0 and var row && rows[row].Contains(starts[operand] + place)))
                            Assert.Fail($"element {place} of operand {operand} moves element {k} of a result, outside the pattern{(isLocal ? " at the point" : string.Empty)}, with given operands {string.Join(",", given)}.");
                }
            }
        // Rows ascend, and none is named twice.
        foreach (var output in outputs)
        {
            var (rows, _) = output.Pattern.Single();
            for (var row = 0; row < rows.Count; row++)
                for (var k = 1; k < rows[row].Length; k++) Assert.True(rows[row][k - 1] < rows[row][k]);
        }
    }
}
