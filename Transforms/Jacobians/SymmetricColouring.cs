namespace Functional.Jacobians;

/// <summary>
/// Star and acyclic colourings of the graph of a symmetric pattern, greedily, with the stars or trees of two colours that there
/// are so far (Gebremedhin, Tarafdar, Manne and Pothen 2007). Vertices of a very high degree have a colour each, so that they
/// are in no path and no cycle of two colours, and are left out before they cost quadratic time.
/// </summary>
internal static class SymmetricColouring
{
    // A degree beyond this many times the root of the number of entries is high; there are few such.
    private const double High = 4;
    private const int AlwaysLow = 16;

    // Looks at neighbours' neighbours that are spent on trying further orders.
    private const long Looks = 1 << 21;

    private static readonly ColouringOrder[] Orders =
        [ColouringOrder.Natural, ColouringOrder.SmallestLast, ColouringOrder.LargestFirst, ColouringOrder.IncidenceDegree];

    internal static Colouring Of(Sparsity pattern, bool isAcyclic, ColouringOrder? order = null)
    {
        var graph = new SymmetricGraph(pattern, Math.Max(AlwaysLow, High * Math.Sqrt(pattern.Count)));
        var bound = Bound(pattern);
        var kind = isAcyclic ? ColouringKind.Acyclic : ColouringKind.Star;
        if (order is { } asked) return new(kind, asked, Run(asked), [], bound);
        var best = (Colours: System.Array.Empty<int>(), Order: ColouringOrder.Natural, Count: int.MaxValue);
        var (allowed, work) = (Looks, Ordering.Work(pattern));
        foreach (var candidate in Orders)
        {
            allowed -= work;
            if (best.Count < int.MaxValue && allowed < 0) break;
            var colours = Run(candidate);
            var count = colours.DefaultIfEmpty(-1).Max() + 1;
            if (count < best.Count) best = (colours, candidate, count);
            if (count <= bound) break;
        }
        return new(kind, best.Order, best.Colours, [], bound);

        int[] Run(ColouringOrder by)
        {
            var ordered = Ordering.Of(by, pattern, pattern);
            return isAcyclic ? AcyclicColouring.Of(graph, ordered) : StarColouring.Of(graph, ordered);
        }
    }

    // The edges between two colours are a forest: with k colours a graph of n vertices has at most (k − 1)n − k(k − 1)/2 edges.
    private static int Bound(Sparsity pattern)
    {
        long vertices = 0, entries = 0, loops = 0;
        for (var v = 0; v < pattern.Rows; v++)
        {
            var hasLoop = pattern.Contains(v, v);
            loops += hasLoop ? 1 : 0;
            entries += pattern[v].Length;
            if (pattern[v].Length > (hasLoop ? 1 : 0)) vertices++;
        }
        if (entries == 0) return 0;
        var edges = (entries - loops) / 2;
        long colours = 1;
        while (((colours - 1) * vertices) - (colours * (colours - 1) / 2) < edges) colours++;
        return (int)colours;
    }
}

/// <summary>The graph of a symmetric pattern: its edges from both ends, and for each the place of its other end's.</summary>
internal sealed class SymmetricGraph
{
    internal SymmetricGraph(Sparsity pattern, double high)
    {
        Count = pattern.Rows;
        IsHigh = new bool[Count];
        IsColoured = new bool[Count];
        for (var v = 0; v < Count; v++) (IsColoured[v], IsHigh[v]) = (!pattern[v].IsEmpty, pattern[v].Length > high);
        var starts = new int[Count + 1];
        var ends = new List<int>((int)pattern.Count);
        for (var v = 0; v < Count; v++)
        {
            if (!IsHigh[v])
                foreach (var w in pattern[v])
                    if (w != v && !IsHigh[w]) ends.Add(w);
            starts[v + 1] = ends.Count;
        }
        (Starts, Ends) = (starts, [.. ends]);
        // Rows are ascending, so the edges into a vertex come in the order of those out of it.
        var next = starts.AsSpan(0, Count).ToArray();
        Mirrors = new int[Ends.Length];
        for (var v = 0; v < Count; v++)
            for (var edge = starts[v]; edge < starts[v + 1]; edge++) Mirrors[edge] = next[Ends[edge]]++;
    }

    internal int Count { get; }

    internal int[] Starts { get; }

    internal int[] Ends { get; }

    internal int[] Mirrors { get; }

    /// <summary>Vertices that have a colour each.</summary>
    internal bool[] IsHigh { get; }

    /// <summary>Vertices with an entry, the one on the diagonal included.</summary>
    internal bool[] IsColoured { get; }

    /// <summary>The colours, where each vertex of a high degree has one more.</summary>
    internal int[] WithHigh(int[] colours)
    {
        var next = colours.DefaultIfEmpty(-1).Max() + 1;
        for (var v = 0; v < Count; v++) if (IsHigh[v]) colours[v] = next++;
        return colours;
    }
}

