namespace Functional;

/// <summary>What a tensor's elements are: logical values, integers of 32 or 64 bits, IEEE 754 floats of 32 or 64 bits.</summary>
public enum DType
{
    /// <summary>Logical values; prints <c>bool</c>.</summary>
    Bool,

    /// <summary>Signed integers of 32 bits; prints <c>i32</c>.</summary>
    Int32,

    /// <summary>Signed integers of 64 bits; prints <c>i64</c>.</summary>
    Int64,

    /// <summary>IEEE 754 binary32; prints <c>f32</c>.</summary>
    Float32,

    /// <summary>IEEE 754 binary64; prints <c>f64</c>.</summary>
    Float64,
}
