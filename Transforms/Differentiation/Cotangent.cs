using Functional.Primitives;
using Functional.Programs;

namespace Functional.Differentiation;

/// <summary>A cotangent, and where masks let it differ from zero.</summary>
/// <param name="Value">Its elements, which count only on the support.</param>
/// <param name="Support">Truth in the shape of the value, worked out when it is asked for; <c>None</c> is everywhere.</param>
internal sealed record Cotangent(Tensor Value, Option<Lazy<Tensor>> Support)
{
    /// <summary>Whether the value is zero off the support; else a factor may have made NaN of the zeros.</summary>
    internal bool IsCleared { get; init; } = true;

    /// <summary>The value, zero off the support.</summary>
    internal Tensor Cleared => !IsCleared && Support.Case is Lazy<Tensor> support && MayBeNaN(Value)
        ? new Select().Apply(support.Value, Value, Values.Scalar(Value.DType, 0))
        : Value;

    /// <summary>The same cotangent, zero off its support.</summary>
    internal Cotangent Clear() => IsCleared ? this : new(Cleared, Support);

    // Off a support that both share they need not be cleared to be added.
    /// <summary>The sum of two, which may differ from zero where either does.</summary>
    public static Cotangent operator +(Cotangent left, Cotangent right) =>
        left.Support.Case is Lazy<Tensor> support && ReferenceEquals(support, right.Support.Case)
            ? new(left.Value + right.Value, left.Support) { IsCleared = left.IsCleared && right.IsCleared }
            : new(left.Cleared + right.Cleared, Places.Union(left.Support, right.Support));

    /// <summary>The sum of all elements.</summary>
    internal Cotangent Sum() => new(TensorMath.Sum(Cleared), Support.Map(support => Places.After(support, truth => TensorMath.Any(truth))));

    // A sum keeps every NaN, and makes one of opposite infinities at worst: then zeros are made good that were good.
    /// <summary>Whether some element may be NaN.</summary>
    internal static bool MayBeNaN(Tensor value) => value is not Dense || (bool)TensorMath.IsNaN(TensorMath.Sum(value));
}

/// <summary>A linear primitive whose transposed program minds where its cotangents are zero: one that carries programs.</summary>
internal interface ISupportedLinear : ILinear
{
    /// <summary>As <see cref="ILinear.Transpose"/>, from cotangents to cotangents that are zero off their supports.</summary>
    Seq<Option<Cotangent>> Transpose(Seq<Option<Cotangent>> cotangents, Seq<Operand> operands);
}
