using Functional.Compilation;
using Functional.Structures;

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

    /// <summary>
    /// As <see cref="Jit{P, R}(Func{P, R})"/>, for a function whose argument is not needed after a call, as the state of a loop is not: results of the
    /// types of the argument's tensors take over their memory, and in the steady state a call allocates no arrays for them. A tensor
    /// whose memory was taken can be read no more; one that something else may hold (a reshaped view of it, a program that closes
    /// over it, the same tensor twice in the argument) stays what it is, and its result is new. Where a call throws, what was taken is lost.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="donate">Whether each call gives up its argument, as <c>donate_argnums</c> does in JAX; of several arguments the first.</param>
    /// <exception cref="TraceException">When called, if the function asks for more of a value than a decision.</exception>
    /// <exception cref="DonatedException">When called, if the memory of an argument is another result's.</exception>
    public static Func<P, R> Jit<P, R>(Func<P, R> f, bool donate) => new Jitted<P, R>(f, donated: donate ? Leaves : null).At;

    /// <inheritdoc cref="Jit{P, R}(Func{P, R}, bool)"/>
    public static Func<A, B, R> Jit<A, B, R>(Func<A, B, R> f, bool donate)
    {
        var jitted = new Jitted<(A, B), R>(x => f(x.Item1, x.Item2), donated: donate ? x => Leaves(x.Item1) : null);
        return (a, b) => jitted.At((a, b));
    }

    /// <inheritdoc cref="Jit{P, R}(Func{P, R}, bool)"/>
    public static Func<A, B, C, R> Jit<A, B, C, R>(Func<A, B, C, R> f, bool donate)
    {
        var jitted = new Jitted<(A, B, C), R>(x => f(x.Item1, x.Item2, x.Item3), donated: donate ? x => Leaves(x.Item1) : null);
        return (a, b, c) => jitted.At((a, b, c));
    }

    private static int Leaves<P>(P structure) => Structure.Flatten(structure).Leaves.Count;
}
