using System.Runtime.CompilerServices;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>
/// A program compiled: loops of machine code over buffers planned beforehand, with the evaluator's kernels between them.
/// It is immutable to its users, and any number of threads may run it at one time. In the steady state a run allocates its
/// results alone. Where the platform does not allow code to be made at run time, the program is evaluated.
/// </summary>
public sealed class Executable
{
    // Bytes of results from which it matters when the collector runs.
    private const int Large = 1 << 18;

    private readonly Program lowered;
    private readonly Plan plan;
    private readonly Runner[] runners;
    private readonly Runner[] units;
    private readonly int folds;
    private readonly TensorType[] arguments;
    private readonly Operand[] outputs;
    private readonly int results;
    private readonly (int Buffer, DType Type, int Size, bool IsTiled, int Donor)[] made;
    private readonly Literal[] expected;
    private readonly StraightLine? straight;
    private readonly bool promises;
    private readonly bool readsTensors;
    private readonly bool repeats;
    private readonly Type[] destinationTypes;
    private readonly int[] sizes;
    private readonly Arena?[] pool = new Arena?[Environment.ProcessorCount];

    internal Executable(Program program, Program lowered, Plan plan, Runner[] runners, Runner[] units, int folds)
    {
        (Program, this.lowered, this.plan, this.runners, this.units, this.folds) = (program, lowered, plan, runners, units, folds);
        arguments = [.. program.Arguments.Map(argument => argument.Type)];
        outputs = [.. plan.Schedule.Outputs];
        results = program.Outputs.Count;
        destinationTypes = [.. program.Outputs.Map(output => Arena.Allocate(output.Type.DType, 0).GetType())];
        sizes = [.. program.Outputs.Map(output => output.Type.Size)];
        readsTensors = plan.Schedule.Steps.Exists(step => step is Step.Call or Step.Numbers) || outputs.Any(output => output.Literal is null && plan.Roles[output.Buffer] == Role.Argument);
        expected = [.. program.Assumptions.Map(assumption => assumption.Expected)];
        made =
        [
            .. Enumerable.Range(0, plan.Roles.Length).Where(buffer => plan.Roles[buffer] == Role.Output)
                .Select(buffer => (buffer, plan.Schedule.Types[buffer].DType, plan.Schedule.Types[buffer].Size, plan.Schedule.Steps.OfType<Step.Product>().Any(product => product.Result == buffer), plan.Donors[buffer] is [var donor] ? donor : -1))
                .OrderBy(output => (long)output.Size * output.DType.Bytes()),
        ];
        // What a program holds, and what is returned twice, is never given away.
        foreach (var constant in plan.Schedule.Constants.Values.Concat<Tensor?>(outputs.Select(output => output.Literal)).OfType<Dense>()) constant.Share();
        repeats = !Enumerable.Range(0, results).All(output => outputs[output].Literal is not null || plan.IsDirect(output) || plan.Roles[outputs[output].Buffer] != Role.Output);
        straight = RuntimeFeature.IsDynamicCodeSupported ? StraightLine.Of(plan, results) : null;
        promises = RuntimeFeature.IsDynamicCodeSupported && made.Sum(output => (long)output.Size * output.Type.Bytes()) >= Large && Enumerable.Range(0, results).All(plan.IsDirect);
    }

    /// <summary>What it computes.</summary>
    public Program Program { get; }

    /// <summary>Bytes of intermediates that a run needs, those of carried programs included.</summary>
    public long ArenaBytes => plan.Bytes + plan.Schedule.Steps.OfType<Step.Carrier>().Sum(carrier => carrier.Bodies.Sum(body => body.ArenaBytes));

    /// <summary>The number of loops of machine code, those of carried programs included.</summary>
    public int Kernels => plan.Schedule.Steps.Sum(step => step switch
    {
        Step.Kernel => 1,
        Step.Carrier carrier => carrier.Bodies.Sum(body => body.Kernels),
        _ => 0,
    });

    /// <summary>The outputs for these arguments; on tracers this writes the program into their trace.</summary>
    /// <exception cref="ShapeException">The arguments are not those that the program was traced for.</exception>
    /// <exception cref="TraceException">The program stands on a decision that these arguments do not bear out.</exception>
    public Tensor[] Run(params ReadOnlySpan<Tensor> arguments)
    {
        if (IsTraced(arguments)) return [.. Program.Evaluate(arguments)];
        Accept(arguments);
        var given = new Tensor[results];
        if (promises) Promise(given);
        Run(arguments, given);
        return given;
    }

    /// <summary>
    /// Whether a run fills tensors that <see cref="Promise"/> makes. A large array is then the last that is allocated, after smaller
    /// ones: the collector, which comes with the first small allocation after it has had enough, finds it with the next call, and
    /// dead if it is not needed, instead of moving it while it is being returned.
    /// </summary>
    internal bool Promises => promises;

    /// <summary>Tensors for the outputs, whose elements come with the run.</summary>
    internal void Promise(Span<Tensor> given)
    {
        for (var i = 0; i < given.Length; i++) given[i] = Arena.Promised(outputs[i].Type);
    }

