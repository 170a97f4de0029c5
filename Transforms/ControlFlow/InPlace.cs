using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>Control flow that can run on arrays: what it carries is updated in its buffers, and nothing is allocated from step to step.</summary>
internal interface IRunsInPlace : ICarriesPrograms
{
    /// <summary>The results from the operands; none of the arrays of one are among those of the other.</summary>
    /// <param name="routines">The carried programs, ready to run.</param>
    /// <param name="operands">The elements of each operand; only read.</param>
    /// <param name="results">Where the elements of each result go.</param>
    /// <param name="room">What is kept from one run to the next, so that it is allocated once.</param>
    void Run(ReadOnlySpan<Routine> routines, ReadOnlySpan<System.Array> operands, ReadOnlySpan<System.Array> results, ref object? room);
}

/// <summary>A carried program, ready to run on arrays again and again.</summary>
internal abstract class Routine
{
    /// <summary>Where the elements of an argument are, until said otherwise.</summary>
    internal abstract void Read(int argument, System.Array elements);

    /// <summary>Where the elements of an output go, until said otherwise: no array that the run reads.</summary>
    internal abstract void Write(int output, System.Array elements);

    /// <summary>One run.</summary>
    internal abstract void Run();
}
