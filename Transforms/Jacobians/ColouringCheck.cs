namespace Functional.Jacobians;

/// <summary>What each kind of colouring promises, taken at its word: slow, and plain.</summary>
internal static class ColouringCheck
{
    internal static bool Recovers(Colouring colouring, Sparsity pattern)
    {
        var fits = colouring.Kind switch
        {
            ColouringKind.Columns => colouring.Columns.Length == pattern.Columns,
            ColouringKind.Rows => colouring.Rows.Length == pattern.Rows,
            ColouringKind.Bidirectional => colouring.Columns.Length == pattern.Columns && colouring.Rows.Length == pattern.Rows,
            _ => colouring.Columns.Length == pattern.Columns && pattern.Rows == pattern.Columns,
        };
        return fits && colouring.Kind switch
        {
            ColouringKind.Columns => AreApart(colouring.Columns, pattern),
            ColouringKind.Rows => AreApart(colouring.Rows, pattern.Transposed()),
            ColouringKind.Bidirectional => EachIsAlone(colouring, pattern),
            ColouringKind.Star => NeighboursDiffer(colouring.Columns, pattern) && HasNoPathOfTwoColours(colouring.Columns, pattern),
            _ => NeighboursDiffer(colouring.Columns, pattern) && HasNoCycleOfTwoColours(colouring.Columns, pattern),
        };
    }

    // Columns of one row differ.
    private static bool AreApart(ReadOnlySpan<int> colours, Sparsity pattern)
    {
        var met = new System.Collections.Generic.HashSet<int>();
        for (var row = 0; row < pattern.Rows; row++)
        {
            met.Clear();
            foreach (var column in pattern[row])
                if (colours[column] < 0 || !met.Add(colours[column])) return false;
        }
        return true;
    }

    // Each entry is the only one of its row in its column's colour, or the only one of its column in its row's.
    private static bool EachIsAlone(Colouring colouring, Sparsity pattern)
    {
        var (inRow, inColumn) = (new Dictionary<(int, int), int>(), new Dictionary<(int, int), int>());
        for (var row = 0; row < pattern.Rows; row++)
            foreach (var column in pattern[row])
            {
                var (byColumn, byRow) = ((row, colouring.Columns[column]), (column, colouring.Rows[row]));
                inRow[byColumn] = inRow.GetValueOrDefault(byColumn) + 1;
                inColumn[byRow] = inColumn.GetValueOrDefault(byRow) + 1;
            }
        for (var row = 0; row < pattern.Rows; row++)
            foreach (var column in pattern[row])
            {
                var (ofColumn, ofRow) = (colouring.Columns[column], colouring.Rows[row]);
                if (!(ofColumn >= 0 && inRow[(row, ofColumn)] == 1) && !(ofRow >= 0 && inColumn[(column, ofRow)] == 1)) return false;
            }
        return true;
    }

    private static bool NeighboursDiffer(ReadOnlySpan<int> colours, Sparsity pattern)
    {
        for (var v = 0; v < pattern.Rows; v++)
            foreach (var w in pattern[v])
                if (colours[v] < 0 || (v != w && colours[v] == colours[w])) return false;
        return true;
    }

    // No path a – b – c – d of distinct vertices with the colours of a and c, and of b and d, alike.
    private static bool HasNoPathOfTwoColours(ReadOnlySpan<int> colours, Sparsity pattern)
    {
        for (var b = 0; b < pattern.Rows; b++)
            foreach (var c in pattern[b])
                foreach (var a in pattern[b])
                    foreach (var d in pattern[c])
                        if (b != c && a != b && a != c && d != c && d != b && a != d && colours[a] == colours[c] && colours[b] == colours[d]) return false;
        return true;
    }

    // The edges between any two colours are a forest.
    private static bool HasNoCycleOfTwoColours(ReadOnlySpan<int> colours, Sparsity pattern)
    {
        var above = new Dictionary<(int, int, int), (int, int, int)>();
        for (var v = 0; v < pattern.Rows; v++)
            foreach (var w in pattern[v])
            {
                if (w <= v) continue;
                var (low, high) = (Math.Min(colours[v], colours[w]), Math.Max(colours[v], colours[w]));
                var (from, to) = (Root((low, high, v)), Root((low, high, w)));
                if (from == to) return false;
                above[from] = to;
            }
        return true;

        (int, int, int) Root((int, int, int) vertex)
        {
            while (above.TryGetValue(vertex, out var next)) vertex = next;
            return vertex;
        }
    }
}
