using Functional.ControlFlow;

namespace Functional.Compilation;

/// <summary>An executable with memory of its own, which runs on arrays that others hold.</summary>
internal sealed class Activation : Routine
{
    private readonly Executable executable;
    private readonly Arena arena;
    private readonly Operand[] outputs;
    private readonly bool[] isDirect;
    private readonly System.Array?[] destinations;

    internal Activation(Executable executable)
    {
        (this.executable, arena) = (executable, executable.Room());
        outputs = [.. executable.Plan.Schedule.Outputs];
        destinations = new System.Array?[outputs.Length];
        // The first output in a buffer is computed where it goes; all else is copied there.
        isDirect = new bool[outputs.Length];
        for (var i = 0; i < outputs.Length; i++)
            isDirect[i] = outputs[i].Literal is null && executable.Plan.Roles[outputs[i].Buffer] == Role.Output
                && System.Array.FindIndex(outputs, output => output.Literal is null && output.Buffer == outputs[i].Buffer) == i;
    }

    internal override void Read(int argument, System.Array elements) => Place(argument, elements);

    internal override void Write(int output, System.Array elements)
    {
        destinations[output] = elements;
        if (isDirect[output]) Place(outputs[output].Buffer, elements);
    }

    internal override void Run()
    {
        executable.Execute(arena);
        for (var i = 0; i < outputs.Length; i++)
        {
            if (isDirect[i]) continue;
            var source = outputs[i].Literal is Dense literal ? literal.Storage : arena.Table[outputs[i].Buffer]!;
            System.Array.Copy(source, destinations[i]!, source.Length);
        }
    }

    /// <summary>Lets go of the arrays that others hold.</summary>
    internal void Release()
    {
        arena.Clear();
        System.Array.Clear(destinations);
    }

    private void Place(int buffer, System.Array elements)
    {
        if (ReferenceEquals(arena.Table[buffer], elements)) return;
        arena.Table[buffer] = elements;
        arena.Tensors[buffer] = null;
    }
}

/// <summary>Control flow, with its programs compiled and what it carries in place.</summary>
internal sealed class CarrierRunner(Step.Carrier step, int place) : Runner
{
    private readonly int[] operands = [.. step.Operands];
    private readonly int[] results = [.. step.Results];

    internal override void Run(Arena arena)
    {
        var state = (State)(arena.States[place] ??= new State(step));
        for (var i = 0; i < operands.Length; i++) state.Operands[i] = arena.Table[operands[i]]!;
        for (var i = 0; i < results.Length; i++) state.Results[i] = arena.Table[results[i]]!;
        step.Primitive.Run(state.Routines, state.Operands, state.Results, ref state.Room);
        foreach (var routine in state.Routines) ((Activation)routine).Release();
        System.Array.Clear(state.Operands);
        System.Array.Clear(state.Results);
    }

    private sealed class State(Step.Carrier step)
    {
        internal object? Room;

        internal Routine[] Routines { get; } = [.. step.Bodies.Map(Routine (body) => new Activation(body))];

        internal System.Array[] Operands { get; } = new System.Array[step.Operands.Count];

        internal System.Array[] Results { get; } = new System.Array[step.Results.Count];
    }
}
