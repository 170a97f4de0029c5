namespace Functional.Programs;

/// <summary>
/// A primitive that is linear in some of its operands, given the others. ⟨ū, A v⟩ = ⟨Aᵀ ū, v⟩ defines its transpose.
/// </summary>
public interface ILinear
{
    /// <summary>
    /// The cotangents of the linear operands from those of the results; <c>None</c> is zero, and stands at every known operand.
    /// A rule may leave a cotangent out where it is zero. Written with tensor operations.
    /// </summary>
    Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands);
}

/// <summary>An operand in a linear equation: linear (only its type is known), or known.</summary>
/// <param name="Type">Element type and shape.</param>
/// <param name="Known">The value, where the operand is not linear.</param>
public readonly record struct Operand(TensorType Type, Option<Tensor> Known)
{
    /// <summary>Whether the equation is linear in this operand.</summary>
    public bool IsLinear => Known.IsNone;

    /// <summary>The value of a known operand.</summary>
    public Tensor Value => Known.IfNone(() => throw new InvalidOperationException("a linear operand has no value"));

    /// <summary>An operand that the equation is linear in.</summary>
    public static Operand Linear(TensorType type) => new(type, None);

    /// <summary>An operand whose value is at hand.</summary>
    public static Operand Of(Tensor known) => new(known.Type, Some(known));
}

/// <summary>An operand or result under a batching transform: one for each member of the batch, stacked on the first axis, or one shared by all.</summary>
/// <param name="Value">The tensor, with the batch axis first where there is one.</param>
/// <param name="IsBatched">Whether the first axis is that of the batch.</param>
public readonly record struct Batched(Tensor Value, bool IsBatched)
{
    /// <summary>The type for one member of the batch.</summary>
    public TensorType Type => IsBatched ? new(Value.DType, Value.Shape[1..]) : Value.Type;

    /// <summary>The number of axes for one member of the batch.</summary>
    public int Rank => IsBatched ? Value.Rank - 1 : Value.Rank;

    /// <summary>One for each member, stacked on the first axis.</summary>
    public static Batched Each(Tensor value) => new(value, true);

    /// <summary>One shared by all members.</summary>
    public static Batched Shared(Tensor value) => new(value, false);
}
