namespace Functional.Jacobians;

/// <summary>
/// The entries of a symmetric matrix from the products of an acyclic colouring (Coleman and Cai 1986). A product of colour c is, at
/// row v, the sum of v's entries to neighbours of that colour; the edges of two colours are a forest, so that sums of one unknown
/// are left until all are known. What is known at once is a level; the next takes it from its sums.
/// </summary>
internal sealed class Substitution
{
    private readonly List<Level> levels = [];
    private readonly int[] numbers;

    // The sums that give a level's unknowns; the knowns that are taken from them, and from which.
    private readonly record struct Level(int[] Places, int[] Known, int[] From);

    private Substitution(int entries) => numbers = new int[entries];

    /// <summary>How many levels there are.</summary>
    internal int Levels => levels.Count;

    /// <summary>The levels of a pattern's entries, where they are no more than so many.</summary>
    internal static Option<Substitution> Of(Sparsity pattern, Colouring colouring, int most)
    {
        var found = new Substitution((int)pattern.Count);
        return found.Peel(pattern, colouring, most) ? Some(found) : None;
    }

    /// <summary>The entries, in the order of the pattern, from the products laid one after the other.</summary>
    internal Tensor Values(Tensor products)
    {
        var known = new List<Tensor>();
        foreach (var (places, from, into) in levels)
        {
            var sums = TensorMath.Take(products, Numbers(places));
            known.Add(from.Length == 0 ? sums : TensorMath.ScatterAdd(sums, Numbers(into), -TensorMath.Take(Joined(known), Numbers(from))));
        }
        return TensorMath.Take(Joined(known), Numbers(numbers));
    }

    private bool Peel(Sparsity pattern, Colouring colouring, int most)
    {
        var sums = new Sums(pattern, colouring);
        var unknown = new int[sums.Count];
        foreach (var sum in sums.Of) unknown[sum]++;
        numbers.AsSpan().Fill(-1);
        var ready = Enumerable.Range(0, sums.Count).Where(sum => unknown[sum] == 1).ToList();
        var count = 0;
        while (ready.Count > 0)
        {
            if (levels.Count == most) return false;
            var (places, from, into, told) = (new List<int>(), new List<int>(), new List<int>(), new List<int>());
            foreach (var sum in ready)
            {
                var entry = sums.Entries(sum).FirstOrDefault(entry => numbers[entry] < 0, -1);
                // Its mirror image was told by the sum at the other end.
                if (entry < 0) continue;
                foreach (var other in sums.Entries(sum))
                {
                    if (other == entry) continue;
                    from.Add(numbers[other]);
                    into.Add(places.Count);
                }
                places.Add(sums.Places[sum]);
                told.Add(entry);
                // Known from the next level on.
                numbers[entry] = numbers[sums.Mirrors[entry]] = count + told.Count - 1;
            }
            levels.Add(new([.. places], [.. from], [.. into]));
            count += told.Count;
            ready.Clear();
            foreach (var entry in told)
            {
                if (--unknown[sums.Of[entry]] == 1) ready.Add(sums.Of[entry]);
                if (sums.Mirrors[entry] != entry && --unknown[sums.Of[sums.Mirrors[entry]]] == 1) ready.Add(sums.Of[sums.Mirrors[entry]]);
            }
        }
        return true;
    }

    private static Tensor Joined(List<Tensor> parts) => parts.Count == 1 ? parts[0] : TensorMath.Concatenate(parts);

    private static Dense<int> Numbers(int[] numbers) => Functional.Values.Of(numbers, [numbers.Length]);

    /// <summary>The entries of each row by the colour of their column: what one element of a product is the sum of.</summary>
    private sealed class Sums
    {
        private readonly int[] starts;
        private readonly int[] members;

        internal Sums(Sparsity pattern, Colouring colouring)
        {
            var colours = colouring.Columns;
            var (pointers, columns) = (pattern.RowPointers.ToArray(), pattern.ColumnIndices.ToArray());
            (Of, Mirrors) = (new int[columns.Length], new int[columns.Length]);
            var places = new List<int>();
            var last = new int[colouring.ColumnColours];
            var next = pointers.AsSpan(0, pattern.Rows).ToArray();
            for (var row = 0; row < pattern.Rows; row++)
            {
                var first = places.Count;
                for (var entry = pointers[row]; entry < pointers[row + 1]; entry++)
                {
                    // Rows are ascending, so that the entries of a column come in the order of its row's.
                    Mirrors[entry] = next[columns[entry]]++;
                    var colour = colours[columns[entry]];
                    if (last[colour] <= first)
                    {
                        places.Add((colour * pattern.Rows) + row);
                        last[colour] = places.Count;
                    }
                    Of[entry] = last[colour] - 1;
                }
            }
            Places = [.. places];
            starts = new int[Places.Length + 1];
            foreach (var sum in Of) starts[sum + 1]++;
            for (var sum = 0; sum < Places.Length; sum++) starts[sum + 1] += starts[sum];
            members = new int[Of.Length];
            var filled = starts.AsSpan(0, Places.Length).ToArray();
            for (var entry = 0; entry < Of.Length; entry++) members[filled[Of[entry]]++] = entry;
        }

        internal int Count => Places.Length;

        /// <summary>Where each stands among the products.</summary>
        internal int[] Places { get; }

        /// <summary>The sum that each entry is a term of.</summary>
        internal int[] Of { get; }

        /// <summary>The entry across the diagonal from each.</summary>
        internal int[] Mirrors { get; }

        internal ArraySegment<int> Entries(int sum) => new(members, starts[sum], starts[sum + 1] - starts[sum]);
    }
}
