namespace Functional.Programs;

/// <summary>What kind of loop computes a primitive: the closed set that the compiler switches over.</summary>
public abstract record LoopForm
{
    private LoopForm()
    {
    }

    /// <summary>No loop the compiler knows: a call of the kernel.</summary>
    public static LoopForm Opaque { get; } = new OpaqueForm();

    /// <summary>Element by element: an operator on the operands' elements at the same place (a rank-0 operand stands at every place).</summary>
    /// <param name="Operator">The operator struct, with forms for a scalar and for lanes.</param>
    public sealed record Pointwise(Type Operator) : LoopForm;

    /// <summary>The first operand's elements at other places.</summary>
    /// <param name="Map">From places of the result to places of the operand.</param>
    public sealed record View(IndexMap Map) : LoopForm;

    /// <summary>The first operand's elements combined along axes.</summary>
    /// <param name="Monoid">What combines two, and what stands for none.</param>
    /// <param name="Axes">The axes that are combined away, ascending.</param>
    public sealed record Fold(Monoid Monoid, Seq<int> Axes) : LoopForm;

    /// <summary>A sum of products over shared axes of two operands.</summary>
    /// <param name="Left">Contracted axes of the first operand.</param>
    /// <param name="Right">Contracted axes of the second, in the same order.</param>
    /// <param name="LeftBatch">Axes of the first operand that are kept and paired with those of the second.</param>
    /// <param name="RightBatch">The second's, in the same order.</param>
    public sealed record Contract(Seq<int> Left, Seq<int> Right, Seq<int> LeftBatch, Seq<int> RightBatch) : LoopForm;

    private sealed record OpaqueForm : LoopForm;
}

/// <summary>What a fold combines with: an associative operation and its neutral element.</summary>
public enum Monoid
{
    /// <summary>x + y, from 0.</summary>
    Sum,

    /// <summary>x · y, from 1.</summary>
    Product,

    /// <summary>The larger, NaN if either is, from −∞ or the least integer.</summary>
    Maximum,

    /// <summary>The smaller, NaN if either is, from +∞ or the greatest integer.</summary>
    Minimum,

    /// <summary>x ∧ y, from true.</summary>
    And,

    /// <summary>x ∨ y, from false.</summary>
    Or,
}

/// <summary>
/// The row-major place in an operand of each place of a result: <c>Offset + Σ Strides[axis]·i[axis]</c>. Broadcast axes
/// have stride 0, reversed ones a negative stride.
/// </summary>
/// <param name="Offset">The operand's place for the result's first element.</param>
/// <param name="Strides">Steps in the operand for a unit step along each axis of the result.</param>
public sealed record IndexMap(int Offset, Seq<int> Strides);
