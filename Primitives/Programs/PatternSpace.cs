namespace Functional.Programs;

/// <summary>Rows of ascending column numbers, one after the other: row r is <c>Columns[Starts[r]..Starts[r + 1]]</c>.</summary>
internal sealed class CompressedRows(int[] starts, int[] columns)
{
    internal int[] Starts => starts;

    internal int[] Columns => columns;

    internal int Count => starts.Length - 1;

    internal ReadOnlySpan<int> this[int row] => columns.AsSpan(starts[row], starts[row + 1] - starts[row]);

    /// <summary>Row r is column r alone.</summary>
    internal static CompressedRows Units(int count)
    {
        var places = new int[count + 1];
        for (var i = 0; i < places.Length; i++) places[i] = i;
        return new(places, places[..count]);
    }
}

/// <summary>The inputs that patterns of one walk over a program speak of, and the room in which they are united.</summary>
internal sealed class PatternSpace
{
    private readonly Dictionary<int, int[]> counted = [];
    private readonly int[] seen;
    private int round;

    internal PatternSpace(int columns, bool isLocal)
    {
        (Columns, IsLocal) = (columns, isLocal);
        Units = CompressedRows.Units(columns);
        seen = new int[columns];
    }

    /// <summary>How many elements the inputs have.</summary>
    internal int Columns { get; }

    /// <summary>Whether patterns hold at one point only, where every value is known.</summary>
    internal bool IsLocal { get; }

    /// <summary>Each input element alone.</summary>
    internal CompressedRows Units { get; }

    /// <summary>The primitives that say nothing of their dependence, met on the way: each was taken for dense.</summary>
    internal SortedSet<string> Guessed { get; init; } = new(StringComparer.Ordinal);

    /// <summary>How many more columns may be looked at to unite rows; below 0 the walk is given up, and its patterns are of no use.</summary>
    internal long Allowed { get; private set; } = long.MaxValue;

    /// <summary>The same space for a walk that is given up when it costs too much.</summary>
    internal PatternSpace Allowing(long columns)
    {
        Allowed = columns;
        return this;
    }

    /// <summary>Whether so many columns may still be looked at.</summary>
    internal bool Spend(int columns) => (Allowed -= columns) >= 0;

    /// <summary>0, 1, … up to before a count; not to be written to.</summary>
    internal int[] Counted(int count)
    {
        if (counted.TryGetValue(count, out var known)) return known;
        var numbers = new int[count];
        for (var i = 0; i < count; i++) numbers[i] = i;
        return counted[count] = numbers;
    }

    /// <summary>Begins a set of columns.</summary>
    internal void Clear() => round++;

    /// <summary>Whether a column is new to the set.</summary>
    internal bool Add(int column)
    {
        if (seen[column] == round) return false;
        seen[column] = round;
        return true;
    }
}

/// <summary>Rows in the making, each a union of others. Equal neighbours and full rows are stored once.</summary>
internal sealed class RowUnion(PatternSpace space, int count)
{
    // Where a row comes to be sorted, few are sorted faster by insertion.
    private const int Few = 24;

    private readonly int[] map = new int[count];
    private int[] starts = new int[count + 1];
    private int[] columns = new int[Math.Max(16, count)];
    private int rows;
    private int filled;
    private int full = -1;
    private int next;
    private bool ascending = true;
    private bool distinct = true;
    private bool isWhole;

    internal void Begin()
    {
        space.Clear();
        ascending = true;
        isWhole = false;
    }

    internal void Add(ReadOnlySpan<int> row)
    {
        if (isWhole || !space.Spend(row.Length == space.Columns && full >= 0 ? 1 : row.Length)) return;
        if (row.Length == space.Columns && full >= 0)
        {
            isWhole = true;
            return;
        }
        if (columns.Length - filled < row.Length) System.Array.Resize(ref columns, Math.Max(columns.Length * 2, filled + row.Length));
        foreach (var column in row)
        {
            if (!space.Add(column)) continue;
            ascending &= filled == starts[rows] || columns[filled - 1] < column;
            columns[filled++] = column;
        }
    }

    /// <summary>Whether the row in the making has all columns.</summary>
    internal bool IsFull => isWhole || filled - starts[rows] == space.Columns;

    /// <summary>The row is done.</summary>
    internal void End()
    {
        var length = filled - starts[rows];
        if (length == 0 && !isWhole)
        {
            Mapped(-1);
            return;
        }
        if (isWhole || (length == space.Columns && full >= 0))
        {
            filled = starts[rows];
            Mapped(full);
            return;
        }
        if (!ascending) Sort(columns.AsSpan(starts[rows], length));
        if (length == space.Columns) full = rows;
        starts[rows + 1] = filled;
        map[next++] = rows++;
    }

    /// <summary>The row is that before it again.</summary>
    internal void Repeat() => Mapped(map[next - 1]);

    /// <summary>The table, and the row of each element; null where element e has row e.</summary>
    internal (CompressedRows Rows, int[]? Map) Done()
    {
        System.Array.Resize(ref starts, rows + 1);
        System.Array.Resize(ref columns, filled);
        return (new(starts, columns), distinct ? null : map);
    }

    private void Mapped(int row)
    {
        distinct = false;
        map[next++] = row;
    }

    private static void Sort(Span<int> row)
    {
        if (row.Length > Few)
        {
            row.Sort();
            return;
        }
        for (var i = 1; i < row.Length; i++)
        {
            var (column, place) = (row[i], i - 1);
            for (; place >= 0 && row[place] > column; place--) row[place + 1] = row[place];
            row[place + 1] = column;
        }
    }
}
