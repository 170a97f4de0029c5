using System.Numerics;

namespace Functional.Jacobians;

/// <summary>
/// Columns, no two of one colour in a row: partial distance-2 colouring of the bipartite graph of rows and columns
/// (Gebremedhin, Manne and Pothen 2005). The longest row bounds the number of colours from below.
/// </summary>
internal static class PartialColouring
{
    // Counted work in place of a clock, so that the same pattern has the same colours on any machine: about a millisecond of
    // looking at pairs for each, and as many looks at each entry as a few passes of the function's derivative take.
    private const long Pairs = 1 << 19;
    private const long LooksAnEntry = 8;

    // A row of more entries than this, and than this many times the root of their number, is long.
    private const int AlwaysShort = 256;
    private const double Long = 4;

    private static readonly ColouringOrder[] Orders =
        [ColouringOrder.Natural, ColouringOrder.LargestFirst, ColouringOrder.SmallestLast, ColouringOrder.IncidenceDegree];

    internal static Colouring OfColumns(Sparsity pattern, ColouringOrder? order = null)
    {
        var (colours, found) = Of(pattern, order);
        return new(ColouringKind.Columns, found, colours, [], pattern.LongestRow);
    }

    internal static Colouring OfRows(Sparsity pattern, ColouringOrder? order = null)
    {
        var columns = pattern.Transposed();
        var (colours, found) = Of(columns, order);
        return new(ColouringKind.Rows, found, [], colours, columns.LongestRow);
    }

    /// <summary>
    /// Colours of the columns of some rows. The columns of a long row differ anyway: they are told apart from each other without a
    /// look at who shares a row, and the row is left out before it costs quadratic time.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="order">The order; several are tried where none is said.</param>
    /// <param name="isLong">The length beyond which a row is long, where it is not to be worked out.</param>
    internal static (int[] Colours, ColouringOrder Order) Of(Sparsity rows, ColouringOrder? order, int? isLong = null)
    {
        var longest = rows.LongestRow;
        if (longest == rows.Columns) return (Own(rows.Columns), ColouringOrder.Natural);
        var limit = isLong ?? (int)Math.Max(AlwaysShort, Long * Math.Sqrt(rows.Count));
        if (longest <= limit) return Best(rows, longest, order);
        var apart = new bool[rows.Columns];
        for (var row = 0; row < rows.Rows; row++)
            if (rows[row].Length > limit)
                foreach (var column in rows[row]) apart[column] = true;
        var others = rows.Where((row, column) => rows[row].Length <= limit && !apart[column]);
        var (colours, found) = Best(others, others.LongestRow, order == ColouringOrder.Lattice ? null : order);
        return (Apart(rows, limit, apart, colours), found);
    }

    // Each gets a colour of the others that none of its short rows has, or one of its own.
    private static int[] Apart(Sparsity rows, int limit, bool[] apart, int[] colours)
    {
        var next = colours.DefaultIfEmpty(-1).Max() + 1;
        var words = (next + 63) / 64;
        var met = new ulong[rows.Rows * words];
        var columns = rows.Where((row, _) => rows[row].Length <= limit).Transposed();
        for (var column = 0; column < colours.Length; column++)
        {
            if (colours[column] < 0) continue;
            foreach (var row in columns[column]) met[(row * words) + (colours[column] >> 6)] |= 1UL << (colours[column] & 63);
        }
        var free = new ulong[words];
        for (var colour = 0; colour < next; colour++) free[colour >> 6] |= 1UL << (colour & 63);
        for (var column = 0; column < colours.Length; column++)
        {
            if (!apart[column]) continue;
            colours[column] = -1;
            for (var word = 0; word < words && colours[column] < 0; word++)
            {
                var left = free[word];
                foreach (var row in columns[column]) left &= ~met[(row * words) + word];
                if (left == 0) continue;
                var bit = BitOperations.TrailingZeroCount(left);
                free[word] &= ~(1UL << bit);
                colours[column] = (word * 64) + bit;
            }
            if (colours[column] < 0) colours[column] = next++;
        }
        return colours;
    }

    private static (int[] Colours, ColouringOrder Order) Best(Sparsity rows, int bound, ColouringOrder? order)
    {
        var onGrid = order is null or ColouringOrder.Lattice ? LatticeColouring.Of(rows, bound) : null;
        // Greedy orders of a stencil take more than a third beyond the bound.
        if (onGrid is not null && (order is not null || 3 * (onGrid.Max() + 1) <= 4 * bound)) return (onGrid, ColouringOrder.Lattice);
        if (rows.Columns == 0 || rows.Count == 0) return (Empty(rows.Columns), ColouringOrder.Natural);
        var columns = rows.Transposed();
        if (order is { } asked) return (Greedy(rows, columns, Ordering.Of(asked, rows, columns)), asked);
        var best = (Colours: onGrid ?? [], Order: ColouringOrder.Lattice, Count: onGrid is null ? int.MaxValue : onGrid.Max() + 1);
        var (allowed, pairs) = (Pairs + (LooksAnEntry * rows.Count), Ordering.Work(rows));
        foreach (var candidate in Orders)
        {
            // An order by degrees looks at pairs, a colouring at entries.
            allowed -= rows.Count + (candidate is ColouringOrder.SmallestLast or ColouringOrder.IncidenceDegree ? pairs : 0);
            if (best.Count < int.MaxValue && allowed < 0) break;
            var colours = Greedy(rows, columns, Ordering.Of(candidate, rows, columns));
            var count = colours.Max() + 1;
            if (count < best.Count) best = (colours, candidate, count);
            if (count == bound) break;
        }
        return (best.Colours, best.Order);
    }

    // The least colour that none of a column's rows has yet: a bit for each colour that a row has, so that a column is looked at
    // once for each entry, however long its rows are.
    internal static int[] Greedy(Sparsity rows, Sparsity columns, int[]? order)
    {
        var starts = columns.RowPointers;
        var members = columns.ColumnIndices;
        var colours = Empty(columns.Rows);
        var words = 1;
        var met = new ulong[rows.Rows];
        for (var place = 0; place < colours.Length; place++)
        {
            var column = order is null ? place : order[place];
            var its = members[starts[column]..starts[column + 1]];
            if (its.IsEmpty) continue;
            var colour = Free(met, words, its);
            if (colour == words * 64)
            {
                met = Widened(met, words);
                words *= 2;
            }
            colours[column] = colour;
            var (word, bit) = (colour >> 6, 1UL << (colour & 63));
            foreach (var row in its) met[(row * words) + word] |= bit;
        }
        return colours;
    }

    private static int Free(ulong[] met, int words, ReadOnlySpan<int> rows)
    {
        for (var word = 0; word < words; word++)
        {
            var used = 0UL;
            foreach (var row in rows) used |= met[(row * words) + word];
            if (used != ulong.MaxValue) return (word * 64) + BitOperations.TrailingZeroCount(~used);
        }
        return words * 64;
    }

    private static ulong[] Widened(ulong[] met, int words)
    {
        var wide = new ulong[met.Length * 2];
        for (var row = 0; row < met.Length / words; row++) met.AsSpan(row * words, words).CopyTo(wide.AsSpan(row * words * 2));
        return wide;
    }

    private static int[] Own(int count)
    {
        var own = new int[count];
        for (var i = 0; i < count; i++) own[i] = i;
        return own;
    }

    private static int[] Empty(int count)
    {
        var empty = new int[count];
        empty.AsSpan().Fill(-1);
        return empty;
    }
}
