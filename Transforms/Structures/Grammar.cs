using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Functional.Structures;

/// <summary>Which types are structures, and of which kind. Reflection happens here and in the builders, once a type.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Kept)]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Kept)]
internal static class Grammar
{
    internal const string Kept = "The members of the types that a program uses as structures are kept by the program, as for a serializer; a missing constructor is an error that names the type.";

    private const DynamicallyAccessedMemberTypes Made = DynamicallyAccessedMemberTypes.PublicConstructors;

    private const DynamicallyAccessedMemberTypes Tuples = Made | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties;

    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    // Only what is asked for: each method of a collection kept is compiled for each of its element types, and most return collections of others.
    [DynamicDependency(Tuples, typeof(ValueTuple<>))]
    [DynamicDependency(Tuples, typeof(ValueTuple<,>))]
    [DynamicDependency(Tuples, typeof(ValueTuple<,,>))]
    [DynamicDependency(Tuples, typeof(ValueTuple<,,,>))]
    [DynamicDependency(Tuples, typeof(ValueTuple<,,,,>))]
    [DynamicDependency(Tuples, typeof(ValueTuple<,,,,,>))]
    [DynamicDependency(Tuples, typeof(ValueTuple<,,,,,,>))]
    [DynamicDependency(Tuples, typeof(ValueTuple<,,,,,,,>))]
    [DynamicDependency(Made, typeof(Seq<>))]
    [DynamicDependency(Made, typeof(Arr<>))]
    [DynamicDependency(Made, typeof(Lst<>))]
    [DynamicDependency(Made, typeof(Map<,>))]
    [DynamicDependency(Made, typeof(HashMap<,>))]
    [DynamicDependency(Made, typeof(List<>))]
    [DynamicDependency(Made, typeof(Dictionary<,>))]
    [DynamicDependency(Made, typeof(KeyValuePair<,>))]
    [DynamicDependency("Strict", typeof(Seq<>))]
    [DynamicDependency("Some", typeof(Option<>))]
    [DynamicDependency(nameof(Dictionary<,>.Comparer), typeof(Dictionary<,>))]
    internal static Node Read(Type type) => type switch
    {
        _ when typeof(Tensor).IsAssignableFrom(type) => type == typeof(Tensor) ? new Leaf() : Node.Of(typeof(Tensor)),
        _ when type == typeof(Key) => new Wrapped(),
        _ when IsScalar(type) => new Static(type),
        _ when Nullable.GetUnderlyingType(type) is { } inner => Matters(inner) ? Node.Of(inner) : new Static(type),
        { IsSZArray: true } when type.GetElementType() is var element => element!.IsPrimitive ? new Snapshot(type) : new Elements(type, element, array => array),
        { IsArray: true } when type.GetElementType()!.IsPrimitive => new Snapshot(type),
        _ when ListBuilder.Of(type) is { } list && (!list.IsImmutable || Matters(list.Element)) => new Elements(type, list.Element, list.Build),
        _ when MapBuilder.Of(type) is { } map && (!map.IsImmutable || Matters(map.Key) || Matters(map.Value)) => new Entries(type, map.Key, map.Value, map),
        _ when IsOption(type) && Matters(type.GetGenericArguments()[0]) => new Optional(type),
        _ when IsOpen(type) => new Open(type),
        _ when IsTrimmed(type) => new Unsupported(type, "has no members that reflection can see. Keep the assembly of your records whole when it is trimmed: <TrimmerRootAssembly Include=\"…\" />."),
        _ when !Matters(type) => new Static(type),
        _ when HasMembers(type) && MakingOf(type) is { } making => new Fields(type, making),
        _ when !HoldsTensor(type, []) => new Static(type),
        _ => new Unsupported(type, Reason(type)),
    };

    internal static bool IsTuple(Type type) => typeof(ITuple).IsAssignableFrom(type) && type.Namespace == "System";

    /// <summary>How a tuple, record or anonymous object is made again, if it can be.</summary>
    internal static Making? MakingOf(Type type)
    {
        var state = State(type);
        var readable = type.GetProperties(Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
            .Select(property => new Member(property.Name, property.PropertyType, property))
            .Concat(state)
            .DistinctBy(member => member.Name)
            .ToDictionary(member => member.Name);
        var constructors = type.GetConstructors(Instance).Where(constructor => !IsCopy(constructor, type)).ToArray();
        var usable = constructors
            .Where(constructor => constructor.GetParameters().All(parameter => Taken(parameter, readable) is not null))
            .OrderByDescending(constructor => constructor.IsPublic)
            .ThenByDescending(constructor => constructor.GetParameters().Length)
            .FirstOrDefault();
        if (usable is null && !type.IsValueType) return null;
        var taken = toSeq(usable?.GetParameters() ?? []).Map(parameter => Taken(parameter, readable)!).Strict();
        var rest = state.Where(member => !taken.Exists(other => other.Name == member.Name)).ToArray();
        var lost = rest.Any(member => !IsSettable(member) && HoldsTensor(member.Type, [])) && constructors.Length > 1;
        return lost ? null : new(usable, taken, toSeq(rest.Where(IsSettable)).Strict());
    }

    private static bool IsScalar(Type type) =>
        type.IsPrimitive || type.IsEnum || type.IsPointer || type == typeof(string) || type == typeof(decimal) || type.IsAssignableTo(typeof(Delegate));

    private static bool IsOption(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Option<>);

    private static bool IsOpen(Type type) => type == typeof(object) || type.IsInterface || type.IsAbstract;

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$", Instance) is not null
        || (type.IsValueType && type.GetMethod("PrintMembers", Instance, [typeof(System.Text.StringBuilder)]) is not null);

    private static bool IsAnonymous(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute), false) && type.Name.Contains("AnonymousType", StringComparison.Ordinal);

