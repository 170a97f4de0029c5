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
        var sink = 2 * met.Count;
        var flow = new Flow(sink + 1);
        var sources = new List<int>();
        foreach (var variable in met)
        {
            var place = 2 * places[variable.Id];
            flow.Add(place, place + 1, Math.Max(1, variable.Type.Bytes));
            if (Again(variable) is not { } equation) sources.Add(place);
            else foreach (var input in equation.Inputs.OfType<Variable>().Where(input => !IsCapture(input) && !atHand.Contains(input.Id)))
                flow.Add((2 * places[input.Id]) + 1, place, Flow.Unbounded);
        }
        foreach (var variable in needed.Filter(variable => !IsCapture(variable))) flow.Add((2 * places[variable.Id]) + 1, sink, Flow.Unbounded);
        foreach (var source in sources) flow.Saturate(source, sink);
        var reaches = flow.Reaching(sink);
        return met.Where(variable => reaches[(2 * places[variable.Id]) + 1] && !reaches[2 * places[variable.Id]])
            .Concat(needed.Filter(IsCapture)).OrderBy(variable => variable.Id).Distinct().ToSeq().Strict();

        bool IsCapture(Variable variable) => variable.Id >= arguments && variable.Id < program.Inputs.Count;
        Equation? Again(Variable variable) => definitions[variable.Id].Case is Equation equation && isCheap(equation) ? equation : null;
    }

    /// <summary>A flow network in the making.</summary>
    private sealed class Flow
    {
        internal const long Unbounded = long.MaxValue / 4;

        private const int Unmet = -1;
        private const int Closed = -2;

        // The edges that leave a node are a chain: its last one, and before each the one before.
        private readonly int[] last;
        private readonly int[] next;
        private readonly int[] levels;
        private readonly List<int> before = [];
        private readonly List<int> heads = [];
        private readonly List<long> room = [];
        private readonly List<int> reached = [];

        internal Flow(int nodes)
        {
            (last, next, levels) = (new int[nodes], new int[nodes], new int[nodes]);
            System.Array.Fill(last, -1);
            System.Array.Fill(levels, Unmet);
        }

        // An edge and its reverse stand side by side.
        internal void Add(int from, int to, long capacity)
        {
            Leave(from, to, capacity);
            Leave(to, from, 0);
        }

        // No room leads on from what the last search of a source reached, and no push from another source, which cannot
        // pass there, makes any. So sources go one by one, and what is closed stays closed.
        internal void Saturate(int source, int sink)
        {
            if (levels[source] == Closed) return;
            while (Levels(source, sink))
                while (Push(source, sink)) continue;
            foreach (var node in reached) levels[node] = Closed;
            reached.Clear();
        }

        /// <summary>The nodes from which there is room on to the sink.</summary>
        internal bool[] Reaching(int sink)
        {
            var reaches = new bool[levels.Length];
            var pending = new Stack<int>([sink]);
            reaches[sink] = true;
            while (pending.TryPop(out var node))
                for (var edge = last[node]; edge >= 0; edge = before[edge])
                    if (room[edge ^ 1] > 0 && !reaches[heads[edge]])
                    {
                        reaches[heads[edge]] = true;
                        pending.Push(heads[edge]);
                    }
            return reaches;
        }

        private void Leave(int from, int to, long capacity)
        {
            before.Add(last[from]);
            last[from] = heads.Count;
            heads.Add(to);
            room.Add(capacity);
        }

        // Distances from the source, as far as the sink.
        private bool Levels(int source, int sink)
        {
            foreach (var node in reached) levels[node] = Unmet;
            reached.Clear();
            Reach(source, 0);
            for (var i = 0; i < reached.Count; i++)
            {
                var node = reached[i];
                if (node == sink) return true;
                for (var edge = last[node]; edge >= 0; edge = before[edge])
                    if (room[edge] > 0 && levels[heads[edge]] == Unmet) Reach(heads[edge], levels[node] + 1);
            }
            return false;
        }

        private void Reach(int node, int level)
        {
            levels[node] = level;
            next[node] = last[node];
            reached.Add(node);
        }

        // One augmenting path, by a stack of edges of its own: programs may be long chains.
        private bool Push(int source, int sink)
        {
            var path = new Stack<int>();
            var node = source;
            while (node != sink)
            {
                var edge = next[node];
                while (edge >= 0 && (room[edge] == 0 || levels[heads[edge]] != levels[node] + 1)) edge = before[edge];
                next[node] = edge;
                if (edge >= 0)
                {
                    path.Push(edge);
                    node = heads[edge];
                }
                else if (path.TryPop(out var back))
                {
                    node = heads[back ^ 1];
                    next[node] = before[back];
                }
                else return false;
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
