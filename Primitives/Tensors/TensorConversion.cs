using System.Globalization;
using Numerics = System.Numerics.Tensors;

namespace Functional;

public abstract partial class Tensor
{
    /// <summary>A rank-0 tensor.</summary>
    /// <exception cref="DTypeException">T is not bool, int, long, float or double.</exception>
    public static Tensor From<T>(T scalar)
        where T : unmanaged => Values.Scalar(scalar);

    /// <summary>A rank-1 tensor with a copy of the array's elements.</summary>
    /// <exception cref="DTypeException">T is not bool, int, long, float or double.</exception>
    public static Tensor From<T>(T[] elements) => From((Array)elements);

    /// <summary>A rank-2 tensor with a copy of the array's elements.</summary>
    /// <exception cref="DTypeException">T is not bool, int, long, float or double.</exception>
    public static Tensor From<T>(T[,] elements) => From((Array)elements);

    /// <summary>A rank-3 tensor with a copy of the array's elements.</summary>
    /// <exception cref="DTypeException">T is not bool, int, long, float or double.</exception>
    public static Tensor From<T>(T[,,] elements) => From((Array)elements);

    /// <summary>A tensor of the array's rank, with a copy of its elements.</summary>
    /// <exception cref="DTypeException">The elements are not bool, int, long, float or double.</exception>
    public static Tensor From(Array elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        Shape shape = Enumerable.Range(0, elements.Rank).Select(elements.GetLength).ToArray();
        return elements switch
        {
            // A bool[] is no byte[] and an int[] no uint[] to us, though the runtime would take them for each other.
            _ when elements.GetType().GetElementType() == typeof(double) => Copied<double>(elements, shape),
            _ when elements.GetType().GetElementType() == typeof(float) => Copied<float>(elements, shape),
            _ when elements.GetType().GetElementType() == typeof(int) => Copied<int>(elements, shape),
            _ when elements.GetType().GetElementType() == typeof(long) => Copied<long>(elements, shape),
            _ when elements.GetType().GetElementType() == typeof(bool) => Copied<bool>(elements, shape),
            _ => throw new DTypeException($"Tensor.From: elements of type {elements.GetType().GetElementType()!.Name} are not supported. Use bool, int, long, float or double; an array of arrays goes in as T[,], or row by row through Stack."),
        };
    }

    /// <summary>A tensor of a given shape with a copy of the span's elements, row-major.</summary>
    /// <exception cref="ShapeException">The span's length is not the shape's size.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> elements, Shape shape)
        where T : unmanaged
    {
        if (elements.Length != shape.Size)
            throw new ShapeException($"Tensor.From: {elements.Length} elements do not fill the shape {shape}, which has {shape.Size}.");
        return Values.Of(elements.ToArray(), shape);
    }

    /// <summary>A tensor of a given shape with a copy of the array's elements, row-major.</summary>
    /// <exception cref="ShapeException">The array's length is not the shape's size.</exception>
    public static Tensor From<T>(T[] elements, Shape shape)
        where T : unmanaged => From((ReadOnlySpan<T>)elements, shape);

