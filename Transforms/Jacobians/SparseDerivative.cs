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
        return Taken(Transform, pattern, ModeChoice.Coloured(pattern, passes.PullbackCost), passes, lifted);
    }

    /// <summary>A row and a column for each element of the argument, of products with the gradient's derivative. It counts on symmetry.</summary>
    /// <exception cref="ShapeException">The given pattern is not of the function's size, or not symmetric.</exception>
    internal static Csr Hessian<P>(Func<P, Tensor> f, P at, Sparsity? given)
    {
        const string Transform = "SparseHessian";
        var lifted = Lifted.At(Transform, (P x) => Derivatives.Grad(Transform, f, x).Gradient, at).RequireFloats(Transform);
        var passes = Passes.Of(lifted);
        var pattern = given is null ? Symmetric(PatternDetection.Of(lifted.Program, Seq<Tensor>())) : Fitting(Transform, given, passes.Rows, passes.Columns);
        return Taken(Transform, pattern, ModeChoice.Symmetric(pattern), passes, lifted);
    }

    private static Csr Taken(string transform, Sparsity pattern, Seq<Way> ways, Passes passes, Lifted lifted)
    {
        var guessed = pattern.Guessed.IsEmpty ? string.Empty : $"taken for dense: {string.Join(", ", pattern.Guessed)}";
        var choice = new ModeChoice(FormattableString.Invariant($"{transform}, {pattern.Rows} × {pattern.Columns} with {pattern.Count} nonzeros"), ways, guessed);
        Trace.Note(lifted.Arguments, choice.ToString());
        Require(transform, pattern, choice.Taken);
        return new(pattern, Compression.Values(passes, choice.Taken));
    }

    // The products of all passes are one array, and so are the entries.
    private static void Require(string transform, Sparsity pattern, Way way)
    {
        var products = ((long)way.Forward * pattern.Rows) + ((long)way.Reverse * pattern.Columns);
        if (pattern.Count > System.Array.MaxLength || products > System.Array.MaxLength)
            throw new ShapeException(FormattableString.Invariant($"{transform}: {pattern.Count} entries from {way.Forward + way.Reverse} passes are {products} numbers, more than an array can hold. Use products with the matrix, Jvp, Vjp or Hvp."));
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
