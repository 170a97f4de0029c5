using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>Control flow that can run on arrays: what it carries is updated in its buffers, and nothing is allocated from step to step.</summary>
internal interface IRunsInPlace : ICarriesPrograms
{
    /// <summary>Which arguments and outputs of the carried programs are rows of stacks.</summary>
    Stacks Stacks => Stacks.None;

    /// <summary>The results from the operands; none of the arrays of one are among those of the other.</summary>
    /// <param name="routines">The carried programs, ready to run.</param>
    /// <param name="operands">The elements of each operand; only read.</param>
    /// <param name="results">Where the elements of each result go.</param>
    /// <param name="room">What is kept from one run to the next, so that it is allocated once.</param>
    void Run(ReadOnlySpan<Routine> routines, ReadOnlySpan<System.Array> operands, ReadOnlySpan<System.Array> results, ref object? room);
}

/// <summary>Arguments and outputs of a program of which each run takes and makes one row of a stack.</summary>
/// <param name="First">The first such argument.</param>
/// <param name="End">The argument after the last.</param>
/// <param name="Output">The first such output; all after it are.</param>
internal readonly record struct Stacks(int First, int End, int Output)
{
    /// <summary>No stacks: every argument and output is whole.</summary>
    internal static Stacks None { get; } = new(0, 0, int.MaxValue);

    /// <summary>Whether an argument is a row of a stack.</summary>
    internal bool Reads(int argument) => argument >= First && argument < End;

    /// <summary>Whether an output is.</summary>
    internal bool Writes(int output) => output >= Output;
}

/// <summary>A carried program, ready to run on arrays again and again.</summary>
internal abstract class Routine
{
    /// <summary>Where the elements of an argument are, until said otherwise; those of all rows where it is a row of a stack.</summary>
    internal abstract void Read(int argument, System.Array elements);

    /// <summary>Where the elements of an output go, until said otherwise: no array that the run reads.</summary>
    internal abstract void Write(int output, System.Array elements);

    /// <summary>One run, on one row of the stacks.</summary>
    internal abstract void Run(int row = 0);
}
