
namespace Functional.Primitives;

/// <summary>An elementwise primitive of one operand.</summary>
public abstract record Unary : Elementwise
{
    /// <summary>Whether integers are taken as they are; else they are converted to f64 before.</summary>
    protected virtual bool TakesIntegers => false;

    /// <summary>dy/dx at each place, from the operand and the result.</summary>
    protected abstract Tensor Derivative(Tensor x, Tensor y);

    /// <inheritdoc/>
    protected override DType ResultDType(ReadOnlySpan<TensorType> operands) =>
        operands[0].DType.IsFloat() || (TakesIntegers && operands[0].DType.IsInteger())
            ? operands[0].DType
            : throw new DTypeException($"{Name}: takes {(TakesIntegers ? "numbers" : "floats")}, given {operands[0]}. Convert it first.");

    /// <inheritdoc/>
    protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) =>
        tangents[0].Map(tangent => tangent * Derivative(operands[0], result));

    /// <summary>Applies it as users do: integers and truth values become f64 where only floats have the function.</summary>
    internal Tensor Of(Tensor x) => Apply(x.DType.IsFloat() || (TakesIntegers && x.DType.IsInteger()) ? x : TensorMath.Convert(x, DType.Float64));
}
