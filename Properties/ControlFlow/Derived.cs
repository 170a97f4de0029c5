using Functional.Programs;
using Functional.Properties.Generators;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.ControlFlow;

/// <summary>All transforms of a function of a vector, each to tensors that two ways of writing the function are compared by.</summary>
internal static class Derived
{
    // The same operations in another order of addition, through a dozen steps and two derivatives.
    private const double Rounded = 1e-11;

    internal static readonly Tensor X = Tensor.From([0.3, -0.7, 1.1, 0.6]);

    internal static readonly Tensor V = Tensor.From([1.0, -0.5, 2.0, 0.4]);

    private static readonly Tensor Batch = Stack([X, V, -X]);

    private static readonly Dictionary<string, Func<Func<Tensor, Tensor>, Tensor>> All = new()
    {
        ["value"] = f => f(X),
        ["traced value"] = f => Trace(f)(X).Simplify().Evaluate(V)[0],
        ["Jvp"] = f => Jvp(f)(X, V).Tangent,
        ["Linearize"] = f => Linearize(f)(X).Pushforward(V),
        ["Vjp"] = f => Vjp(f)(X).Pullback(Ones(f(X).Shape)),
        ["Grad"] = f => Grad(Scalar(f))(X),
        ["traced Grad"] = f => Trace(Grad(Scalar(f)))(X).Simplify().Evaluate(V)[0],
        ["Jacobian forward"] = f => Jacobian(f, JacobianMode.Forward)(X),
        ["Jacobian reverse"] = f => Jacobian(f, JacobianMode.Reverse)(X),
        ["Hessian"] = f => Hessian(Scalar(f))(X),
        ["Hvp"] = f => Hvp(Scalar(f))(X, V),
        ["Grad of Grad"] = f => Grad(x => Sum(Grad(Scalar(f))(x) * V))(X),
        ["Grad of Jvp"] = f => Grad(x => Jvp(Scalar(f))(x, V).Tangent)(X),
        ["Vmap"] = f => Vmap(f)(Batch),
        ["Vmap of Grad"] = f => Vmap(Grad(Scalar(f)))(Batch),
        ["Grad of Vmap"] = f => Grad(x => Sum(Vmap(Scalar(f))(x)))(Batch),
        ["Vmap of a closure"] = f => Vmap((Tensor s) => f(X * s))(V),
        ["under Checkpoint"] = f => Grad(x => Sum(Checkpoint(f)(x) * x[0]))(X),
        ["in Scan"] = f => Grad(x => Scan((c, row) => (c + (row * Scalar(f)(x * row)), c), 0.0, V).Carry)(X),
    };

    /// <summary>Holds two ways of writing a function to each other under every transform; under those that batch only where said.</summary>
    internal static void Agree(Func<Tensor, Tensor> expected, Func<Tensor, Tensor> given, bool onHost = false)
    {
        foreach (var (name, transform) in All)
        {
            // A host decision may fall differently among the members, and a traced one stands for its own side.
            if (onHost && (name.Contains("Vmap", StringComparison.Ordinal) || name.StartsWith("traced", StringComparison.Ordinal) || name == "in Scan")) continue;
            Closeness.Within(transform(expected), transform(given), Rounded, name);
        }
        if (!onHost) return;
        Closeness.Within(Stack(Members().Select(expected)), Vmap(given)(Batch), Rounded, "Vmap");
        Closeness.Within(Stack(Members().Select(Grad(Scalar(expected)))), Vmap(Grad(Scalar(given)))(Batch), Rounded, "Vmap of Grad");
        Closeness.Within(Stack(Members().Select(Grad(Scalar(expected)))), Grad(x => Sum(Vmap(Scalar(given))(x)))(Batch), Rounded, "Grad of Vmap");
        Closeness.Within(Stack(Members().Select(Hessian(Scalar(expected)))), Vmap(Hessian(Scalar(given)))(Batch), Rounded, "Vmap of Hessian");
        Closeness.Within(Stack(V.ToArray<double>().Select(s => expected(X * s))), Vmap((Tensor s) => given(X * s))(V), Rounded, "Vmap of a closure");
        Closeness.Within(
            Grad(x => V.ToArray<double>().Aggregate((Tensor)0.0, (c, row) => c + (row * Scalar(expected)(x * row))))(X), All["in Scan"](given), Rounded, "in Scan");
        foreach (var member in Members())
        {
            Closeness.Within(expected(member), Trace(given)(X).Evaluate(member)[0], Rounded, "a program traced elsewhere");
            Closeness.Within(Grad(Scalar(expected))(member), Trace(Grad(Scalar(given)))(X).Simplify().Evaluate(member)[0], Rounded, "a gradient traced elsewhere");
        }
    }

    /// <summary>Holds two ways of writing a function to each other in value and first derivatives, of one argument and of a batch.</summary>
    internal static void AgreeOnce(Func<Tensor, Tensor> expected, Func<Tensor, Tensor> given)
    {
        foreach (var name in (string[])["Jvp", "Linearize", "Vjp", "Grad"]) Closeness.Within(All[name](expected), All[name](given), Rounded, name);
        Closeness.Within(Stack(Members().Select(expected)), Vmap(given)(Batch), Rounded, "Vmap");
        Closeness.Within(Stack(Members().Select(Grad(Scalar(expected)))), Vmap(Grad(Scalar(given)))(Batch), Rounded, "Vmap of Grad");
        Closeness.Within(Stack(Members().Select(Grad(Scalar(expected)))), Grad(x => Sum(Vmap(Scalar(given))(x)))(Batch), Rounded, "Grad of Vmap");
    }

    private static IEnumerable<Tensor> Members() => Enumerable.Range(0, 3).Select(member => Batch[member]);

    private static Func<Tensor, Tensor> Scalar(Func<Tensor, Tensor> f) => x =>
    {
        var result = f(x);
        return result.Rank == 0 ? result : Sum(result * Sin(1.0 + Arange(result.Size).Reshaped(result.Shape)));
    };

    private static Tensor Reshaped(this Tensor x, Shape shape) => Reshape(x, [.. shape]);
}
