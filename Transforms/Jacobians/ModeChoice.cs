using System.Globalization;
using System.Text;
using Functional.Programs;

namespace Functional.Jacobians;

/// <summary>A way to a Jacobian, and what it takes.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Forward">Pushforwards.</param>
/// <param name="Reverse">Pullbacks.</param>
/// <param name="Cost">All of it, where a pushforward costs 1.</param>
/// <param name="Remark">What else there is to say of it.</param>
internal sealed record Way(string Name, int Forward, int Reverse, double Cost, string Remark = "")
{
    /// <summary>The colours, where passes are shared.</summary>
    internal Option<Colouring> Colouring { get; init; }

    /// <summary>What the colours tell apart.</summary>
    internal Option<Sparsity> Pattern { get; init; }

    /// <summary>How entries follow from the products, where they do not stand there.</summary>
    internal Option<Substitution> Substitution { get; init; }

    /// <summary>Where the derivative is split, if it is.</summary>
    internal Option<Bottleneck> Split { get; init; }
}

/// <summary>The ways that were counted, and the one that is taken: the cheapest, the first of those that cost the same.</summary>
/// <param name="Title">What they are ways to.</param>
/// <param name="Ways">In the order in which they are told.</param>
/// <param name="Remark">Why others were not counted.</param>
internal sealed record ModeChoice(string Title, Seq<Way> Ways, string Remark = "")
{
    // Operations below which looking for structure costs more than it saves; passes that are not worth sharing.
    private const double Worth = 1 << 20;
    private const double Few = 16;

    // Levels of substitution that are worth a pass less, and what each costs.
    private const int MostLevels = 8;
    private const double Level = 0.1;

    // What it takes to bring an element of the columns that pushforwards give to its row, in operations.
    private const double Transposed = 4;

    // Work of all passes for each column that is looked at to find the pattern: a walk that takes longer is given up.
    private const double Look = 64;

    // A pattern with a larger share of entries is not thin.
    private const double Thin = 0.5;

    /// <summary>The ways to a dense Jacobian: structure is looked for where passes are many and each takes some work.</summary>
    /// <param name="transform">Who asks.</param>
    /// <param name="passes">The derivative.</param>
    /// <param name="program">The function.</param>
    /// <param name="isForward">Whether pullbacks are left out, as for what is a derivative in reverse itself.</param>
    /// <param name="worth">The work of all passes from which on structure is looked for; always, whatever it finds, where it is 0.</param>
    internal static ModeChoice Of(string transform, Passes passes, Program program, bool isForward = false, double worth = Worth)
    {
        var title = FormattableString.Invariant($"{transform}, {passes.Rows} × {passes.Columns}");
        var work = Passes.Work(passes.Linear);
        var fewest = Math.Min(passes.Rows, passes.Columns);
        if (fewest * work < worth || (fewest <= Few && worth > 0))
            return new(title, isForward ? Seq1(Forward(passes)) : Seq(Forward(passes), Reverse(passes, 1)), "there is too little work to look for structure, and for passes to be counted other than by number");
        var forward = Forward(passes);
        forward = forward with { Cost = forward.Cost + (Transposed * passes.Rows * passes.Columns / work) };
        var ways = isForward ? Seq1(forward) : Seq(forward, Reverse(passes, passes.PullbackCost));
        if (!isForward) Bottleneck.Of(passes.Linear).IfSome(split => ways = ways.Add(split.Way(passes, work)));
        if (ways.Min(way => way.Cost) <= Few && worth > 0) return new(title, ways);
        if (PatternDetection.Of(program, Seq<Tensor>(), worth > 0 ? (long)(fewest * work / Look) : long.MaxValue) is not { } pattern)
            return new(title, ways, "the pattern was not found in a fraction of the time of the dense passes");
        var guessed = pattern.Guessed.IsEmpty ? string.Empty : $", taken for dense: {string.Join(", ", pattern.Guessed)}";
        var remark = FormattableString.Invariant($"the pattern has {pattern.Count} nonzeros{guessed}");
        if (pattern.Count > Thin * passes.Rows * passes.Columns && worth > 0) return new(title, ways, remark + ", too many to share passes");
        return new(title, ways.Then(Coloured(pattern, isForward ? None : Some(passes.PullbackCost))), remark);
    }

