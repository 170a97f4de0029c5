namespace Functional.Jacobians;

/// <summary>
/// The longest rows by pullbacks, what is left by pushforwards; or the longest columns by pushforwards and what is left by
/// pullbacks (Coleman and Verma 1998; Hossain and Steihaug 1998). An entry is known from the one colour that its row or its
/// column was given for.
/// </summary>
internal static class BidirectionalColouring
{
    /// <summary>The best split found.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="pullback">What a pullback costs, where a pushforward costs 1.</param>
    /// <param name="order">The order in which columns and rows are coloured.</param>
    internal static Colouring Of(Sparsity pattern, double pullback, ColouringOrder? order = null)
    {
        var transposed = pattern.Transposed();
        var byRows = Split(pattern, transposed, pullback, 1, order);
        var byColumns = Split(transposed, pattern, 1, pullback, order);
        var bound = Bound(pattern, transposed);
        var rowsCost = Cost(byRows.Long, byRows.Short, pullback, 1);
        var columnsCost = Cost(byColumns.Long, byColumns.Short, 1, pullback);
        return rowsCost <= columnsCost
            ? new(ColouringKind.Bidirectional, byRows.Order, byRows.Short, byRows.Long, bound)
            : new(ColouringKind.Bidirectional, byColumns.Order, byColumns.Long, byColumns.Short, bound);
    }

    /// <summary>What the best split costs at least, as far as lengths of rows and columns tell.</summary>
    internal static double Hope(Sparsity pattern, double pullback)
    {
        var lengths = new int[pattern.Rows];
        for (var row = 0; row < lengths.Length; row++) lengths[row] = pattern[row].Length;
        return Math.Min(Threshold(lengths, pullback, 1).Cost, Threshold(pattern.ColumnLengths(), 1, pullback).Cost);
    }

    private static double Cost(int[] first, int[] second, double ofFirst, double ofSecond) => (Count(first) * ofFirst) + (Count(second) * ofSecond);

    private static int Count(int[] colours)
    {
        var most = -1;
        foreach (var colour in colours) most = Math.Max(most, colour);
        return most + 1;
    }

    // How many rows are taken away is told by lower bounds of both parts: so many colours as rows taken, at worst, and as
    // the longest row that is left.
    private static (int[] Long, int[] Short, ColouringOrder Order) Split(Sparsity rows, Sparsity columns, double ofLong, double ofRest, ColouringOrder? order)
    {
        var lengths = new int[rows.Rows];
        for (var row = 0; row < lengths.Length; row++) lengths[row] = rows[row].Length;
        var (threshold, _) = Threshold(lengths, ofLong, ofRest);
        var isLong = System.Array.ConvertAll(lengths, length => length > threshold);
        var (rest, found) = PartialColouring.Of(rows.Where((row, _) => !isLong[row]), order == ColouringOrder.Lattice ? null : order);
        var colours = PartialColouring.Of(columns.Where((_, row) => isLong[row]), order == ColouringOrder.Lattice ? null : order).Colours;
        // A row without entries, or one that is left to the columns, needs no colour.
        for (var row = 0; row < colours.Length; row++) if (!isLong[row]) colours[row] = -1;
        return (colours, rest, found);
    }

    private static (int Length, double Cost) Threshold(int[] lengths, double ofLong, double ofRest)
    {
        int[] sorted = [.. lengths.OrderDescending()];
        var (threshold, least) = (0, double.PositiveInfinity);
        for (var taken = 0; taken <= sorted.Length; taken++)
        {
            var longest = taken == sorted.Length ? 0 : sorted[taken];
            // Rows of one length are taken together, or none of them.
            if (taken > 0 && taken < sorted.Length && sorted[taken - 1] == longest) continue;
            var cost = (taken * ofLong) + (longest * ofRest);
            if (cost < least) (threshold, least) = (longest, cost);
        }
        return (threshold, least);
    }

    // With r row colours and c column colours every row holds at most c entries that columns tell and every entry else is told by
    // its row's colour, once in each column: so there are at most c·rows + r·columns entries.
    private static int Bound(Sparsity rows, Sparsity columns)
    {
        var most = Math.Max(rows.Rows, columns.Rows);
        return most == 0 ? 0 : (int)((rows.Count + most - 1) / most);
    }
}
