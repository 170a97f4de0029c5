using Functional.Programs;
using Xunit;

namespace Functional.Properties.Generators;

/// <summary>An application with the operands that can move: those of floats.</summary>
/// <param name="Primitive">What is applied.</param>
/// <param name="Operands">To what.</param>
internal sealed record Derivable(Primitive Primitive, Tensor[] Operands)
{
    /// <summary>The operands of floats.</summary>
    internal int[] Moving => [.. Enumerable.Range(0, Operands.Length).Where(i => Operands[i].DType.IsFloat())];

    internal TensorType[] Types => [.. Operands.Select(operand => operand.Type)];

    /// <summary>A drawn application as it is; null where no operand is of floats.</summary>
    internal static Derivable? AsDrawn(ApplicationDraw draw)
    {
        var (primitive, operands) = draw.Sample();
        var at = new Derivable(primitive, operands.ToArray());
        return at.Moving.Length == 0 ? null : at;
    }

    /// <summary>A drawn application with its floats in one type; null where there are none, or where operands or results refuse that type.</summary>
    internal static Derivable? Of(ApplicationDraw draw, DType dtype = DType.Float64) => AsDrawn(draw)?.In(dtype);

    /// <summary>The application with its floats in one type; null where operands or results refuse it.</summary>
    internal Derivable? In(DType dtype)
    {
        var converted = new Derivable(Primitive, [.. Operands.Select(operand => operand.DType.IsFloat() ? Numbers.As(operand, dtype) : operand)]);
        try
        {
            return converted.Infer().All(type => !type.DType.IsFloat() || type.DType == dtype) ? converted : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    internal TensorType[] Infer() => Primitive.Infer(Types);

    internal Tensor[] Evaluate(Tensor[] operands) => Primitive.ApplyAll(operands);

    internal IReadOnlyList<Tensor> EvaluateFloats(Tensor[] operands) => [.. Evaluate(operands).Where(result => result.DType.IsFloat())];

    /// <summary>The operands of floats one by one, and all together.</summary>
    internal IEnumerable<int[]> MovingSubsets()
    {
        var moving = Moving;
        return moving.Length == 1 ? [moving] : [.. moving.Select(operand => new[] { operand }), moving];
    }

    /// <summary>A direction for each operand named, within the unit cube; all operands of floats where none is.</summary>
    internal Tensor?[] Directions(int seed, int[]? moving = null) =>
        [.. Directions(Operands, seed).Select((direction, i) => moving is null || moving.Contains(i) ? direction : null)];

    /// <summary>A direction for each tensor of floats, within the unit cube.</summary>
    internal static Tensor?[] Directions(Tensor[] tensors, int seed)
    {
        var sampler = new Sampler(seed, 1);
        return [.. tensors.Select(tensor => tensor.DType.IsFloat() ? sampler.Tensor(tensor.Type, -1, 1) : null)];
    }

    internal static Seq<Option<Tensor>> Optional(Tensor?[] directions) => directions.Select(Prelude.Optional).ToSeq().Strict();

    /// <summary>Fails unless tangents are of their results' types, and only floats have one.</summary>
    internal static void Typed(Seq<Tensor> results, Seq<Option<Tensor>> tangents)
    {
        Assert.Equal(results.Count, tangents.Count);
        foreach (var (result, tangent) in results.Zip(tangents))
            tangent.IfSome(moved => Assert.True(
                result.DType.IsFloat() && moved.Type == result.Type, $"the tangent of {result.Type} is of type {moved.Type}"));
    }

    /// <summary>The tangents of the results of floats; zeros where there is none.</summary>
    internal Tensor[] Tangents(Tensor?[] directions)
    {
        var (results, tangents) = Primitive.Jvp(Operands.ToSeq(), Optional(directions));
        return [.. results.Zip(tangents).Where(pair => pair.Item1.DType.IsFloat()).Select(pair => pair.Item2.IfNone(() => Numbers.Map(pair.Item1, _ => 0)))];
    }

    /// <summary>Σ |J e| |v| over all unit directions, the largest for each result of floats: what the rounding of a tangent is relative to.</summary>
    internal double[] Magnitudes(Tensor?[] directions)
    {
        var sums = Tangents(directions).Select(tangent => new double[tangent.Size]).ToArray();
        foreach (var operand in Moving)
        {
            var speeds = Numbers.Of(directions[operand]!);
            for (var place = 0; place < speeds.Length; place++)
            {
                var unit = new Tensor?[Operands.Length];
                unit[operand] = Numbers.Tensor(Operands[operand].Type, speeds.Select((_, k) => k == place ? 1.0 : 0));
                foreach (var (sum, tangent) in sums.Zip(Tangents(unit), (sum, tangent) => (sum, Numbers.Of(tangent))))
                    for (var k = 0; k < sum.Length; k++) sum[k] += Math.Abs(tangent[k] * speeds[place]);
            }
        }
        return [.. sums.Select(sum => Numbers.Largest(sum))];
    }

    /// <summary>The application as a program of its operands.</summary>
    internal Program Program() =>
        Trace.Of("Rule", Types.ToSeq(), inputs => Primitive.ApplyAll(inputs.ToArray()).ToSeq());

    /// <summary>The program, linear in all its arguments, from tangents of some operands to those of the results that move.</summary>
    internal Program Linear(int[] moving)
    {
        var fixedOthers = Trace.Of("Rule", moving.Select(operand => Operands[operand].Type).ToSeq(), v => Primitive.ApplyAll(With(moving, v)).ToSeq());
        return Linearization.At(fixedOthers, moving.Select(operand => Operands[operand]).ToSeq()).Linear;
    }

    /// <summary>The operands, some of them replaced.</summary>
    internal Tensor[] With(int[] places, Seq<Tensor> replacements)
    {
        Tensor[] operands = [.. Operands];
        foreach (var (place, replacement) in places.ToSeq().Zip(replacements)) operands[place] = replacement;
        return operands;
    }

    /// <summary>Whether the results are additive and homogeneous in some operands, as far as two values tell.</summary>
    internal bool IsLinearIn(int[] operands)
    {
        var (x, y) = (operands.Select(i => Operands[i]).ToArray(), operands.Select(i => Directions(2)[i]!).ToArray());
        if (x.All(operand => operand.Size == 0) || Infer().Any(type => !type.DType.IsFloat())) return false;
        try
        {
            var mixed = x.Zip(y, (left, right) => Numbers.Combined(2, left, -3, right));
            return At(mixed).Zip(At(x).Zip(At(y), (left, right) => Numbers.Combined(2, left, -3, right)))
                .All(pair => Near(Numbers.Of(pair.Item1), Numbers.Of(pair.Item2)));
        }
        catch (ArgumentException)
        {
            return false;
        }

        Tensor[] At(IEnumerable<Tensor> replaced) => Evaluate(With(operands, replaced.ToSeq()));
    }

    // Values that are all zero tell nothing.
    private static bool Near(double[] left, double[] right) =>
        Numbers.Largest(left) > 0 && left.Zip(right).All(pair => Math.Abs(pair.Item1 - pair.Item2) <= 1e-4 * Numbers.Largest(left));
}
