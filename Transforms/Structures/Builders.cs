using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Functional.Structures;

/// <summary>Making values of types known only at run time. Where the runtime makes no code, the expressions are interpreted.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Grammar.Kept)]
[UnconditionalSuppressMessage("Trimming", "IL2055", Justification = Grammar.Kept)]
[UnconditionalSuppressMessage("Trimming", "IL2060", Justification = Grammar.Kept)]
[UnconditionalSuppressMessage("AOT", "IL3050", Justification = Exists)]
internal static class Builders
{
    internal const string Exists = "Arrays, pairs and factories of a type are asked for only where a collection of that type is in hand, whose code holds them.";

    internal static Type ArrayOf(Type element) => element.MakeArrayType();

    internal static Type SequenceOf(Type element) => typeof(IEnumerable<>).MakeGenericType(element);

    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = Grammar.Kept)]
    internal static object Default(Type type) => RuntimeHelpers.GetUninitializedObject(type);

    /// <summary>content ↦ Some(content), for a type Option&lt;T&gt;.</summary>
    internal static Func<object, object> Some(Type option)
    {
        var content = Expression.Parameter(typeof(object));
        var some = Expression.Call(option.GetMethod("Some", [option.GetGenericArguments()[0]])!, Expression.Convert(content, option.GetGenericArguments()[0]));
        return Expression.Lambda<Func<object, object>>(Expression.Convert(some, typeof(object)), content).Compile();
    }

    /// <summary>array ↦ new C(array), for a constructor C(IEnumerable&lt;T&gt;).</summary>
    internal static Func<Array, object> FromSequence(Type collection, Type element)
    {
        var array = Expression.Parameter(typeof(Array));
        Expression made = Expression.New(collection.GetConstructor([SequenceOf(element)])!, Expression.Convert(array, SequenceOf(element)));
        if (collection.GetMethod("Strict", []) is { } strict) made = Expression.Call(made, strict);
        return Expression.Lambda<Func<Array, object>>(Expression.Convert(made, typeof(object)), array).Compile();
    }

    /// <summary>array ↦ Factory.CreateRange(array), for the immutable collections of .NET.</summary>
    internal static Func<Array, object> FromFactory([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type factory, Type element)
    {
        var create = factory.GetMethods()
            .Single(method => method is { Name: "CreateRange" } && method.GetGenericArguments().Length == 1 && method.GetParameters() is [{ ParameterType: var sequence }] && sequence.Name == typeof(IEnumerable<>).Name)
            .MakeGenericMethod(element);
        var array = Expression.Parameter(typeof(Array));
        var made = Expression.Call(create, Expression.Convert(array, SequenceOf(element)));
        return Expression.Lambda<Func<Array, object>>(Expression.Convert(made, typeof(object)), array).Compile();
    }

    /// <summary>(key, value) ↦ the pair, for a pair type with such a constructor.</summary>
    internal static Func<object, object?, object> Pair(Type pair)
    {
        var (key, value) = (Expression.Parameter(typeof(object)), Expression.Parameter(typeof(object)));
        var types = pair.GetGenericArguments();
        var made = Expression.New(pair.GetConstructor(types)!, Expression.Convert(key, types[0]), Expression.Convert(value, types[1]));
        return Expression.Lambda<Func<object, object?, object>>(Expression.Convert(made, typeof(object)), key, value).Compile();
    }

    internal static Type PairOf(Type definition, Type key, Type value) => definition.MakeGenericType(key, value);
}

/// <summary>The lists that are structures.</summary>
internal sealed record ListBuilder(Type Element, bool IsImmutable, Func<Array, object> Build)
{
    internal static ListBuilder? Of(Type type)
    {
        if (!type.IsGenericType || type.GetGenericArguments() is not [var element]) return null;
        var definition = type.GetGenericTypeDefinition();
        return definition switch
        {
            _ when definition == typeof(Seq<>) || definition == typeof(Arr<>) || definition == typeof(Lst<>) =>
                new(element, true, Builders.FromSequence(type, element)),
            _ when definition == typeof(List<>) => new(element, false, Builders.FromSequence(type, element)),
            _ when definition == typeof(ImmutableArray<>) => new(element, true, Builders.FromFactory(typeof(ImmutableArray), element)),
            _ when definition == typeof(ImmutableList<>) => new(element, true, Builders.FromFactory(typeof(ImmutableList), element)),
            _ when definition == typeof(IReadOnlyList<>) || definition == typeof(IReadOnlyCollection<>) || definition == typeof(IList<>) || definition == typeof(ICollection<>) =>
                new(element, false, array => array),
            _ => null,
        };
    }
}

