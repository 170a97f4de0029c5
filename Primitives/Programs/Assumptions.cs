namespace Functional.Programs;

/// <summary>Decisions of the host program, kept when a program is run or rewritten.</summary>
internal static class Assumptions
{
    /// <summary>Holds each assumption of a program to the value its predicate has here: a value is checked, a tracer's trace takes the assumption over.</summary>
    /// <exception cref="TraceException">A value is not what was assumed, so the program is not that of the function here.</exception>
    internal static void Carry(this Program program, Func<Atom, Tensor> read)
    {
        foreach (var assumption in program.Assumptions) Hold(read(assumption.Predicate), assumption.Expected);
    }

    /// <summary>Holds one value to what was assumed of it.</summary>
    internal static void Hold(Tensor value, Literal expected)
    {
        if (value is Tracer tracer) tracer.Trace.Assume(tracer, expected);
        else if (!((Dense)value).Reshaped(Shape.Scalar).Equals(expected.Value))
            throw new TraceException($"Evaluate: the program stands for arguments where the host decided on {expected}, and here the value is {value}. Trace the function again for these arguments.");
    }
}
