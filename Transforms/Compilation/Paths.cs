using System.Runtime.CompilerServices;
using Functional.Programs;
using Functional.Structures;

namespace Functional.Compilation;

/// <summary>
/// The compiled programs of one function at one type, a leaf of a tree of decisions each: a node asks for the value of a
/// predicate, which is a program of the arguments that holds where the decisions above it were made as they were.
/// </summary>
internal sealed class Paths<P, R>(Layout argument, string transform, Func<P, int> donated)
{
    // Beyond so many paths a function decides on more than a few flags, and compiling each would cost more than it saves.
    private const int Most = 32;

    // Each decision is a program of its own, which does the work before it again: n of them cost n² of it at every call.
    private const int Deepest = 256;

    private readonly Lock gate = new();
    private volatile Node? root;
    private volatile bool isFull;
    private int count;

    /// <summary>The function's value; the leaves are those of its argument, and of the types of these paths.</summary>
    internal R At(Func<P, R> f, P at, ReadOnlySpan<Tensor> leaves)
    {
        var found = Find(leaves) ?? (isFull ? null : Traced(f, leaves, donated(at)));
        return found is null ? f(at) : Result(found, leaves);
    }

    // The structures that most functions return are put together without a look at their layout, nor an array of their leaves.
    private static R Result(Compiled found, ReadOnlySpan<Tensor> leaves)
    {
        var executable = found.Executable;
        if (typeof(R) == typeof(Tensor) && executable.Results == 1)
        {
            Tensor one = null!;
            if (executable.Promises) executable.Promise(new Span<Tensor>(ref one));
            executable.Run(leaves, new Span<Tensor>(ref one));
            return (R)(object)one;
        }
        if (typeof(R) == typeof((Tensor, Tensor)) && executable.Results == 2)
        {
            var two = default(Two);
            if (executable.Promises) executable.Promise(two);
            executable.Run(leaves, two);
            var pair = (two[0], two[1]);
            return Unsafe.As<(Tensor, Tensor), R>(ref pair);
        }
        var results = new Tensor[executable.Results];
        if (!executable.Promises)
        {
            executable.Run(leaves, results);
            if (typeof(R) != typeof((Tensor, Tensor[])) || found.Result.Deviations.Length > 0) return Structure.Unflatten<R>(found.Result, results);
            var several = (results[0], results[1..]);
            return Unsafe.As<(Tensor, Tensor[]), R>(ref several);
        }
        executable.Promise(results);
        var structure = Structure.Unflatten<R>(found.Result, results);
        executable.Run(leaves, results);
        return structure;
    }

    /// <summary>A program at the end of a path.</summary>
    internal Compiled? Find(ReadOnlySpan<Tensor> leaves)
    {
        var node = root;
        while (node is Decision decision) node = decision.Branches.Find(new Literal(decision.Predicate.Run(leaves)[0])).Case as Node;
        return node as Compiled;
    }

    // A function whose program closes over tensors of an outer trace belongs to that trace, and is not kept.
    private Compiled? Traced(Func<P, R> f, ReadOnlySpan<Tensor> leaves, int given)
    {
        Layout? result = null;
        var program = Trace.At(transform, leaves.ToArray().ToSeq(), Lifted.Body(f, argument, found => result = found), kept: true);
        if (program.Captures.Exists(capture => capture is not Dense)) return null;
        if (program.Assumptions.Count > Deepest)
        {
            lock (gate) Stop($"{f.Method.Name} decides on its arguments {program.Assumptions.Count} times in one call, more than {Deepest}");
            return null;
        }
        var compiled = new Compiled((program with { Assumptions = Seq<Assumption>() }).WithoutDeadCode().Donating(given), result!);
        lock (gate)
        {
            if (count >= Most)
            {
                Stop($"{f.Method.Name} decides on its arguments in more than {Most} ways");
                return compiled;
            }
            count++;
            root = Grown(root, program, 0, compiled);
            return compiled;
        }
    }

    private void Stop(string why)
    {
        if (!isFull)
            Console.Error.WriteLine($"{transform}: {why}; further ones are not compiled. Use Where, Cond or While for what depends on values.");
        isFull = true;
    }

    private static Node Grown(Node? node, Program program, int place, Compiled leaf)
    {
        if (place == program.Assumptions.Count) return leaf;
        var (predicate, expected) = program.Assumptions[place];
        var asked = (program with { Outputs = Seq1(predicate), Assumptions = Seq<Assumption>() }).WithoutDeadCode().Compile();
        // Where a function asks otherwise than before, it decides by more than its arguments; what it did last is kept.
        var branches = node is Decision decision && decision.Predicate == asked ? decision.Branches : HashMap<Literal, Node>();
        var branch = branches.Find(expected).Case as Node;
        return new Decision(asked, branches.AddOrUpdate(expected, Grown(branch, program, place + 1, leaf)));
    }

    [InlineArray(2)]
    private struct Two
    {
        private Tensor first;
    }

    internal abstract record Node;

    internal sealed record Decision(Executable Predicate, HashMap<Literal, Node> Branches) : Node;

    internal sealed record Compiled(Executable Executable, Layout Result) : Node;
}
