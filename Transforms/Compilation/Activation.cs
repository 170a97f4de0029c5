using Functional.ControlFlow;

namespace Functional.Compilation;

/// <summary>An executable with memory of its own, which runs on arrays that others hold.</summary>
internal sealed class Activation : Routine
{
    private readonly Executable executable;
    private readonly Arena arena;
    private readonly Operand[] outputs;
    private readonly bool[] isComputedThere;
    private readonly System.Array?[] destinations;
    private readonly System.Array?[] stacks;
    private readonly System.Array?[] rooms;

    internal Activation(Executable executable)
    {
        (this.executable, arena) = (executable, executable.Room());
        var (plan, arguments) = (executable.Plan, executable.ArgumentTypes);
        outputs = [.. plan.Schedule.Outputs];
        destinations = new System.Array?[outputs.Length];
        stacks = new System.Array?[arguments.Length];
        // Rows that some step wants as an array of their own have one.
        rooms = new System.Array?[plan.Roles.Length];
        for (var i = 0; i < arguments.Length; i++)
            if (plan.Stacks.Reads(i) && plan.RowOf[i] < 0) rooms[i] = Rows.Room(arguments[i]);
        isComputedThere = new bool[outputs.Length];
        for (var i = 0; i < outputs.Length; i++)
        {
            if (!plan.IsDirect(i)) continue;
            isComputedThere[i] = !plan.Stacks.Writes(i) || plan.RowOf[outputs[i].Buffer] >= 0;
            if (!isComputedThere[i]) rooms[outputs[i].Buffer] = Rows.Room(plan.Schedule.Types[outputs[i].Buffer]);
        }
    }

    internal override void Read(int argument, System.Array elements)
    {
        if (rooms[argument] is { } room) (stacks[argument], elements) = (elements, room);
        Place(argument, elements);
    }

    internal override void Write(int output, System.Array elements)
    {
        Values.Put(destinations, output, elements);
        if (isComputedThere[output]) Place(outputs[output].Buffer, elements);
        else if (outputs[output].Literal is null && rooms[outputs[output].Buffer] is { } room && executable.Plan.Roles[outputs[output].Buffer] == Role.Output) Place(outputs[output].Buffer, room);
    }

    internal override void Run(int row)
    {
        arena.Move(row);
        for (var i = 0; i < stacks.Length; i++)
            if (stacks[i] is { } stack) Rows.Copy(stack, (nint)row * rooms[i]!.Length, rooms[i]!, 0, rooms[i]!.Length);
        executable.Execute(arena);
        for (var i = 0; i < outputs.Length; i++)
        {
            if (isComputedThere[i]) continue;
            var (source, start) = outputs[i].Literal is Dense literal ? (literal.Storage, 0) : (arena.Table[outputs[i].Buffer]!, arena.Start(outputs[i].Buffer));
            var size = outputs[i].Type.Size;
            Rows.Copy(source, start, destinations[i]!, executable.Plan.Stacks.Writes(i) ? (nint)row * size : 0, size);
        }
    }

    /// <summary>Lets go of the arrays that others hold.</summary>
    internal void Release()
    {
        arena.Clear();
        System.Array.Clear(destinations);
        System.Array.Clear(stacks);
    }

    private void Place(int buffer, System.Array elements)
    {
        if (ReferenceEquals(arena.Table[buffer], elements)) return;
        arena.Give(buffer, elements);
        arena.Tensors[buffer] = null;
        foreach (var guest in executable.Plan.Guests[buffer]) arena.Tensors[guest] = null;
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
