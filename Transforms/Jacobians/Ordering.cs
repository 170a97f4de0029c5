namespace Functional.Jacobians;

/// <summary>
/// Orders of the columns of a pattern, neighbours where they share a row. A neighbour counts once for each row shared, which
/// spares a search for those met before and leaves the order nearly the same.
/// </summary>
internal static class Ordering
{
    /// <summary>The columns in an order; none where it is as they stand.</summary>
    internal static int[]? Of(ColouringOrder order, Sparsity rows, Sparsity columns) => order switch
    {
        ColouringOrder.Natural => null,
        ColouringOrder.LargestFirst => LargestFirst(rows, columns),
        ColouringOrder.SmallestLast => ByDegree(rows, columns, isSmallestLast: true),
        ColouringOrder.IncidenceDegree => ByDegree(rows, columns, isSmallestLast: false),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "Colouring: a lattice is for patterns of functions on a grid; give another order."),
    };

    /// <summary>Pairs of neighbours that an order by degrees looks at.</summary>
    internal static long Work(Sparsity rows)
    {
        long pairs = 0;
        for (var row = 0; row < rows.Rows; row++) pairs += (long)rows[row].Length * rows[row].Length;
        return pairs;
    }

    private static int[] LargestFirst(Sparsity rows, Sparsity columns)
    {
        var (order, degrees) = (new int[columns.Rows], Degrees(rows, columns));
        for (var column = 0; column < order.Length; column++)
        {
            order[column] = column;
            degrees[column] = -degrees[column];
        }
        // Stable, so that the order does not depend on the sort.
        var keys = new long[order.Length];
        for (var column = 0; column < order.Length; column++) keys[column] = ((long)degrees[column] << 32) | (uint)column;
        System.Array.Sort(keys, order);
        return order;
    }

    private static int[] Degrees(Sparsity rows, Sparsity columns)
    {
        var degrees = new int[columns.Rows];
        for (var column = 0; column < degrees.Length; column++)
            foreach (var row in columns[column]) degrees[column] += rows[row].Length - 1;
        return degrees;
    }

    // Smallest last takes the column of least degree among those left, from the end on; incidence degree that of the most
    // neighbours taken, from the start on. A degree changes by one for each neighbour taken.
    private static int[] ByDegree(Sparsity rows, Sparsity columns, bool isSmallestLast)
    {
        var count = columns.Rows;
        var degrees = isSmallestLast ? Degrees(rows, columns) : new int[count];
        var queue = new DegreeQueue(degrees, isSmallestLast ? degrees.Length == 0 ? 0 : degrees.Max() : Degrees(rows, columns).DefaultIfEmpty().Max());
        var order = new int[count];
        var starts = columns.RowPointers;
        var members = columns.ColumnIndices;
        var rowStarts = rows.RowPointers;
        var rowMembers = rows.ColumnIndices;
        var step = isSmallestLast ? -1 : 1;
        for (var place = 0; place < count; place++)
        {
            var taken = isSmallestLast ? queue.Least() : queue.Most();
            order[isSmallestLast ? count - 1 - place : place] = taken;
            foreach (var row in members[starts[taken]..starts[taken + 1]])
                foreach (var neighbour in rowMembers[rowStarts[row]..rowStarts[row + 1]]) queue.Change(neighbour, step);
        }
        return order;
    }

    /// <summary>Columns by degree: a doubly linked list for each degree.</summary>
    private sealed class DegreeQueue
    {
        private const int Taken = -2;

        private readonly int[] degrees;
        private readonly int[] heads;
        private readonly int[] next;
        private readonly int[] previous;
        private int least;
        private int most;

        internal DegreeQueue(int[] degrees, int largest)
        {
            this.degrees = degrees;
            heads = new int[largest + 1];
            heads.AsSpan().Fill(-1);
            (next, previous) = (new int[degrees.Length], new int[degrees.Length]);
            for (var column = degrees.Length - 1; column >= 0; column--) Insert(column);
            (least, most) = (0, largest);
        }

        internal int Least()
        {
            while (heads[least] < 0) least++;
            return Take(heads[least]);
        }

        internal int Most()
        {
            while (heads[most] < 0) most--;
            return Take(heads[most]);
        }

        internal void Change(int column, int step)
        {
            if (previous[column] == Taken) return;
            Remove(column);
            degrees[column] += step;
            (least, most) = (Math.Min(least, degrees[column]), Math.Max(most, degrees[column]));
            Insert(column);
        }

        private int Take(int column)
        {
            Remove(column);
            previous[column] = Taken;
            return column;
        }

        private void Insert(int column)
        {
            var head = heads[degrees[column]];
            (next[column], previous[column]) = (head, -1);
            if (head >= 0) previous[head] = column;
            heads[degrees[column]] = column;
        }

        private void Remove(int column)
        {
            var (before, after) = (previous[column], next[column]);
            if (before < 0) heads[degrees[column]] = after;
            else next[before] = after;
            if (after >= 0) previous[after] = before;
        }
    }
}
