using Functional.ControlFlow;
using Functional.Differentiation;
using Functional.Jacobians;
using Functional.Programs;
using Functional.Structures;
using Functional.Vectorizing;

namespace Functional;

/// <summary>
/// Function transforms, to import with <c>using static Functional.Transforms</c>: each takes an ordinary function and
/// gives an ordinary function back, so they compose without limit. <c>P</c> and <c>R</c> are structures: a tensor, or a
/// tuple, record, array, <c>Seq</c>, <c>Map</c> or <c>Option</c> of structures.
/// </summary>
public static partial class Transforms
{
    /// <summary>The program that a function is at an argument: print it, draw it, transform it, evaluate it.</summary>
    public static Func<Tensor, Program> Trace(Func<Tensor, Tensor> f) => Trace<Tensor, Tensor>(f);

    /// <inheritdoc cref="Trace(Func{Tensor, Tensor})"/>
    public static Func<P, Program> Trace<P, R>(Func<P, R> f) => x =>
    {
        var lifted = Lifted.At("Trace", f, x, kept: true);
        return lifted.Program with { Names = Lifted.Names(f, lifted.Argument) };
    };

    /// <inheritdoc cref="Trace(Func{Tensor, Tensor})"/>
    public static Func<A, B, Program> Trace<A, B, R>(Func<A, B, R> f) => (a, b) =>
        Lifted.At("Trace", ((A, B) x) => f(x.Item1, x.Item2), (a, b), kept: true).Program with
        { Names = Names(f, Structure.LayoutOf(a), Structure.LayoutOf(b)) };

    /// <inheritdoc cref="Trace(Func{Tensor, Tensor})"/>
    public static Func<A, B, C, Program> Trace<A, B, C, R>(Func<A, B, C, R> f) => (a, b, c) =>
        Lifted.At("Trace", ((A, B, C) x) => f(x.Item1, x.Item2, x.Item3), (a, b, c), kept: true).Program with
        { Names = Names(f, Structure.LayoutOf(a), Structure.LayoutOf(b), Structure.LayoutOf(c)) };

    /// <summary>The gradient of a scalar function: x → df/dx, of x's shape. Reverse mode: one pullback, whatever the size of x.</summary>
    /// <exception cref="ShapeException">When called, if f does not return a scalar.</exception>
    /// <exception cref="NotDifferentiableException">When called, if the argument or the result is not of floats.</exception>
    public static Func<Tensor, Tensor> Grad(Func<Tensor, Tensor> f) => x => Derivatives.Grad("Grad", f, x).Gradient;

    /// <inheritdoc cref="Grad(Func{Tensor, Tensor})"/>
    public static Func<P, P> Grad<P>(Func<P, Tensor> f) => x => Derivatives.Grad("Grad", f, x).Gradient;

    /// <summary>The gradient of a scalar function with respect to its first argument.</summary>
    public static Func<P, A, P> Grad<P, A>(Func<P, A, Tensor> f) => (x, a) => Grad<P>(y => f(y, a))(x);

    /// <inheritdoc cref="Grad{P, A}(Func{P, A, Tensor})"/>
    public static Func<P, A, B, P> Grad<P, A, B>(Func<P, A, B, Tensor> f) => (x, a, b) => Grad<P>(y => f(y, a, b))(x);

    /// <summary>The value of a scalar function and its gradient, for the price of the gradient.</summary>
    public static Func<Tensor, (Tensor Value, Tensor Gradient)> ValueAndGrad(Func<Tensor, Tensor> f) => x => Derivatives.Grad("ValueAndGrad", f, x);

    /// <inheritdoc cref="ValueAndGrad(Func{Tensor, Tensor})"/>
    public static Func<P, (Tensor Value, P Gradient)> ValueAndGrad<P>(Func<P, Tensor> f) => x => Derivatives.Grad("ValueAndGrad", f, x);

    /// <summary>The value of a scalar function and its gradient with respect to the first argument.</summary>
    public static Func<P, A, (Tensor Value, P Gradient)> ValueAndGrad<P, A>(Func<P, A, Tensor> f) => (x, a) => ValueAndGrad<P>(y => f(y, a))(x);

