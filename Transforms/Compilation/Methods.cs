using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Intrinsics;

namespace Functional.Compilation;

/// <summary>The methods that emitted code calls, found by name, number of parameters and type arguments.</summary>
[RequiresDynamicCode("Emitted code calls generic methods over types that are known when it is emitted.")]
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Where code is trimmed, dynamic code is not supported either, and the evaluator runs.")]
[UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "Where code is trimmed, dynamic code is not supported either, and the evaluator runs.")]
[UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "Where code is trimmed, dynamic code is not supported either, and the evaluator runs.")]
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Where code is trimmed, dynamic code is not supported either, and the evaluator runs.")]
internal static class Methods
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly ConcurrentDictionary<(Type Holder, string Name, Type First, int Parameters, Type? Argument, Type? Second), MethodInfo> Found = new();

    /// <summary>A static method that takes a first parameter of a type (or of its generic definition), made with type arguments.</summary>
    internal static MethodInfo Of(Type holder, string name, int parameters, Type first, Type? argument = null, Type? second = null) =>
        Found.GetOrAdd((holder, name, first, parameters, argument, second), key => Find(holder, name, parameters, first, argument, second));

    /// <summary>An operator of two equal registers.</summary>
    internal static MethodInfo Operator(Type register, string name, int parameters) =>
        Found.GetOrAdd((register, name, register, parameters, null, null), key => register.GetMethods(All)
            .Single(method => method.Name == name && method.GetParameters() is var given && given.Length == parameters && System.Array.TrueForAll(given, one => one.ParameterType == register)));

    /// <summary>The static classes for registers of so many bits: the runtime's and ours.</summary>
    internal static (Type Static, Type Ours) Registers(int bits) => bits switch
    {
        512 => (typeof(Vector512), typeof(Registers512)),
        256 => (typeof(Vector256), typeof(Registers256)),
        _ => (typeof(Vector128), typeof(Registers128)),
    };

    /// <summary>The type of registers of so many bits.</summary>
    internal static Type Register(int bits, Type element) => bits switch
    {
        512 => typeof(Vector512<>).MakeGenericType(element),
        256 => typeof(Vector256<>).MakeGenericType(element),
        _ => typeof(Vector128<>).MakeGenericType(element),
    };

    private static MethodInfo Find(Type holder, string name, int parameters, Type first, Type? argument, Type? second)
    {
        Type[] arguments = (argument, second) switch
        {
            (null, _) => [],
            (_, null) => [argument],
            _ => [argument, second],
        };
        foreach (var method in holder.GetMethods(All))
        {
            if (method.Name != name || method.GetParameters().Length != parameters || method.IsGenericMethodDefinition != (arguments.Length > 0)) continue;
            if (arguments.Length > 0 && method.GetGenericArguments().Length != arguments.Length) continue;
            var made = arguments.Length > 0 ? method.MakeGenericMethod(arguments) : method;
            if (Taken(made.GetParameters()[0].ParameterType) == first) return made;
        }
        throw new InvalidOperationException($"no {holder.Name}.{name} of {parameters} parameters from {first}");
    }

    private static Type Taken(Type parameter) => parameter.IsByRef ? parameter.GetElementType()! : parameter;
}
