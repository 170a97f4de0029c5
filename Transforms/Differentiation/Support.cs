using Functional.Primitives;
using Functional.Programs;

namespace Functional.Differentiation;

/// <summary>
/// A cotangent, with where it may differ from zero. Elsewhere a mask has set it to zero, and it stays zero through the
/// elementwise rules behind, whatever their factors are: 0·∞ is no NaN there.
/// </summary>
/// <param name="Value">The cotangent.</param>
/// <param name="Support">True where it may differ from zero, made when it is needed; none is everywhere.</param>
internal sealed record Cotangent(Tensor Value, Option<Lazy<Tensor>> Support)
{
    /// <summary>The sum of two, which may differ from zero where either does.</summary>
    public static Cotangent operator +(Cotangent left, Cotangent right) => new(
        left.Value + right.Value,
        from one in left.Support from other in right.Support select ReferenceEquals(one, other) ? one : new Lazy<Tensor>(() => TensorMath.Or(one.Value, other.Value)));
}

/// <summary>A linear primitive whose transpose makes use of where cotangents are zero.</summary>
internal interface ISupportedLinear : ILinear
{
    /// <summary>As <see cref="ILinear.Transpose"/>, from cotangents with their supports.</summary>
    Seq<Option<Cotangent>> Transpose(Seq<Option<Cotangent>> cotangents, Seq<Operand> operands);
}

/// <summary>How supports go through the transposes of linear equations.</summary>
internal static class Support
{
    /// <summary>The cotangents of the operands, and where they may differ from zero.</summary>
    internal static Seq<Option<Cotangent>> Transpose(Primitive primitive, ILinear rule, Seq<Option<Cotangent>> above, Seq<Operand> operands)
    {
        if (rule is ISupportedLinear carrier) return carrier.Transpose(above, operands);
        var values = Values(above);
        if (primitive is Select) return Masked(above[0], rule.Transpose(values, operands), operands);
        if (above is not [{ Case: Cotangent { Support.Case: Lazy<Tensor> support } cotangent }]) return Everywhere(rule.Transpose(values, operands));
        if (primitive is Elementwise)
            return rule.Transpose(values, operands.Map(operand => Tamed(primitive, operand, support)).Strict())
                .Map(below => below.Map(value => new Cotangent(value, Some(Gathered(support, cotangent.Value, value))))).Strict();
        return IsMovement(primitive, operands)
            ? rule.Transpose(values, operands).Select((below, place) => below.Map(value => new Cotangent(value, Some(Moved(rule, support, cotangent.Value, operands, place))))).ToSeq().Strict()
            : Everywhere(rule.Transpose(values, operands));
    }

    /// <summary>Cotangents that may differ from zero everywhere.</summary>
    internal static Seq<Option<Cotangent>> Everywhere(Seq<Option<Tensor>> cotangents) =>
        cotangents.Map(cotangent => cotangent.Map(value => new Cotangent(value, None))).Strict();

    /// <summary>The cotangents alone.</summary>
    internal static Seq<Option<Tensor>> Values(Seq<Option<Cotangent>> cotangents) => cotangents.Map(cotangent => cotangent.Map(one => one.Value)).Strict();

    // Where x was chosen its cotangent is that of the result, where y was, y's.
    private static Seq<Option<Cotangent>> Masked(Option<Cotangent> above, Seq<Option<Tensor>> below, Seq<Operand> operands)
    {
        if (above.Case is not Cotangent cotangent) return Everywhere(below);
        var mask = operands[0].Value;
        Lazy<Tensor> Chosen(Func<Tensor> chosen) => new(() =>
        {
            var spread = TensorMath.BroadcastTo(chosen(), cotangent.Value.Shape);
            return cotangent.Support.Match(Some: support => TensorMath.And(support.Value, spread), None: () => spread);
        });
        var (x, y) = (Chosen(() => mask), Chosen(() => TensorMath.Not(mask)));
        return below.Select((one, place) => one.Map(value => new Cotangent(value, Some(Gathered(place == 1 ? x : y, cotangent.Value, value))))).ToSeq().Strict();
    }

    // A factor is 1 where the cotangent is zero, so that their product, or quotient, is zero there.
    private static Operand Tamed(Primitive primitive, Operand operand, Lazy<Tensor> support)
    {
        if (operand.IsLinear || !operand.Type.DType.IsFloat() || IsHarmless(primitive, operand.Value)) return operand;
        return Operand.Of(new Select().Apply(support.Value, operand.Value, Functional.Values.Scalar(operand.Type.DType, 1)));
    }

    private static bool IsHarmless(Primitive primitive, Tensor factor) => (primitive, factor) switch
    {
        (Multiply, Dense<double> known) => System.Array.TrueForAll(known.Elements, double.IsFinite),
        (Multiply, Dense<float> known) => System.Array.TrueForAll(known.Elements, float.IsFinite),
        (Divide, Dense<double> known) => System.Array.TrueForAll(known.Elements, element => double.IsFinite(element) && element != 0),
        (Divide, Dense<float> known) => System.Array.TrueForAll(known.Elements, element => float.IsFinite(element) && element != 0),
        _ => false,
    };

    // Where a scalar stood at every place, its cotangent is a sum.
    private static Lazy<Tensor> Gathered(Lazy<Tensor> support, Tensor above, Tensor below) =>
        below.Rank == above.Rank ? support : new(() => TensorMath.Any(support.Value));

    // Sums of elements at other places: coefficients 0 and 1.
    private static bool IsMovement(Primitive primitive, Seq<Operand> operands) =>
        primitive is Gather or Scatter or ScatterAdd or Concatenate or Pad or CumSum
        || primitive.Form([.. operands.Map(operand => operand.Type)]) is LoopForm.View or LoopForm.Fold { Monoid: Monoid.Sum };

    // What the transpose makes of ones where the cotangent may differ from zero.
    private static Lazy<Tensor> Moved(ILinear rule, Lazy<Tensor> support, Tensor above, Seq<Operand> operands, int place) => new(() =>
    {
        var ones = TensorMath.Convert(support.Value, above.DType);
        var moved = rule.Transpose(Seq1(Some(ones)), operands)[place];
        return TensorMath.NotEqual(moved.IfNone(() => TensorMath.Zeros(operands[place].Type.Shape, above.DType)), 0);
    });
}
