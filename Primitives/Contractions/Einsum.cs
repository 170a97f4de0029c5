using System.Diagnostics.CodeAnalysis;
using Functional.Primitives;

namespace Functional;

public static partial class TensorMath
{
    /// <summary>
    /// Sums of products in Einstein's notation: <c>Einsum("ij,jk->ik", x, y)</c> is the matrix product. Letters name axes; one that the
    /// output leaves out is summed over, one that an operand repeats walks its diagonal; <c>...</c> stands for the other axes, which
    /// broadcast. Without <c>-></c> the output is <c>...</c> and the letters that stand once, in alphabetical order. Of several
    /// operands the pair of the least work is multiplied first. Element types are promoted; truth values are counted in i64.
    /// </summary>
    /// <param name="notation">The letters of each operand, between commas, and of the output; blanks are skipped.</param>
    /// <param name="operands">One tensor for each term.</param>
    /// <exception cref="FormatException">The notation cannot be read.</exception>
    /// <exception cref="ShapeException">Operands and notation do not fit; the message names the letter, the extents and the operands.</exception>
    public static Tensor Einsum([StringSyntax("einsum")] string notation, params ReadOnlySpan<Tensor> operands)
    {
        ArgumentNullException.ThrowIfNull(notation);
        var (factors, output) = EinsteinNotation.Read(notation).Label(operands);
        var unified = Unified(operands);
        for (var i = 0; i < factors.Length; i++)
        {
            var tensor = unified[i].DType == DType.Bool ? Convert(unified[i], DType.Int64) : unified[i];
            factors[i] = factors[i] with { Tensor = Reshape(tensor, [.. factors[i].Extents]) };
        }
        return EinsteinSum.Of([.. factors.Select(factor => factor.Diagonal())], output);
    }
}

/// <summary>A tensor whose axes have names: a letter's code, or −j for the j-th axis from the right under an ellipsis.</summary>
/// <param name="Tensor">The elements.</param>
/// <param name="Labels">A name for each axis.</param>
/// <param name="Extents">The extents of the named axes: those of the tensor, but for axes of extent 1 that an ellipsis stretches.</param>
internal sealed record Labelled(Tensor Tensor, int[] Labels, Shape Extents)
{
    /// <summary>The tensor under other names.</summary>
    internal static Labelled Of(Tensor tensor, int[] labels) => new(tensor, labels, tensor.Shape);

    /// <summary>The axes that bear one name walked together.</summary>
    internal Labelled Diagonal()
    {
        for (var first = 0; first < Labels.Length; first++)
        {
            var second = System.Array.IndexOf(Labels, Labels[first], first + 1);
            if (second < 0) continue;
            int[] rest = [.. Enumerable.Range(0, Labels.Length).Where(axis => axis != first && axis != second)];
            var diagonal = TensorMath.Diagonal(TensorMath.Transpose(Tensor, [.. rest, first, second]));
            return Of(diagonal, [.. rest.Select(axis => Labels[axis]), Labels[first]]).Diagonal();
        }
        return this;
    }

    /// <summary>Summed over the axes that nothing else needs.</summary>
    internal Labelled Keeping(System.Collections.Generic.HashSet<int> needed)
    {
        int[] summed = [.. Enumerable.Range(0, Labels.Length).Where(axis => !needed.Contains(Labels[axis]))];
        return summed.Length == 0 ? this : Of(TensorMath.Sum(Tensor, summed), [.. Labels.Where(needed.Contains)]);
    }

    /// <summary>The axes in the order of these names.</summary>
    internal Tensor Ordered(int[] labels) => TensorMath.Transpose(Tensor, [.. labels.Select(label => System.Array.IndexOf(Labels, label))]);
}

/// <summary>The sum of the product of named tensors, pair by pair.</summary>
internal static class EinsteinSum
{
    /// <summary>Σ over all names that the output leaves out of the product of the factors.</summary>
    internal static Tensor Of(List<Labelled> factors, int[] output)
    {
        while (factors.Count > 1)
        {
            var (left, right) = Cheapest(factors);
            var (x, y) = (factors[left], factors[right]);
            factors.RemoveAt(right);
            factors.RemoveAt(left);
            var needed = factors.SelectMany(factor => factor.Labels).Concat(output).ToHashSet();
            factors.Add(Product(x.Keeping([.. needed, .. y.Labels]), y.Keeping([.. needed, .. x.Labels]), needed, factors.Count == 0 ? output : []));
        }
        return factors[0].Keeping([.. output]).Ordered(output);
    }

    // The least multiplications, then the smallest result.
    private static (int Left, int Right) Cheapest(List<Labelled> factors)
    {
        var pairs =
            from left in Enumerable.Range(0, factors.Count)
            from right in Enumerable.Range(left + 1, factors.Count - left - 1)
            select (left, right);
        return factors.Count == 2 ? (0, 1) : pairs.MinBy(pair => Work(factors[pair.left], factors[pair.right]));
    }

    private static (double Products, double Growth) Work(Labelled x, Labelled y)
    {
        var products = (double)x.Tensor.Size;
        for (var axis = 0; axis < y.Labels.Length; axis++)
            if (!x.Labels.Contains(y.Labels[axis])) products *= y.Tensor.Shape[axis];
        return (products, -(double)x.Tensor.Size - y.Tensor.Size);
    }

    private static Labelled Product(Labelled x, Labelled y, System.Collections.Generic.HashSet<int> needed, int[] wanted)
    {
        int[] shared = [.. x.Labels.Where(y.Labels.Contains)];
        int[] batch = [.. shared.Where(needed.Contains)];
        int[] summed = [.. shared.Where(label => !needed.Contains(label))];
        int[] rows = [.. x.Labels.Except(shared)];
        int[] columns = [.. y.Labels.Except(shared)];
        if (summed.Length == 0 && columns.Length == 0) return Scaled(x, y);
        if (summed.Length == 0 && rows.Length == 0) return Scaled(y, x);
        // x·y and y·x differ in the order of their free axes: the one that is wanted costs no transposition.
        return wanted.AsSpan().SequenceEqual([.. batch, .. columns, .. rows])
            ? Contracted(y, x, batch, summed, [.. batch, .. columns, .. rows])
            : Contracted(x, y, batch, summed, [.. batch, .. rows, .. columns]);
    }

    private static Labelled Contracted(Labelled x, Labelled y, int[] batch, int[] summed, int[] result)
    {
        Seq<int> Places(int[] labels, Labelled factor) => toSeq(labels.Select(label => System.Array.IndexOf(factor.Labels, label))).Strict();
        var product = new Contract(Places(summed, x), Places(summed, y), Places(batch, x), Places(batch, y));
        return Labelled.Of(product.Apply(x.Tensor, y.Tensor), result);
    }

    // Nothing is summed and all of y's names are x's: an elementwise product.
    private static Labelled Scaled(Labelled x, Labelled y)
    {
        int[] common = [.. x.Labels.Where(y.Labels.Contains)];
        var axes = toSeq(common.Select(label => System.Array.IndexOf(x.Labels, label))).Strict();
        var scale = y.Ordered(common);
        return x with { Tensor = x.Tensor * (scale.Rank == 0 || scale.Shape == x.Tensor.Shape ? scale : new Broadcast(x.Tensor.Shape, axes).Apply(scale)) };
    }
}