    internal static Way Forward(Passes passes) => new("forward", passes.Columns, 0, passes.Columns);

    internal static Way Reverse(Passes passes, double pullback) => new("reverse", 0, passes.Rows, passes.Rows * pullback);

    internal Way Taken => Ways.Reduce((best, way) => way.Cost < best.Cost ? way : best);

    /// <summary>A line for each way.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Title).Append(": pushforwards + pullbacks, and their cost where a pushforward is 1");
        var taken = Taken;
        var width = Ways.Map(way => way.Name.Length).Fold(0, Math.Max);
        foreach (var way in Ways)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {(ReferenceEquals(way, taken) ? '→' : ' ')} {way.Name.PadRight(width)}  {way.Forward,6} + {way.Reverse,-6} {way.Cost,9:F1}");
            if (way.Remark.Length > 0) text.Append("  ").Append(way.Remark);
        }
        if (Remark.Length > 0) text.Append("\n    ").Append(Remark);
        return text.ToString();
    }

    /// <summary>The ways that share passes by colour.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="reverse">What a pullback costs, where there are such.</param>
    internal static Seq<Way> Coloured(Sparsity pattern, Option<double> reverse)
    {
        var columns = Functional.Colouring.Of(pattern, ColouringKind.Columns);
        var ways = new List<Way> { Of("columns coloured", pattern, columns, 1) };
        if (reverse.Case is not double pullback) return ways.ToSeq().Strict();
        // What is bound to cost more is not coloured.
        var longest = pattern.LongestColumn;
        if (longest * pullback < columns.Count) ways.Add(Of("rows coloured", pattern, Functional.Colouring.Of(pattern, ColouringKind.Rows), pullback));
        var least = ways.Min(way => way.Cost);
        if (least > 2 * Math.Min(1, pullback) && BidirectionalColouring.Hope(pattern, pullback) < least)
        {
            var both = Of("rows and columns coloured", pattern, BidirectionalColouring.Of(pattern, pullback), pullback);
            if (both is { Forward: > 0, Reverse: > 0 }) ways.Add(both);
        }
        return ways.ToSeq().Strict();
    }

    /// <summary>The ways to a symmetric matrix: of an acyclic colouring where it has fewer colours and little is to be substituted.</summary>
    internal static Seq<Way> Symmetric(Sparsity pattern)
    {
        var star = Functional.Colouring.Of(pattern, ColouringKind.Star);
        var ways = Seq(Of("star coloured", pattern, star, 1), Of("columns coloured", pattern, Functional.Colouring.Of(pattern, ColouringKind.Columns), 1));
        var acyclic = Functional.Colouring.Of(pattern, ColouringKind.Acyclic);
        if (acyclic.Count >= star.Count || Substitution.Of(pattern, acyclic, MostLevels).Case is not Substitution levels) return ways;
        var way = Of("acyclic coloured", pattern, acyclic, 1);
        return ways.Add(way with { Cost = way.Cost + (Level * levels.Levels), Remark = $"{way.Remark}, {levels.Levels} levels of substitution", Substitution = Some(levels) });
    }

    internal static Way Of(string name, Sparsity pattern, Colouring colouring, double pullback) =>
        new(name, colouring.ColumnColours, colouring.RowColours, colouring.ColumnColours + (colouring.RowColours * pullback), FormattableString.Invariant($"at least {colouring.Bound}, {colouring.Order}"))
        {
            Colouring = Some(colouring),
            Pattern = Some(pattern),
        };
}
