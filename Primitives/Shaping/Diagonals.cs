using Functional.Primitives;

namespace Functional;

// In row-major order the diagonal of an [m, n] matrix is every (n + 1)-th element: taking it is a slice, making it is a pad.
public static partial class TensorMath
{
    /// <summary>The diagonals of the matrices in the last two axes: <c>[..., m, n] → [..., k]</c>.</summary>
    /// <param name="x">At least two axes.</param>
    /// <param name="offset">How many columns to the right of the main diagonal; negative below it.</param>
    /// <exception cref="ShapeException">There are fewer than two axes.</exception>
    public static Tensor Diagonal(Tensor x, int offset = 0)
    {
        if (x.Rank < 2) throw new ShapeException($"Diagonal: needs at least two axes, given {x.Type}.");
        var (rows, columns) = (x.Shape[^2], x.Shape[^1]);
        var start = offset >= 0 ? Math.Min(offset, columns) : Math.Min(-offset, rows) * columns;
        var extent = Math.Max(0, offset >= 0 ? Math.Min(rows, columns - offset) : Math.Min(rows + offset, columns));
        var rest = x.Rank - 2;
        var flat = new Reshape(x.Shape[..rest].Concat([rows * columns])).Apply(x);
        var starts = Enumerable.Repeat(0, rest).Append(extent == 0 ? 0 : start).ToSeq().Strict();
        var steps = Enumerable.Repeat(1, rest).Append(columns + 1).ToSeq().Strict();
        return new Slice(starts, steps, x.Shape[..rest].Concat([extent])).Apply(flat);
    }

    /// <summary>Square matrices with the last axis on a diagonal and 0 elsewhere: <c>[..., k] → [..., n, n]</c>, n = k + |offset|.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="offset">How many columns to the right of the main diagonal; negative below it.</param>
    /// <exception cref="ShapeException">The tensor is a scalar.</exception>
    public static Tensor Diag(Tensor x, int offset = 0)
    {
        if (x.Rank == 0) throw new ShapeException($"Diag: needs at least one axis, given {x.Type}.");
        var rest = x.Rank - 1;
        var count = x.Shape[^1];
        var order = count + Math.Abs(offset);
        var start = offset >= 0 ? offset : -offset * order;
        var filled = count == 0 ? 0 : ((count - 1) * (order + 1)) + 1;
        Seq<int> Last(int width) => Enumerable.Repeat(0, rest).Append(width).ToSeq().Strict();
        var padded = new Pad(Last(count == 0 ? 0 : start), Last((order * order) - filled - (count == 0 ? 0 : start)), Last(order)).Apply(x, Values.Scalar(x.DType, 0));
        return new Reshape(x.Shape[..rest].Concat([order, order])).Apply(padded);
    }

    /// <summary>The identity matrix, or a rectangle with ones on a diagonal.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns; as many as rows where not given.</param>
    /// <param name="offset">How many columns to the right of the main diagonal; negative below it.</param>
    /// <param name="dtype">The type of the elements.</param>
    public static Tensor Eye(int rows, int? columns = null, int offset = 0, DType dtype = DType.Float64)
    {
        var row = Iota([rows, columns ?? rows], 0, DType.Int32);
        var column = Iota([rows, columns ?? rows], 1, DType.Int32);
        return Convert(Equal(column, row + offset), dtype);
    }

    /// <summary>The matrices in the last two axes with 0 above a diagonal.</summary>
    /// <param name="x">At least two axes.</param>
    /// <param name="offset">How many columns to the right of the main diagonal the last kept one is; negative below it.</param>
    /// <exception cref="ShapeException">There are fewer than two axes.</exception>
    public static Tensor Tril(Tensor x, int offset = 0) => Triangle("Tril", x, (row, column) => column <= row + offset);

    /// <summary>The matrices in the last two axes with 0 below a diagonal.</summary>
    /// <param name="x">At least two axes.</param>
    /// <param name="offset">How many columns to the right of the main diagonal the first kept one is; negative below it.</param>
    /// <exception cref="ShapeException">There are fewer than two axes.</exception>
    public static Tensor Triu(Tensor x, int offset = 0) => Triangle("Triu", x, (row, column) => column >= row + offset);

    private static Tensor Triangle(string operation, Tensor x, Func<Tensor, Tensor, Tensor> kept)
    {
        if (x.Rank < 2) throw new ShapeException($"{operation}: needs at least two axes, given {x.Type}.");
        var matrix = x.Shape[^2..];
        return Where(kept(Iota(matrix, 0, DType.Int32), Iota(matrix, 1, DType.Int32)), x, Values.Scalar(x.DType, 0));
    }
}
