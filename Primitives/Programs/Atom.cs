// The room of programs: what a traced function becomes, and what every primitive must say of itself.
// A program is a value: immutable records with structural equality. Views of it (uses, liveness, costs, text) are
// computed, never stored in it. This room knows no particular primitive and no transform.
namespace Functional.Programs;

/// <summary>What an equation reads: the name of a value to come, or a small constant.</summary>
public abstract record Atom
{
    private protected Atom()
    {
    }

    /// <summary>Element type and shape.</summary>
    public abstract TensorType Type { get; init; }
}

/// <summary>A value that an input or an equation defines. Ids are dense from 0 within a program, inputs first.</summary>
/// <param name="Id">The place in an environment of the program.</param>
/// <param name="Type">Element type and shape.</param>
public sealed record Variable(int Id, TensorType Type) : Atom
{
    /// <inheritdoc/>
    public override TensorType Type { get; init; } = Type;
}

/// <summary>A rank-0 constant. Literals are equal when their bits are: 0.0 is not −0.0, and NaN is NaN.</summary>
public sealed record Literal : Atom
{
    /// <summary>A constant from a rank-0 value.</summary>
    /// <exception cref="ShapeException">The tensor is not a value of rank 0.</exception>
    public Literal(Tensor value) =>
        Value = value is Dense { Rank: 0 } constant ? constant.IsWeak ? constant.Reshaped(Shape.Scalar) : constant : throw new ShapeException($"Literal: needs a value of rank 0, given {value.Type}. Larger constants are captured inputs.");

    /// <summary>The constant.</summary>
    public Tensor Value { get; }

    /// <inheritdoc/>
    public override TensorType Type
    {
        get => Value.Type;
        init { }
    }

    /// <summary>The constant in full precision.</summary>
    public override string ToString() => TensorText.Element(((Dense)Value).Storage.GetValue(0)!);
}
