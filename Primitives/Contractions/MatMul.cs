using Functional.Primitives;

namespace Functional;

public static partial class TensorMath
{
    /// <summary>
    /// The matrix product, as NumPy's: <c>[..., m, k] · [..., k, n] → [..., m, n]</c>, stacks broadcast; a vector is a row on the left
    /// and a column on the right. Element types are promoted; integers wrap; truth values are counted in i64.
    /// </summary>
    /// <exception cref="ShapeException">An operand is a scalar, the inner dimensions differ, or the stacks do not broadcast.</exception>
    public static Tensor MatMul(Tensor x, Tensor y)
    {
        if (x.Rank == 0 || y.Rank == 0)
            throw new ShapeException($"MatMul: takes vectors, matrices and stacks of matrices, given {x.Type} · {y.Type}. Use * to scale.");
        var (left, right) = (x.Rank - 1, Math.Max(0, y.Rank - 2));
        if (x.Shape[left] != y.Shape[right])
            throw new ShapeException($"MatMul: inner dimensions differ: {x.Type} · {y.Type} ({x.Shape[left]} ≠ {y.Shape[right]})");
        var stacked = x.Rank > 2 && y.Rank > 2 ? Stacks(x, y) : default;
        (x, y) = Factors(x, y);
        return (x.Rank, y.Rank) switch
        {
            (2, 2) => Contract.Matrices.Apply(x, y),
            ( > 2, > 2) => MatMulStacks(x, y, stacked),
            // One matrix beside a stack: the stack's axes are free axes of the product.
            (_, > 2) => x.Rank == 1
                ? new Contract(Seq1(right), Seq1(0), Seq<int>(), Seq<int>()).Apply(y, x)
                : MoveAxis(new Contract(Seq1(left), Seq1(right), Seq<int>(), Seq<int>()).Apply(x, y), 0, -2),
            _ => new Contract(Seq1(left), Seq1(right), Seq<int>(), Seq<int>()).Apply(x, y),
        };
    }

    /// <summary>
    /// NumPy's dot: scalars scale, vectors give their inner product, matrices their product; else the sum over the last axis of x and
    /// the second-to-last of y, <c>[a, b, k] · [c, k, d] → [a, b, c, d]</c>.
    /// </summary>
    /// <exception cref="ShapeException">The inner dimensions differ.</exception>
    public static Tensor Dot(Tensor x, Tensor y)
    {
        if (x.Rank == 0 || y.Rank == 0) return x * y;
        var (left, right) = (x.Rank - 1, Math.Max(0, y.Rank - 2));
        if (x.Shape[left] != y.Shape[right])
            throw new ShapeException($"Dot: inner dimensions differ: {x.Type} · {y.Type} ({x.Shape[left]} ≠ {y.Shape[right]})");
        (x, y) = Factors(x, y);
        return new Contract(Seq1(left), Seq1(right), Seq<int>(), Seq<int>()).Apply(x, y);
    }

    /// <summary>The products of all pairs of elements: <c>[m], [n] → [m, n]</c>; other shapes are taken in row-major order.</summary>
    public static Tensor Outer(Tensor x, Tensor y) => TensorDot(Reshape(x, [x.Size]), Reshape(y, [y.Size]), 0);

    /// <summary>The sums of the diagonals of the matrices in the last two axes: <c>[..., m, n] → [...]</c>.</summary>
    /// <param name="x">At least two axes.</param>
    /// <param name="offset">How many columns to the right of the main diagonal; negative below it.</param>
    /// <exception cref="ShapeException">There are fewer than two axes.</exception>
    public static Tensor MatrixTrace(Tensor x, int offset = 0)
    {
        if (x.Rank < 2) throw new ShapeException($"MatrixTrace: needs at least two axes, given {x.Type}.");
        return Sum(Diagonal(x, offset), -1);
    }

    private static Shape Stacks(Tensor x, Tensor y)
    {
        var rank = Math.Max(x.Rank, y.Rank);
        var extents = new int[rank - 2];
        for (var i = 3; i <= rank; i++)
        {
            var (left, right) = (i <= x.Rank ? x.Shape[^i] : 1, i <= y.Rank ? y.Shape[^i] : 1);
            if (left != right && left != 1 && right != 1)
                throw new ShapeException($"MatMul: stacks do not broadcast: {x.Type} · {y.Type} differ at axis −{i} ({left} ≠ {right}, and neither is 1)");
            extents[rank - i] = left == 1 ? right : left;
        }
        return extents;
    }

    // An axis of the stack that only one operand has is a free axis of that operand, so nothing is repeated.
    private static Tensor MatMulStacks(Tensor x, Tensor y, Shape stack)
    {
        var rank = stack.Rank + 2;
        int[] Own(Tensor operand) => [.. Enumerable.Range(rank - operand.Rank, operand.Rank - 2).Where(axis => operand.Shape[axis - rank + operand.Rank] != 1)];
        var (left, right) = (Own(x), Own(y));
        var shared = left.Intersect(right).ToArray();
        var product = new Contract(Seq1(left.Length + 1), Seq1(right.Length), Places(left), Places(right)).Apply(Kept(x, left), Kept(y, right));
        int[] axes = [.. shared, .. left.Except(shared), rank - 2, .. right.Except(shared), rank - 1];
        int[] order = [.. axes.Order().Select(axis => System.Array.IndexOf(axes, axis))];
        return Reshape(Transpose(product, order), [.. stack, x.Shape[^2], y.Shape[^1]]);

        Seq<int> Places(int[] own) => toSeq(shared.Select(axis => System.Array.IndexOf(own, axis))).Strict();

        Tensor Kept(Tensor operand, int[] kept) =>
            Reshape(operand, [.. kept.Select(axis => stack[axis]), operand.Shape[^2], operand.Shape[^1]]);
    }
}
