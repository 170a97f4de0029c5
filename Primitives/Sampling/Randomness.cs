// The room of sampling: random numbers that are functions of keys. A primitive turns keys into bits; distributions are tensor
// operations on bits, differentiable in their parameters because the bits stay as they are (reparametrisation).
using Functional.Kernels;
using Functional.Programs;

namespace Functional.Primitives;

/// <summary>A primitive of keys: each, i64, gives a tensor of one shape, <c>[keys] → [keys, shape]</c>. Nothing to differentiate.</summary>
public abstract record Randomness : SingleResult
{
    /// <summary>What each key gives.</summary>
    protected abstract TensorType Drawn { get; }

    /// <inheritdoc/>
    public sealed override string Parameters => Drawn.ToString() + More;

    /// <summary>Parameters beside the type, in text.</summary>
    protected virtual string More => string.Empty;

    /// <inheritdoc/>
    protected sealed override TensorType Result(ReadOnlySpan<TensorType> operands) =>
        operands[0].DType == DType.Int64
            ? Drawn with { Shape = operands[0].Shape.Concat(Drawn.Shape) }
            : throw new DTypeException($"{Name}: a key is i64, given {operands[0]}.");

    /// <inheritdoc/>
    protected sealed override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
    {
        var keys = operands[0].Elements<long>();
        return type.DType switch
        {
            DType.Float64 => Each<double>(keys, type, Fill),
            DType.Float32 => Each<float>(keys, type, Fill),
            DType.Int32 => Each<int>(keys, type, Fill),
            _ => Each<long>(keys, type, Fill),
        };
    }

    /// <summary>Writes what one key gives.</summary>
    protected virtual void Fill(long key, Span<double> destination) => throw Undrawn();

    /// <inheritdoc cref="Fill(long, Span{double})"/>
    protected virtual void Fill(long key, Span<float> destination) => throw Undrawn();

    /// <inheritdoc cref="Fill(long, Span{double})"/>
    protected virtual void Fill(long key, Span<int> destination) => throw Undrawn();

    /// <inheritdoc cref="Fill(long, Span{double})"/>
    protected virtual void Fill(long key, Span<long> destination) => throw Undrawn();

    /// <inheritdoc/>
    protected sealed override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => None;

    // A number depends on its key and its place, so a batch of keys is a batch of results.
    /// <inheritdoc/>
    protected sealed override Tensor BatchedResult(Seq<Batched> operands, int size) => Apply(operands[0].Value);

    /// <inheritdoc/>
    public sealed override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) =>
        new(results[0].Size, Programs.Cost.Traffic(operands, results));

    /// <summary>Keys of any bits.</summary>
    protected static Tensor Keys(Sampler sampler) => sampler.Tensor(new(DType.Int64, sampler.Shape(highestRank: 2)), () => sampler.Real(-1e18, 1e18));

    private InvalidOperationException Undrawn() => new($"{Name}: says it draws {Drawn.DType.Name()}, and does not.");

    private static Dense<T> Each<T>(long[] keys, TensorType type, Action<long, Span<T>> fill)
        where T : unmanaged
    {
        var elements = new T[type.Size];
        var width = keys.Length == 0 ? 0 : elements.Length / keys.Length;
        for (var i = 0; i < keys.Length; i++) fill(keys[i], elements.AsSpan(i * width, width));
        return new(elements, type);
    }
}

/// <summary>Integers of which every bit is 0 or 1 equally often, in i32 or i64.</summary>
/// <param name="Shape">The shape for one key.</param>
/// <param name="DType">The type of the integers.</param>
public sealed record RandomBits(Shape Shape, DType DType = DType.Int64) : Randomness
{
    /// <inheritdoc/>
    public override string Name => "random_bits";

    /// <inheritdoc/>
    protected override TensorType Drawn => DType.IsInteger() ? new(DType, Shape) : throw new DTypeException($"random_bits: draws i32 or i64, not {DType.Name()}.");

    /// <inheritdoc/>
    protected override void Fill(long key, Span<int> destination) => Threefry.Fill(key, destination);

    /// <inheritdoc/>
    protected override void Fill(long key, Span<long> destination) => Threefry.Fill(key, destination);

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler) => new(new RandomBits(sampler.Shape(), sampler.Integral()), Seq1(Keys(sampler)));
}

