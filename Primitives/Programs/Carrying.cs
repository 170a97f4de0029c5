namespace Functional.Programs;

/// <summary>
/// A primitive that carries programs: control flow, and derivatives under the user's control. A carried program reads only
/// its own inputs; what a user's function closes over is among the operands.
/// </summary>
public interface ICarriesPrograms
{
    /// <summary>The programs, each by the name it has in text.</summary>
    Seq<(string Name, Program Program)> Programs { get; }

    /// <summary>The same over other programs of the same inputs and outputs.</summary>
    /// <param name="programs">As many as there are.</param>
    Primitive With(Seq<Program> programs);

    /// <summary>Which results move when these operands do: have a tangent that is not zero by structure.</summary>
    Seq<bool> Moves(Seq<bool> operands);

    /// <summary>A cheaper way to the results that are read, from the operands; <c>None</c> where there is none. A result that nothing reads may be left out.</summary>
    /// <param name="known">The operands that are literals.</param>
    /// <param name="live">Which results are read.</param>
    Option<Func<Seq<Tensor>, Seq<Option<Tensor>>>> Lessened(Seq<Option<Tensor>> known, Seq<bool> live);

    /// <summary>The one program whose results are those of the primitive, where there is one: running it is all there is to running the primitive.</summary>
    Option<Program> Whole => None;
}