    /// <summary>A copy of a tensor of System.Numerics.Tensors.</summary>
    public static Tensor From<T>(Numerics.Tensor<T> elements)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(elements);
        // A tensor of rank 0 is the empty one there.
        Shape shape = elements.Rank == 0 ? [0] : elements.Lengths.ToArray().Select(extent => checked((int)extent)).ToArray();
        var copy = new T[shape.Size];
        if (shape.Size > 0) elements.FlattenTo(copy);
        return Values.Of(copy, shape);
    }

    /// <summary>A copy of the elements, row-major, as a rank-1 array.</summary>
    /// <exception cref="DTypeException">T is not the tensor's element type.</exception>
    public T[] ToArray<T>()
        where T : unmanaged => AsSpan<T>().ToArray();

    /// <summary>A copy of the elements as a .NET array of the tensor's rank: <c>t.To&lt;double[,]&gt;()</c>.</summary>
    /// <exception cref="ShapeException">The array type has another rank.</exception>
    /// <exception cref="DTypeException">The array type has other elements.</exception>
    public TArray To<TArray>()
        where TArray : class
    {
        var value = Value($"To<{typeof(TArray).Name}>");
        if (!typeof(TArray).IsArray || typeof(TArray).GetArrayRank() != Rank)
            throw new ShapeException($"Tensor.To: {Type} does not fit {typeof(TArray).Name}; expected an array type of rank {Rank}.");
        if (typeof(TArray).GetElementType() != value.Storage.GetType().GetElementType())
            throw new DTypeException($"Tensor.To: {Type} does not fit {typeof(TArray).Name}; the elements are {DType.Name()}. Convert the tensor first.");
        var array = System.Array.CreateInstanceFromArrayType(typeof(TArray), [.. Shape]);
        Buffer.BlockCopy(value.Storage, 0, array, 0, Buffer.ByteLength(value.Storage));
        return (TArray)(object)array;
    }

    /// <summary>The elements, row-major, read in place: of a tensor that is donated later, what is written there then.</summary>
    /// <exception cref="DTypeException">T is not the tensor's element type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged =>
        Value($"AsSpan<{typeof(T).Name}>") is Dense<T> dense
            ? dense.Elements
            : throw new DTypeException($"Tensor: the elements of {Type} are not {typeof(T).Name}. Ask for {DType.Name()}, or convert the tensor first.");

    /// <summary>A copy as a tensor of System.Numerics.Tensors, where a scalar has one axis of extent 1: no tensor of rank 0 holds an element there.</summary>
    /// <exception cref="DTypeException">T is not the tensor's element type.</exception>
    public Numerics.Tensor<T> ToTensor<T>()
        where T : unmanaged => Numerics.Tensor.Create(ToArray<T>(), Rank == 0 ? [1] : [.. Shape.Select(extent => (nint)extent)]);

    /// <summary>A C# literal: its type gives way to that of the tensor it meets.</summary>
    public static implicit operator Tensor(double scalar) => Values.Scalar(scalar, weak: true);

    /// <inheritdoc cref="op_Implicit(double)"/>
    public static implicit operator Tensor(float scalar) => Values.Scalar(scalar, weak: true);

    /// <inheritdoc cref="op_Implicit(double)"/>
    public static implicit operator Tensor(int scalar) => Values.Scalar(scalar, weak: true);

    /// <inheritdoc cref="op_Implicit(double)"/>
    public static implicit operator Tensor(long scalar) => Values.Scalar(scalar, weak: true);

    /// <inheritdoc cref="op_Implicit(double)"/>
    public static implicit operator Tensor(bool scalar) => Values.Scalar(scalar, weak: true);

    /// <summary>The value of a tensor with one element.</summary>
    /// <exception cref="ShapeException">There is not exactly one element.</exception>
    /// <exception cref="TraceException">The value is not known, or a program that is kept would freeze it.</exception>
    public static explicit operator double(Tensor tensor) => tensor.Number("(double)").ToDouble(CultureInfo.InvariantCulture);

    /// <summary>The value of a tensor with one element, rounded to binary32.</summary>
    /// <exception cref="ShapeException">There is not exactly one element.</exception>
    public static explicit operator float(Tensor tensor) => tensor.Number("(float)").ToSingle(CultureInfo.InvariantCulture);

    private static Dense<T> Copied<T>(Array elements, Shape shape)
        where T : unmanaged
    {
        var copy = new T[shape.Size];
        Buffer.BlockCopy(elements, 0, copy, 0, Buffer.ByteLength(copy));
        return Values.Of(copy, shape);
    }

    private IConvertible Number(string conversion) => Single(conversion, tensor => tensor.Value(conversion));

    private IConvertible Single(string conversion, Func<Tensor, Dense> value) =>
        Size == 1
            ? (IConvertible)value(this).Storage.GetValue(0)!
            : throw new ShapeException($"{conversion}: needs a tensor with one element, given {Type}. Index it, or reduce it with Sum, Mean or All.");
}
