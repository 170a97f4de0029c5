using Functional.Programs;
using Functional.Structures;

namespace Functional.ControlFlow;

/// <summary>Structured functions with derivatives under the user's control.</summary>
internal static class Customized
{
    /// <summary>The same function; its derivative keeps what the policy says and computes the rest again.</summary>
    internal static R Checkpoint<P, R>(Func<P, R> f, P x, ResidualPolicy policy)
    {
        var (leaves, layout) = Structure.Flatten(x);
        Layout result = null!;
        var body = Closed.At("Checkpoint", leaves, Lifted.Body(f, layout, found => result = found));
        var names = Lifted.Names(f, layout);
        var program = names.IsEmpty ? body.Program : body.Program with { Names = names.Then(body.Captures.Select((_, i) => $"k{i}").ToSeq().Strict()) };
        return Structure.Unflatten<R>(result, new Checkpoint(program, policy).ApplyAll([.. leaves, .. body.Captures]).ToSeq());
    }

    /// <summary>The function at a point, with the rules that say its derivative.</summary>
    internal static R Apply<P, R, S>(
        string operation, Func<P, R> f, Func<P, P, (R Value, R Tangent)>? rule, Func<P, (R Value, S Residuals)>? forward, Func<S, R, P>? backward, P x)
    {
        var (leaves, layout) = Structure.Flatten(x);
        layout.RequireLeaves(operation);
        Layout result = null!, kept = null!;
        var types = leaves.Map(leaf => leaf.Type).Strict();
        var body = Closed.At(operation, leaves, Lifted.Body(f, layout, found => result = found));
        var results = body.Program.ResultTypes();

        var pushed = rule is null ? null : Closed.From(Trace.Partly(operation, leaves, types, inputs =>
        {
            var (value, tangent) = rule(Structure.Unflatten<P>(layout, inputs.Part(0, types.Count)), Structure.Unflatten<P>(layout, inputs.Part(types.Count, types.Count)));
            return Accept(operation, "the rule's value", "f returns", result, results, value).Then(Accept(operation, "the rule's tangent", "f returns", result, results, tangent));
        }));
        var ahead = forward is null ? null : Closed.At(operation, leaves, inputs =>
        {
            var (value, residuals) = forward(Structure.Unflatten<P>(layout, inputs));
            (var stored, kept) = Structure.Flatten(residuals);
            return Accept(operation, "the forward function's value", "f returns", result, results, value).Then(stored);
        });
        var keptTypes = ahead is null ? Seq<TensorType>() : ahead.Program.ResultTypes().Skip(results.Count).ToSeq().Strict();
        var back = backward is null ? null : Closed.Of(operation, keptTypes.Then(results), inputs =>
        {
            var cotangent = Structure.Unflatten<R>(result, inputs.Skip(keptTypes.Count).ToSeq().Strict());
            return Accept(operation, "the backward function's cotangent", "f takes", layout, types, backward(Structure.Unflatten<S>(kept, inputs.Part(0, keptTypes.Count)), cotangent));
        });

        var parts = new[] { body, pushed, ahead, back }.OfType<Closed>().ToArray();
        var (programs, captures) = Closed.Together(operation, parts);
        var next = new Queue<Program>(programs);
        var primitive = new CustomRule(
            next.Dequeue(),
            leaves.Count,
            pushed is null ? None : Some(next.Dequeue()),
            ahead is null ? None : Some(next.Dequeue()),
            back is null ? None : Some(next.Dequeue()));
        return Structure.Unflatten<R>(result, primitive.ApplyAll([.. leaves, .. captures]).ToSeq());
    }

    // The leaves of what a rule gives, of the types of what it belongs to.
    private static Seq<Tensor> Accept<T>(string operation, string what, string whose, Layout expected, Seq<TensorType> types, T value)
    {
        var (leaves, layout) = Structure.Flatten(value);
        expected.RequireEqual($"{operation}: {what} and what {whose}", layout);
        leaves = leaves.Zip(types).Map(pair => pair.Item1.IsWeak && pair.Item1.Rank == 0 && pair.Item1.DType != pair.Item2.DType
            ? TensorMath.Convert(pair.Item1, pair.Item2.DType)
            : pair.Item1).ToSeq().Strict();
        foreach (var (path, (leaf, type)) in expected.PathsFrom("it").Zip(leaves.Zip(types)))
            if (leaf.Type != type)
                throw new ShapeException($"{operation}: {what} is {leaf.Type}{(path == "it" ? string.Empty : $" at {path}")}, but {whose} {type}. Both must have the same types.");
        return leaves;
    }
}
