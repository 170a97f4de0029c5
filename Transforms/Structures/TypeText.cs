namespace Functional.Structures;

/// <summary>Types as C# spells them, for messages.</summary>
internal static class TypeText
{
    internal static string Text(this Type type) =>
        type.IsArray ? $"{type.GetElementType()!.Text()}[{new string(',', type.GetArrayRank() - 1)}]"
        : Nullable.GetUnderlyingType(type) is { } inner ? inner.Text() + "?"
        : Grammar.IsTuple(type) && type.IsValueType && type.GetGenericArguments().Length > 1 ? $"({string.Join(", ", TupleItems(type).Select(Text))})"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Text))}>"
        : type == typeof(object) ? "object"
        : type == typeof(string) ? "string"
        : type == typeof(int) ? "int"
        : type == typeof(long) ? "long"
        : type == typeof(double) ? "double"
        : type == typeof(float) ? "float"
        : type == typeof(bool) ? "bool"
        : type.Name;

    private static IEnumerable<Type> TupleItems(Type tuple) =>
        tuple.GetGenericArguments() is [.. var items, var rest] && items.Length == 7
            ? items.Concat(TupleItems(rest))
            : tuple.GetGenericArguments();
}
