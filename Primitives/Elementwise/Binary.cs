
namespace Functional.Primitives;

/// <summary>An elementwise primitive of two operands of one element type.</summary>
public abstract record Binary : Elementwise
{
    /// <summary>How the result moves when the left operand does: ż for ẋ.</summary>
    protected abstract Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z);

    /// <summary>How the result moves when the right operand does: ż for ẏ.</summary>
    protected abstract Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z);

    /// <inheritdoc/>
    protected override DType ResultDType(ReadOnlySpan<TensorType> operands) =>
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

    /// <summary>Applies it as users do: element types are promoted and shapes broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast; the message names the axis.</exception>
    internal Tensor Of(Tensor x, Tensor y)
    {
        if (x.DType != y.DType || x.IsWeak || y.IsWeak) (x, y) = Promotion.Unify(x, y);
        if (x.Shape != y.Shape && x.Rank != 0 && y.Rank != 0)
        {
            var shape = TensorMath.Broadcasted(Name, x.Type, y.Type);
            (x, y) = (TensorMath.BroadcastTo(x, shape), TensorMath.BroadcastTo(y, shape));
        }
        return Apply(x, y);
    }
}

/// <summary>Which element type two operands meet in.</summary>
internal static class Promotion
{
    /// <summary>The operands in their common type: a literal takes the tensor's, the wider float wins, integers become the float, i32 becomes i64.</summary>
    internal static (Tensor X, Tensor Y) Unify(Tensor x, Tensor y)
    {
        var common = Common(x, y);
        return (TensorMath.Convert(x, common), TensorMath.Convert(y, common));
    }

    private static DType Common(Tensor x, Tensor y)
    {
        if (x.IsWeak == y.IsWeak) return Common(x.DType, y.DType);
        var (literal, tensor) = x.IsWeak ? (x.DType, y.DType) : (y.DType, x.DType);
        // A literal widens only to another kind: truth to integer to float.
        return (literal, tensor) switch
        {
            _ when literal.IsFloat() && !tensor.IsFloat() => DType.Float64,
            _ when literal.IsInteger() && tensor == DType.Bool => literal,
            _ => tensor,
        };
    }

    // The element types stand in the order of promotion: bool, i32, i64, f32, f64.
    internal static DType Common(DType x, DType y) => x >= y ? x : y;
}
