// The room of elementwise operations: each element of the result from the operands' elements at the same place.
// Operands have one shape, or rank 0 beside it: a scalar stands at every place, so literals stay literals in programs.
using Functional.Programs;

namespace Functional.Primitives;

/// <summary>A primitive that works element by element.</summary>
public abstract record Elementwise : SingleResult
{
    /// <summary>Operations an elementary function (exponential, sine, power …) stands for: about the terms of its polynomial.</summary>
    protected const int ElementaryWork = 10;

    /// <summary>Operations for each element.</summary>
    protected virtual int Work => 1;

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) =>
        new((long)Work * results[0].Size, Programs.Cost.Traffic(operands, results));

    /// <inheritdoc/>
    protected override TensorType Result(ReadOnlySpan<TensorType> operands)
    {
        var shape = operands[0].Shape;
        for (var i = 1; i < operands.Length; i++)
        {
            if (operands[i].Shape == shape || operands[i].Rank == 0) continue;
            if (shape.Rank != 0) throw new ShapeException($"{Name}: shapes differ: {string.Join(", ", operands.ToArray())}. Broadcast them first.");
            shape = operands[i].Shape;
        }
        return new(ResultDType(operands), shape);
    }

    /// <summary>The element type of the result.</summary>
    /// <exception cref="DTypeException">The operands' element types do not fit.</exception>
    protected abstract DType ResultDType(ReadOnlySpan<TensorType> operands);

    /// <inheritdoc/>
    protected sealed override Tensor BatchedResult(Seq<Batched> operands, int size)
    {
        var shape = operands.Map(operand => operand.Type.Shape).Fold(Shape.Scalar, (widest, next) => next.Rank > widest.Rank ? next : widest);
        return Apply([.. operands.Map(operand => Aligned(operand, shape.Insert(0, size)))]);
    }

    /// <inheritdoc/>
    protected override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result)
    {
        var patterns = new Pattern[operands.Length];
        for (var i = 0; i < patterns.Length; i++)
        {
            var pattern = operands[i].Pattern;
            patterns[i] = pattern.IsNothing ? pattern : Factor(operands, i).Match(Some: factor => Kept(pattern, factor, result.Size), None: () => pattern);
        }
        return Pattern.Union(result.Size, patterns);
    }

    /// <summary>Where this is zero, so is the derivative by an operand: at one point the derivative itself, else what constants tell.</summary>
    protected virtual Option<Tensor> Factor(ReadOnlySpan<Dependent> operands, int operand)
    {
        var values = new Tensor[operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!operands[i].IsKnown) return None;
            values[i] = operands[i].Value;
        }
        var one = TensorMath.BroadcastTo(Values.Scalar(values[operand].DType, 1), values[operand].Shape);
        var (results, tangents) = Jvp(values.ToSeq(), values.Select((_, i) => i == operand ? Some(one) : None).ToSeq().Strict());
        return tangents[0].IfNone(() => Values.Scalar(results[0].DType, 0));
    }

    private static Pattern Kept(Pattern pattern, Tensor factor, int size)
    {
        var nonzeros = (factor.DType == DType.Bool ? factor : TensorMath.NotEqual(factor, 0)).Elements<bool>();
        if (nonzeros.Length == 1) return nonzeros[0] ? pattern : Pattern.Nothing(pattern.Space, pattern.Size);
        return (pattern.Size == size ? pattern : pattern.Everywhere(size)).Where(nonzeros);
    }

    /// <summary>A tangent or cotangent stretched to the result's shape, where a scalar stood for all its elements.</summary>
    protected static Tensor Spread(Tensor tangent, Tensor result) => TensorMath.BroadcastTo(tangent, result.Shape);

    /// <summary>A cotangent of the result as one of an operand: where a scalar stood at every place, they are summed.</summary>
    protected static Tensor Gathered(Tensor cotangent, TensorType operand) =>
        cotangent.Rank == operand.Rank ? cotangent : TensorMath.Sum(cotangent);

    /// <summary>The sum of two tangents, where <c>None</c> is zero.</summary>
    protected static Option<Tensor> Plus(Option<Tensor> left, Option<Tensor> right) => (left.Case, right.Case) switch
    {
        (Tensor x, Tensor y) => Some(x + y),
        (Tensor, _) => left,
        _ => right,
    };

    // Shared scalars stay; a batch of scalars beside arrays repeats along the arrays' axes.
    private static Tensor Aligned(Batched operand, Shape shape)
    {
        if (!operand.IsBatched) return operand.Rank == 0 ? operand.Value : TensorMath.BroadcastTo(operand.Value, shape);
        return operand.Value.Shape == shape ? operand.Value : new Broadcast(shape, Seq1(0)).Apply(operand.Value);
    }
}
