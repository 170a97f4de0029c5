using Functional.Kernels;
using Functional.Programs;

namespace Functional.Primitives;

/// <summary>An elementwise primitive of two operands of one element type.</summary>
public abstract record Binary : Elementwise
{
    /// <summary>Whether integers are taken as they are; else they are converted to f64 before.</summary>
    protected virtual bool TakesIntegers => true;

    /// <summary>How the result moves when the left operand does: ż for ẋ.</summary>
    protected abstract Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z);

    /// <summary>How the result moves when the right operand does: ż for ẏ.</summary>
    protected abstract Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z);

    /// <inheritdoc/>
    protected override DType ResultDType(ReadOnlySpan<TensorType> operands) => Common(operands) switch
    {
        DType.Bool => throw new DTypeException($"{Name}: takes numbers, given {operands[0]}. Convert it, or use And, Or and Xor."),
        var dtype when dtype.IsInteger() && !TakesIntegers => throw new DTypeException($"{Name}: takes floats, given {operands[0]}. Convert it first."),
        var dtype => dtype,
    };

    /// <summary>The element type that both operands have.</summary>
    /// <exception cref="DTypeException">They differ.</exception>
    protected DType Common(ReadOnlySpan<TensorType> operands) =>
        operands[0].DType == operands[1].DType
            ? operands[0].DType
            : throw new DTypeException($"{Name}: element types differ: {operands[0]} and {operands[1]}. Convert one first.");

    /// <inheritdoc/>
    protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents)
    {
        if (!result.DType.IsFloat()) return None;
        var (x, y) = (operands[0], operands[1]);
        return Plus(
            tangents[0].Bind(tangent => Left(tangent, x, y, result)).Map(tangent => Spread(tangent, result)),
            tangents[1].Bind(tangent => Right(tangent, x, y, result)).Map(tangent => Spread(tangent, result)));
    }

    /// <summary>Two operands of one shape, or a scalar beside an array.</summary>
    protected Application Pair(Sampler sampler, DType dtype, double low, double high)
    {
        var shape = sampler.Shape();
        return new(this, Seq(sampler.Tensor(dtype, shape, low, high), sampler.Tensor(dtype, sampler.Flip() ? shape : Shape.Scalar, low, high)));
    }

    /// <summary>Applies it as users do: element types are promoted and shapes broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast; the message names the axis.</exception>
    internal Tensor Of(Tensor x, Tensor y)
    {
        // What is made of literals alone is a literal: Sqrt(2.0) * x is of x's type.
        if (x.IsWeak && y.IsWeak) return Met(x, y).Weakened();
        return Met(x, y);
    }

    private Tensor Met(Tensor x, Tensor y)
    {
        if (x.DType != y.DType || x.IsWeak || y.IsWeak) (x, y) = Promotion.Unify(x, y);
        if (!TakesIntegers && !x.DType.IsFloat()) (x, y) = (TensorMath.Convert(x, DType.Float64), TensorMath.Convert(y, DType.Float64));
        if (x.Shape != y.Shape && x.Rank != 0 && y.Rank != 0)
        {
            var shape = TensorMath.Broadcasted(Name, x.Type, y.Type);
            (x, y) = (TensorMath.BroadcastTo(x, shape), TensorMath.BroadcastTo(y, shape));
        }
        return Apply(x, y);
    }
}

/// <summary>An elementwise primitive of two operands, by an operator on their elements.</summary>
/// <typeparam name="TOperator">The operator, on one element and on lanes.</typeparam>
public abstract record Binary<TOperator> : Binary
    where TOperator : struct, IBinaryOperator
{
    /// <inheritdoc/>
    public sealed override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.Pointwise(typeof(TOperator));

    /// <inheritdoc/>
    protected sealed override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => type.DType switch
    {
        DType.Float64 => Mapped<double>(operands, type),
        DType.Float32 => Mapped<float>(operands, type),
        DType.Int32 => Mapped<int>(operands, type),
        DType.Int64 => Mapped<long>(operands, type),
        _ => Mapped<bool>(operands, type),
    };

    private static Tensor Mapped<T>(ReadOnlySpan<Tensor> operands, TensorType type)
        where T : unmanaged
    {
        var elements = new T[type.Size];
        Pointwise.Binary<TOperator, T>(operands[0].Elements<T>(), operands[1].Elements<T>(), elements);
        return new Dense<T>(elements, type);
    }
}
