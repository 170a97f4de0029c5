using Xunit;

namespace Functional.Properties.Contractions;

/// <summary>Einstein's notation read literally: a loop over the values of all letters.</summary>
internal static class BruteForce
{
    /// <summary>Σ over letters that the output leaves out of the product of the operands; terms have letters only.</summary>
    internal static Tensor Sum(string[] terms, string output, Tensor[] operands)
    {
        var extents = terms.Zip(operands, (term, operand) => term.Zip(operand.Shape)).SelectMany(pairs => pairs).DistinctBy(pair => pair.Item1).ToDictionary(pair => pair.Item1, pair => pair.Item2);
        var letters = extents.Keys.ToArray();
        var elements = operands.Select(operand => TensorMath.Convert(operand, DType.Float64).ToArray<double>()).ToArray();
        Shape shape = [.. output.Select(letter => extents[letter])];
        var sums = new double[shape.Size];
        foreach (var at in Places([.. letters.Select(letter => extents[letter])]))
        {
            int Place(string term) => term.Aggregate(0, (place, letter) => (place * extents[letter]) + at[System.Array.IndexOf(letters, letter)]);
            sums[Place(output)] += terms.Select((term, i) => elements[i][Place(term)]).Aggregate(1.0, (product, factor) => product * factor);
        }
        return TensorMath.Convert(Tensor.From(sums, shape), operands.Max(operand => operand.DType));
    }

    internal static void Agrees(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.Type, actual.Type);
        var (wanted, given) = (TensorMath.Convert(expected, DType.Float64).ToArray<double>(), TensorMath.Convert(actual, DType.Float64).ToArray<double>());
        for (var i = 0; i < wanted.Length; i++)
            Assert.True(Math.Abs(wanted[i] - given[i]) <= tolerance * Math.Max(1, Math.Abs(wanted[i])), $"element {i} of {expected.Type}: {wanted[i]} ≠ {given[i]}");
    }

    private static IEnumerable<int[]> Places(int[] extents) =>
        extents.Aggregate(Enumerable.Repeat(System.Array.Empty<int>(), 1), (places, extent) => places.SelectMany(place => Enumerable.Range(0, extent).Select(i => (int[])[.. place, i])));
}
