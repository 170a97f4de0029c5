using Functional.Differentiation;
using Functional.Programs;
using Functional.Structures;

namespace Functional.Jacobians;

/// <summary>Jacobians and Hessians as the entries that may differ from zero.</summary>
internal static class SparseDerivative
{
    /// <summary>A row for each element of the result, a column for each of the argument.</summary>
    /// <exception cref="ShapeException">The given pattern is not of the function's size.</exception>
    internal static Csr Jacobian<P, R>(Func<P, R> f, P at, Sparsity? given)
    {
        const string Transform = "SparseJacobian";
        var lifted = Lifted.At(Transform, f, at).RequireFloats(Transform);
        PatternDetection.RequireFloats(Transform, lifted);
        var passes = Passes.Of(lifted);
        var pattern = given is null ? PatternDetection.Of(lifted.Program, Seq<Tensor>()) : Fitting(Transform, given, passes.Rows, passes.Columns);
        var choice = new ModeChoice($"{Transform}, {pattern.Rows} × {pattern.Columns} with {pattern.Count} nonzeros", ModeChoice.Coloured(pattern, passes.PullbackCost));
        return Taken(choice, passes, pattern, lifted);
    }

    /// <summary>A row and a column for each element of the argument, of products with the gradient's derivative. It counts on symmetry.</summary>
    /// <exception cref="ShapeException">The given pattern is not of the function's size, or not symmetric.</exception>
    internal static Csr Hessian<P>(Func<P, Tensor> f, P at, Sparsity? given)
    {
        const string Transform = "SparseHessian";
        var lifted = Lifted.At(Transform, (P x) => Derivatives.Grad(Transform, f, x).Gradient, at).RequireFloats(Transform);
        var passes = Passes.Of(lifted);
        var pattern = given is null ? Symmetric(PatternDetection.Of(lifted.Program, Seq<Tensor>())) : Fitting(Transform, given, passes.Rows, passes.Columns);
        var choice = new ModeChoice(
            $"{Transform}, {pattern.Rows} × {pattern.Columns} with {pattern.Count} nonzeros",
ModeChoice.Symmetric(pattern));
        return Taken(choice, passes, pattern, lifted);
    }

    private static Csr Taken(ModeChoice choice, Passes passes, Sparsity pattern, Lifted lifted)
    {
        Trace.Note(lifted.Arguments, choice.ToString());
        return new(pattern, Compression.Values(passes, choice.Taken));
    }

    // An entry differs from zero only where its mirror image does.
    private static Sparsity Symmetric(Sparsity pattern)
    {
        var transposed = pattern.Transposed();
        return pattern.Equals(transposed) ? pattern : pattern.Intersected(transposed);
    }

    private static Sparsity Fitting(string transform, Sparsity given, int rows, int columns) =>
        given.Rows == rows && given.Columns == columns
            ? given
            : throw new ShapeException($"{transform}: the pattern is {given.Rows} × {given.Columns}, but the result has {rows} elements and the argument {columns}. Leave the pattern out, or take it from SparsityPattern(f)(x).");
}
