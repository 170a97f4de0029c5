using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Functional.ControlFlow;

/// <summary>Values cut along the first axis, and stacked along it, for loops that run one step after another.</summary>
internal static class Rows
{
    /// <summary>One row of a value.</summary>
    internal static Tensor Of(Tensor stack, int row)
    {
        var type = new TensorType(stack.DType, stack.Shape[1..]);
        var elements = Room(type);
        System.Array.Copy(((Dense)stack).Storage, row * type.Size, elements, 0, type.Size);
        return Dense(elements, type);
    }

    /// <summary>An array for the elements of a value.</summary>
    internal static System.Array Room(TensorType type) => type.DType switch
    {
        DType.Float64 => new double[type.Size],
        DType.Float32 => new float[type.Size],
        DType.Int64 => new long[type.Size],
        DType.Int32 => new int[type.Size],
        _ => new bool[type.Size],
    };

    /// <summary>Copies elements from one array to another of the same type.</summary>
    internal static void Copy(System.Array source, nint from, System.Array destination, nint to, int count)
    {
        var size = Width(source);
        Unsafe.CopyBlockUnaligned(
            ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(destination), to * size),
            ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(source), from * size),
            (uint)(count * size));
    }

    private static int Width(System.Array elements) => elements switch
    {
        double[] or long[] => 8,
        float[] or int[] => 4,
        _ => 1,
    };

    /// <summary>Writes a row of a stack in the making.</summary>
    internal static void Write(System.Array stack, int row, Tensor value) =>
        System.Array.Copy(((Dense)value).Storage, 0, stack, row * value.Size, value.Size);

    /// <summary>The value over an array that is given up.</summary>
    internal static Tensor Dense(System.Array elements, TensorType type) => elements switch
    {
        double[] numbers => Values.Of(numbers, type.Shape),
        float[] numbers => Values.Of(numbers, type.Shape),
        long[] numbers => Values.Of(numbers, type.Shape),
        int[] numbers => Values.Of(numbers, type.Shape),
        var truths => Values.Of((bool[])truths, type.Shape),
    };
}