/// <summary>Numbers evenly between 0 and 1, all bits of the mantissa random, in f64 or f32.</summary>
/// <param name="Shape">The shape for one key.</param>
/// <param name="DType">The type of the numbers.</param>
/// <param name="Inside">Whether 0 is left out too: (k + ½)·2⁻⁵² or 2⁻²³ for random k, instead of k·2⁻⁵³ or 2⁻²⁴.</param>
public sealed record RandomUnit(Shape Shape, DType DType, bool Inside) : Randomness
{
    /// <inheritdoc/>
    public override string Name => "random_unit";

    /// <inheritdoc/>
    protected override TensorType Drawn => DType.IsFloat() ? new(DType, Shape) : throw new DTypeException($"random_unit: draws f32 or f64, not {DType.Name()}.");

    /// <inheritdoc/>
    protected override string More => Inside ? " inside" : string.Empty;

    /// <inheritdoc/>
    protected override void Fill(long key, Span<double> destination) => Threefry.FillUnit(key, destination, Inside);

    /// <inheritdoc/>
    protected override void Fill(long key, Span<float> destination) => Threefry.FillUnit(key, destination, Inside);

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler) => new(new RandomUnit(sampler.Shape(), sampler.Float(), sampler.Flip()), Seq1(Keys(sampler)));
}

/// <summary>Integers from 0 up to before a count, each equally often, in i64.</summary>
/// <param name="Shape">The shape for one key.</param>
/// <param name="Count">How many integers there are to choose from, at least 1.</param>
public sealed record RandomBelow(Shape Shape, ulong Count) : Randomness
{
    /// <inheritdoc/>
    public override string Name => "random_below";

    /// <inheritdoc/>
    protected override TensorType Drawn => new(DType.Int64, Shape);

    /// <inheritdoc/>
    protected override string More => $" count={Count}";

    /// <inheritdoc/>
    protected override void Fill(long key, Span<long> destination) => Threefry.FillBelow(key, Count, destination);

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler) => new(new RandomBelow(sampler.Shape(), (ulong)sampler.Integer(1, 100)), Seq1(Keys(sampler)));
}

/// <summary>Keys unrelated to each other and to the one they come from.</summary>
/// <param name="Count">How many for one key.</param>
public sealed record RandomSplit(int Count) : Randomness
{
    /// <inheritdoc/>
    public override string Name => "random_split";

    /// <inheritdoc/>
    protected override TensorType Drawn => new(DType.Int64, [Count]);

    /// <inheritdoc/>
    protected override void Fill(long key, Span<long> destination) => Threefry.Split(key, destination);

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler) => new(new RandomSplit(sampler.Integer(0, 5)), Seq1(Keys(sampler)));
}

/// <summary>The key for a key and a number, element by element.</summary>
public sealed record RandomFold : Elementwise
{
    /// <inheritdoc/>
    public override string Name => "random_fold";

    /// <inheritdoc/>
    protected override DType ResultDType(ReadOnlySpan<TensorType> operands) =>
        operands[0].DType == DType.Int64 && operands[1].DType == DType.Int64
            ? DType.Int64
            : throw new DTypeException($"random_fold: a key and a number are i64, given {operands[0]} and {operands[1]}.");

    /// <inheritdoc/>
    protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
    {
        var (keys, numbers) = (operands[0].Elements<long>(), operands[1].Elements<long>());
        var folded = new long[type.Size];
        for (var i = 0; i < folded.Length; i++)
            folded[i] = Threefry.Fold(keys[operands[0].Rank == 0 ? 0 : i], numbers[operands[1].Rank == 0 ? 0 : i]);
        return Values.Of(folded, type.Shape);
    }

    /// <inheritdoc/>
    protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => None;

    /// <inheritdoc/>
    public override Application Sample(Sampler sampler)
    {
        var shape = sampler.Shape();
        return new(this, Seq(sampler.Tensor(DType.Int64, shape, -1e18, 1e18), sampler.Tensor(DType.Int64, sampler.Flip() ? shape : Shape.Scalar, -100, 100)));
    }
}
