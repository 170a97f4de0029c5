using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>What results depend on where only the transpose of their derivative is known.</summary>
internal static class Adjoints
{
    /// <summary>The patterns of results y, from the program that pulls their cotangents back, and the patterns of what it pulls them back to.</summary>
    /// <param name="backward">Of cotangents and what is known, to cotangents.</param>
    /// <param name="cotangents">From which place on the cotangents of y stand among its arguments.</param>
    /// <param name="results">The types of y.</param>
    /// <param name="pulled">What each output of the program is the cotangent of.</param>
    /// <param name="space">The inputs that the patterns speak of.</param>
    internal static Pattern[] Of(Program backward, int cotangents, Seq<TensorType> results, ReadOnlySpan<Pattern> pulled, PatternSpace space)
    {
        var size = results.Sum(type => type.Size);
        var own = new PatternSpace(size, false) { Guessed = space.Guessed };
        var start = 0;
        var arguments = backward.Arguments.Select((argument, i) =>
        {
            var of = i - cotangents;
            if (of < 0 || of >= results.Count) return new Dependent(argument.Type, Pattern.Nothing(own, argument.Type.Size));
            start += results[of].Size;
            return new Dependent(argument.Type, Pattern.Inputs(own, start - results[of].Size, results[of].Size));
        }).ToArray();
        var rows = backward.Through(own, arguments);
        var patterns = new Pattern[rows.Length];
        for (var i = 0; i < patterns.Length; i++) patterns[i] = Transposed(rows[i].Pattern, size, pulled[i]);
        var all = Pattern.Union(size, patterns);
        start = 0;
        return [.. results.Map(type => all.Part((start += type.Size) - type.Size, type.Size)).Strict()];
    }

    // Element j of y depends on what those elements depend on whose cotangents depend on that of j.
    private static Pattern Transposed(Pattern cotangents, int size, Pattern pulled)
    {
        var (rows, map) = cotangents.Single();
        var starts = new int[size + 1];
        for (var element = 0; element < cotangents.Size; element++)
            foreach (var column in RowOf(element)) starts[column + 1]++;
        for (var column = 0; column < size; column++) starts[column + 1] += starts[column];
        var (members, next) = (new int[starts[^1]], starts.ToArray());
        for (var element = 0; element < cotangents.Size; element++)
            foreach (var column in RowOf(element)) members[next[column]++] = element;
        return pulled.United(starts, members);

        ReadOnlySpan<int> RowOf(int element) => (map is null ? element : map[element]) is >= 0 and var row ? rows[row] : default;
    }
}
