namespace Functional.Primitives;

/// <summary>Values in another element type.</summary>
internal static class Conversion
{
    internal static Tensor Of(Dense x, TensorType type)
    {
        var elements = System.Array.ConvertAll(x.Storage.Cast<object>().ToArray(), element => System.Convert.ToDouble(element));
        return type.DType switch
        {
            DType.Float64 => Values.Of(elements, type.Shape),
            DType.Float32 => Values.Of(System.Array.ConvertAll(elements, e => (float)e), type.Shape),
            DType.Int32 => Values.Of(System.Array.ConvertAll(elements, e => (int)e), type.Shape),
            DType.Int64 => Values.Of(System.Array.ConvertAll(elements, e => (long)e), type.Shape),
            _ => Values.Of(System.Array.ConvertAll(elements, e => e != 0), type.Shape),
        };
    }
}
