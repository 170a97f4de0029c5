using Functional.Jacobians;

namespace Functional;

/// <summary>What a colouring tells apart.</summary>
public enum ColouringKind
{
    /// <summary>Columns of one colour share no row: a pushforward for each colour gives every entry.</summary>
    Columns,

    /// <summary>Rows of one colour share no column: a pullback for each colour gives every entry.</summary>
    Rows,

    /// <summary>Of a symmetric matrix, neighbours differ and no path of four has two colours: a product for each colour gives every entry or its mirror image.</summary>
    Star,

    /// <summary>Of a symmetric matrix, neighbours differ and no cycle has two colours: every entry follows from the products by substitution.</summary>
    Acyclic,

    /// <summary>Some rows by pullbacks, what is left by pushforwards: few of both where some rows and some columns are long.</summary>
    Bidirectional,
}

/// <summary>The order in which a greedy colouring takes what it colours.</summary>
public enum ColouringOrder
{
    /// <summary>As they stand.</summary>
    Natural,

    /// <summary>Those with the most neighbours first (Welsh and Powell 1967).</summary>
    LargestFirst,

    /// <summary>That with the fewest neighbours last, and so on among those before it (Matula and Beck 1983).</summary>
    SmallestLast,

    /// <summary>That with the most neighbours before it next (Coleman and Moré 1983).</summary>
    IncidenceDegree,

    /// <summary>No order: the colour is a linear function of the place on a grid, which stencils allow.</summary>
    Lattice,
}

/// <summary>
/// Columns and rows of a pattern in groups whose entries one product with the matrix tells apart, so that it takes as many
/// passes as there are colours to know them all (Curtis, Powell and Reid 1974; Gebremedhin, Manne and Pothen 2005).
/// </summary>
public sealed class Colouring
{
    private readonly int[] columns;
    private readonly int[] rows;

    internal Colouring(ColouringKind kind, ColouringOrder order, int[] columns, int[] rows, int bound)
    {
        (Kind, Order, this.columns, this.rows, Bound) = (kind, order, columns, rows, bound);
        (ColumnColours, RowColours) = (Colours(columns), Colours(rows));
    }

    /// <summary>What it tells apart.</summary>
    public ColouringKind Kind { get; }

    /// <summary>The order that gave it: of those tried, the one of the fewest colours.</summary>
    public ColouringOrder Order { get; }

    /// <summary>The colour of each column, −1 for one that needs none.</summary>
    public ReadOnlySpan<int> Columns => columns;

    /// <summary>The colour of each row, −1 for one that needs none.</summary>
    public ReadOnlySpan<int> Rows => rows;

    /// <summary>How many colours columns have: pushforwards.</summary>
    public int ColumnColours { get; }

    /// <summary>How many colours rows have: pullbacks.</summary>
    public int RowColours { get; }

    /// <summary>How many colours there are.</summary>
    public int Count => ColumnColours + RowColours;

    /// <summary>No colouring of its kind has fewer colours than this.</summary>
    public int Bound { get; }

    /// <summary>A colouring of a pattern.</summary>
    /// <param name="pattern">The pattern; square and symmetric where the kind asks for it.</param>
    /// <param name="kind">What is to be told apart.</param>
    /// <param name="order">The order to take; by default several are tried, as long as counted work allows, and the best is kept.</param>
    /// <exception cref="ShapeException">The kind asks for a symmetric pattern, and this one is not.</exception>
    public static Colouring Of(Sparsity pattern, ColouringKind kind, ColouringOrder? order = null) => kind switch
    {
        ColouringKind.Columns => PartialColouring.OfColumns(pattern, order),
        ColouringKind.Rows => PartialColouring.OfRows(pattern, order),
        ColouringKind.Star => SymmetricColouring.Of(Symmetric(pattern, kind), false, order),
        ColouringKind.Acyclic => SymmetricColouring.Of(Symmetric(pattern, kind), true, order),
        ColouringKind.Bidirectional => BidirectionalColouring.Of(pattern, 1, order),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Colouring: no such kind."),
    };

    /// <summary>Whether the products that it asks for tell every entry of a pattern.</summary>
    public bool Recovers(Sparsity pattern) => ColouringCheck.Recovers(this, pattern);

    /// <summary>The kind, how many colours, at least how many there must be, and by what order.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Kind}: {(Kind == ColouringKind.Bidirectional ? $"{ColumnColours} + {RowColours}" : Count)} colours, at least {Bound}, {Order}");

    private static Sparsity Symmetric(Sparsity pattern, ColouringKind kind) =>
        pattern.Rows == pattern.Columns && pattern.Equals(pattern.Transposed())
            ? pattern
            : throw new ShapeException($"Colouring: {kind} is for symmetric patterns, given one of {pattern.Rows} × {pattern.Columns}{(pattern.Rows == pattern.Columns ? " that is not" : string.Empty)}. Colour its columns or rows.");

    private static int Colours(int[] colours)
    {
        var most = -1;
        foreach (var colour in colours) most = Math.Max(most, colour);
        return most + 1;
    }
}
