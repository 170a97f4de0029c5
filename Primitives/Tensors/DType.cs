using System.Runtime.CompilerServices;

// The room of tensors: what a user holds. Types, values, conversion from and to .NET's arrays, printing.
// A tensor is immutable: a managed row-major array that nobody else can write to, so nothing is ever disposed.
// What may be done with tensors is said by the primitives; this room knows only what they are.
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

/// <summary>Facts about element types.</summary>
public static class DTypes
{
    /// <summary>The short name that programs print: <c>bool i32 i64 f32 f64</c>.</summary>
    public static string Name(this DType dtype) => dtype switch
    {
        DType.Bool => "bool",
        DType.Int32 => "i32",
        DType.Int64 => "i64",
        DType.Float32 => "f32",
        DType.Float64 => "f64",
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not an element type"),
    };

    /// <summary>Whether the elements are IEEE floats, the only ones that have derivatives.</summary>
    public static bool IsFloat(this DType dtype) => dtype is DType.Float32 or DType.Float64;

    /// <summary>Whether the elements are integers.</summary>
    public static bool IsInteger(this DType dtype) => dtype is DType.Int32 or DType.Int64;

    /// <summary>Bytes an element takes in memory.</summary>
    public static int Bytes(this DType dtype) => dtype switch
    {
        DType.Bool => 1,
        DType.Int32 or DType.Float32 => 4,
        _ => 8,
    };

    /// <summary>The element type that a .NET type stands for.</summary>
    /// <exception cref="DTypeException">T is not one of bool, int, long, float, double.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DType Of<T>() =>
        typeof(T) == typeof(double) ? DType.Float64
        : typeof(T) == typeof(float) ? DType.Float32
        : typeof(T) == typeof(int) ? DType.Int32
        : typeof(T) == typeof(long) ? DType.Int64
        : typeof(T) == typeof(bool) ? DType.Bool
        : throw Unsupported(typeof(T));

    private static DTypeException Unsupported(Type type) =>
        new($"Tensor: elements of type {type.Name} are not supported. Use bool, int, long, float or double; a nested array goes in as T[,] or through Stack.");
}
