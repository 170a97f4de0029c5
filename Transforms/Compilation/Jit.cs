using Functional.Compilation;

namespace Functional;

public static partial class Transforms
{
    /// <summary>
    /// The same function, compiled: traced once for each structure and types of its argument and for each path of decisions that
    /// it takes, and run as fused loops of machine code with the bits of the plain call. Side effects happen while it is traced
    /// and not again, and tensors that it closes over are taken as they were then. Inside another trace it is the function itself.
    /// </summary>
    /// <exception cref="TraceException">When called, if the function asks for more of a value than a decision.</exception>
    public static Func<Tensor, Tensor> Jit(Func<Tensor, Tensor> f) => new Jitted<Tensor, Tensor>(f).At;

    /// <inheritdoc cref="Jit(Func{Tensor, Tensor})"/>
    public static Func<P, R> Jit<P, R>(Func<P, R> f) => new Jitted<P, R>(f).At;

    /// <inheritdoc cref="Jit(Func{Tensor, Tensor})"/>
    public static Func<A, B, R> Jit<A, B, R>(Func<A, B, R> f)
    {
        var jitted = new Jitted<(A, B), R>(x => f(x.Item1, x.Item2));
        return (a, b) => jitted.At((a, b));
    }

    /// <inheritdoc cref="Jit(Func{Tensor, Tensor})"/>
    public static Func<A, B, C, R> Jit<A, B, C, R>(Func<A, B, C, R> f)
    {
        var jitted = new Jitted<(A, B, C), R>(x => f(x.Item1, x.Item2, x.Item3));
        return (a, b, c) => jitted.At((a, b, c));
    }
}
