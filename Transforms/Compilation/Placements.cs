using Functional.Programs;

namespace Functional.Compilation;

/// <summary>What goes side by side into one buffer goes there together.</summary>
internal static class Placements
{
    /// <summary>The same steps, with placements that are beside each other as one in the last's place: nobody reads the buffer before.</summary>
    internal static List<Step> Joined(IEnumerable<Step> steps)
    {
        List<Step> joined = [.. steps];
        var places = Enumerable.Range(0, joined.Count).Where(at => joined[at] is Step.Placement).ToLookup(at => ((Step.Placement)joined[at]).Result);
        var gone = new System.Collections.Generic.HashSet<int>();
        foreach (var into in places)
        {
            var last = -1;
            foreach (var at in into.OrderBy(at => ((Step.Placement)joined[at]).Map.Offset))
            {
                var placement = (Step.Placement)joined[at];
                if (last >= 0 && joined[last] is Step.Placement before && before.Map.IsBeside(placement.Map, before.Sources.Count))
                {
                    gone.Add(Math.Min(last, at));
                    last = Math.Max(last, at);
                    joined[last] = before with { Sources = before.Sources.Then(placement.Sources).ToSeq().Strict() };
                }
                else last = at;
            }
        }
        return [.. joined.Where((_, at) => !gone.Contains(at))];
    }
}