    /// <summary>Writes the outputs for values of the types that the program was compiled for; into what was promised, where it was.</summary>
    internal void Run(ReadOnlySpan<Tensor> arguments, Span<Tensor> given)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            Program.Evaluate(arguments).ToArray().CopyTo(given);
            return;
        }
        if (straight is not null)
        {
            straight.Run(arguments, given);
            return;
        }
        var arena = Rent();
        Execute(arena, arguments);
        for (var i = 0; i < given.Length; i++)
        {
            if (promises && given[i] is Dense promised) promised.Hold(arena.Table[outputs[i].Buffer]!);
            else given[i] = Output(arena, i);
            if (repeats) ((Dense)given[i]).Share();
        }
        Return(arena);
    }

    /// <summary>Writes the outputs for these arguments to arrays of the caller, each of its output's elements and size; nothing is allocated where all is in loops of machine code.</summary>
    /// <exception cref="ShapeException">The arguments are not those that the program was traced for, or an array is of another type or size.</exception>
    /// <exception cref="TraceException">The program stands on a decision that these arguments do not bear out.</exception>
    public void Run(ReadOnlySpan<Tensor> arguments, ReadOnlySpan<System.Array> destinations)
    {
        Accept(arguments);
        Accept(destinations);
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            var evaluated = Program.Evaluate(arguments);
            for (var i = 0; i < results; i++) Copy(((Dense)evaluated[i]).Storage, destinations[i]);
            return;
        }
        if (straight is not null)
        {
            straight.Run(arguments, destinations);
            return;
        }
        var arena = Rent();
        for (var i = 0; i < results; i++)
            if (outputs[i].Literal is null && plan.Roles[outputs[i].Buffer] == Role.Output) arena.Give(outputs[i].Buffer, destinations[i]);
        Execute(arena, arguments);
        for (var i = 0; i < results; i++)
        {
            var source = outputs[i].Literal is Dense literal ? literal.Storage : arena.Table[outputs[i].Buffer]!;
            if (!ReferenceEquals(source, destinations[i])) Copy(source, destinations[i]);
        }
        Return(arena);
    }

    /// <summary>What is run, step by step: the equations of each loop, its extents, bytes and operations, what is apart and why.</summary>
    public override string ToString() => Listing.Of(this, isDisassembled: false);

    /// <summary>The instructions of each loop: what is loaded from where, what is done to a register of elements, what is stored and folded.</summary>
    public string Disassemble() => Listing.Of(this, isDisassembled: true);

    /// <summary>How many outputs it has.</summary>
    internal int Results => results;

    internal Program Lowered => lowered;

    internal TensorType[] ArgumentTypes => arguments;

    internal Plan Plan => plan;

    /// <summary>Each step's, and those of steps that are run together.</summary>
    internal IReadOnlyList<Runner> Runners => runners;

    internal IReadOnlyList<Runner> Units => units;

    internal Arena FreshArena() => new(plan, folds, runners.Length);

    private static bool IsTraced(ReadOnlySpan<Tensor> arguments)
    {
        foreach (var argument in arguments)
            if (argument is not Dense) return true;
        return false;
    }

    private static void Copy(System.Array source, System.Array destination) => System.Array.Copy(source, destination, source.Length);

    /// <summary>Memory for runs one after another.</summary>
    internal Arena Room() => new(plan, folds, runners.Length);

    /// <summary>The steps, where arguments and outputs have their places.</summary>
    internal void Execute(Arena arena)
    {
        foreach (var unit in units) unit.Run(arena);
        for (var i = 0; i < expected.Length; i++) Assumptions.Hold(Output(arena, results + i), expected[i]);
    }

    private void Execute(Arena arena, ReadOnlySpan<Tensor> given)
    {
        try
        {
            if (readsTensors)
                for (var i = 0; i < given.Length; i++) arena.Bind(i, given[i]);
            else
                for (var i = 0; i < given.Length; i++) arena.Lend(i, given[i]);
            foreach (var (buffer, type, size, isTiled, donor) in made)
            {
                if (arena.Table[buffer] is not null) continue;
                if (donor >= 0 && Taken(arena, given, donor) is { } array) arena.Give(buffer, array);
                else arena.Make(buffer, type, size, isTiled);
            }
            Execute(arena);
        }
        catch
        {
            // What a failed run left behind is not reused.
            arena.Clear();
            throw;
        }
    }

    // The array of an argument that is given up; none where another argument is in it too.
    private static System.Array? Taken(Arena arena, ReadOnlySpan<Tensor> given, int donor)
    {
        for (var i = 0; i < given.Length; i++)
            if (i != donor && ReferenceEquals(arena.Table[i], arena.Table[donor])) return null;
        return ((Dense)given[donor]).Take();
    }

    private Tensor Output(Arena arena, int output) =>
        outputs[output].Literal ?? arena.Read(outputs[output].Buffer, outputs[output].Type);

    private Arena Rent()
    {
        foreach (ref var place in pool.AsSpan())
            if (place is not null && Interlocked.Exchange(ref place, null) is { } arena) return arena;
        return Room();
    }

    private void Return(Arena arena)
    {
        arena.Clear();
        foreach (ref var place in pool.AsSpan())
            if (place is null && Interlocked.CompareExchange(ref place, arena, null) is null) return;
    }

    private void Accept(ReadOnlySpan<Tensor> given)
    {
        if (given.Length != arguments.Length) throw new ShapeException($"Run: the program takes {arguments.Length} arguments, given {given.Length}.");
        for (var i = 0; i < given.Length; i++)
            if (given[i].Type != arguments[i]) throw new ShapeException($"Run: argument {i} is {given[i].Type}, but the program was compiled for {arguments[i]}.");
    }

    private void Accept(ReadOnlySpan<System.Array> destinations)
    {
        if (destinations.Length != results) throw new ShapeException($"Run: the program has {results} outputs, given {destinations.Length} arrays.");
        for (var i = 0; i < destinations.Length; i++)
            if (destinations[i] is null) throw new ShapeException($"Run: output {i} is {outputs[i].Type}, given null; give an array of {sizes[i]} elements.");
            else if (!ReferenceEquals(destinations[i].GetType(), destinationTypes[i]) || destinations[i].Length != sizes[i])
                throw new ShapeException($"Run: output {i} is {outputs[i].Type}, given {destinations[i].GetType().GetElementType()!.Name}[{destinations[i].Length}].");
    }
}
