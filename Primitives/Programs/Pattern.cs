using System.Runtime.CompilerServices;

namespace Functional.Programs;

/// <summary>
/// Which elements of a program's inputs each element of a tensor may depend on. A pattern is a union of terms, each a table
/// of rows and the row of every element, so that moving elements moves row numbers only; the union is taken late, once for
/// a chain of operations.
/// </summary>
public sealed class Pattern
{
    // So many terms are moved one by one; of more, the union is taken first.
    private const int Few = 8;

    // So many are collected before a union is taken.
    private const int Many = 32;

    private readonly PatternSpace space;
    private Term[] terms;

    private Pattern(PatternSpace space, int size, Term[] terms) => (this.space, Size, this.terms) = (space, size, terms);

    // Element e depends on row Map[e], or e where there is no map; on nothing where it is −1.
    private readonly record struct Term(CompressedRows Rows, int[]? Map)
    {
        internal bool Is(Term other) => ReferenceEquals(Rows, other.Rows) && ReferenceEquals(Map, other.Map);

        internal int Row(int element) => Map is null ? element : Map[element];
    }

    /// <summary>How many elements the tensor has.</summary>
    public int Size { get; }

    /// <summary>Whether no element depends on any.</summary>
    public bool IsNothing => terms.Length == 0;

    /// <summary>The inputs that the pattern speaks of.</summary>
    internal PatternSpace Space => space;

    /// <summary>No element depends on any.</summary>
    internal static Pattern Nothing(PatternSpace space, int size) => new(space, size, []);

    /// <summary>Each element is an input, from a place on.</summary>
    internal static Pattern Inputs(PatternSpace space, int start, int size)
    {
        if (size == 0) return Nothing(space, 0);
        return new(space, size, [new(space.Units, size == space.Columns ? null : space.Counted(space.Columns)[start..(start + size)])]);
    }

    /// <summary>Each element depends on what some of these elements depend on: all on all.</summary>
    internal static Pattern Dense(PatternSpace space, int size, ReadOnlySpan<Pattern> patterns)
    {
        var union = new RowUnion(space, 1);
        union.Begin();
        foreach (var pattern in patterns) pattern.Unite(union);
        union.End();
        return Nothing(space, 0).From(union.Done()).Everywhere(size);
    }

    /// <summary>Each element depends on what those at its place depend on; one of a single element stands at every place.</summary>
    public static Pattern Union(int size, params ReadOnlySpan<Pattern> patterns)
    {
        var first = patterns[0];
        if (patterns.Length == 1 && first.Size == size) return first;
        var union = new List<Term>();
        foreach (var pattern in patterns)
        {
            foreach (var term in (pattern.Size == size ? pattern : pattern.Everywhere(size)).terms)
                if (!union.Exists(term.Is)) union.Add(term);
        }
        var united = new Pattern(first.space, size, [.. union]);
        if (union.Count > Many) united.Unite();
        return united;
    }

    /// <summary>Elements one after the other, those of each pattern in order.</summary>
    internal static Pattern Joined(PatternSpace space, IReadOnlyList<Pattern> patterns)
    {
        var size = patterns.Sum(pattern => pattern.Size);
        var operands = patterns.Select(pattern => new Dependent(new(DType.Int32, [pattern.Size]), pattern)).ToArray();
        return operands.Length == 0 ? Nothing(space, 0) : Moved(operands, size, parts =>
        {
            var all = new int[size];
            var start = 0;
            foreach (var part in parts)
            {
                part.Elements<int>().CopyTo(all, start);
                start += part.Size;
            }
            return Values.Of(all, [size]);
        });
    }

    /// <summary>A range of elements.</summary>
    internal Pattern Part(int start, int size) =>
        Moved(size, [Size], rows => Values.Of(rows.Elements<int>()[start..(start + size)], [size]));

    /// <summary>Each element of the result is one of this: the numbers of rows move as the elements do, −1 stands for none.</summary>
    internal Pattern Moved(int size, Shape shape, Func<Tensor, Tensor> move)
    {
        if (terms.Length > Few) Unite();
        return new(space, size, System.Array.ConvertAll(terms, term => term with { Map = move(Numbers(term, shape)).Elements<int>() }));
    }

