namespace Functional.Primitives;

/// <summary>Which element type operands meet in.</summary>
internal static class Promotion
{
    /// <summary>The operands in their common type: a literal takes the tensor's, the wider float wins, integers become the float, i32 becomes i64.</summary>
    internal static (Tensor X, Tensor Y) Unify(Tensor x, Tensor y)
    {
        var common = Common(x, y);
        return (In(common, x), In(common, y));
    }

    // A literal is met in nearly every line of arithmetic: it is made anew without a kernel.
    private static Tensor In(DType dtype, Tensor x) => (dtype, x) switch
    {
        (DType.Float64, Dense<double> { IsWeak: true } literal) => Values.Scalar(literal.Elements[0]),
        (DType.Float32, Dense<double> { IsWeak: true } literal) => Values.Scalar((float)literal.Elements[0]),
        (DType.Float64, Dense<int> { IsWeak: true } literal) => Values.Scalar((double)literal.Elements[0]),
        (DType.Float32, Dense<int> { IsWeak: true } literal) => Values.Scalar((float)literal.Elements[0]),
        _ => TensorMath.Convert(x, dtype),
    };

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