/// <summary>The maps that are structures.</summary>
internal sealed record MapBuilder(
    Type Key,
    Type Value,
    bool IsImmutable,
    bool Sorts,
    Type Pairs,
    Func<object, IEnumerable<(object Key, object? Value)>> Split,
    Func<object, object?> Comparer,
    Func<object, object?, object> Join,
    Func<Array, object?, object> FromPairs)
{
    internal static MapBuilder? Of(Type type)
    {
        if (!type.IsGenericType || type.GetGenericArguments() is not [var key, var value]) return null;
        var definition = type.GetGenericTypeDefinition();
        return definition switch
        {
            _ when definition == typeof(Map<,>) => OfTuples(type, key, value, sorts: false),
            _ when definition == typeof(HashMap<,>) => OfTuples(type, key, value, sorts: true),
            _ when definition == typeof(Dictionary<,>) => OfPairs(type, key, value, sorts: true),
            _ when definition == typeof(ImmutableDictionary<,>) => OfPairs(type, key, value, sorts: true),
            _ when definition == typeof(ImmutableSortedDictionary<,>) => OfPairs(type, key, value, sorts: false),
            _ => null,
        };
    }

    private static MapBuilder OfTuples(Type type, Type key, Type value, bool sorts)
    {
        var pair = Builders.PairOf(typeof(ValueTuple<,>), key, value);
        var build = Builders.FromSequence(type, pair);
        return new(
            key,
            value,
            IsImmutable: true,
            sorts,
            Builders.ArrayOf(pair),
            map => ((IEnumerable)map).Cast<ITuple>().Select(entry => (entry[0]!, entry[1])),
            _ => null,
            Builders.Pair(pair),
            (pairs, _) => build(pairs));
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Grammar.Kept)]
    private static MapBuilder OfPairs(Type type, Type key, Type value, bool sorts)
    {
        var pair = Builders.PairOf(typeof(KeyValuePair<,>), key, value);
        var comparer = type.GetProperty("Comparer") ?? type.GetProperty("KeyComparer")!;
        return new(
            key,
            value,
            type.Namespace == typeof(ImmutableDictionary).Namespace,
            sorts,
            Builders.ArrayOf(pair),
            map => ((IDictionary)map).Keys.Cast<object>().Zip(((IDictionary)map).Values.Cast<object?>()),
            comparer.GetValue,
            Builders.Pair(pair),
            Compared(type, pair, comparer));
    }

    // (pairs, comparer) ↦ the dictionary: its constructor, or for an immutable one the empty dictionary with that comparer, and all pairs.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Grammar.Kept)]
    private static Func<Array, object?, object> Compared(Type type, Type pair, PropertyInfo comparer)
    {
        var (pairs, by) = (Expression.Parameter(typeof(Array)), Expression.Parameter(typeof(object)));
        var (sequence, typed) = (Expression.Convert(pairs, Builders.SequenceOf(pair)), Expression.Convert(by, comparer.PropertyType));
        Expression made = type.GetConstructor([Builders.SequenceOf(pair), comparer.PropertyType]) is { } constructor
            ? Expression.New(constructor, sequence, typed)
            : Expression.Call(
                Expression.Call(Expression.Field(null, type.GetField("Empty")!), type.GetMethod("WithComparers", [comparer.PropertyType])!, typed),
                type.GetMethod("AddRange", [Builders.SequenceOf(pair)])!,
                sequence);
        return Expression.Lambda<Func<Array, object?, object>>(Expression.Convert(made, typeof(object)), pairs, by).Compile();
    }
}
