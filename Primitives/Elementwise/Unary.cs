using Functional.Kernels;
using Functional.Programs;

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
    internal Tensor Of(Tensor x)
    {
        var result = Apply(x.DType.IsFloat() || (TakesIntegers && x.DType.IsInteger()) ? x : TensorMath.Convert(x, DType.Float64));
        return x.IsWeak ? result.Weakened() : result;
    }
}

/// <summary>An elementwise primitive of one operand, by an operator on its elements.</summary>
/// <typeparam name="TOperator">The operator, on one element and on lanes.</typeparam>
public abstract record Unary<TOperator> : Unary
    where TOperator : struct, IUnaryOperator
{
    /// <inheritdoc/>
    public sealed override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.Pointwise(typeof(TOperator));

    /// <inheritdoc/>
    protected sealed override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
    {
        Dense<double> x => Mapped(x),
        Dense<float> x => Mapped(x),
        Dense<int> x => Mapped(x),
        Dense<long> x => Mapped(x),
        var x => Mapped((Dense<bool>)x),
    };

    private static Tensor Mapped<T>(Dense<T> x)
        where T : unmanaged
    {
        var elements = new T[x.Elements.Length];
        Pointwise.Unary<TOperator, T>(x.Elements, elements);
        return new Dense<T>(elements, x.Type);
    }
}

/// <summary>An elementary function: smooth on its domain, and many operations for each element.</summary>
/// <typeparam name="TOperator">The operator, on one element and on lanes.</typeparam>
public abstract record Elementary<TOperator> : Unary<TOperator>
    where TOperator : struct, IUnaryOperator
{
    /// <inheritdoc/>
    protected sealed override int Work => ElementaryWork;
}

/// <summary>An elementwise primitive that is flat wherever it has a derivative: rounding, the sign, logic.</summary>
/// <typeparam name="TOperator">The operator, on one element and on lanes.</typeparam>
public abstract record Step<TOperator> : Unary<TOperator>
    where TOperator : struct, IUnaryOperator
{
    /// <inheritdoc/>
    protected sealed override Tensor Derivative(Tensor x, Tensor y) => throw new InvalidOperationException($"{Name} is flat");

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => None;

    /// <inheritdoc/>
    protected sealed override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result) => Pattern.Nothing(operands[0].Pattern.Space, result.Size);
}
