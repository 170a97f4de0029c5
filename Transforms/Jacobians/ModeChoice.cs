using System.Globalization;
using System.Text;

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

    /// <summary>Where the derivative is split, if it is.</summary>
    internal Option<Bottleneck> Split { get; init; }
}

/// <summary>The ways that were counted, and the one that is taken: the cheapest, the first of those that cost the same.</summary>
/// <param name="Title">What they are ways to.</param>
/// <param name="Ways">In the order in which they are told.</param>
/// <param name="Remark">Why others were not counted.</param>
internal sealed record ModeChoice(string Title, Seq<Way> Ways, string Remark = "")
{
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
    internal static Seq<Way> Coloured(Sparsity pattern, double pullback)
    {
        var ways = new List<Way>();
        var columns = Functional.Colouring.Of(pattern, ColouringKind.Columns);
        ways.Add(Of("columns coloured", columns, pullback));
        // What is bound to cost more is not coloured.
        var longest = pattern.LongestColumn;
        if (longest * pullback < columns.Count) ways.Add(Of("rows coloured", Functional.Colouring.Of(pattern, ColouringKind.Rows), pullback));
        var least = ways.Min(way => way.Cost);
        if (least > 2 * Math.Min(1, pullback) && BidirectionalColouring.Hope(pattern, pullback) < least)
        {
            var both = Of("rows and columns coloured", BidirectionalColouring.Of(pattern, pullback), pullback);
            if (both is { Forward: > 0, Reverse: > 0 }) ways.Add(both);
        }
        return ways.ToSeq().Strict();
    }

    internal static Way Of(string name, Colouring colouring, double pullback) =>
        new(name, colouring.ColumnColours, colouring.RowColours, colouring.ColumnColours + (colouring.RowColours * pullback), FormattableString.Invariant($"at least {colouring.Bound}, {colouring.Order}"))
        {
            Colouring = Some(colouring),
        };
}