    /// <summary>As above, where the elements of several tensors come together.</summary>
    internal static Pattern Moved(ReadOnlySpan<Dependent> operands, int size, Func<Tensor[], Tensor> move)
    {
        var space = operands[0].Pattern.space;
        var (tables, places) = Aligned(operands);
        var absent = new Tensor?[operands.Length];
        var moved = new Term[tables.Count];
        for (var slot = 0; slot < moved.Length; slot++)
        {
            var parts = new Tensor[operands.Length];
            for (var i = 0; i < parts.Length; i++)
            {
                var (pattern, shape) = (operands[i].Pattern, operands[i].Type.Shape);
                var term = System.Array.IndexOf(places[i], slot);
                if (term < 0) parts[i] = absent[i] ??= Values.Of(Filled(shape.Size, -1), shape);
                else parts[i] = pattern.Numbers(pattern.terms[term], shape);
            }
            moved[slot] = new(tables[slot], move(parts).Elements<int>());
        }
        return new(space, size, moved);
    }

    /// <summary>Only the elements that are kept depend on something.</summary>
    internal Pattern Where(ReadOnlySpan<bool> kept)
    {
        if (!kept.Contains(false)) return this;
        if (!kept.Contains(true)) return Nothing(space, Size);
        if (terms.Length > Few) Unite();
        var cleared = new Term[terms.Length];
        for (var i = 0; i < cleared.Length; i++)
        {
            var map = new int[Size];
            for (var element = 0; element < map.Length; element++) map[element] = kept[element] ? terms[i].Row(element) : -1;
            cleared[i] = terms[i] with { Map = map };
        }
        return new(space, Size, cleared);
    }

    /// <summary>The one element at every place.</summary>
    internal Pattern Everywhere(int size) =>
        new(space, size, size == 0 ? [] : System.Array.ConvertAll(terms, term => term with { Map = Filled(size, term.Row(0)) }));

    /// <summary>Each element goes to a place of the result; those that meet there are united.</summary>
    internal Pattern Placed(ReadOnlySpan<int> targets, int size)
    {
        if (IsNothing) return Nothing(space, size);
        var starts = new int[size + 1];
        foreach (var target in targets) starts[target + 1]++;
        var meets = false;
        for (var place = 0; place < size; place++)
        {
            meets |= starts[place + 1] > 1;
            starts[place + 1] += starts[place];
        }
        var members = new int[targets.Length];
        var next = starts.AsSpan(0, size).ToArray();
        for (var element = 0; element < targets.Length; element++) members[next[targets[element]]++] = element;
        return meets || terms.Length > Few ? United(starts, members) : new(space, size, System.Array.ConvertAll(terms, term => term with { Map = Alone(term) }));

        int[] Alone(Term term)
        {
            var map = new int[size];
            for (var place = 0; place < size; place++) map[place] = starts[place] == starts[place + 1] ? -1 : term.Row(members[starts[place]]);
            return map;
        }
    }

    /// <summary>Result element r depends on what the elements <c>members[starts[r]..starts[r + 1]]</c> do.</summary>
    internal Pattern United(ReadOnlySpan<int> starts, ReadOnlySpan<int> members)
    {
        var size = starts.Length - 1;
        if (IsNothing) return Nothing(space, size);
        var union = new RowUnion(space, size);
        // A row that many elements share is looked at once for each result.
        var met = System.Array.ConvertAll(terms, term => new int[term.Rows.Count]);
        for (var result = 0; result < size; result++)
        {
            union.Begin();
            foreach (var element in members[starts[result]..starts[result + 1]])
            {
                if (union.IsFull || space.Allowed < 0) break;
                for (var i = 0; i < terms.Length; i++)
                {
                    var row = terms[i].Row(element);
                    if (row < 0 || met[i][row] == result + 1) continue;
                    met[i][row] = result + 1;
                    union.Add(terms[i].Rows[row]);
                }
            }
            union.End();
        }
        return From(union.Done());
    }

    /// <summary>The rows, and the row of each element (e where there is no map, −1 for none): one term.</summary>
    internal (CompressedRows Rows, int[]? Map) Single()
    {
        Unite();
        return IsNothing ? (new([0], []), Filled(Size, -1)) : (terms[0].Rows, terms[0].Map);
    }

