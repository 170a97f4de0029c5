using Functional.ControlFlow;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>What one instruction of a kernel does to each element.</summary>
internal abstract record Operation
{
    private Operation()
    {
    }

    /// <summary>The element of a buffer at an affine place, perhaps in a row that another buffer names.</summary>
    internal sealed record Load(int Buffer, Affine Map, Pick? Pick = null) : Operation;

    /// <summary>One number for every element.</summary>
    internal sealed record Constant(Tensor Value) : Operation;

    /// <summary>An operator struct of the kernels: of one operand or two, a predicate or a comparison.</summary>
    internal sealed record Operator(Type Type) : Operation;

    /// <summary>The second operand where the first is true, the third elsewhere.</summary>
    internal sealed record Select : Operation;

    /// <summary>The element in another type, as C# casts.</summary>
    internal sealed record Convert : Operation;
}

/// <summary>Rows of a buffer by number: at each place the row that stands in another buffer, to which the load's own place is added.</summary>
/// <param name="Buffer">The numbers of the rows, i32.</param>
/// <param name="Map">Where there the number for each place stands: the same along the last axis.</param>
/// <param name="Stride">The elements of a row.</param>
internal sealed record Pick(int Buffer, Affine Map, int Stride);

/// <summary>An operation on earlier instructions' results.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Type">Of the result.</param>
/// <param name="Inputs">The instructions whose results it reads.</param>
internal sealed record Instruction(Operation Operation, DType Type, int[] Inputs);

/// <summary>A result of a kernel's loop that is kept.</summary>
/// <param name="Value">The instruction.</param>
/// <param name="Buffer">Where it goes.</param>
/// <param name="Map">To which place there from each of the domain; none where to the same.</param>
internal sealed record Store(int Value, int Buffer, Affine? Map = null);

/// <summary>A result of a kernel's loop that is combined along rows.</summary>
/// <param name="Value">The instruction.</param>
/// <param name="Monoid">What combines two.</param>
/// <param name="Buffer">Where the folds go, one for each row.</param>
internal sealed record RowFold(int Value, Monoid Monoid, int Buffer);

/// <summary>What a product is added to: addend ± factor·product, each operation rounded.</summary>
/// <param name="Buffer">The addend's buffer.</param>
/// <param name="Places">Where its elements stand there, those of a row side by side.</param>
/// <param name="Factor">The buffer in which the factor is, or a literal.</param>
/// <param name="Place">Where it stands there.</param>
/// <param name="IsSubtracted">Whether the product is taken from the addend.</param>
internal sealed record Addend(int Buffer, Matrices Places, Operand Factor, int Place, bool IsSubtracted)
{
    /// <summary>The buffers that it reads.</summary>
    internal int[] Reads => Factor.Literal is null ? [Buffer, Factor.Buffer] : [Buffer];
}

/// <summary>One thing that an executable does, after those before it.</summary>
internal abstract record Step
{
    private Step()
    {
    }

    /// <summary>The equations that it computes.</summary>
    internal Seq<Equation> Equations { get; init; } = Seq<Equation>();

    /// <summary>Why it is no part of another.</summary>
    internal string Reason { get; init; } = string.Empty;

    /// <summary>One loop over a domain: straight-line code on each element, some results kept and some folded along rows.</summary>
    /// <param name="Size">The number of places.</param>
    /// <param name="Extents">The axes that loads step along.</param>
    /// <param name="Body">The instructions, each after those that it reads.</param>
    /// <param name="Stores">What is kept.</param>
    /// <param name="Folds">What is folded.</param>
    /// <param name="Row">The places of one fold; the size divides into rows of so many.</param>
    internal sealed record Kernel(int Size, int[] Extents, Instruction[] Body, Seq<Store> Stores, Seq<RowFold> Folds, int Row) : Step;

    /// <summary>A primitive's own kernel, on whole tensors.</summary>
    internal sealed record Call(Equation Equation, Seq<Operand> Operands, Seq<int> Results) : Step;

    /// <summary>Control flow over compiled programs, from buffers into buffers.</summary>
    internal sealed record Carrier(IRunsInPlace Primitive, Seq<Executable> Bodies, Seq<int> Operands, Seq<int> Results) : Step;

    /// <summary>A contraction into a buffer, as a batch of matrix products.</summary>
    /// <param name="Type">Of the elements.</param>
    /// <param name="Left">The left operand's buffer.</param>
    /// <param name="A">Where its elements stand there.</param>
    /// <param name="Right">The right operand's buffer.</param>
    /// <param name="B">Where its elements stand there.</param>
    /// <param name="Result">The result's buffer.</param>
    /// <param name="C">Where its elements stand there.</param>
    internal sealed record Product(DType Type, int Left, Matrices A, int Right, Matrices B, int Result, Matrices C) : Step
    {
        /// <summary>What it is added to, perhaps scaled, where it is not stored as it is.</summary>
        internal Addend? Addend { get; init; }
    }

    /// <summary>A view's elements in order.</summary>
    internal sealed record Copy(int Source, Affine Map, int Result) : Step;

    /// <summary>Buffers' elements, each in order, to places of a larger one: those of the first as the map says, those of each other beside the one before.</summary>
    internal sealed record Placement(Seq<int> Sources, Affine Map, int Result) : Step;

    /// <summary>The numbers of the rows that indices name, each in its range.</summary>
    /// <param name="Of">What is indexed.</param>
    /// <param name="Axis">The first indexed axis.</param>
    /// <param name="Indices">One for each indexed axis.</param>
    /// <param name="Result">The numbers' buffer.</param>
    internal sealed record Numbers(TensorType Of, int Axis, Seq<Operand> Indices, int Result) : Step;

    /// <summary>A fold of a whole buffer along some axes.</summary>
    internal sealed record Fold(int Source, Shape Extents, Seq<int> Axes, Monoid Monoid, int Result) : Step;
}

/// <summary>An operand of a call: a buffer under a shape, or a literal.</summary>
internal readonly record struct Operand(int Buffer, TensorType Type, Tensor? Literal)
{
    /// <summary>The operands of a step as tensors, in an array that the step keeps in the arena.</summary>
    internal static Tensor[] Read(Operand[] operands, Arena arena, int place)
    {
        var given = (Tensor[])(arena.States[place] ??= new Tensor[operands.Length]);
        for (var i = 0; i < given.Length; i++) given[i] = operands[i].Literal ?? arena.Read(operands[i].Buffer, operands[i].Type);
        return given;
    }
}