    /// <inheritdoc cref="ValueAndGrad{P, A}(Func{P, A, Tensor})"/>
    public static Func<P, A, B, (Tensor Value, P Gradient)> ValueAndGrad<P, A, B>(Func<P, A, B, Tensor> f) => (x, a, b) => ValueAndGrad<P>(y => f(y, a, b))(x);

    /// <summary>The gradient as far as there is one: <c>None</c> where no differentiable path of this call used the argument.</summary>
    public static Func<Tensor, Option<Tensor>> OptionalGrad(Func<Tensor, Tensor> f) => x => Derivatives.OptionalGrad(f, x).Leaves[0];

    /// <summary>The gradient as far as there is one: <c>None</c> at each leaf that no differentiable path of this call used.</summary>
    public static Func<P, Partial<P>> OptionalGrad<P>(Func<P, Tensor> f) => x => Derivatives.OptionalGrad(f, x);

    /// <inheritdoc cref="OptionalGrad{P}(Func{P, Tensor})"/>
    public static Func<Tensor[], Option<Tensor>[]> OptionalGrad(Func<Tensor[], Tensor> f) => x => Derivatives.OptionalGrad(f, x).To<Option<Tensor>[]>();

    /// <inheritdoc cref="OptionalGrad{P}(Func{P, Tensor})"/>
    public static Func<(Tensor, Tensor), (Option<Tensor>, Option<Tensor>)> OptionalGrad(Func<(Tensor, Tensor), Tensor> f) =>
        x => Derivatives.OptionalGrad(f, x).To<(Option<Tensor>, Option<Tensor>)>();

    /// <inheritdoc cref="OptionalGrad{P}(Func{P, Tensor})"/>
    public static Func<(Tensor, Tensor, Tensor), (Option<Tensor>, Option<Tensor>, Option<Tensor>)> OptionalGrad(Func<(Tensor, Tensor, Tensor), Tensor> f) =>
        x => Derivatives.OptionalGrad(f, x).To<(Option<Tensor>, Option<Tensor>, Option<Tensor>)>();

    /// <summary>As <see cref="OptionalGrad{P}(Func{P, Tensor})"/>, in a type G that mirrors P with <c>Option&lt;Tensor&gt;</c> in place of each tensor.</summary>
    public static Func<P, G> OptionalGrad<P, G>(Func<P, Tensor> f) => x => Derivatives.OptionalGrad(f, x).To<G>();

    /// <summary>The gradient as far as there is one, with respect to the first argument.</summary>
    public static Func<P, A, Partial<P>> OptionalGrad<P, A>(Func<P, A, Tensor> f) => (x, a) => OptionalGrad<P>(y => f(y, a))(x);

    /// <summary>Forward mode: (x, ẋ) → (f(x), J ẋ) in one pass.</summary>
    /// <exception cref="ShapeException">When called, if the tangent is not of the argument's types.</exception>
    public static Func<Tensor, Tensor, (Tensor Value, Tensor Tangent)> Jvp(Func<Tensor, Tensor> f) => (x, v) => Derivatives.Jvp(f, x, v);

    /// <inheritdoc cref="Jvp(Func{Tensor, Tensor})"/>
    public static Func<P, P, (R Value, R Tangent)> Jvp<P, R>(Func<P, R> f) => (x, v) => Derivatives.Jvp(f, x, v);

    /// <summary>Reverse mode: x → (f(x), ȳ → Jᵀ ȳ). The pullback may be called many times.</summary>
    public static Func<Tensor, (Tensor Value, Func<Tensor, Tensor> Pullback)> Vjp(Func<Tensor, Tensor> f) => x => Derivatives.Vjp(f, x);

    /// <inheritdoc cref="Vjp(Func{Tensor, Tensor})"/>
    public static Func<P, (R Value, Func<R, P> Pullback)> Vjp<P, R>(Func<P, R> f) => x => Derivatives.Vjp(f, x);

    /// <summary>The value and the linear map of tangents: x → (f(x), ẋ → J ẋ). The pushforward may be called many times, without f.</summary>
    public static Func<Tensor, (Tensor Value, Func<Tensor, Tensor> Pushforward)> Linearize(Func<Tensor, Tensor> f) => x => Derivatives.Linearize(f, x);

    /// <inheritdoc cref="Linearize(Func{Tensor, Tensor})"/>
    public static Func<P, (R Value, Func<P, R> Pushforward)> Linearize<P, R>(Func<P, R> f) => x => Derivatives.Linearize(f, x);

