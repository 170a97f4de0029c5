using System.Collections.Concurrent;
using Functional.Structures;

namespace Functional.Compilation;

/// <summary>A function with its compiled programs: for each layout and types of its argument, one for each path that the host took.</summary>
/// <param name="f">The function.</param>
/// <param name="transform">What it is called by.</param>
/// <param name="donated">How many leaves of the argument are given up to a call, from the first; none where nothing is said.</param>
internal sealed class Jitted<P, R>(Func<P, R> f, string transform = "Jit", Func<P, int>? donated = null)
{
    // Layouts and types for which programs are kept; past these the function is called as it is.
    private const int Most = 256;

    private readonly ConcurrentDictionary<Signature, Paths<P, R>> known = new();
    private Last? last;
    private int isTold;

    internal R At(P argument)
    {
        // A lone tensor has no structure to take apart.
        if (typeof(P) == typeof(Tensor) && argument is Dense dense && last is { } same && same.Signature.Fits(dense))
        {
            Tensor lone = dense;
            return same.Paths.At(f, argument, new(in lone));
        }
        var leaves = Structure.Borrowed(argument, out var layout);
        // Inside another trace the function becomes part of that program.
        foreach (var leaf in leaves)
            if (leaf is not Dense) return f(argument);
        var seen = last;
        var paths = seen is not null && seen.Signature.Fits(layout, leaves) ? seen.Paths : Find(layout, leaves);
        return paths is null ? f(argument) : paths.At(f, argument, leaves);
    }

    private Paths<P, R>? Find(Layout layout, Tensor[] leaves)
    {
        layout.RequireLeaves(transform);
        var signature = new Signature(layout, System.Array.ConvertAll(leaves, leaf => leaf.Type));
        if (!known.TryGetValue(signature, out var paths))
        {
            if (known.Count >= Most)
            {
                if (Interlocked.Exchange(ref isTold, 1) == 0)
                    Console.Error.WriteLine($"{transform}: {f.Method.Name} was called with more than {Most} layouts or types of its argument; further ones are not compiled. Pad to few shapes, or make what varies a tensor.");
                return null;
            }
            paths = known.GetOrAdd(signature, _ => new Paths<P, R>(layout, transform, donated ?? (_ => 0)));
        }
        last = new(signature, paths);
        return paths;
    }

    // One object, so that it is replaced as a whole.
    private sealed record Last(Signature Signature, Paths<P, R> Paths);

    private sealed class Signature(Layout layout, TensorType[] types) : IEquatable<Signature>
    {
        private readonly int hash = Hash(layout, types);

        internal bool Fits(Tensor lone) => types.Length == 1 && types[0] == lone.Type;

        internal bool Fits(Layout other, Tensor[] leaves)
        {
            if (leaves.Length != types.Length) return false;
            for (var i = 0; i < types.Length; i++)
                if (leaves[i].Type != types[i]) return false;
            return layout.Equals(other);
        }

        public bool Equals(Signature? other) => other is not null && other.Same(layout, types);

        public override bool Equals(object? obj) => Equals(obj as Signature);

        public override int GetHashCode() => hash;

        private bool Same(Layout otherLayout, TensorType[] otherTypes) => layout.Equals(otherLayout) && types.AsSpan().SequenceEqual(otherTypes);

        private static int Hash(Layout layout, TensorType[] types)
        {
            var code = new HashCode();
            code.Add(layout);
            foreach (var type in types) code.Add(type);
            return code.ToHashCode();
        }
    }
}