    /// <summary>How many pairs of an element and an input there are.</summary>
    internal long Count()
    {
        var (rows, map) = Single();
        if (map is null) return rows.Columns.Length;
        long count = 0;
        foreach (var row in map) if (row >= 0) count += rows.Starts[row + 1] - rows.Starts[row];
        return count;
    }

    private Pattern From((CompressedRows Rows, int[]? Map) table)
    {
        var size = table.Map?.Length ?? table.Rows.Count;
        return new(space, size, table.Rows.Count == 0 ? [] : [new(table.Rows, table.Map)]);
    }

    // All rows of all terms into one.
    private void Unite(RowUnion union)
    {
        foreach (var term in terms)
        {
            if (term.Map is null)
            {
                for (var element = 0; element < Size; element++) union.Add(term.Rows[element]);
                continue;
            }
            var met = new bool[term.Rows.Count];
            foreach (var row in term.Map)
            {
                if (row < 0 || met[row]) continue;
                met[row] = true;
                union.Add(term.Rows[row]);
            }
        }
    }

    // What is united once stays so, for all that read this.
    private void Unite()
    {
        if (terms.Length < 2) return;
        var union = new RowUnion(space, Size);
        var (before, now) = (new int[terms.Length], new int[terms.Length]);
        for (var element = 0; element < Size; element++)
        {
            for (var i = 0; i < now.Length; i++) now[i] = terms[i].Row(element);
            if (element > 0 && now.AsSpan().SequenceEqual(before))
            {
                union.Repeat();
                continue;
            }
            union.Begin();
            for (var i = 0; i < now.Length; i++) if (now[i] >= 0) union.Add(terms[i].Rows[now[i]]);
            union.End();
            (before, now) = (now, before);
        }
        terms = From(union.Done()).terms;
    }

    // A slot for each table that some operand needs, and each operand's slots; where tables are many they are laid one after the other.
    private static (List<CompressedRows> Tables, int[][] Places) Aligned(ReadOnlySpan<Dependent> operands)
    {
        var tables = new List<CompressedRows>();
        var places = new int[operands.Length][];
        for (var i = 0; i < places.Length; i++)
        {
            var pattern = operands[i].Pattern;
            if (pattern.terms.Length > Few) pattern.Unite();
            places[i] = Filled(pattern.terms.Length, -1);
            for (var k = 0; k < places[i].Length; k++)
            {
                var rows = pattern.terms[k].Rows;
                var slot = 0;
                while (slot < tables.Count && (!ReferenceEquals(tables[slot], rows) || places[i].AsSpan().Contains(slot))) slot++;
                if (slot == tables.Count) tables.Add(rows);
                places[i][k] = slot;
            }
        }
        if (tables.Count <= Few) return (tables, places);
        Stack(operands);
        return Aligned(operands);
    }

    // Each pattern as one term over a table that all share.
    private static void Stack(ReadOnlySpan<Dependent> operands)
    {
        var offsets = new Dictionary<CompressedRows, int>(ReferenceEqualityComparer.Instance);
        var (starts, columns) = (new List<int> { 0 }, new List<int>());
        foreach (var operand in operands)
        {
            operand.Pattern.Unite();
            if (operand.Pattern.IsNothing || !offsets.TryAdd(operand.Pattern.terms[0].Rows, starts.Count - 1)) continue;
            var rows = operand.Pattern.terms[0].Rows;
            for (var row = 0; row < rows.Count; row++) starts.Add(columns.Count + rows.Starts[row + 1]);
            columns.AddRange(rows.Columns.AsSpan(0, rows.Starts[^1]));
        }
        var table = new CompressedRows([.. starts], [.. columns]);
        foreach (var operand in operands)
        {
            var pattern = operand.Pattern;
            if (pattern.IsNothing || ReferenceEquals(pattern.terms[0].Rows, table)) continue;
            var (rows, offset) = (pattern.terms[0], offsets[pattern.terms[0].Rows]);
            var map = new int[pattern.Size];
            for (var element = 0; element < map.Length; element++) map[element] = rows.Row(element) is >= 0 and var row ? row + offset : -1;
            pattern.terms = [new(table, map)];
        }
    }

    private Dense<int> Numbers(Term term, Shape shape) => Values.Of(term.Map ?? space.Counted(Size), shape);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int[] Filled(int size, int number)
    {
        var filled = new int[size];
        filled.AsSpan().Fill(number);
        return filled;
    }
}