    /// <summary>All partial derivatives: x → J of shape f(x).Shape followed by x.Shape, in one batch of the way of fewest counted passes, which <see cref="Explain(Func{Tensor, Tensor})"/> tells.</summary>
    public static Func<Tensor, Tensor> Jacobian(Func<Tensor, Tensor> f, JacobianMode mode = JacobianMode.Auto) =>
        x => DenseJacobian.At("Jacobian", f, x, mode).Rows[0][0];

    /// <summary>All partial derivatives of a tensor: for each leaf of x, of shape f(x).Shape followed by the leaf's.</summary>
    public static Func<P, P> Jacobian<P>(Func<P, Tensor> f, JacobianMode mode = JacobianMode.Auto) =>
        x => DenseJacobian.At("Jacobian", f, x, mode).Of(result => result);

    /// <summary>All partial derivatives with respect to a tensor: for each leaf of f(x), of the leaf's shape followed by x.Shape.</summary>
    public static Func<Tensor, R> Jacobian<R>(Func<Tensor, R> f, JacobianMode mode = JacobianMode.Auto) =>
        x => DenseJacobian.At("Jacobian", f, x, mode).With(argument => argument);

    /// <summary>All partial derivatives, a block for each leaf of f(x) and each leaf of x.</summary>
    public static Func<P, Blocks<P, R>> Jacobian<P, R>(Func<P, R> f, JacobianMode mode = JacobianMode.Auto) =>
        x => DenseJacobian.At("Jacobian", f, x, mode);

    /// <summary>All second derivatives of a scalar function, forward over reverse, in passes that are shared where its structure allows: of shape x.Shape followed by x.Shape.</summary>
    public static Func<Tensor, Tensor> Hessian(Func<Tensor, Tensor> f) =>
        x => DenseJacobian.Hessian(f, x).Rows[0][0];

    /// <summary>All second derivatives of a scalar function, a block for each pair of leaves of x.</summary>
    public static Func<P, Blocks<P, P>> Hessian<P>(Func<P, Tensor> f) => x => DenseJacobian.Hessian(f, x);

    /// <summary>A second derivative along a direction, forward over reverse: (x, v) → H v, without building H.</summary>
    public static Func<Tensor, Tensor, Tensor> Hvp(Func<Tensor, Tensor> f) => (x, v) => Jvp(Grad(f))(x, v).Tangent;

    /// <inheritdoc cref="Hvp(Func{Tensor, Tensor})"/>
    public static Func<P, P, P> Hvp<P>(Func<P, Tensor> f) => (x, v) => Jvp<P, P>(Grad(f))(x, v).Tangent;

    /// <summary>The function for a batch: every argument is split along an axis, results are stacked along one. Tensors closed over are shared.</summary>
    /// <exception cref="ShapeException">When called, if a leaf has no such axis or batch extents differ.</exception>
    public static Func<Tensor, Tensor> Vmap(Func<Tensor, Tensor> f, int inAxis = 0, int outAxis = 0) => Vmap<Tensor, Tensor>(f, inAxis, outAxis);

    /// <inheritdoc cref="Vmap(Func{Tensor, Tensor}, int, int)"/>
    public static Func<P, R> Vmap<P, R>(Func<P, R> f, int inAxis = 0, int outAxis = 0) =>
        x => Batching.Vmap(f, x, layout => Batching.Everywhere(layout, inAxis), outAxis);

    /// <inheritdoc cref="Vmap(Func{Tensor, Tensor}, int, int)"/>
    public static Func<A, B, R> Vmap<A, B, R>(Func<A, B, R> f, int inAxis = 0, int outAxis = 0) => Vmap(f, (inAxis, inAxis), outAxis);

    /// <summary>The function for a batch, with an axis for each argument; one with none is shared by all members.</summary>
    /// <exception cref="ShapeException">When called, if a leaf has no such axis or batch extents differ.</exception>
    public static Func<A, B, R> Vmap<A, B, R>(Func<A, B, R> f, (int?, int?) inAxes, int outAxis = 0) => (a, b) =>
        Batching.Vmap(
            ((A, B) x) => f(x.Item1, x.Item2),
            (a, b),
            _ => Batching.Everywhere(Structure.LayoutOf(a), inAxes.Item1).Then(Batching.Everywhere(Structure.LayoutOf(b), inAxes.Item2)),
            outAxis);

