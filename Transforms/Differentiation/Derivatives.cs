using Functional.Programs;
using Functional.Structures;

namespace Functional.Differentiation;

/// <summary>Derivatives of structured functions at a point. <c>Vjp</c> is linearize, then transpose; <c>Grad</c> is <c>Vjp</c> of a scalar at 1.</summary>
internal static class Derivatives
{
    /// <summary>P → P, and the value.</summary>
    internal static (Tensor Value, P Gradient) Grad<P>(string transform, Func<P, Tensor> f, P at)
    {
        var (value, cotangents, lifted) = Pull(transform, f, at);
        var gradient = cotangents.Zip(lifted.Arguments).Map(pair => Pushforward.OrZero(pair.Item1, pair.Item2.Type)).Strict();
        return (value, Structure.Unflatten<P>(lifted.Argument, gradient));
    }

    /// <summary>As <see cref="Grad"/>, where a leaf that no differentiable path used has no gradient.</summary>
    internal static Partial<P> OptionalGrad<P>(Func<P, Tensor> f, P at)
    {
        var (_, cotangents, lifted) = Pull("OptionalGrad", f, at);
        return new(lifted.Argument, cotangents);
    }

    /// <summary>(x, ẋ) → (y, ẏ).</summary>
    internal static (R Value, R Tangent) Jvp<P, R>(Func<P, R> f, P at, P tangent)
    {
        var lifted = Lifted.At("Jvp", f, at).RequireFloats("Jvp");
        var directions = lifted.Accept("Jvp: tangent", tangent);
        var (results, moved) = Pushforward.Push(lifted.Program, lifted.Arguments, directions.Map(Some).Strict());
        return (Structure.Unflatten<R>(lifted.Result, results), Structure.Unflatten<R>(lifted.Result, Filled(results, moved)));
    }

    /// <summary>x → (y, ẋ → ẏ).</summary>
    internal static (R Value, Func<P, R> Pushforward) Linearize<P, R>(Func<P, R> f, P at)
    {
        var lifted = Lifted.At("Linearize", f, at).RequireFloats("Linearize");
        var (results, linear, moves) = Linearization.At(lifted.Program, lifted.Arguments);
        return (Structure.Unflatten<R>(lifted.Result, results), tangent =>
        {
            var moved = new Queue<Tensor>(linear.Evaluate([.. lifted.Accept("Linearize: tangent", tangent)]));
            return Structure.Unflatten<R>(lifted.Result, Filled(results, moves.Map(moving => moving ? Some(moved.Dequeue()) : None).Strict()));
        }
        );
    }

    /// <summary>x → (y, ȳ → x̄).</summary>
    internal static (R Value, Func<R, P> Pullback) Vjp<P, R>(Func<P, R> f, P at)
    {
        var lifted = Lifted.At("Vjp", f, at).RequireFloats("Vjp");
        var (results, linear, moves) = Linearization.At(lifted.Program, lifted.Arguments);
        return (Structure.Unflatten<R>(lifted.Result, results), cotangent =>
        {
            var given = lifted.AcceptResult("Vjp: cotangent", cotangent).Zip(moves).Filter(pair => pair.Item2).Map(pair => Some(pair.Item1)).ToSeq().Strict();
            var pulled = Transposition.Pull(linear, lifted.Arguments.Count, linear.Captures, given);
            return Structure.Unflatten<P>(lifted.Argument, Filled(lifted.Arguments, pulled));
        }
        );
    }

    private static (Tensor Value, Seq<Option<Tensor>> Cotangents, Lifted Lifted) Pull<P>(string transform, Func<P, Tensor> f, P at)
    {
        var lifted = Lifted.At(transform, f, at).RequireFloats(transform);
        var type = lifted.Program.Outputs[0].Type;
        if (type.Rank != 0) throw new ShapeException($"{transform}: needs a scalar, f returned {type}. Reduce it with Sum, or use Jacobian.");
        if (!type.DType.IsFloat()) throw new NotDifferentiableException($"{transform}: f returned {type}, and only floats have derivatives.");
        var (results, linear, moves) = Linearization.At(lifted.Program, lifted.Arguments);
        var one = Some((Tensor)Values.Scalar(type.DType, 1));
        var cotangents = moves[0]
            ? Transposition.Pull(linear, lifted.Arguments.Count, linear.Captures, Seq1(one))
            : lifted.Arguments.Map(_ => Option<Tensor>.None).Strict();
        return (results[0], cotangents, lifted);
    }

    private static Seq<Tensor> Filled(Seq<Tensor> like, Seq<Option<Tensor>> tangents) =>
        tangents.Zip(like).Map(pair => Pushforward.OrZero(pair.Item1, pair.Item2.Type)).Strict();
}
