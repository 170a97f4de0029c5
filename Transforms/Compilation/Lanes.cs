using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;

namespace Functional.Compilation;

/// <summary>
/// The registers of a loop: so many elements at a time that those of the widest type fill the widest register. Truth values
/// are masks over lanes of that width.
/// </summary>
/// <param name="Count">Elements at a time.</param>
/// <param name="Bits">Of the widest register.</param>
[RequiresDynamicCode("Registers of types that are known when code is emitted.")]
internal sealed record Lanes(int Count, int Bits)
{
    /// <summary>The element of a mask.</summary>
    internal Type Mask => Bits / Count == 64 ? typeof(long) : typeof(int);

    // f32 that is computed in f64 fills a register with half as many elements.
    internal static Lanes Of(Step.Kernel kernel)
    {
        var bytes = 4;
        foreach (var instruction in kernel.Body)
        {
            bytes = Math.Max(bytes, instruction.Type.Bytes());
            if (instruction.Operation is Operation.Operator(var form) && Lowering.Widens(form)) bytes = 8;
        }
        var bits = Vector512.IsHardwareAccelerated ? 512 : 256;
        return new(bits / 8 / bytes, bits);
    }

    internal int BitsOf(DType type) => type == DType.Bool ? Bits : Count * type.Bytes() * 8;

    internal Type ElementOf(DType type) => type == DType.Bool ? Mask : Elements.Of(type);

    internal Type RegisterOf(DType type) => Methods.Register(BitsOf(type), ElementOf(type));
}

/// <summary>The .NET types of elements.</summary>
internal static class Elements
{
    internal static Type Of(DType type) => type switch
    {
        DType.Bool => typeof(bool),
        DType.Int32 => typeof(int),
        DType.Int64 => typeof(long),
        DType.Float32 => typeof(float),
        _ => typeof(double),
    };
}