    /// <inheritdoc cref="Vmap(Func{Tensor, Tensor}, int, int)"/>
    public static Func<A, B, C, R> Vmap<A, B, C, R>(Func<A, B, C, R> f, int inAxis = 0, int outAxis = 0) => Vmap(f, (inAxis, inAxis, inAxis), outAxis);

    /// <inheritdoc cref="Vmap{A, B, R}(Func{A, B, R}, ValueTuple{int?, int?}, int)"/>
    public static Func<A, B, C, R> Vmap<A, B, C, R>(Func<A, B, C, R> f, (int?, int?, int?) inAxes, int outAxis = 0) => (a, b, c) =>
        Batching.Vmap(
            ((A, B, C) x) => f(x.Item1, x.Item2, x.Item3),
            (a, b, c),
            _ => Batching.Everywhere(Structure.LayoutOf(a), inAxes.Item1).Then(Batching.Everywhere(Structure.LayoutOf(b), inAxes.Item2), Batching.Everywhere(Structure.LayoutOf(c), inAxes.Item3)),
            outAxis);

    /// <summary>One of two functions of an operand, by a scalar predicate. Only the chosen one runs; both are in the program, so it holds for either.</summary>
    /// <param name="predicate">bool[].</param>
    /// <param name="operand">What the branches take; they may close over other tensors too.</param>
    /// <param name="ifTrue">The function where the predicate is true.</param>
    /// <param name="ifFalse">The function where it is false, with results of the same types.</param>
    /// <exception cref="ShapeException">The predicate is not one truth value, or the branches' results differ.</exception>
    public static R Cond<P, R>(Tensor predicate, P operand, Func<P, R> ifTrue, Func<P, R> ifFalse) => Structured.Cond(predicate, operand, ifTrue, ifFalse);

    /// <inheritdoc cref="Cond{P, R}(Tensor, P, Func{P, R}, Func{P, R})"/>
    public static Tensor Cond(Tensor predicate, Tensor operand, Func<Tensor, Tensor> ifTrue, Func<Tensor, Tensor> ifFalse) =>
        Structured.Cond(predicate, operand, ifTrue, ifFalse);

    /// <summary>A loop over the rows of sequences: (c, x₁ … xₙ) to the last carry and the stacked outputs, with (cᵢ, yᵢ) = step(cᵢ₋₁, xᵢ). One equation, however many steps.</summary>
    /// <param name="step">One step, from carry and row to carry and output.</param>
    /// <param name="initial">The carry before the first step.</param>
    /// <param name="sequence">Tensors of one length along their first axis.</param>
    /// <param name="length">The number of steps; needed where there is no sequence.</param>
    /// <param name="reverse">Whether to go from the last row to the first; yᵢ stands in the row of xᵢ.</param>
    /// <param name="checkpointEvery">Reverse mode keeps a carry every so many steps, and runs the steps between again: √n of them make memory O(√n).</param>
    /// <exception cref="ShapeException">The sequences differ in length, or the carry changes type; the message names the leaf.</exception>
    public static (C Carry, Y Outputs) Scan<C, X, Y>(Func<C, X, (C Carry, Y Output)> step, C initial, X sequence, int? length = null, bool reverse = false, int? checkpointEvery = null) =>
        Structured.Scan("Scan", step, initial, sequence, length, reverse, checkpointEvery);

    /// <inheritdoc cref="Scan{C, X, Y}(Func{C, X, ValueTuple{C, Y}}, C, X, int?, bool, int?)"/>
    public static (Tensor Carry, Tensor Outputs) Scan(Func<Tensor, Tensor, (Tensor Carry, Tensor Output)> step, Tensor initial, Tensor sequence, int? length = null, bool reverse = false, int? checkpointEvery = null) =>
        Structured.Scan("Scan", step, initial, sequence, length, reverse, checkpointEvery);

    /// <summary>A loop of a known number of steps without a sequence, to the last carry and the stacked outputs.</summary>
    /// <exception cref="ShapeException">The length is negative, or the carry changes type.</exception>
    public static (C Carry, Y Outputs) Scan<C, Y>(Func<C, (C Carry, Y Output)> step, C initial, int length, int? checkpointEvery = null) =>
        Structured.Scan<C, ValueTuple, Y>("Scan", (carry, _) => step(carry), initial, default, length, false, checkpointEvery);

