namespace Functional.Properties.Generators;

/// <summary>Tensors as plain arrays of doubles, for what the properties compute on their own, without the library's operations.</summary>
internal static class Numbers
{
    /// <summary>The elements as doubles; truth is 1.</summary>
    internal static double[] Of(Tensor tensor) =>
        [.. ((Dense)tensor).Storage.Cast<object>().Select(element => System.Convert.ToDouble(element))];

    /// <summary>A tensor of a type from doubles.</summary>
    internal static Tensor Tensor(TensorType type, IEnumerable<double> elements) => type.DType switch
    {
        DType.Bool => Values.Of(elements.Select(element => element != 0).ToArray(), type.Shape),
        DType.Int32 => Values.Of(elements.Select(element => (int)element).ToArray(), type.Shape),
        DType.Int64 => Values.Of(elements.Select(element => (long)element).ToArray(), type.Shape),
        DType.Float32 => Values.Of(elements.Select(element => (float)element).ToArray(), type.Shape),
        _ => Values.Of(elements.ToArray(), type.Shape),
    };

    /// <summary>The same elements, each through a function.</summary>
    internal static Tensor Map(Tensor tensor, Func<double, double> function) => Tensor(tensor.Type, Of(tensor).Select(function));

    /// <summary>a x + b y, in the type of x.</summary>
    internal static Tensor Combined(double a, Tensor x, double b, Tensor y) =>
        Tensor(x.Type, Of(x).Zip(Of(y), (left, right) => (a * left) + (b * right)));

    /// <summary>A tensor in another element type.</summary>
    internal static Tensor As(Tensor tensor, DType dtype) => Tensor(new(dtype, tensor.Shape), Of(tensor));

    /// <summary>Members stacked along a new first axis; their type stands for what there is of none.</summary>
    internal static Tensor Stacked(TensorType type, IEnumerable<Tensor> members)
    {
        var each = members.ToArray();
        var stacked = new TensorType(type.DType, type.Shape.Insert(0, each.Length));
        return type.DType switch
        {
            DType.Bool => Joined<bool>(each, stacked),
            DType.Int32 => Joined<int>(each, stacked),
            DType.Int64 => Joined<long>(each, stacked),
            DType.Float32 => Joined<float>(each, stacked),
            _ => Joined<double>(each, stacked),
        };
    }

    /// <summary>One member of a stack.</summary>
    internal static Tensor Member(Tensor stack, int member) => stack.DType switch
    {
        DType.Bool => Part<bool>(stack, member),
        DType.Int32 => Part<int>(stack, member),
        DType.Int64 => Part<long>(stack, member),
        DType.Float32 => Part<float>(stack, member),
        _ => Part<double>(stack, member),
    };

    /// <summary>⟨u, v⟩ over several tensors, and Σ |u·v|, to which its rounding is relative.</summary>
    internal static (double Product, double Magnitude) Inner(IEnumerable<Tensor> u, IEnumerable<Tensor> v)
    {
        var products = u.Zip(v).SelectMany(pair => Of(pair.Item1).Zip(Of(pair.Item2), (left, right) => left * right)).ToArray();
        return (products.Sum(), products.Sum(Math.Abs));
    }

    /// <summary>The largest magnitude; 0 where there is none.</summary>
    internal static double Largest(IEnumerable<double> numbers) => numbers.Select(Math.Abs).DefaultIfEmpty().Max();

    private static Dense<T> Joined<T>(Tensor[] members, TensorType type)
        where T : unmanaged => Values.Of(members.SelectMany(member => member.Elements<T>()).ToArray(), type.Shape);

    private static Dense<T> Part<T>(Tensor stack, int member)
        where T : unmanaged
    {
        var shape = stack.Shape[1..];
        return Values.Of(stack.Elements<T>().AsSpan(member * shape.Size, shape.Size).ToArray(), shape);
    }
}
