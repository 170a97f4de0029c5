using System.Collections.Concurrent;

namespace Functional.Structures;

/// <summary>How values of one type are taken apart, put together, and described. One node a type, made once.</summary>
internal abstract class Node(Type type)
{
    private static readonly ConcurrentDictionary<Type, Node> Known = new();

    internal Type Type => type;

    /// <summary>Whether the value may be absent or of a derived type, which the layout then remembers.</summary>
    internal virtual bool HasPlace => true;

    internal static Node Of(Type type) => Known.GetOrAdd(type, Grammar.Read);

    /// <summary>Writes a value of this very type.</summary>
    internal abstract void Write(object value, Writer writer);

    /// <summary>Reads a value of this very type.</summary>
    internal abstract object? Read(Reader reader);

    /// <summary>Says what a layout holds for a value of this very type.</summary>
    internal abstract void Describe(Description description, string path);

    /// <summary>Writes a value declared to be of this type: it may be null, or of a derived type.</summary>
    internal virtual void WriteAny(object? value, Writer writer)
    {
        if (value is null)
        {
            writer.Enter(null);
            return;
        }
        var actual = value.GetType() == type ? this : Actual(value);
        if (actual == this) writer.Enter();
        else writer.Enter(actual);
        actual.Write(value, writer);
    }

    /// <summary>Reads a value declared to be of this type.</summary>
    internal virtual object? ReadAny(Reader reader) => reader.Enter(this)?.Read(reader);

    /// <summary>The node for a value that is of another type than declared.</summary>
    protected virtual Node Actual(object value) => value is Tensor ? Of(typeof(Tensor)) : Of(value.GetType());
}

/// <summary>A tensor.</summary>
internal sealed class Leaf() : Node(typeof(Tensor))
{
    internal override void WriteAny(object? value, Writer writer) => writer.Leaf((Tensor?)value);

    internal override object? ReadAny(Reader reader) => reader.Leaf();

    internal override void Write(object value, Writer writer) => writer.Leaf((Tensor)value);

    internal override object? Read(Reader reader) => reader.Leaf();

    internal override void Describe(Description description, string path) => description.Visit(this, path);
}

/// <summary>A key of random numbers: its bits are a leaf. The key made again is a new one, good for a use of its own.</summary>
internal sealed class Wrapped() : Node(typeof(Key))
{
    internal override void Write(object value, Writer writer) => writer.Leaf(((Key)value).Words);

    internal override object? Read(Reader reader) => new Key(reader.Leaf()!);

    internal override void Describe(Description description, string path) => description.Visit(Of(typeof(Tensor)), path);
}

/// <summary>A value with no tensor in it, kept whole. One that nothing derives from has no place: its mark says all, null too.</summary>
internal sealed class Static(Type type) : Node(type)
{
    internal override bool HasPlace { get; } = type is { IsValueType: false, IsSealed: false };

    internal override void WriteAny(object? value, Writer writer)
    {
        if (HasPlace) base.WriteAny(value, writer);
        else writer.Mark(value);
    }

    internal override object? ReadAny(Reader reader) => HasPlace ? base.ReadAny(reader) : reader.Mark();

    internal override void Write(object value, Writer writer) => writer.Mark(value);

    internal override object? Read(Reader reader) => reader.Mark();

    internal override void Describe(Description description, string path) => description.Say(path, $"the value {description.Reader.Mark() ?? "null"}");
}

/// <summary>An array of numbers of any rank: static, but its owner may write to it, so the layout keeps a copy.</summary>
internal sealed class Snapshot(Type type) : Node(type)
{
    internal override void Write(object value, Writer writer) => writer.Mark(((Array)value).Clone());

    internal override object? Read(Reader reader) => ((Array)reader.Mark()!).Clone();

    internal override void Describe(Description description, string path) =>
        description.Say(path, $"the values [{string.Join(", ", ((Array)description.Reader.Mark()!).Cast<object>())}]");
}

/// <summary>An interface, an abstract type, or object: the value's own type says what it is.</summary>
internal sealed class Open(Type type) : Node(type)
{
    internal override void Write(object value, Writer writer) => writer.Mark(value);

    internal override object? Read(Reader reader) => reader.Mark();

    internal override void Describe(Description description, string path) => description.Say(path, $"the value {description.Reader.Mark()}");
}

/// <summary>A type with tensors in it that cannot be put together again.</summary>
internal sealed class Unsupported(Type type, string reason) : Node(type)
{
    private StructureException Error => new($"Structure: {Type.Text()} {reason}");

    internal override void Write(object value, Writer writer) => throw Error;

    internal override object? Read(Reader reader) => throw Error;

    internal override void Describe(Description description, string path) => throw Error;
}

/// <summary>Some structure, or None, which the inner place remembers as absent.</summary>
internal sealed class Optional(Type type) : Node(type)
{
    private readonly Func<object, object> some = Builders.Some(type);

    internal Node Inner { get; } = Of(type.GetGenericArguments()[0]);

    internal override void Write(object value, Writer writer) => Inner.WriteAny(Content((IOptional)value), writer);

    internal override object? Read(Reader reader) => Inner.ReadAny(reader) is { } content ? some(content) : Builders.Default(Type);

    internal override void Describe(Description description, string path) => description.Visit(Inner, path);

    private static object? Content(IOptional option) => option.IsSome ? option.MatchUntyped(content => content, () => option) : null;
}