    /// <summary>A loop while a condition holds: c → body(… body(c)). One equation, however many steps; every mode of differentiation goes through it.</summary>
    /// <param name="condition">From the carry to one truth value.</param>
    /// <param name="body">One step.</param>
    /// <param name="initial">The carry before the first step.</param>
    /// <param name="limit">The number of steps after which the loop is taken to be endless.</param>
    /// <param name="states">How many states reverse mode keeps at once: even, at least 4. n steps take about n·log₂(n / states) / 2 again.</param>
    /// <exception cref="LoopException">When run, if the condition still holds after <paramref name="limit"/> steps.</exception>
    /// <exception cref="ShapeException">The condition is not one truth value, or the carry changes type.</exception>
    public static C While<C>(Func<C, Tensor> condition, Func<C, C> body, C initial, long limit = ControlFlow.While.DefaultLimit, int states = ControlFlow.While.DefaultStates) =>
        Structured.While(condition, body, initial, limit, states);

    /// <inheritdoc cref="While{C}(Func{C, Tensor}, Func{C, C}, C, long, int)"/>
    public static Tensor While(Func<Tensor, Tensor> condition, Func<Tensor, Tensor> body, Tensor initial, long limit = ControlFlow.While.DefaultLimit, int states = ControlFlow.While.DefaultStates) =>
        Structured.While(condition, body, initial, limit, states);

    /// <summary>A counted loop: c → body(to − 1, … body(from, c)). Bounds that are values make a scan; traced ones a loop while the counter is below the end.</summary>
    /// <param name="from">The first count, an integer scalar.</param>
    /// <param name="to">The count that is no longer reached.</param>
    /// <param name="body">One step, from the count (i64[]) and the carry to the carry.</param>
    /// <param name="initial">The carry before the first step.</param>
    /// <exception cref="ShapeException">A bound is not an integer scalar, or the carry changes type.</exception>
    public static C For<C>(Tensor from, Tensor to, Func<Tensor, C, C> body, C initial) => Structured.For(from, to, body, initial);

    /// <inheritdoc cref="For{C}(Tensor, Tensor, Func{Tensor, C, C}, C)"/>
    public static Tensor For(Tensor from, Tensor to, Func<Tensor, Tensor, Tensor> body, Tensor initial) => Structured.For(from, to, body, initial);

    /// <summary>A function of each row of the sequences, one after another; the results are stacked. <see cref="Vmap(Func{Tensor, Tensor}, int, int)"/> does them all at once, in more memory.</summary>
    /// <exception cref="ShapeException">The sequences differ in length.</exception>
    public static Y Map<X, Y>(Func<X, Y> f, X sequence) =>
        Structured.Scan<ValueTuple, X, Y>("Map", (carry, row) => (carry, f(row)), default, sequence, null, false, null).Outputs;

    /// <inheritdoc cref="Map{X, Y}(Func{X, Y}, X)"/>
    public static Tensor Map(Func<Tensor, Tensor> f, Tensor sequence) => Map<Tensor, Tensor>(f, sequence);

    /// <summary>The same function with another derivative in memory and work: only what the policy says is kept for reverse mode, the rest is computed again. Values and derivatives are the same bits.</summary>
    /// <param name="f">The function.</param>
    /// <param name="policy">What is kept beside the arguments; nothing where none is said.</param>
    public static Func<Tensor, Tensor> Checkpoint(Func<Tensor, Tensor> f, ResidualPolicy? policy = null) => Checkpoint<Tensor, Tensor>(f, policy);

    /// <inheritdoc cref="Checkpoint(Func{Tensor, Tensor}, ResidualPolicy?)"/>
    public static Func<P, R> Checkpoint<P, R>(Func<P, R> f, ResidualPolicy? policy = null) => x => Customized.Checkpoint(f, x, policy ?? ResidualPolicy.Nothing);

    /// <inheritdoc cref="Checkpoint(Func{Tensor, Tensor}, ResidualPolicy?)"/>
    public static Func<A, B, R> Checkpoint<A, B, R>(Func<A, B, R> f, ResidualPolicy? policy = null) =>
        (a, b) => Customized.Checkpoint(((A, B) x) => f(x.Item1, x.Item2), (a, b), policy ?? ResidualPolicy.Nothing);

