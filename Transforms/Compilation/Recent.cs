namespace Functional.Compilation;

/// <summary>
/// What was made last for each key, so that a process that makes things for ever does not grow for ever: those before are let go
/// of, and made again when asked for. Any number of threads may ask at one time; they get one value for a key.
/// </summary>
/// <param name="most">How many are kept.</param>
internal sealed class Recent<TKey, TValue>(int most) where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, TValue> known = [];
    private readonly Queue<TKey> order = new();

    /// <summary>The value of a key. It is made outside the lock, so that one that takes long holds up no other.</summary>
    internal TValue Of(TKey key, Func<TValue> make)
    {
        lock (gate)
        {
            if (known.TryGetValue(key, out var value)) return value;
        }
        var made = make();
        lock (gate)
        {
            if (known.TryGetValue(key, out var value)) return value;
            known.Add(key, made);
            order.Enqueue(key);
            if (order.Count > most) known.Remove(order.Dequeue());
            return made;
        }
    }
}
