using System.Text;
using Functional.Programs;

namespace Functional;

/// <summary>
/// Which elements of a result may depend on which of an argument: a row for each element of the result's leaves, in order and
/// row-major, a column for each element of the argument's. Outside it the Jacobian is zero.
/// </summary>
public sealed class Sparsity : IEquatable<Sparsity>
{
    // Larger ones are told in numbers.
    private const int Drawn = 40;

    private readonly CompressedRows table;
    private readonly int[]? map;
    private int[]? pointers;
    private int[]? indices;

    internal Sparsity(CompressedRows table, int[]? map, int columns, IEnumerable<string> guessed)
    {
        (this.table, this.map, Columns) = (table, map, columns);
        Guessed = toSeq(guessed).Strict();
        Rows = map?.Length ?? table.Count;
        if (map is null) Count = table.Columns.Length;
        else foreach (var row in map) Count += row < 0 ? 0 : table.Starts[row + 1] - table.Starts[row];
    }

    /// <summary>How many rows there are: elements of the result.</summary>
    public int Rows { get; }

    /// <summary>How many columns there are: elements of the argument.</summary>
    public int Columns { get; }

    /// <summary>How many pairs there are: entries of the Jacobian that may differ from zero.</summary>
    public long Count { get; }

    /// <summary>The shape that the columns are the elements of, where they are those of one tensor or of several of one shape.</summary>
    internal Shape? ColumnShape { get; init; }

    /// <summary>The shape that the rows are the elements of, where they are those of one tensor or of several of one shape.</summary>
    internal Shape? RowShape { get; init; }

    /// <summary>The primitives that say nothing of their dependence: each was taken for dense, so the pattern may be larger than it need be.</summary>
    public Seq<string> Guessed { get; }

    /// <summary>The columns of a row, ascending.</summary>
    public ReadOnlySpan<int> this[int row] => (map is null ? row : map[row]) is >= 0 and var stored ? table[stored] : default;

    /// <summary>A pattern from its rows.</summary>
    /// <param name="rows">The columns of each row, in any order.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <exception cref="ShapeException">A row names a column that there is not, or names one twice.</exception>
    public static Sparsity From(IReadOnlyList<IReadOnlyList<int>> rows, int columns)
    {
        var starts = new int[rows.Count + 1];
        for (var row = 0; row < rows.Count; row++) starts[row + 1] = starts[row] + rows[row].Count;
        var all = new int[starts[^1]];
        for (var row = 0; row < rows.Count; row++)
        {
            var sorted = all.AsSpan(starts[row], rows[row].Count);
            for (var k = 0; k < sorted.Length; k++) sorted[k] = rows[row][k];
            sorted.Sort();
            for (var k = 0; k < sorted.Length; k++)
                if (sorted[k] < 0 || sorted[k] >= columns || (k > 0 && sorted[k] == sorted[k - 1]))
                    throw new ShapeException($"Sparsity: row {row} names column {sorted[k]}{(k > 0 && sorted[k] == sorted[k - 1] ? " twice" : $", but there are {columns}")}.");
        }
        return new(new(starts, all), null, columns, []);
    }

    /// <summary>The longest row.</summary>
    internal int LongestRow
    {
        get
        {
            var longest = 0;
            for (var row = 0; row < Rows; row++) longest = Math.Max(longest, this[row].Length);
            return longest;
        }
    }

    /// <summary>The longest column.</summary>
    internal int LongestColumn => Columns == 0 ? 0 : ColumnLengths().Max();

    /// <summary>How many entries each column has. Rows that many elements share are looked at once.</summary>
    internal int[] ColumnLengths()
    {
        var shared = new int[table.Count];
        if (map is null) shared.AsSpan().Fill(1);
        else foreach (var row in map) if (row >= 0) shared[row]++;
        var lengths = new int[Columns];
        for (var row = 0; row < shared.Length; row++)
            foreach (var column in table[row]) lengths[column] += shared[row];
        return lengths;
    }

    /// <summary>Whether an entry may differ from zero.</summary>
    public bool Contains(int row, int column) => this[row].BinarySearch(column) >= 0;

