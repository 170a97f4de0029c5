using Functional.Programs;

namespace Functional.Structures;

/// <summary>A structured function at one argument, as a program over leaves.</summary>
/// <param name="Program">From the argument's leaves to the result's.</param>
/// <param name="Arguments">The argument's leaves: values, or tracers of an outer trace.</param>
/// <param name="Argument">The layout of the argument.</param>
/// <param name="Result">The layout of the result.</param>
internal sealed record Lifted(Program Program, Seq<Tensor> Arguments, Layout Argument, Layout Result)
{
    /// <summary>Traces a function at an argument, by whose values it may decide what it does.</summary>
    internal static Lifted At<P, R>(string transform, Func<P, R> f, P argument, bool kept = false)
    {
        var (leaves, layout) = Structure.Flatten(argument);
        layout.RequireLeaves(transform);
        Layout? result = null;
        var program = Trace.At(transform, leaves, Body(f, layout, found => result = found), kept);
        return new(program, leaves, layout, result!);
    }

    /// <summary>A structured function as one over leaves.</summary>
    internal static Func<Seq<Tensor>, Seq<Tensor>> Body<P, R>(Func<P, R> f, Layout argument, Action<Layout> found) => leaves =>
    {
        var (results, layout) = Structure.Flatten(f(Structure.Unflatten<P>(argument, leaves)));
        found(layout);
        return results;
    };

    /// <summary>What the leaves of a parameter are called: by its own name, where the function has one.</summary>
    /// <param name="f">The function.</param>
    /// <param name="layout">The layout of the parameter.</param>
    /// <param name="fromEnd">Which parameter, counted from the last: a closure has a hidden first one.</param>
    internal static Seq<string> Names(Delegate f, Layout layout, int fromEnd = 1)
    {
        var parameters = f.Method.GetParameters();
        return parameters.Length >= fromEnd && parameters[^fromEnd].Name is { Length: > 0 } name ? layout.PathsFrom(name) : Seq<string>();
    }

    /// <summary>The argument's leaves, all floats.</summary>
    /// <exception cref="NotDifferentiableException">One is not; the message names it.</exception>
    internal Lifted RequireFloats(string transform)
    {
        foreach (var (path, leaf) in Argument.Paths.Zip(Arguments))
            if (!leaf.DType.IsFloat())
                throw new NotDifferentiableException($"{transform}: {path} is {leaf.Type}, and only floats have derivatives. Convert it to f64 or f32, or close over it.");
        return this;
    }

    /// <summary>Leaves of the argument's types.</summary>
    /// <exception cref="ShapeException">One differs; the message names it.</exception>
    internal Seq<Tensor> Accept<P>(string what, P value) => Accept(what, Argument, Arguments.Map(leaf => leaf.Type), value);

    /// <summary>Leaves of the result's types.</summary>
    /// <exception cref="ShapeException">One differs; the message names it.</exception>
    internal Seq<Tensor> AcceptResult<R>(string what, R value) => Accept(what, Result, Program.Outputs.Map(output => output.Type), value);

    private static Seq<Tensor> Accept<T>(string what, Layout expected, Seq<TensorType> types, T value)
    {
        var (leaves, layout) = Structure.Flatten(value);
        expected.RequireEqual(what, layout);
        // A C# literal takes the type of the tensor it stands beside.
        leaves = leaves.Zip(types).Map(pair => pair.Item1.IsWeak && pair.Item1.Rank == 0 && pair.Item2.DType.IsFloat() ? TensorMath.Convert(pair.Item1, pair.Item2.DType) : pair.Item1).Strict();
        foreach (var (path, (leaf, type)) in expected.Paths.Zip(leaves.Zip(types)))
            if (leaf.Type != type) throw new ShapeException($"{what}: {path} is {leaf.Type}; expected {type}, the type of what it belongs to.");
        return leaves;
    }
}
