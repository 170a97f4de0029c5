namespace Functional.Programs;

/// <summary>A primitive with operands it can be applied to.</summary>
/// <param name="Primitive">The primitive, its parameters drawn.</param>
/// <param name="Operands">Values where all its rules hold.</param>
public sealed record Application(Primitive Primitive, Seq<Tensor> Operands);

/// <summary>
/// Draws shapes and values for <see cref="Primitive.Sample"/>: deterministic in its seed, small at small sizes, so that a
/// failing draw can be shrunk.
/// </summary>
/// <param name="seed">What decides all draws.</param>
/// <param name="size">How large shapes get: extents up to about this, at least 1.</param>
public sealed class Sampler(int seed, int size)
{
    // A pseudo-random test input needs no cryptography.
#pragma warning disable CA5394
    private readonly Random random = new(seed);

    /// <summary>An integer from <paramref name="low"/> up to and including <paramref name="high"/>.</summary>
    public int Integer(int low, int high) => random.Next(low, high + 1);

    /// <summary>True half of the time.</summary>
    public bool Flip() => random.Next(2) == 0;

    /// <summary>A number between two bounds.</summary>
    public double Real(double low, double high) => low + (random.NextDouble() * (high - low));

    /// <summary>One of several.</summary>
    public T Choose<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    /// <summary>A floating-point element type.</summary>
    public DType Float() => Choose(DType.Float32, DType.Float64);

    /// <summary>An integer element type.</summary>
    public DType Integral() => Choose(DType.Int32, DType.Int64);

    /// <summary>A type of numbers.</summary>
    public DType Numeric() => Choose(DType.Float32, DType.Float64, DType.Float64, DType.Int32, DType.Int64);

    /// <summary>An extent: mostly small, now and then 0 where allowed.</summary>
    public int Extent(bool mayBeEmpty = true) => mayBeEmpty && random.Next(20) == 0 ? 0 : random.Next(1, Math.Max(2, size + 1));

    /// <summary>A shape of a rank between two bounds.</summary>
    public Shape Shape(int lowestRank = 0, int highestRank = 3, bool mayBeEmpty = true)
    {
        var extents = new int[Integer(lowestRank, highestRank)];
        for (var axis = 0; axis < extents.Length; axis++) extents[axis] = Extent(mayBeEmpty);
        return extents;
    }

    /// <summary>Some axes of a shape (perhaps none, perhaps all), ascending.</summary>
    public Seq<int> Axes(int rank) => Enumerable.Range(0, rank).Where(_ => Flip()).ToSeq();

    /// <summary>An order of the first integers.</summary>
    public Seq<int> Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order);
        return order.ToSeq();
    }

    /// <summary>Elements from a draw for each; integers are truncated, truth is a positive draw.</summary>
    public Tensor Tensor(TensorType type, Func<double> element) => type.DType switch
    {
        DType.Bool => Values.Of(Draws(type, () => element() > 0), type.Shape),
        DType.Int32 => Values.Of(Draws(type, () => (int)element()), type.Shape),
        DType.Int64 => Values.Of(Draws(type, () => (long)element()), type.Shape),
        DType.Float32 => Values.Of(Draws(type, () => (float)element()), type.Shape),
        _ => Values.Of(Draws(type, element), type.Shape),
    };

    /// <summary>Elements evenly between two bounds.</summary>
    public Tensor Tensor(TensorType type, double low = -3, double high = 3) => Tensor(type, () => Real(low, high));

    /// <summary>Elements evenly between two bounds.</summary>
    public Tensor Tensor(DType dtype, Shape shape, double low = -3, double high = 3) => Tensor(new(dtype, shape), low, high);

    /// <summary>Elements no two of which are nearer than 0.1, in random order: for what has kinks at ties.</summary>
    public Tensor Distinct(DType dtype, Shape shape)
    {
        var order = new Queue<int>(Permutation(shape.Size));
        var middle = shape.Size / 2.0;
        return Tensor(new(dtype, shape), () => (dtype.IsFloat() ? 0.2 : 1.0) * (order.Dequeue() - middle));
    }

    /// <summary>Indices of an axis of this extent, in i32 or i64.</summary>
    public Tensor Indices(Shape shape, int extent) => Tensor(new(Integral(), shape), () => random.Next(extent));

    private static T[] Draws<T>(TensorType type, Func<T> element)
    {
        var elements = new T[type.Size];
        for (var i = 0; i < elements.Length; i++) elements[i] = element();
        return elements;
    }
#pragma warning restore CA5394
}
