using System.Collections;
using System.Runtime.CompilerServices;

namespace Functional.Structures;

/// <summary>An array or list: its length, then its elements.</summary>
internal sealed class Elements(Type type, Type element, Func<Array, object> build) : Node(type)
{
    private static readonly object[] Short = [.. Enumerable.Range(0, 64).Select(length => (object)length)];

    private readonly Type array = Builders.ArrayOf(element);

    internal Node Element { get; } = Of(element);

    internal override void Write(object value, Writer writer)
    {
        if (Element is Leaf && value is Tensor?[] leaves)
        {
            writer.Mark(Count(leaves.Length));
            foreach (var leaf in leaves) writer.Leaf(leaf);
            return;
        }
        var elements = value as ICollection ?? ((IEnumerable)value).Cast<object?>().ToArray();
        writer.Mark(elements.Count);
        foreach (var item in elements) Element.WriteAny(item, writer);
    }

    internal override object? Read(Reader reader)
    {
        var elements = System.Array.CreateInstanceFromArrayType(array, (int)reader.Mark()!);
        if (elements is Tensor?[] leaves && Element is Leaf)
            for (var i = 0; i < leaves.Length; i++) Values.Put(leaves, i, reader.Leaf());
        else
            for (var i = 0; i < elements.Length; i++) elements.SetValue(Element.ReadAny(reader), i);
        return build(elements);
    }

    internal override void Describe(Description description, string path)
    {
        var length = (int)description.Reader.Mark()!;
        description.Say(path, Text(length));
        for (var i = 0; i < length; i++) description.Visit(Element, $"{path}[{i}]");
    }

    // Lengths of short lists are boxed once.
    private static object Count(int length) => (uint)length < (uint)Short.Length ? Short[length] : length;

    internal static string Text(int count) => count == 1 ? "of 1 element" : $"of {count} elements";

    // Behind an interface stands an array, or a list that no plan can rebuild, such as the compiler's own, which comes back as an array.
    protected override Node Actual(object value) => Of(value.GetType()) is Elements { Type.IsArray: false } known ? known : this;
}

/// <summary>A map: how many entries, their keys in order, and then its values in the order of the keys.</summary>
internal sealed class Entries(Type type, Type key, Type value, MapBuilder build) : Node(type)
{
    internal Type Key => key;

    internal Node Value { get; } = Of(value);

    internal override void Write(object map, Writer writer)
    {
        var entries = build.Split(map).ToArray();
        if (build.Sorts) Keys.Sort(entries);
        writer.Mark(build.Comparer(map));
        writer.Mark(entries.Length);
        foreach (var (name, _) in entries) writer.Mark(name);
        foreach (var (_, item) in entries) Value.WriteAny(item, writer);
    }

    internal override object? Read(Reader reader)
    {
        var comparer = reader.Mark();
        var keys = KeysOf(reader);
        var pairs = System.Array.CreateInstanceFromArrayType(build.Pairs, keys.Length);
        for (var i = 0; i < keys.Length; i++) pairs.SetValue(build.Join(keys[i]!, Value.ReadAny(reader)), i);
        return build.FromPairs(pairs, comparer);
    }

    internal override void Describe(Description description, string path)
    {
        if (description.Reader.Mark() is { } comparer) description.Say(path, $"compared by {comparer}");
        var keys = KeysOf(description.Reader);
        description.Say(path, $"with the keys [{string.Join(", ", keys)}]");
        foreach (var name in keys) description.Visit(Value, name is string text ? $"{path}[\"{text}\"]" : $"{path}[{name}]");
    }

    protected override Node Actual(object value) => Of(value.GetType()) is Entries known ? known : this;

    private static object?[] KeysOf(Reader reader)
    {
        var keys = new object?[(int)reader.Mark()!];
        for (var i = 0; i < keys.Length; i++) keys[i] = reader.Mark();
        return keys;
    }
}

/// <summary>The order of keys.</summary>
internal static class Keys
{
    /// <summary>Sorts by key where keys can be compared, strings by code point; else leaves the order as it is.</summary>
    internal static void Sort((object Key, object? Value)[] entries)
    {
        if (entries.All(entry => entry.Key is string)) System.Array.Sort(entries, (a, b) => string.CompareOrdinal((string)a.Key, (string)b.Key));
        else if (entries.All(entry => entry.Key is IComparable and not ITuple || (entry.Key is ITuple tuple && Comparable(tuple))))
            System.Array.Sort(entries, (a, b) => ((IComparable)a.Key).CompareTo(b.Key));
    }

    private static bool Comparable(ITuple tuple) =>
        tuple is IComparable && Enumerable.Range(0, tuple.Length).All(i => tuple[i] is null or (IComparable and not ITuple) || (tuple[i] is ITuple inner && Comparable(inner)));
}