    /// <summary>The same function, whose derivative is what a rule says: (x, ẋ) to the value and its tangent, linear in ẋ. Reverse mode transposes the rule.</summary>
    /// <param name="f">The function; what it closes over must not be differentiated.</param>
    /// <param name="rule">Its derivative, of the shape that <see cref="Jvp(Func{Tensor, Tensor})"/> gives.</param>
    /// <exception cref="ShapeException">When called, if the rule's results are not of f's types; the message names both.</exception>
    public static Func<Tensor, Tensor> CustomJvp(Func<Tensor, Tensor> f, Func<Tensor, Tensor, (Tensor Value, Tensor Tangent)> rule) => CustomJvp<Tensor, Tensor>(f, rule);

    /// <inheritdoc cref="CustomJvp(Func{Tensor, Tensor}, Func{Tensor, Tensor, ValueTuple{Tensor, Tensor}})"/>
    public static Func<P, R> CustomJvp<P, R>(Func<P, R> f, Func<P, P, (R Value, R Tangent)> rule) =>
        x => Customized.Apply<P, R, ValueTuple>("CustomJvp", f, rule, null, null, x);

    /// <summary>The same function, whose reverse mode is what two functions say: forward gives the value and what to keep, backward the cotangent of x from these and that of the value.</summary>
    /// <param name="f">The function; what it closes over must not be differentiated.</param>
    /// <param name="forward">x → (y, s).</param>
    /// <param name="backward">(s, ȳ) → x̄. Where it is linear in ȳ, forward mode is its transpose; else there is none.</param>
    /// <exception cref="ShapeException">When called, if a result is not of f's types; the message names both.</exception>
    public static Func<Tensor, Tensor> CustomVjp<S>(Func<Tensor, Tensor> f, Func<Tensor, (Tensor Value, S Residuals)> forward, Func<S, Tensor, Tensor> backward) =>
        CustomVjp<Tensor, Tensor, S>(f, forward, backward);

    /// <inheritdoc cref="CustomVjp{S}(Func{Tensor, Tensor}, Func{Tensor, ValueTuple{Tensor, S}}, Func{S, Tensor, Tensor})"/>
    public static Func<P, R> CustomVjp<P, R, S>(Func<P, R> f, Func<P, (R Value, S Residuals)> forward, Func<S, R, P> backward) =>
        x => Customized.Apply("CustomVjp", f, null, forward, backward, x);

    /// <summary>The same function, whose forward mode is one rule's and whose reverse mode is another's. <see cref="CheckGradients(Func{Tensor, Tensor}, Tensor, double?)"/> holds each to the other and to differences.</summary>
    /// <exception cref="ShapeException">When called, if a result is not of f's types; the message names both.</exception>
    public static Func<P, R> CustomDerivative<P, R, S>(
        Func<P, R> f, Func<P, P, (R Value, R Tangent)> rule, Func<P, (R Value, S Residuals)> forward, Func<S, R, P> backward) =>
        x => Customized.Apply("CustomDerivative", f, rule, forward, backward, x);

    /// <summary>Compares the derivatives of a function with central differences, forward and reverse, and the modes with each other.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where; f should be smooth around it.</param>
    /// <param name="tolerance">The relative difference that passes; by default 1e-6 in f64, 1e-2 in f32.</param>
    /// <exception cref="GradientException">A derivative differs; the message names the worst entry.</exception>
    public static void CheckGradients(Func<Tensor, Tensor> f, Tensor x, double? tolerance = null) => GradientCheck.Run(f, x, tolerance);

    /// <inheritdoc cref="CheckGradients(Func{Tensor, Tensor}, Tensor, double?)"/>
    public static void CheckGradients<P, R>(Func<P, R> f, P x, double? tolerance = null) => GradientCheck.Run(f, x, tolerance);

    private static Seq<string> Names(Delegate f, params ReadOnlySpan<Layout> layouts)
    {
        var names = Seq<string>();
        for (var i = 0; i < layouts.Length; i++) names = names.Then(Lifted.Names(f, layouts[i], layouts.Length - i));
        return names;
    }
}
