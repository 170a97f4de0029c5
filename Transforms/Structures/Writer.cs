namespace Functional.Structures;

/// <summary>A place, counted in the order of reading, where the value is not of the type declared: null, absent, or a derived type.</summary>
internal readonly record struct Deviation(int Place, Node? Actual);

/// <summary>Collects a value's leaves, marks (static values, lengths, keys) and deviations, in the order of reading.</summary>
internal sealed class Writer(Layout? expected)
{
    private Tensor[] leaves = new Tensor[expected?.LeafCount ?? 4];
    private object?[] marks = expected is null or { Marks.Length: 0 } ? [] : new object?[expected.Marks.Length];
    private List<Deviation>? deviations;
    private int leafCount;
    private int markCount;
    private int place;

    internal Tensor[] Leaves => leafCount == leaves.Length ? leaves : leaves[..leafCount];

    internal void Leaf(Tensor? leaf)
    {
        if (leaf is null) Deviate(null);
        else
        {
            if (leafCount == leaves.Length) System.Array.Resize(ref leaves, Math.Max(4, 2 * leafCount));
            Values.Put(leaves, leafCount++, leaf);
        }
        place++;
    }

    internal void Mark(object? mark)
    {
        if (markCount == marks.Length) System.Array.Resize(ref marks, Math.Max(4, 2 * markCount));
        Values.Put(marks, markCount++, mark);
    }

    /// <summary>Passes the place of a node that is what its type declares.</summary>
    internal void Enter() => place++;

    /// <summary>Passes the place of a node that is not.</summary>
    internal void Enter(Node? actual)
    {
        Deviate(actual);
        place++;
    }

    /// <summary>Whether what was written is the layout given.</summary>
    internal bool Wrote(Layout layout) =>
        leafCount == layout.LeafCount
        && Structures.Marks.Same(marks.AsSpan(0, markCount), layout.Marks)
        && (deviations is null ? layout.Deviations.Length == 0 : deviations.SequenceEqual(layout.Deviations));

    internal Layout Layout(Node root) => new(root, leafCount, marks[..markCount], deviations?.ToArray() ?? []);

    private void Deviate(Node? actual) => (deviations ??= []).Add(new(place, actual));
}

/// <summary>Gives back, in the order they were written, a layout's marks and deviations and a value's leaves.</summary>
internal sealed class Reader(Layout layout, Tensor[] leaves)
{
    private int leaf;
    private int mark;
    private int place;
    private int deviation;

    internal Tensor? Leaf() => Deviates() ? null : leaves[leaf++];

    internal object? Mark() => layout.Marks[mark++];

    /// <summary>The node that stands at a place declared as another: itself, a derived type's, or null.</summary>
    internal Node? Enter(Node declared)
    {
        var next = deviation;
        return Deviates() ? layout.Deviations[next].Actual : declared;
    }

    private bool Deviates()
    {
        var deviates = deviation < layout.Deviations.Length && layout.Deviations[deviation].Place == place;
        if (deviates) deviation++;
        place++;
        return deviates;
    }
}

/// <summary>Equality of static values: floats by bits (0.0 is not −0.0, a trace can tell), arrays by content, others by their own.</summary>
internal static class Marks
{
    internal static bool Same(ReadOnlySpan<object?> left, ReadOnlySpan<object?> right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
            if (!Same(left[i], right[i])) return false;
        return true;
    }

    internal static bool Same(object? left, object? right) => ReferenceEquals(left, right) || (left, right) switch
    {
        (int a, int b) => a == b,
        (double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b),
        (float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b),
        (Array a, Array b) => a.GetType() == b.GetType() && Bits(a).SequenceEqual(Bits(b)) && Extents(a).SequenceEqual(Extents(b)),
        _ => Equals(left, right),
    };

    internal static int Hash(object? mark) => mark switch
    {
        double number => BitConverter.DoubleToInt64Bits(number).GetHashCode(),
        float number => BitConverter.SingleToInt32Bits(number),
        Array array => array.Length,
        null => 0,
        _ => mark.GetHashCode(),
    };

    private static byte[] Bits(Array numbers)
    {
        var bits = new byte[Buffer.ByteLength(numbers)];
        Buffer.BlockCopy(numbers, 0, bits, 0, bits.Length);
        return bits;
    }

    private static IEnumerable<int> Extents(Array array) => Enumerable.Range(0, array.Rank).Select(array.GetLength);
}
