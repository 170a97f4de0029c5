using Functional.Primitives;

namespace Functional;

/// <summary>A key used for a second time, which would give the numbers of the first again.</summary>
/// <param name="message">What used the key before and now, and what to do.</param>
public sealed class KeyException(string message) : InvalidOperationException(message);

/// <summary>
/// What random numbers are drawn from: the same key gives the same numbers, on any machine, in any batch, on any number of threads.
/// There is no hidden state, so a key is good for one use; split it to have several, fold numbers into it to have one for each step.
/// </summary>
public sealed class Key
{
    private string? user;

    internal Key(Tensor words) => Words = words;

    /// <summary>The key's 64 bits, i64; with axes where it stands for a batch of keys.</summary>
    internal Tensor Words { get; }

    /// <summary>The key of a seed: different seeds give unrelated numbers.</summary>
    public static Key From(long seed) => new(Values.Scalar(seed));

    /// <summary>Two keys unrelated to each other and to this one, which is used up.</summary>
    /// <exception cref="KeyException">This key has been used.</exception>
    public (Key First, Key Second) Split() => Split(2) is [var first, var second] ? (first, second) : throw new InvalidOperationException();

    /// <summary>Keys unrelated to each other and to this one, which is used up.</summary>
    /// <exception cref="KeyException">This key has been used.</exception>
    public Key[] Split(int count)
    {
        var children = Children("Split", count);
        return [.. Enumerable.Range(0, count).Select(child => new Key(TensorMath.Squeeze(TensorMath.Along(children, children.Rank - 1, child, 1), -1)))];
    }

    /// <summary>A batch of keys in one, along a new last axis, for <c>Vmap</c> to hand out. This one is used up.</summary>
    /// <exception cref="KeyException">This key has been used.</exception>
    public Key Batch(int count) => new(Children("Batch", count));

    /// <summary>
    /// The key for a number, say that of a step: different numbers give unrelated keys, the same number the same key. This one is not
    /// used up, so that a loop may fold each of its steps into it.
    /// </summary>
    /// <param name="number">An integer, which may be traced.</param>
    /// <exception cref="DTypeException">The number is not an integer.</exception>
    public Key Fold(Tensor number)
    {
        ArgumentNullException.ThrowIfNull(number);
        if (!number.DType.IsInteger()) throw new DTypeException($"Fold: takes an integer, given {number.Type}. Convert it first.");
        return new(new RandomFold().Apply(Words, TensorMath.Convert(number, DType.Int64)));
    }

    /// <summary>This key once more, where the same numbers are wanted on purpose.</summary>
    public Key Again() => new(Words);

    /// <summary>The bits, for the one use that a key has.</summary>
    /// <exception cref="KeyException">There was one before.</exception>
    internal Tensor Use(string operation) =>
        Interlocked.CompareExchange(ref user, operation, null) is not { } before
            ? Words
            : throw new KeyException($"{operation}: this key was used by {before} and would give the same numbers again. Split it before, var (a, b) = key.Split(), or pass key.Again() if you want the same numbers.");

    private Tensor Children(string operation, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new RandomSplit(count).Apply(Use(operation));
    }
}
