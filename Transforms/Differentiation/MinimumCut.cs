using Functional.Programs;

namespace Functional.Differentiation;

/// <summary>
/// The values of fewest bytes from which others follow by cheap equations: a minimum vertex cut between what cannot be
/// computed again (arguments, results of dear equations) and what is needed. Max-flow by Dinic's algorithm (1970); among
/// minimum cuts the one nearest to what is needed, which computes least again.
/// </summary>
internal static class MinimumCut
{
    /// <summary>The cut, in the order of definition.</summary>
    /// <param name="program">The program.</param>
    /// <param name="needed">The values that must follow.</param>
    /// <param name="isCheap">Which equations may be run again.</param>
    internal static Seq<Variable> Of(Program program, Seq<Variable> needed, Func<Equation, bool> isCheap)
    {
        var definitions = Definitions.Of(program);
        var arguments = program.Arguments.Count;
        var places = new Dictionary<int, int>();
        var met = new List<Variable>();
        var pending = new Stack<Variable>(needed);
        while (pending.TryPop(out var variable))
        {
            // A capture is a constant of the program: it is there anyway.
            if (IsCapture(variable) || !places.TryAdd(variable.Id, met.Count)) continue;
            met.Add(variable);
            if (Again(variable) is { } equation)
                foreach (var input in equation.Inputs.OfType<Variable>()) pending.Push(input);
        }
        // Each value is an edge, from where it is made to where it is read. What is read of a needed value crosses no cut:
        // it is at hand, so chains of needed values fall apart into short ones.
        var atHand = needed.Map(variable => variable.Id).ToHashSet();
        var (source, sink) = (2 * met.Count, (2 * met.Count) + 1);
        var flow = new Flow(sink + 1);
        foreach (var variable in met)
        {
            var place = 2 * places[variable.Id];
            flow.Add(place, place + 1, Math.Max(1, variable.Type.Bytes));
            if (Again(variable) is { } equation)
                foreach (var input in equation.Inputs.OfType<Variable>().Where(input => !IsCapture(input) && !atHand.Contains(input.Id)))
                    flow.Add((2 * places[input.Id]) + 1, place, Flow.Unbounded);
            else
                flow.Add(source, place, Flow.Unbounded);
        }
        foreach (var variable in needed.Filter(variable => !IsCapture(variable))) flow.Add((2 * places[variable.Id]) + 1, sink, Flow.Unbounded);
        flow.Saturate(source, sink);
        var reaches = flow.Reaching(sink);
        return met.Where(variable => reaches[(2 * places[variable.Id]) + 1] && !reaches[2 * places[variable.Id]])
            .Concat(needed.Filter(IsCapture)).OrderBy(variable => variable.Id).Distinct().ToSeq().Strict();

        bool IsCapture(Variable variable) => variable.Id >= arguments && variable.Id < program.Inputs.Count;
        Equation? Again(Variable variable) => definitions[variable.Id].Case is Equation equation && isCheap(equation) ? equation : null;
    }

    /// <summary>A flow network in the making.</summary>
    private sealed class Flow(int nodes)
    {
        internal const long Unbounded = long.MaxValue / 4;

        private readonly List<int>[] edges = [.. Enumerable.Range(0, nodes).Select(_ => new List<int>())];
        private readonly List<int> heads = [];
        private readonly List<long> room = [];
        private int[] levels = [];

        // An edge and its reverse stand side by side.
        internal void Add(int from, int to, long capacity)
        {
            edges[from].Add(heads.Count);
            heads.Add(to);
            room.Add(capacity);
            edges[to].Add(heads.Count);
            heads.Add(from);
            room.Add(0);
        }

        internal void Saturate(int source, int sink)
        {
            while (Levels(source, sink))
            {
                var next = new int[edges.Length];
                while (Push(source, sink, next)) continue;
            }
        }

        /// <summary>The nodes from which there is room on to the sink.</summary>
        internal bool[] Reaching(int sink)
        {
            var reaches = new bool[edges.Length];
            var pending = new Stack<int>([sink]);
            reaches[sink] = true;
            while (pending.TryPop(out var node))
                foreach (var edge in edges[node])
                    if (room[edge ^ 1] > 0 && !reaches[heads[edge]])
                    {
                        reaches[heads[edge]] = true;
                        pending.Push(heads[edge]);
                    }
            return reaches;
        }

        private bool Levels(int source, int sink)
        {
            levels = new int[edges.Length];
            System.Array.Fill(levels, -1);
            levels[source] = 0;
            var pending = new Queue<int>([source]);
            while (pending.TryDequeue(out var node))
                foreach (var edge in edges[node])
                    if (room[edge] > 0 && levels[heads[edge]] < 0)
                    {
                        levels[heads[edge]] = levels[node] + 1;
                        pending.Enqueue(heads[edge]);
                    }
            return levels[sink] >= 0;
        }

        // One augmenting path, by a stack of edges of its own: programs may be long chains.
        private bool Push(int source, int sink, int[] next)
        {
            var path = new Stack<int>();
            var node = source;
            while (node != sink)
            {
                var advanced = false;
                for (; next[node] < edges[node].Count; next[node]++)
                {
                    var edge = edges[node][next[node]];
                    if (room[edge] == 0 || levels[heads[edge]] != levels[node] + 1) continue;
                    path.Push(edge);
                    node = heads[edge];
                    advanced = true;
                    break;
                }
                if (advanced) continue;
                if (path.Count == 0) return false;
                node = heads[path.Pop() ^ 1];
                next[node]++;
            }
            var least = path.Min(edge => room[edge]);
            foreach (var edge in path)
            {
                room[edge] -= least;
                room[edge ^ 1] += least;
            }
            return true;
        }
    }
}