    private static bool HasMembers(Type type) => IsTuple(type) || IsRecord(type) || IsAnonymous(type);

    // Where code is trimmed, a type whose fields are gone must not pass for one that has no tensor.
    private static bool IsTrimmed(Type type) => !RuntimeFeature.IsDynamicCodeSupported && !IsForeign(type) && !Ancestry(type).SelectMany(Declared).Any();

    /// <summary>Whether the type must be taken apart: there is a tensor in it, or a number or array that its own equality does not tell apart.</summary>
    private static bool Matters(Type type) => Matters(type, []);

    private static bool Matters(Type type, System.Collections.Generic.HashSet<Type> above)
    {
        if (type == typeof(double) || type == typeof(float) || typeof(Tensor).IsAssignableFrom(type)) return true;
        if (IsScalar(type) || !above.Add(type)) return false;
        if (type.IsArray) return true;
        if (Nullable.GetUnderlyingType(type) is { } inner) return Matters(inner, above);
        if (ListBuilder.Of(type) is { } list) return !list.IsImmutable || Matters(list.Element, above);
        if (MapBuilder.Of(type) is { } map) return !map.IsImmutable || Matters(map.Key, above) || Matters(map.Value, above);
        if (IsOption(type)) return Matters(type.GetGenericArguments()[0], above);
        if (IsOpen(type)) return true;
        return HasMembers(type) ? State(type).Any(member => Matters(member.Type, above)) : HoldsTensor(type, []);
    }

    private static bool HoldsTensor(Type type, System.Collections.Generic.HashSet<Type> above)
    {
        if (typeof(Tensor).IsAssignableFrom(type)) return true;
        if (IsScalar(type) || !above.Add(type)) return false;
        if (type.IsArray) return HoldsTensor(type.GetElementType()!, above);
        if (IsForeign(type)) return type.GetGenericArguments().Any(argument => HoldsTensor(argument, above));
        return !IsOpen(type) && Ancestry(type).SelectMany(Declared).Any(field => HoldsTensor(field.FieldType, above));
    }

    private static bool IsForeign(Type type) =>
        type.Namespace is { } name
        && (name.StartsWith("System", StringComparison.Ordinal) || name.StartsWith("Microsoft", StringComparison.Ordinal) || name.StartsWith("LanguageExt", StringComparison.Ordinal));

    // What a record's own equality compares: its fields, the automatic properties' among them, ancestors first.
    private static Member[] State(Type type)
    {
        var fields = Ancestry(type).Reverse().SelectMany(Declared).ToArray();
        var state =
            from field in fields
            let name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name
            let property = field.Name.StartsWith('<') ? field.DeclaringType!.GetProperty(name, Instance | BindingFlags.DeclaredOnly) : null
            where property is not null || !field.Name.StartsWith('<')
            select property is null ? new Member(name, field.FieldType, field) : new Member(name, property.PropertyType, property);
        // An overriding property hides the one it overrides.
        return [.. state.Reverse().DistinctBy(member => member.Name).Reverse()];
    }

    private static IEnumerable<Type> Ancestry(Type? type)
    {
        for (; type is not null && type != typeof(object) && type != typeof(ValueType); type = type.BaseType) yield return type;
    }

    // In the order of the declaration, which tokens give; where there are none, in natively published code, the fields come in it.
    private static IEnumerable<FieldInfo> Declared(Type type) =>
        type.GetFields(Instance | BindingFlags.DeclaredOnly).OrderBy(field => field.HasMetadataToken() ? field.MetadataToken : 0);

    private static Member? Taken(ParameterInfo parameter, Dictionary<string, Member> readable) =>
        readable.GetValueOrDefault(parameter.Name ?? "", null!) is { } member && member.Type == parameter.ParameterType ? member
        : parameter.Member.DeclaringType is { } type && IsTuple(type) ? readable.GetValueOrDefault(parameter.Name == "rest" ? "Rest" : $"Item{parameter.Position + 1}")
        : null;

    private static bool IsCopy(ConstructorInfo constructor, Type type) =>
        !constructor.IsPublic && constructor.GetParameters() is [{ Name: "original" } original] && original.ParameterType == type;

    private static bool IsSettable(Member member) => member.Slot is PropertyInfo { CanWrite: true } or FieldInfo { IsInitOnly: false };

    private static string Reason(Type type) => type switch
    {
        { IsArray: true } => "holds tensors in an array of several axes. Use an array of rank 1, or a tensor.",
        _ when HasMembers(type) => $"cannot be rebuilt: no constructor takes all of its state. Give the record a constructor whose parameters have the names and types of its properties, or init properties.",
        { IsValueType: true } when !IsForeign(type) => "holds tensors but is a plain struct. Make it a record struct.",
        _ when !IsForeign(type) => "holds tensors but is a plain class. Make it a record.",
        _ => "holds tensors but is no structure. Use a tuple, a record, an array, a list, a dictionary, or one of LanguageExt's Seq, Arr, Lst, Map, HashMap, Option.",
    };
}
