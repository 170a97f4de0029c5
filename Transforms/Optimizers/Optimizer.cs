// The room of optimisers: pure functions from a gradient, a state and parameters to new parameters and a new state.
// An optimiser says what happens to one leaf; structures, missing gradients and states are handled here, once, for all.
// Everything is tensor arithmetic over structures, so an update can be traced, compiled and differentiated like any function.
using Functional.Structures;

namespace Functional;

/// <summary>What an optimiser remembers between updates: a structure, as the parameters are.</summary>
/// <typeparam name="P">The type of the parameters.</typeparam>
/// <param name="Moments">Running averages, each of the parameters' layout, shapes and element types.</param>
/// <param name="Steps">For each leaf of the parameters, in the order of their layout, how many gradients it has seen: an <c>i64[]</c>.</param>
public sealed record OptimizerState<P>(Seq<P> Moments, Seq<Tensor> Steps);

/// <summary>A rule that improves parameters by a gradient.</summary>
/// <remarks>
/// A leaf with no gradient (<c>None</c>) is left alone: the leaf, its moments and its step count. That is the graph of the run at
/// hand, where a parameter was never used. A leaf whose gradient is zero takes part: its moments decay, and may still move it. That
/// is the static graph, where a parameter was used and did not matter.
/// </remarks>
public abstract record Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>How many running averages are kept of each leaf.</summary>
    protected abstract int MomentCount { get; }

    /// <summary>Each setting that makes no sense, in words: <c>Beta1 is 1.5, expected [0, 1)</c>.</summary>
    private protected abstract Seq<string> Faults { get; }

    private string Name => GetType().Name;

    /// <summary>The state before the first update: moments of zero, no step taken.</summary>
    /// <exception cref="ArgumentException">A setting makes no sense, such as a negative learning rate.</exception>
    /// <exception cref="DTypeException">A parameter is not of floats.</exception>
    /// <exception cref="StructureException">There is no parameter.</exception>
    public OptimizerState<P> Init<P>(P parameters)
    {
        if (!Faults.IsEmpty) throw new ArgumentException($"{Name}.Init: {string.Join("; ", Faults)}.");
        var (leaves, layout) = Structure.Flatten(parameters);
        layout.RequireLeaves($"{Name}.Init");
        foreach (var (leaf, path) in leaves.Zip(layout.Paths))
            if (!leaf.DType.IsFloat())
                throw new DTypeException($"{Name}.Init: the parameter {path} is {leaf.Type}; only floats move along a gradient. Convert it, or keep it apart from the parameters.");
        var zeros = Structure.Unflatten<P>(layout, leaves.Map(leaf => TensorMath.Zeros(leaf.Shape, leaf.DType)).Strict());
        return new(Enumerable.Range(0, MomentCount).Select(_ => zeros).ToSeq().Strict(), leaves.Map(_ => (Tensor)Values.Scalar(0L)).Strict());
    }

    /// <summary>The parameters and state after one step along a gradient.</summary>
    /// <exception cref="StructureException">The gradient, the state and the parameters are not of one layout.</exception>
    /// <exception cref="ShapeException">A leaf of the gradient has another shape than the parameter.</exception>
    public (P Parameters, OptimizerState<P> State) Update<P>(P gradient, OptimizerState<P> state, P parameters)
    {
        var (leaves, layout) = Structure.Flatten(gradient);
        return Updated(layout, leaves.Map(Some).Strict(), state, parameters);
    }

    /// <summary>The same for a gradient some of whose leaves are missing; these are left alone.</summary>
    /// <exception cref="StructureException">The gradient, the state and the parameters are not of one layout.</exception>
    /// <exception cref="ShapeException">A leaf of the gradient has another shape than the parameter.</exception>
    public (P Parameters, OptimizerState<P> State) Update<P>(Partial<P> gradient, OptimizerState<P> state, P parameters) =>
        Updated(gradient.Layout, gradient.Leaves, state, parameters);

    /// <summary>The same for one parameter whose gradient may be missing.</summary>
    /// <exception cref="ShapeException">The gradient has another shape than the parameter.</exception>
    public (Tensor Parameters, OptimizerState<Tensor> State) Update(Option<Tensor> gradient, OptimizerState<Tensor> state, Tensor parameters) =>
        Updated(Structure.LayoutOf(parameters), Seq1(gradient), state, parameters);

    /// <summary>The same for a gradient that mirrors the parameters with <c>Option&lt;Tensor&gt;</c> in place of each <c>Tensor</c>.</summary>
    /// <exception cref="StructureException">G does not mirror P, or the layouts differ.</exception>
    /// <exception cref="ShapeException">A leaf of the gradient has another shape than the parameter.</exception>
    public (P Parameters, OptimizerState<P> State) UpdateOptional<P, G>(G gradient, OptimizerState<P> state, P parameters)
    {
        var layout = Structure.LayoutOf(parameters);
        return Updated(layout, Structure.FlattenOptional<P, G>(layout, gradient), state, parameters);
    }

    /// <summary>One leaf's step: the parameter and its moments after a gradient of their type; the step's number, from 1, is an <c>i64[]</c>.</summary>
    private protected abstract (Tensor Parameter, Seq<Tensor> Moments) Move(Tensor gradient, Tensor parameter, Seq<Tensor> moments, Tensor step);

    /// <summary>A fault, unless a number is at least 0 and below a bound.</summary>
    private protected static Seq<string> Within(string name, double value, double bound = double.PositiveInfinity) =>
        value >= 0 && value < bound ? Seq<string>() : Seq1($"{name} is {value}, expected [0, {(double.IsInfinity(bound) ? "∞" : bound)})");

    private (P Parameters, OptimizerState<P> State) Updated<P>(Layout layout, Seq<Option<Tensor>> gradients, OptimizerState<P> state, P parameters)
    {
        var (leaves, own) = Structure.Flatten(parameters);
        own.RequireEqual($"{Name}.Update, parameters and gradient", layout);
        var moments = state.Moments.Map(moment => Leaves(moment, own)).Strict();
        if (moments.Count != MomentCount || state.Steps.Count != leaves.Count)
            throw new StructureException($"{Name}.Update: the state has {moments.Count} moments of {state.Steps.Count} leaves, expected {MomentCount} of {leaves.Count}. Take the state that {Name}.Init made of these parameters.");
        var moved = new (Tensor Parameter, Seq<Tensor> Moments, Tensor Steps)[leaves.Count];
        for (var i = 0; i < moved.Length; i++)
        {
            var (parameter, past, steps) = (leaves[i], moments.Map(moment => moment[i]).Strict(), state.Steps[i]);
            moved[i] = gradients[i].Case is Tensor gradient ? Moved(gradient, parameter, past, steps, own, i) : (parameter, past, steps);
        }
        var next = Enumerable.Range(0, MomentCount).Select(k => Built(leaf => leaf.Moments[k])).ToSeq().Strict();
        return (Built(leaf => leaf.Parameter), new(next, toSeq(moved).Map(leaf => leaf.Steps).Strict()));

        P Built(Func<(Tensor Parameter, Seq<Tensor> Moments, Tensor Steps), Tensor> part) => Structure.Unflatten<P>(own, toSeq(moved).Map(part).Strict());
    }

    private Seq<Tensor> Leaves<P>(P moment, Layout layout)
    {
        var (leaves, own) = Structure.Flatten(moment);
        layout.RequireEqual($"{Name}.Update, parameters and state", own);
        return leaves;
    }

    private (Tensor Parameter, Seq<Tensor> Moments, Tensor Steps) Moved(Tensor gradient, Tensor parameter, Seq<Tensor> moments, Tensor steps, Layout layout, int leaf)
    {
        if (gradient.Shape != parameter.Shape)
            throw new ShapeException($"{Name}.Update: the gradient of {layout.Paths[leaf]} is {gradient.Type}, expected the parameter's {parameter.Type}.");
        var step = steps + 1;
        var (moved, next) = Move(TensorMath.Convert(gradient, parameter.DType), parameter, moments, step);
        return (moved, next, step);
    }
}
