namespace Functional;

/// <summary>A text in Einstein's notation, read: a term for each operand, and one for the output.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Terms">One for each operand.</param>
/// <param name="Output">The output's, given or implied.</param>
internal sealed record EinsteinNotation(string Text, EinsteinTerm[] Terms, EinsteinTerm Output)
{
    /// <summary>Reads <c>ij,jk->ik</c>.</summary>
    /// <exception cref="FormatException">The notation cannot be read.</exception>
    internal static EinsteinNotation Read(string text)
    {
        var notation = text.Replace(" ", string.Empty, StringComparison.Ordinal);
        var arrow = notation.IndexOf("->", StringComparison.Ordinal);
        var terms = (arrow < 0 ? notation : notation[..arrow]).Split(',').Select(term => EinsteinTerm.Read(text, term)).ToArray();
        var output = arrow < 0 ? Implied(terms) : EinsteinTerm.Read(text, notation[(arrow + 2)..]);
        foreach (var letter in output.Letters)
        {
            if (!terms.Any(term => term.Letters.Contains(letter))) throw new FormatException($"Einsum: the output of '{text}' has '{letter}', which no operand has.");
            if (output.Letters.Count(other => other == letter) > 1) throw new FormatException($"Einsum: the output of '{text}' has '{letter}' twice. Use Diag to put values on a diagonal.");
        }
        if (output.HasEllipsis && !terms.Any(term => term.HasEllipsis)) throw new FormatException($"Einsum: the output of '{text}' has '...', which no operand has.");
        return new(text, terms, output);
    }

    /// <summary>The operands with names for their axes, and the names of the output's; each name has one extent.</summary>
    /// <exception cref="ShapeException">Operands and notation do not fit.</exception>
    internal (Labelled[] Operands, int[] Output) Label(ReadOnlySpan<Tensor> operands)
    {
        if (operands.Length != Terms.Length)
            throw new ShapeException($"Einsum: '{Text}' has {Terms.Length} {(Terms.Length == 1 ? "term" : "terms")}, given {operands.Length} {(operands.Length == 1 ? "operand" : "operands")}.");
        var ellipsis = 0;
        var labels = new int[operands.Length][];
        for (var i = 0; i < labels.Length; i++)
        {
            var extra = operands[i].Rank - Terms[i].Letters.Length;
            if (extra < 0 || (extra > 0 && !Terms[i].HasEllipsis))
                throw new ShapeException($"Einsum: '{Terms[i]}' names {Terms[i].Letters.Length} axes, but operand {i} is {operands[i].Type} with {operands[i].Rank}.");
            if (Terms[i].HasEllipsis) ellipsis = Math.Max(ellipsis, extra);
            labels[i] = Terms[i].Labels(extra);
        }
        if (ellipsis > 0 && !Output.HasEllipsis)
            throw new ShapeException($"Einsum: the output of '{Text}' leaves out the {ellipsis} axes of '...'. Write '...' there too, or sum them afterwards.");
        var extents = Extents(operands, labels);
        var labelled = new Labelled[operands.Length];
        for (var i = 0; i < labelled.Length; i++)
        {
            var shape = operands[i].Shape;
            // An axis of extent 1 that others stretch is no axis: the product repeats it.
            int[] kept = [.. Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] == extents[labels[i][axis]].Extent)];
            labelled[i] = new(operands[i], kept.Map(axis => labels[i][axis]).ToArray(), [.. kept.Select(axis => shape[axis])]);
        }
        return (labelled, Output.Labels(ellipsis));
    }

    // With no arrow the output is the ellipsis and the letters that stand once, in alphabetical order.
    private static EinsteinTerm Implied(EinsteinTerm[] terms)
    {
        var letters = terms.SelectMany(term => term.Letters).GroupBy(letter => letter).Where(group => group.Count() == 1).Select(group => group.Key);
        return new(string.Concat(letters.Order()), terms.Any(term => term.HasEllipsis) ? 0 : -1);
    }

    private static Dictionary<int, (int Extent, int Operand)> Extents(ReadOnlySpan<Tensor> operands, int[][] labels)
    {
        var extents = new Dictionary<int, (int Extent, int Operand)>();
        for (var i = 0; i < labels.Length; i++)
            for (var axis = 0; axis < labels[i].Length; axis++)
            {
                var (label, extent) = (labels[i][axis], operands[i].Shape[axis]);
                if (!extents.TryGetValue(label, out var known) || (label < 0 && known.Extent == 1)) extents[label] = (extent, i);
                else if (known.Extent != extent && !(label < 0 && extent == 1)) throw Differing(operands, label, known, (extent, i));
            }
        return extents;
    }

    private static ShapeException Differing(ReadOnlySpan<Tensor> operands, int label, (int Extent, int Operand) first, (int Extent, int Operand) second)
    {
        var name = label < 0 ? $"axis −{-label} of '...'" : $"'{(char)label}'";
        return new(first.Operand == second.Operand
            ? $"Einsum: {name} is {first.Extent} and {second.Extent} in operand {first.Operand}, {operands[first.Operand].Type}."
            : $"Einsum: {name} is {first.Extent} in operand {first.Operand}, {operands[first.Operand].Type}, but {second.Extent} in operand {second.Operand}, {operands[second.Operand].Type}.");
    }
}

/// <summary>The letters of one operand, or of the output.</summary>
/// <param name="Letters">In order, without the ellipsis.</param>
/// <param name="Ellipsis">How many letters stand before <c>...</c>; negative where there is none.</param>
internal sealed record EinsteinTerm(string Letters, int Ellipsis)
{
    internal bool HasEllipsis => Ellipsis >= 0;

    internal static EinsteinTerm Read(string text, string term)
    {
        var ellipsis = term.IndexOf("...", StringComparison.Ordinal);
        var letters = ellipsis < 0 ? term : term.Remove(ellipsis, 3);
        foreach (var letter in letters)
            if (!char.IsAsciiLetter(letter)) throw new FormatException($"Einsum: cannot read '{letter}' in '{text}'. Name axes by letters, the others by '...', and write it as in 'ij,jk->ik'.");
        return new(letters, ellipsis);
    }

    /// <summary>A name for each axis, where the ellipsis stands for so many.</summary>
    internal int[] Labels(int extra) =>
        HasEllipsis
            ? [.. Letters[..Ellipsis].Select(letter => (int)letter), .. Enumerable.Range(-extra, extra), .. Letters[Ellipsis..].Select(letter => (int)letter)]
            : [.. Letters.Select(letter => (int)letter)];

    /// <inheritdoc/>
    public override string ToString() => HasEllipsis ? Letters.Insert(Ellipsis, "...") : Letters;
}