/// <summary>Neighbours differ, and no path of four vertices has two colours. The edges of two colours are stars; a star of more than one edge has a hub.</summary>
internal static class StarColouring
{
    internal static int[] Of(SymmetricGraph graph, int[]? order)
    {
        var (starts, ends) = (graph.Starts, graph.Ends);
        var colours = new int[graph.Count];
        colours.AsSpan().Fill(-1);
        var forbidden = Filled(graph.Count + 1);
        var first = new (int Vertex, int Edge)[graph.Count + 1];
        first.AsSpan().Fill((-1, -1));
        var treated = Filled(graph.Count);
        var star = Filled(ends.Length);
        var hubs = new List<int>();
        for (var place = 0; place < graph.Count; place++)
        {
            var v = order is null ? place : order[place];
            if (graph.IsHigh[v] || !graph.IsColoured[v]) continue;
            for (var edge = starts[v]; edge < starts[v + 1]; edge++)
                if (colours[ends[edge]] >= 0) forbidden[colours[ends[edge]]] = v;
            for (var edge = starts[v]; edge < starts[v + 1]; edge++)
            {
                var w = ends[edge];
                if (colours[w] < 0) continue;
                var (vertex, other) = first[colours[w]];
                if (vertex == v)
                {
                    // Two neighbours of one colour: v is the hub of their star, and no neighbour of theirs may have v's colour.
                    Treat(ends[other], v);
                    Treat(w, v);
                    continue;
                }
                first[colours[w]] = (v, edge);
                for (var further = starts[w]; further < starts[w + 1]; further++)
                {
                    var x = ends[further];
                    if (x != v && colours[x] >= 0 && hubs[star[further]] == x) forbidden[colours[x]] = v;
                }
            }
            var colour = 0;
            while (forbidden[colour] == v) colour++;
            colours[v] = colour;
            for (var edge = starts[v]; edge < starts[v + 1]; edge++) Join(v, edge);
        }
        return graph.WithHigh(colours);

        void Treat(int w, int v)
        {
            if (treated[w] == v) return;
            treated[w] = v;
            for (var edge = starts[w]; edge < starts[w + 1]; edge++)
                if (colours[ends[edge]] >= 0) forbidden[colours[ends[edge]]] = v;
        }

        void Join(int v, int edge)
        {
            var w = ends[edge];
            if (colours[w] < 0) return;
            for (var further = starts[w]; further < starts[w + 1]; further++)
            {
                if (ends[further] == v || colours[ends[further]] != colours[v]) continue;
                hubs[star[further]] = w;
                Set(edge, star[further]);
                return;
            }
            var (vertex, other) = first[colours[w]];
            if (vertex == v && other != edge && star[other] >= 0)
            {
                hubs[star[other]] = v;
                Set(edge, star[other]);
                return;
            }
            Set(edge, hubs.Count);
            hubs.Add(-1);
        }

        void Set(int edge, int id) => star[edge] = star[graph.Mirrors[edge]] = id;
    }

    internal static int[] Filled(int count)
    {
        var filled = new int[count];
        filled.AsSpan().Fill(-1);
        return filled;
    }
}

/// <summary>Neighbours differ, and no cycle has two colours. The edges of two colours are trees; a vertex that meets a tree twice would close a cycle.</summary>
internal static class AcyclicColouring
{
    internal static int[] Of(SymmetricGraph graph, int[]? order)
    {
        var (starts, ends) = (graph.Starts, graph.Ends);
        var colours = StarColouring.Filled(graph.Count);
        var forbidden = StarColouring.Filled(graph.Count + 1);
        var first = new (int Vertex, int Edge)[graph.Count + 1];
        first.AsSpan().Fill((-1, -1));
        var above = StarColouring.Filled(ends.Length);
        var visited = new (int Vertex, int Through)[ends.Length];
        visited.AsSpan().Fill((-1, -1));
        for (var place = 0; place < graph.Count; place++)
        {
            var v = order is null ? place : order[place];
            if (graph.IsHigh[v] || !graph.IsColoured[v]) continue;
            for (var edge = starts[v]; edge < starts[v + 1]; edge++)
                if (colours[ends[edge]] >= 0) forbidden[colours[ends[edge]]] = v;
            for (var edge = starts[v]; edge < starts[v + 1]; edge++)
            {
                var w = ends[edge];
                if (colours[w] < 0) continue;
                for (var further = starts[w]; further < starts[w + 1]; further++)
                {
                    var x = ends[further];
                    if (x == v || colours[x] < 0 || forbidden[colours[x]] == v) continue;
                    var tree = Root(Edge(further));
                    var (vertex, through) = visited[tree];
                    if (vertex != v) visited[tree] = (v, w);
                    else if (through != w) forbidden[colours[x]] = v;
                }
            }
            var colour = 0;
            while (forbidden[colour] == v) colour++;
            colours[v] = colour;
            for (var edge = starts[v]; edge < starts[v + 1]; edge++)
            {
                var w = ends[edge];
                if (colours[w] < 0) continue;
                var (vertex, other) = first[colours[w]];
                if (vertex == v) Unite(Edge(edge), Edge(other));
                else first[colours[w]] = (v, edge);
            }
            for (var edge = starts[v]; edge < starts[v + 1]; edge++)
            {
                var w = ends[edge];
                if (colours[w] < 0) continue;
                for (var further = starts[w]; further < starts[w + 1]; further++)
                    if (ends[further] != v && colours[ends[further]] == colour) Unite(Edge(edge), Edge(further));
            }
        }
        return graph.WithHigh(colours);

        // An edge by the first of its two places.
        int Edge(int place) => Math.Min(place, graph.Mirrors[place]);

        int Root(int edge)
        {
            while (above[edge] >= 0)
            {
                // Halving the way keeps it short.
                if (above[above[edge]] >= 0) above[edge] = above[above[edge]];
                edge = above[edge];
            }
            return edge;
        }

        void Unite(int edge, int other)
        {
            var (from, to) = (Root(edge), Root(other));
            if (from != to) above[from] = to;
        }
    }
}
