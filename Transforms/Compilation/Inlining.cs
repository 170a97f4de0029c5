using Functional.Programs;

namespace Functional.Compilation;

/// <summary>A program in which primitives that are one carried program on values are that program.</summary>
/// <param name="Program">The equations, one after another.</param>
/// <param name="Again">
/// For each equation, which recomputation it is part of, counted from 1; 0 where none. What is computed again is not
/// computed before its turn comes: that is what it is for.
/// </param>
internal sealed record Inlining(Program Program, int[] Again)
{
    internal static Inlining Of(Program program) =>
        program.Equations.Exists(equation => Whole(equation).IsSome) ? new Writer(program).Written() : new(program, new int[program.Equations.Count]);

    private static Option<Program> Whole(Equation equation) => equation.Primitive is ICarriesPrograms carrier ? carrier.Whole : None;

    private sealed class Writer(Program program)
    {
        private readonly List<Variable> inputs = [];
        private readonly List<Tensor> captures = [];
        private readonly Queue<Atom> bound = new();
        private readonly List<Equation> equations = [];
        private readonly List<int> again = [];
        private int next;
        private int last;

        internal Inlining Written()
        {
            foreach (var input in program.Inputs) inputs.Add(New(input.Type));
            captures.AddRange(program.Captures);
            Bind(program);
            var outputs = Write(program, inputs.Take(program.Inputs.Count).Select(Atom (input) => input), 0);
            return new(
                program with { Inputs = inputs.ToSeq().Strict(), Captures = captures.ToSeq().Strict(), Equations = equations.ToSeq().Strict(), Outputs = outputs.ToSeq().Strict() },
                [.. again]);
        }

        // Captures of carried programs become captures, in the order in which their programs are written.
        private void Bind(Program outer)
        {
            foreach (var equation in outer.Equations)
            {
                if (Whole(equation).Case is not Program inner) continue;
                foreach (var capture in inner.Captures)
                {
                    inputs.Add(New(capture.Type));
                    captures.Add(capture);
                    bound.Enqueue(inputs[^1]);
                }
                Bind(inner);
            }
        }

        private Atom[] Write(Program inner, IEnumerable<Atom> given, int part)
        {
            var environment = new Atom[inner.VariableCount];
            foreach (var (input, atom) in inner.Inputs.Zip(given)) environment[input.Id] = atom;
            foreach (var equation in inner.Equations)
            {
                var operands = equation.Inputs.Map(Read).Strict();
                if (Whole(equation).Case is Program carried)
                {
                    var closed = carried.Captures.Map(_ => bound.Dequeue()).Strict();
                    var results = Write(carried, operands.Then(closed), part != 0 ? part : ++last);
                    foreach (var (output, result) in equation.Outputs.Zip(results)) environment[output.Id] = result;
                    continue;
                }
                var outputs = equation.Outputs.Map(output => New(output.Type)).Strict();
                foreach (var (output, variable) in equation.Outputs.Zip(outputs)) environment[output.Id] = variable;
                equations.Add(new(equation.Primitive, operands, outputs));
                again.Add(part);
            }
            return [.. inner.Outputs.Map(Read)];

            Atom Read(Atom atom) => atom is Variable variable ? environment[variable.Id] : atom;
        }

        private Variable New(TensorType type) => new(next++, type);
    }
}
