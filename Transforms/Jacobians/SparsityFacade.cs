using Functional.Jacobians;

namespace Functional;

public static partial class Transforms
{
    /// <summary>
    /// Which elements of the result may depend on which of the argument, from the program alone: outside the pattern the Jacobian is
    /// zero for every argument of the same type. The pattern of a Hessian is that of the gradient, <c>SparsityPattern(Grad(f))</c>.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="local">Whether the pattern is that at the one argument: branches not taken and factors that are zero there are left out.</param>
    /// <exception cref="NotDifferentiableException">When called, if the argument or the result is not of floats.</exception>
    public static Func<Tensor, Sparsity> SparsityPattern(Func<Tensor, Tensor> f, bool local = false) => SparsityPattern<Tensor, Tensor>(f, local);

    /// <inheritdoc cref="SparsityPattern(Func{Tensor, Tensor}, bool)"/>
    public static Func<P, Sparsity> SparsityPattern<P, R>(Func<P, R> f, bool local = false) => x => PatternDetection.At("SparsityPattern", f, x, local);
}
