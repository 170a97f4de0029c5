using Functional.Compilation;
using Functional.Jacobians;

namespace Functional;

public static partial class Transforms
{
    /// <summary>
    /// The partial derivatives that may differ from zero, as a sparse matrix: a row for each element of the result, a column for
    /// each of the argument. For each structure and types of the argument the pattern, the colours of its columns or rows and one
    /// compiled batch of passes, one for each colour, are prepared once; any further call runs that batch. It composes with
    /// <see cref="Jit(Func{Tensor, Tensor})"/> and the other transforms; side effects happen while it is traced and not again.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="pattern">A pattern that holds every entry that differs from zero; by default that of the function's program.</param>
    /// <exception cref="ShapeException">When called, if the pattern is not of the function's size.</exception>
    /// <exception cref="NotDifferentiableException">When called, if the argument or the result is not of floats.</exception>
    public static Func<Tensor, Csr> SparseJacobian(Func<Tensor, Tensor> f, Sparsity? pattern = null) => SparseJacobian<Tensor, Tensor>(f, pattern);

    /// <inheritdoc cref="SparseJacobian(Func{Tensor, Tensor}, Sparsity?)"/>
    public static Func<P, Csr> SparseJacobian<P, R>(Func<P, R> f, Sparsity? pattern = null) =>
        new Jitted<P, Csr>(x => SparseDerivative.Jacobian(f, x, pattern), "SparseJacobian").At;

    /// <summary>
    /// The second derivatives of a scalar function that may differ from zero, as a sparse matrix, from products forward over
    /// reverse: one for each colour of a star colouring, which needs an entry or its mirror image only. Prepared as
    /// <see cref="SparseJacobian(Func{Tensor, Tensor}, Sparsity?)"/> is.
    /// </summary>
    /// <param name="f">A scalar function; a custom derivative in it must be that of the function, so that the matrix is symmetric.</param>
    /// <param name="pattern">A symmetric pattern that holds every entry that differs from zero; by default that of the gradient's program.</param>
    /// <exception cref="ShapeException">When called, if the function's result is no scalar, or the pattern is not symmetric or not of its size.</exception>
    public static Func<Tensor, Csr> SparseHessian(Func<Tensor, Tensor> f, Sparsity? pattern = null) => SparseHessian<Tensor>(f, pattern);

    /// <inheritdoc cref="SparseHessian(Func{Tensor, Tensor}, Sparsity?)"/>
    public static Func<P, Csr> SparseHessian<P>(Func<P, Tensor> f, Sparsity? pattern = null) =>
        new Jitted<P, Csr>(x => SparseDerivative.Hessian(f, x, pattern), "SparseHessian").At;
}