    /// <summary>The place of each row's first entry among all, and after the last how many there are: CSR's row pointers. Not to be written to.</summary>
    /// <exception cref="ShapeException">There are more entries than an array can hold.</exception>
    public ReadOnlySpan<int> RowPointers
    {
        get
        {
            if (pointers is not null) return pointers;
            if (Count > System.Array.MaxLength) throw new ShapeException($"Sparsity: {Count} entries are more than an array can hold. The Jacobian is nearly dense; use products with it, Jvp and Vjp.");
            var starts = new int[Rows + 1];
            for (var row = 0; row < Rows; row++) starts[row + 1] = starts[row] + this[row].Length;
            return pointers = starts;
        }
    }

    /// <summary>The columns of all entries, row by row: CSR's column indices. Not to be written to.</summary>
    public ReadOnlySpan<int> ColumnIndices
    {
        get
        {
            if (indices is not null) return indices;
            if (map is null) return indices = table.Columns;
            var starts = RowPointers;
            var all = new int[starts[^1]];
            for (var row = 0; row < Rows; row++) this[row].CopyTo(all.AsSpan(starts[row]));
            return indices = all;
        }
    }

    /// <summary>The pattern of the transpose.</summary>
    public Sparsity Transposed()
    {
        var starts = new int[Columns + 1];
        foreach (var column in ColumnIndices) starts[column + 1]++;
        for (var column = 0; column < Columns; column++) starts[column + 1] += starts[column];
        var (rows, next) = (new int[starts[^1]], starts.ToArray());
        for (var row = 0; row < Rows; row++)
            foreach (var column in this[row]) rows[next[column]++] = row;
        return new(new(starts, rows), null, Rows, Guessed) { ColumnShape = RowShape, RowShape = ColumnShape };
    }

    /// <summary>The entries of which something holds.</summary>
    internal Sparsity Where(Func<int, int, bool> isKept)
    {
        var (starts, columns) = (new int[Rows + 1], new List<int>());
        for (var row = 0; row < Rows; row++)
        {
            foreach (var column in this[row]) if (isKept(row, column)) columns.Add(column);
            starts[row + 1] = columns.Count;
        }
        return columns.Count == Count ? this : new(new(starts, [.. columns]), null, Columns, Guessed) { ColumnShape = ColumnShape, RowShape = RowShape };
    }

    /// <summary>The entries that are in both.</summary>
    internal Sparsity Intersected(Sparsity other)
    {
        var (starts, columns) = (new int[Rows + 1], new List<int>());
        for (var row = 0; row < Rows; row++)
        {
            var left = this[row];
            var right = other[row];
            for (var (i, j) = (0, 0); i < left.Length && j < right.Length;)
            {
                if (left[i] == right[j]) columns.Add(left[i]);
                var order = left[i].CompareTo(right[j]);
                if (order <= 0) i++;
                if (order >= 0) j++;
            }
            starts[row + 1] = columns.Count;
        }
        return columns.Count == Count ? this : new(new(starts, [.. columns]), null, Columns, Guessed) { ColumnShape = ColumnShape, RowShape = RowShape };
    }

    /// <summary>True where an entry may differ from zero: <c>bool[rows, columns]</c>.</summary>
    public Tensor ToTensor()
    {
        var truths = new bool[new Shape(Rows, Columns).Size];
        for (var row = 0; row < Rows; row++)
            foreach (var column in this[row]) truths[(row * Columns) + column] = true;
        return Values.Of(truths, [Rows, Columns]);
    }

    /// <inheritdoc/>
    public bool Equals(Sparsity? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Rows == other.Rows && Columns == other.Columns && Count == other.Count
            && RowPointers.SequenceEqual(other.RowPointers) && ColumnIndices.SequenceEqual(other.ColumnIndices));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Sparsity);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rows, Columns, Count);

    /// <summary>A small pattern drawn, <c>●</c> where an entry may differ from zero; of a large one its numbers.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(FormattableString.Invariant($"{Rows} × {Columns}, {Count} nonzeros"));
        if (!Guessed.IsEmpty) text.Append($", taken for dense: {string.Join(", ", Guessed)}");
        if (Rows > Drawn || Columns > Drawn) return text.ToString();
        for (var row = 0; row < Rows; row++)
        {
            text.Append('\n');
            for (var column = 0; column < Columns; column++) text.Append(Contains(row, column) ? '●' : '·');
        }
        return text.ToString();
    }
}
