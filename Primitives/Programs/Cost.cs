namespace Functional.Programs;

/// <summary>Counted work: floating-point (or integer) operations, and bytes read and written.</summary>
/// <param name="Flops">Arithmetic operations; an elementary function such as the sine counts as ten, data movement as none.</param>
/// <param name="Bytes">Bytes of all operands and results.</param>
public readonly record struct Cost(long Flops, long Bytes)
{
    /// <summary>The sum of two costs.</summary>
    public static Cost operator +(Cost left, Cost right) => new(left.Flops + right.Flops, left.Bytes + right.Bytes);

    /// <summary>Bytes of operands and results.</summary>
    public static long Traffic(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results)
    {
        long bytes = 0;
        foreach (var type in operands) bytes += type.Bytes;
        foreach (var type in results) bytes += type.Bytes;
        return bytes;
    }

    /// <summary>Elements of all types together.</summary>
    public static long Elements(ReadOnlySpan<TensorType> types)
    {
        long elements = 0;
        foreach (var type in types) elements += type.Size;
        return elements;
    }

    /// <summary>The counted work of one evaluation of a program.</summary>
    public static Cost Of(Program program) =>
        program.Equations.Fold(default(Cost), (cost, equation) => cost + Of(equation));

    /// <summary>The counted work of one equation.</summary>
    public static Cost Of(Equation equation) =>
        equation.Primitive.Cost([.. equation.Inputs.Map(input => input.Type)], [.. equation.Outputs.Map(output => output.Type)]);
}
