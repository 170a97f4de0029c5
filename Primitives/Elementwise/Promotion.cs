namespace Functional.Primitives;

/// <summary>Which element type operands meet in.</summary>
internal static class Promotion
{
    /// <summary>The operands in their common type: a literal takes the tensor's, the wider float wins, integers become the float, i32 becomes i64.</summary>
    internal static (Tensor X, Tensor Y) Unify(Tensor x, Tensor y)
    {
        var common = Common(x, y);
        return (TensorMath.Convert(x, common), TensorMath.Convert(y, common));
    }

    // The element types stand in the order of promotion: bool, i32, i64, f32, f64.
    internal static DType Common(DType x, DType y) => x >= y ? x : y;

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
}
