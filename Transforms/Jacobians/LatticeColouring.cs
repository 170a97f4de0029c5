namespace Functional.Jacobians;

/// <summary>
/// Colours of a grid that are a linear function of the place, Σ aᵢ xᵢ mod m. For stencils there are such with as many colours as
/// a stencil has points, or few more where the grid is periodic and m does not divide it, and each candidate is refuted by a few
/// rows (Goldfarb and Toint 1984).
/// </summary>
internal static class LatticeColouring
{
    // Candidates of one m; rows that refute most of them; colours beyond the bound; colours at all, a bit each.
    private const int Candidates = 1 << 15;
    private const int Refuting = 24;
    private const int Spare = 3;
    private const int Most = 64;
    private const int Whole = 4;

    /// <summary>The colours of a pattern's columns, where they lie on a grid and few enough are found.</summary>
    internal static int[]? Of(Sparsity rows, int bound)
    {
        if (rows.ColumnShape is not { } shape || bound == 0) return null;
        int[] extents = [.. shape.Where(extent => extent > 1)];
        if (extents.Length is 0 or > 6) return null;
        var points = Points(rows, extents);
        for (var modulus = bound; modulus <= Math.Min(bound + Spare, Most) && Math.Pow(modulus, extents.Length) <= Candidates; modulus++)
        {
            var factors = new int[extents.Length];
            var tried = 0;
            while (Next(factors, modulus) && tried < Whole)
            {
                if (!Differ(points, factors, modulus)) continue;
                tried++;
                var colours = Colours(extents, factors, modulus, rows.Columns);
                if (Differ(rows, colours)) return colours;
            }
        }
        return null;
    }

    // The coordinates of the columns of some rows: the ends, where a grid is cut or closed, and some between.
    private static int[][][] Points(Sparsity rows, int[] extents)
    {
        var chosen = new SortedSet<int>();
        for (var i = 0; i < Refuting; i++) chosen.Add((int)((long)(rows.Rows - 1) * i / (Refuting - 1)));
        return [.. chosen.Select(row => rows[row].ToArray()).OrderByDescending(row => row.Length).Select(row => System.Array.ConvertAll(row, column => Coordinates(column, extents)))];
    }

    private static int[] Coordinates(int place, int[] extents)
    {
        var coordinates = new int[extents.Length];
        for (var axis = extents.Length - 1; axis >= 0; axis--)
        {
            coordinates[axis] = place % extents[axis];
            place /= extents[axis];
        }
        return coordinates;
    }

    private static bool Next(int[] factors, int modulus)
    {
        for (var axis = factors.Length - 1; axis >= 0; axis--)
        {
            if (++factors[axis] < modulus) return true;
            factors[axis] = 0;
        }
        return false;
    }

    private static bool Differ(int[][][] points, int[] factors, int modulus)
    {
        foreach (var row in points)
        {
            var met = 0UL;
            foreach (var point in row)
            {
                var colour = 0;
                for (var axis = 0; axis < factors.Length; axis++) colour += factors[axis] * point[axis];
                var bit = 1UL << (colour % modulus);
                if ((met & bit) != 0) return false;
                met |= bit;
            }
        }
        return true;
    }

    private static bool Differ(Sparsity rows, int[] colours)
    {
        for (var row = 0; row < rows.Rows; row++)
        {
            var met = 0UL;
            foreach (var column in rows[row])
            {
                var bit = 1UL << colours[column];
                if ((met & bit) != 0) return false;
                met |= bit;
            }
        }
        return true;
    }

    private static int[] Colours(int[] extents, int[] factors, int modulus, int count)
    {
        var colours = new int[count];
        var last = extents.Length - 1;
        for (var start = 0; start < count; start += extents[last])
        {
            var coordinates = Coordinates(start, extents);
            var colour = 0;
            for (var axis = 0; axis < last; axis++) colour += factors[axis] * coordinates[axis];
            colour %= modulus;
            for (var place = start; place < start + extents[last]; place++)
            {
                colours[place] = colour;
                colour += factors[last];
                if (colour >= modulus) colour -= modulus;
            }
        }
        return colours;
    }
}
