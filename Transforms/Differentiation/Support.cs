using Functional.Primitives;
using Functional.Programs;

namespace Functional.Differentiation;

/// <summary>
/// One equation transposed, (ū, supp ū) → (x̄, supp x̄). A zero that a mask has made is no number but the absence of one: it
/// stays zero through elementwise rules, whatever their factors are, for a factor is the derivative of a branch not taken.
/// A zero that arithmetic has made is a number like any other, and 0·∞ is NaN.
/// </summary>
internal static class Support
{
    /// <summary>The cotangents of the linear operands, with their supports.</summary>
    internal static Seq<Option<Cotangent>> Transpose(ILinear rule, Seq<Option<Cotangent>> cotangents, Seq<Operand> operands) => (rule, cotangents[0].Case) switch
    {
        (ISupportedLinear carrier, _) => carrier.Transpose(cotangents.Map(cotangent => cotangent.Map(one => one.Clear())).Strict(), operands),
        (Select, Cotangent cotangent) => Chosen(rule, cotangent, operands),
        _ when cotangents.ForAll(cotangent => cotangent.ForAll(one => one.Support.IsNone)) => Everywhere(rule.Transpose(Values(cotangents), operands)),
        (Elementwise, Cotangent cotangent) => Multiplied(rule, cotangent, operands),
        (_, Cotangent { Support.Case: Lazy<Tensor> support } cotangent) when Indicator(rule).Case is DType indicator => Moved(rule, indicator, cotangent.Cleared, support, operands),
        _ => Everywhere(rule.Transpose(Values(cotangents), operands)),
    };

    /// <summary>Cotangents that may differ from zero everywhere.</summary>
    internal static Seq<Option<Cotangent>> Everywhere(Seq<Option<Tensor>> cotangents) =>
        cotangents.Map(cotangent => cotangent.Map(value => new Cotangent(value, None))).Strict();

    /// <summary>The cotangents alone, zero off their supports.</summary>
    internal static Seq<Option<Tensor>> Values(Seq<Option<Cotangent>> cotangents) =>
        cotangents.Map(cotangent => cotangent.Map(one => one.Cleared)).Strict();

    // supp of the first branch: supp ū ∩ mask; of the second: supp ū ∖ mask.
    private static Seq<Option<Cotangent>> Chosen(ILinear rule, Cotangent cotangent, Seq<Operand> operands)
    {
        var (mask, shape) = (operands[0].Value, cotangent.Value.Shape);
        var first = Places.Within(cotangent.Support, () => TensorMath.BroadcastTo(mask, shape));
        var second = Places.Within(cotangent.Support, () => TensorMath.BroadcastTo(TensorMath.Not(mask), shape));
        return Wide(rule, cotangent, operands, cotangent.IsCleared, place => Some(place == 1 ? first : second));
    }

    // supp x̄ ⊆ supp ū: zeros are made good when the value leaves the chain of elementwise rules, once for all its factors.
    private static Seq<Option<Cotangent>> Multiplied(ILinear rule, Cotangent cotangent, Seq<Operand> operands) =>
        Wide(rule, cotangent, operands, cotangent.IsCleared && KeepsZeros(rule, cotangent, operands), _ => cotangent.Support);

    // A scalar operand gathers the cotangents of all places, so it is transposed as if it stood at each, then cleared, then summed.
    private static Seq<Option<Cotangent>> Wide(ILinear rule, Cotangent cotangent, Seq<Operand> operands, bool isCleared, Func<int, Option<Lazy<Tensor>>> support)
    {
        var shape = cotangent.Value.Shape;
        var wide = operands.Map(operand => operand.IsLinear ? Operand.Linear(new(operand.Type.DType, shape)) : operand).Strict();
        return rule.Transpose(Seq1(Some(cotangent.Value)), wide).Zip(operands).Map((place, pair) => pair.Item1.Map(value =>
        {
            var each = new Cotangent(value, support(place)) { IsCleared = isCleared };
            return pair.Item2.Type.Rank == shape.Rank ? each : each.Sum();
        })).ToSeq().Strict();
    }

    // Whether 0 times every factor is 0. Where ū is a value the products tell, later; where factors are unknown they may be infinite.
    private static bool KeepsZeros(ILinear rule, Cotangent cotangent, Seq<Operand> operands)
    {
        var known = operands.Filter(operand => !operand.IsLinear);
        if (known.IsEmpty) return true;
        if (cotangent.Value is Dense || known.Exists(operand => operand.Value is not Dense)) return false;
        Tensor zero = Functional.Values.Scalar(cotangent.Value.DType, 0);
        return !rule.Transpose(Seq1(Some(zero)), operands).Somes().Exists(Cotangent.MayBeNaN);
    }

    // A rule that only moves elements and adds them up does the same to the indicator of the support.
    private static Seq<Option<Cotangent>> Moved(ILinear rule, DType indicator, Tensor cotangent, Lazy<Tensor> support, Seq<Operand> operands)
    {
        var alike = operands.Map(operand => operand.Type.DType.IsFloat() ? operand with { Type = new(indicator, operand.Type.Shape) } : operand).Strict();
        var moved = new Lazy<Seq<Option<Tensor>>>(() => rule.Transpose(Seq1(Some(TensorMath.Convert(support.Value, indicator))), alike));
        return rule.Transpose(Seq1(Some(cotangent)), operands).Map((place, pulled) => pulled.Map(value => new Cotangent(
            value, Places.After(support, _ => TensorMath.Convert(moved.Value[place].IfNone(() => Functional.Values.Scalar(true)), DType.Bool))))).ToSeq().Strict();
    }

    // What carries the indicator of a support through a rule whose coefficients are 0 and 1: truth, or counts where it adds up.
    private static Option<DType> Indicator(ILinear rule) => rule switch
    {
        Sum or Reshape or Permute or Reverse or Slice or Concatenate or Scatter or ScatterAdd => Some(DType.Bool),
        View or Pad or Gather or CumSum => Some(DType.Int32),
        _ => None,
    };
}
