using System.Numerics;
using Functional.Programs;

namespace Functional.Primitives;

/// <summary>Arithmetic of two operands.</summary>
public abstract record Arithmetic : Binary
{
    /// <summary>z for x and y.</summary>
    protected abstract void Kernel<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where T : unmanaged, INumber<T>;

    /// <inheritdoc/>
    protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => type.DType switch
    {
        DType.Float64 => Run<double>(operands, type),
        DType.Float32 => Run<float>(operands, type),
        DType.Int32 => Run<int>(operands, type),
        DType.Int64 => Run<long>(operands, type),
        _ => throw new DTypeException($"{Name}: takes numbers, given {type}."),
    };

    /// <summary>Two operands that broadcast by a scalar or not at all.</summary>
    protected static Application Pair(Sampler sampler, Primitive primitive, double low = -3, double high = 3)
    {
        var shape = sampler.Shape();
        var dtype = sampler.Numeric();
        return new(primitive, Seq(sampler.Tensor(dtype, shape, low, high), sampler.Tensor(dtype, sampler.Flip() ? shape : Shape.Scalar, low, high)));
    }

    private Dense<T> Run<T>(ReadOnlySpan<Tensor> operands, TensorType type)
        where T : unmanaged, INumber<T>
    {
        var z = new T[type.Size];
        var x = operands[0].Elements<T>();
        var y = operands[1].Elements<T>();
        if (x.Length != z.Length) System.Array.Fill(x = new T[z.Length], operands[0].Elements<T>()[0]);
        if (y.Length != z.Length) System.Array.Fill(y = new T[z.Length], operands[1].Elements<T>()[0]);
        Kernel<T>(x, y, z);
        return Values.Of(z, type.Shape);
    }
}
