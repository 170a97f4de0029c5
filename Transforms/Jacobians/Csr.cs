using MathNet.Numerics.LinearAlgebra;

namespace Functional;

/// <summary>
/// A sparse matrix in compressed rows: a Jacobian's or Hessian's entries in the order of its pattern, row by row. A structure of
/// one tensor, so that transforms go through it.
/// </summary>
/// <param name="Pattern">Which entries there are.</param>
/// <param name="Values">The entries, <c>[nonzeros]</c>.</param>
public sealed record Csr(Sparsity Pattern, Tensor Values)
{
    /// <summary>How many rows there are.</summary>
    public int Rows => Pattern.Rows;

    /// <summary>How many columns there are.</summary>
    public int Columns => Pattern.Columns;

    /// <summary>The place of each row's first entry, and after the last how many there are.</summary>
    public ReadOnlySpan<int> RowPointers => Pattern.RowPointers;

    /// <summary>The column of each entry.</summary>
    public ReadOnlySpan<int> ColumnIndices => Pattern.ColumnIndices;

    /// <summary>The matrix with its zeros: <c>[rows, columns]</c>.</summary>
    public Tensor ToDense()
    {
        if (Pattern.Count == 0) return TensorMath.Zeros([Rows, Columns], Values.DType);
        var places = new int[Pattern.Count];
        var entry = 0;
        for (var row = 0; row < Rows; row++)
            foreach (var column in Pattern[row]) places[entry++] = checked((row * Columns) + column);
        var zeros = TensorMath.Zeros([new Shape(Rows, Columns).Size], Values.DType);
        return TensorMath.Reshape(TensorMath.Scatter(zeros, Functional.Values.Of(places, [places.Length]), Values), Rows, Columns);
    }

    /// <summary>The product with a vector: <c>[rows, columns] · [columns] → [rows]</c>.</summary>
    /// <exception cref="ShapeException">The vector has not as many elements as the matrix has columns.</exception>
    public Tensor Times(Tensor vector)
    {
        if (vector.Rank != 1 || vector.Size != Columns)
            throw new ShapeException($"Csr.Times: the matrix is {Rows} × {Columns}, and the vector {vector.Type}; it needs [{Columns}].");
        var zeros = TensorMath.Zeros([Rows], Values.DType);
        if (Pattern.Count == 0) return zeros;
        var rows = new int[Pattern.Count];
        var entry = 0;
        for (var row = 0; row < Rows; row++)
            foreach (var _ in Pattern[row]) rows[entry++] = row;
        Shape shape = [rows.Length];
        var terms = Values * TensorMath.Take(vector, Functional.Values.Of(ColumnIndices.ToArray(), shape));
        return TensorMath.ScatterAdd(zeros, Functional.Values.Of(rows, shape), terms);
    }

    /// <summary>The matrix as one of MathNet.Numerics, for its solvers; f32 becomes f64.</summary>
    /// <exception cref="TraceException">The entries have no value yet.</exception>
    public Matrix<double> ToMathNet() => Matrix<double>.Build.SparseFromCompressedSparseRowFormat(
        Rows, Columns, checked((int)Pattern.Count), RowPointers.ToArray(), ColumnIndices.ToArray(), TensorMath.Convert(Values, DType.Float64).ToArray<double>());

    /// <summary>The extents, how many entries there are, and their type.</summary>
    public override string ToString() => FormattableString.Invariant($"{Rows} × {Columns}, {Pattern.Count} nonzeros, {Values.Type}");
}
