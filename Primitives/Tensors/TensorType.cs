using System.Runtime.CompilerServices;

namespace Functional;

/// <summary>What is known of a tensor before its values: element type and shape. Prints <c>f64[3,4]</c>.</summary>
/// <param name="DType">The type of the elements.</param>
/// <param name="Shape">The extents of the axes.</param>
public readonly record struct TensorType(DType DType, Shape Shape)
{
    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public int Size => Shape.Size;

    /// <summary>Bytes of memory that the elements take.</summary>
    public long Bytes => (long)Size * DType.Bytes();

    /// <summary>Whether element types and shapes are the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(TensorType other) => DType == other.DType && Shape.Equals(other.Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DType, Shape);

    /// <summary>The type and shape, as programs print them.</summary>
    public override string ToString() => $"{DType.Name()}{Shape}";
}
