using System.Globalization;
using Functional.Compilation;
using Functional.Explaining;
using Functional.Programs;
using Functional.Structures;

namespace Functional
{
    public static partial class Transforms
    {
        /// <summary>
        /// What the library does for a function at an argument, and why: the work before and after simplification, the ways to a
        /// Jacobian that it counted and the one it took, the loops that it is fused into, what is apart and for what reason, and the memory. Nothing is computed but what the function decides by.
        /// </summary>
        /// <exception cref="TraceException">When called, if the function asks for more of a value than a decision.</exception>
        public static Func<Tensor, Explanation> Explain(Func<Tensor, Tensor> f) => Explain<Tensor, Tensor>(f);

        /// <inheritdoc cref="Explain(Func{Tensor, Tensor})"/>
        public static Func<P, Explanation> Explain<P, R>(Func<P, R> f) => x =>
        {
            var lifted = Lifted.At("Explain", f, x, kept: true);
            var program = lifted.Program with { Names = Lifted.Names(f, lifted.Argument) };
            return new(program, program.Compile());
        };
    }
}

namespace Functional.Explaining
{
    /// <summary>What is run for a function.</summary>
    /// <param name="Program">The function as it was traced.</param>
    /// <param name="Executable">What runs it.</param>
    public sealed record Explanation(Program Program, Executable Executable)
    {
        /// <summary>The work of the program as it was traced.</summary>
        public Cost Traced => Cost.Of(Program);

        /// <summary>The work of what is run.</summary>
        public Cost Run => Cost.Of(Executable.Lowered);

        /// <summary>All of it as text.</summary>
        public override string ToString()
        {
            var assumptions = Program.Assumptions.IsEmpty ? string.Empty : $", where {Program.Assumptions.Count} decisions of the host are as here";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"traced: {Program.Equations.Count} equations, {Traced.Flops} operations, {Traced.Bytes} bytes{assumptions}\n{string.Concat(Program.Notes.Map(note => note + "\n"))}run: {Executable.Lowered.Equations.Count} equations, {Run.Flops} operations, {Run.Bytes} bytes before fusion\n{Executable}");
        }
    }
}
