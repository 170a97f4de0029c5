using Functional.Primitives;

namespace Functional;

public static partial class TensorMath
{
    /// <summary>
    /// One place of an axis for each of the others, i64, with probabilities proportional to e^logit: <c>[..., n] → [...]</c>. The place
    /// of the largest logit + Gumbel noise (E. J. Gumbel, 1954), so logits need not be normalised, and −∞ is never drawn.
    /// </summary>
    /// <param name="key">What decides the places; it is used up.</param>
    /// <param name="logits">Logarithms of probabilities, up to a constant.</param>
    /// <param name="axis">The axis of the alternatives.</param>
    /// <exception cref="ShapeException">There is no such axis, or it is empty.</exception>
    /// <exception cref="KeyException">The key has been used.</exception>
    public static Tensor Categorical(Key key, Tensor logits, int axis = -1)
    {
        ArgumentNullException.ThrowIfNull(key);
        var along = logits.Shape.Axis("Categorical", axis);
        if (logits.Shape[along] == 0) throw new ShapeException($"Categorical: there is nothing to choose from along axis {along} of {logits.Type}.");
        var words = key.Use("Categorical");
        var noisy = Gumbel(new(words), logits.Shape) + logits;
        var chosen = words.Rank + along;
        return ArgMax(noisy, chosen);
    }

    /// <summary>The integers from 0 up to before a count in random order, each order equally probable.</summary>
    /// <exception cref="KeyException">The key has been used.</exception>
    public static Tensor Permutation(Key key, int count)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return ArgSort(new RandomBits([count]).Apply(key.Use("Permutation")));
    }

    /// <summary>The slices along an axis in random order, each order equally probable; the derivative moves with them.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    /// <exception cref="KeyException">The key has been used.</exception>
    public static Tensor Permutation(Key key, Tensor x, int axis = 0)
    {
        var along = x.Shape.Axis("Permutation", axis);
        return Take(x, Permutation(key, x.Shape[along]), along);
    }

    /// <summary>Slices drawn from the first axis, with or without putting each back: <c>[n, rest] → [shape, rest]</c>.</summary>
    /// <param name="key">What decides the choice; it is used up.</param>
    /// <param name="x">What is chosen from.</param>
    /// <param name="shape">How many, in what arrangement.</param>
    /// <param name="replace">Whether a slice may be chosen again.</param>
    /// <param name="probabilities">A weight for each slice, <c>[n]</c>; all alike where none are given. They need not sum to 1.</param>
    /// <exception cref="ShapeException">There are not enough slices, or not one weight for each.</exception>
    /// <exception cref="KeyException">The key has been used.</exception>
    public static Tensor Choice(Key key, Tensor x, Shape shape, bool replace = true, Tensor? probabilities = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (x.Rank == 0) throw new ShapeException($"Choice: needs an axis to choose from, given {x.Type}. Use Arange(n) to choose from the first integers.");
        var count = x.Shape[0];
        if (probabilities is not null && probabilities.Shape != [count])
            throw new ShapeException($"Choice: {x.Type} has {count} slices, so the probabilities are [{count}], given {probabilities.Type}.");
        if (shape.Size > (replace && count > 0 ? int.MaxValue : count))
            throw new ShapeException($"Choice: {shape.Size} of the {count} slices of {x.Type}; that many cannot be chosen{(replace ? string.Empty : " without putting some back")}.");
        return Take(x, (replace, probabilities) switch
        {
            (true, null) => RandomIntegers(key, shape, 0, Math.Max(1, count)),
            (true, var weights) => Categorical(key, BroadcastTo(Log(weights), shape.Concat([count]))),
            (false, null) => Reshape(Along(Permutation(key, count), 0, 0, shape.Size), [.. shape]),
            // The largest of logarithm + Gumbel noise come as if drawn one after the other without putting back.
            (false, var weights) => Reshape(TopK(Gumbel(key, [count]) + Log(weights), shape.Size).Indices, [.. shape]),
        });
    }
}
