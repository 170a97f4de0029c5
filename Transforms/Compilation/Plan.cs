using Functional.ControlFlow;
using Functional.Kernels;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>Where the elements of a buffer live.</summary>
internal enum Role
{
    /// <summary>In registers only.</summary>
    None,

    /// <summary>In an argument.</summary>
    Argument,

    /// <summary>In a constant of the executable.</summary>
    Constant,

    /// <summary>In an array made for the caller.</summary>
    Output,

    /// <summary>In an array of the arena.</summary>
    Slot,

    /// <summary>In the result of a primitive's own kernel.</summary>
    Result,

    /// <summary>In an array made for the caller, until the loop that reads it last writes there what is returned.</summary>
    Guest,
}

/// <summary>A schedule with a place for each buffer: those that do not live at one time may share an array of the arena.</summary>
/// <param name="Schedule">The steps.</param>
/// <param name="Roles">Of each buffer.</param>
/// <param name="SlotOf">The array of each buffer that has one in the arena.</param>
/// <param name="Slots">The arrays of the arena.</param>
/// <param name="HostOf">For a guest the buffer in whose array it is; for an argument that is given up the result that takes its array; for any other itself.</param>
/// <param name="Stacks">The arguments and outputs that are rows of stacks.</param>
/// <param name="Rows">The buffers that are rows of stacks where these stand, in the order of their numbers; other rows are brought to and from arrays of their own.</param>
internal sealed record Plan(Schedule Schedule, Role[] Roles, int[] SlotOf, Seq<(DType DType, int Size)> Slots, int[] HostOf, Stacks Stacks, int[] Rows)
{
    /// <summary>Which row of a stack each buffer is; −1 for what is whole.</summary>
    internal int[] RowOf { get; } = [.. Enumerable.Range(0, Roles.Length).Select(buffer => System.Array.IndexOf(Rows, buffer))];

    private readonly bool[] direct = Direct(Schedule, Roles);

    /// <summary>The buffers that hold arrays of the caller, or made for it.</summary>
    internal int[] Lent { get; } = [.. Enumerable.Range(0, Roles.Length).Where(buffer => Roles[buffer] is Role.Argument or Role.Output or Role.Result or Role.Guest)];

    /// <summary>The guests of each buffer that is returned.</summary>
    internal int[][] Guests { get; } = In(Roles, HostOf, Role.Guest);

    /// <summary>The argument whose array each result takes, where that is given up; one or none.</summary>
    internal int[][] Donors { get; } = In(Roles, HostOf, Role.Argument);

    /// <summary>A number for the array that a buffer is in: the same for all that share one.</summary>
    internal int ArrayOf(int buffer) => Roles[buffer] == Role.Slot ? SlotOf[buffer] : -1 - HostOf[buffer];

    /// <summary>Bytes of the arena.</summary>
    internal long Bytes => Slots.Sum(slot => (long)slot.Size * slot.DType.Bytes());

    /// <summary>The plan for a schedule.</summary>
    /// <param name="schedule">The steps.</param>
    /// <param name="arguments">How many buffers are arguments, from the first.</param>
    /// <param name="outputs">How many outputs are returned; those after them are looked at.</param>
    /// <param name="stacks">The arguments and outputs that are rows of stacks.</param>
    /// <param name="donated">How many arguments are given up, from the first.</param>
    internal static Plan Of(Schedule schedule, int arguments, int outputs, Stacks stacks, int donated = 0)
    {
        var count = schedule.Types.Length;
        var roles = new Role[count];
        for (var i = 0; i < arguments; i++) roles[i] = Role.Argument;
        foreach (var constant in schedule.Constants.Keys) roles[constant] = Role.Constant;
        foreach (var step in schedule.Steps)
            foreach (var written in Writes(step)) roles[written] = step is Step.Call { Equation.Primitive: not IWritesInto } ? Role.Result : Role.Slot;
        foreach (var output in schedule.Outputs)
            if (output.Literal is null && roles[output.Buffer] == Role.Slot) roles[output.Buffer] = Role.Output;
        var rows = InStacks(schedule, roles, arguments, outputs, stacks);
        var donorOf = Taken(schedule, roles, donated);
        var hostOf = Hosted(schedule, roles, rows, donorOf);
        var (slotOf, slots) = Shared(schedule, roles);
        return new(schedule, roles, slotOf, slots, hostOf, stacks, rows);
    }

    /// <summary>Whether an output is computed where it goes: the first one in a buffer made for the caller.</summary>
    internal bool IsDirect(int output) => direct[output];

    // The buffers of a role in the array of each.
    private static int[][] In(Role[] roles, int[] hostOf, Role role)
    {
        var guests = Enumerable.Range(0, roles.Length).Where(buffer => roles[buffer] == role && hostOf[buffer] != buffer).ToLookup(buffer => hostOf[buffer]);
        return [.. Enumerable.Range(0, roles.Length).Select(host => guests[host].ToArray())];
    }

    private static bool[] Direct(Schedule schedule, Role[] roles)
    {
        var seen = new bool[roles.Length];
        var direct = new List<bool>();
        foreach (var output in schedule.Outputs)
        {
            direct.Add(output.Literal is null && roles[output.Buffer] == Role.Output && !seen[output.Buffer]);
            if (output.Literal is null) seen[output.Buffer] = true;
        }
        return [.. direct];
    }

    // Rows are read and written within their stacks by what takes its elements from any place of an array.
    private static int[] InStacks(Schedule schedule, Role[] roles, int arguments, int outputs, Stacks stacks)
    {
        if (stacks == Stacks.None) return [];
        var whole = schedule.Steps.Filter(step => step is not (Step.Kernel or Step.Product or Step.Copy or Step.Placement))
            .SelectMany(step => Reads(step).Concat(Writes(step))).ToHashSet();
        var read = Enumerable.Range(0, arguments).Where(stacks.Reads);
        var direct = Direct(schedule, roles);
        var written = Enumerable.Range(0, outputs).Where(output => stacks.Writes(output) && direct[output]).Select(output => schedule.Outputs[output].Buffer);
        return [.. read.Concat(written).Where(buffer => !whole.Contains(buffer)).Order()];
    }

    internal static IEnumerable<int> Writes(Step step) => step switch
    {
        Step.Kernel kernel => kernel.Stores.Map(store => store.Buffer).Distinct().Then(kernel.Folds.Map(fold => fold.Buffer)),
        Step.Call call => call.Results,
        Step.Carrier carrier => carrier.Results,
        Step.Product product => Seq1(product.Result),
        Step.Copy copy => Seq1(copy.Result),
        Step.Placement placement => Seq1(placement.Result),
        Step.Numbers numbers => Seq1(numbers.Result),
        Step.Fold fold => Seq1(fold.Result),
        _ => throw new InvalidOperationException($"no results of {step.GetType().Name}"),
    };

    internal static IEnumerable<int> Reads(Step step) => step switch
    {
        Step.Kernel kernel => kernel.Body.Select(instruction => instruction.Operation).OfType<Operation.Load>().SelectMany(load => load.Pick is null ? new[] { load.Buffer } : [load.Buffer, load.Pick.Buffer]),
        Step.Call call => Numbered(call.Operands),
        Step.Carrier carrier => carrier.Operands,
        Step.Product product => (int[])[product.Left, product.Right, .. product.Addend?.Reads ?? []],
        Step.Copy copy => Seq1(copy.Source),
        Step.Placement placement => placement.Sources,
        Step.Numbers numbers => Numbered(numbers.Indices),
        Step.Fold fold => Seq1(fold.Source),
        _ => throw new InvalidOperationException($"no operands of {step.GetType().Name}"),
    };

    private static IEnumerable<int> Numbered(Seq<Operand> operands) => operands.Filter(operand => operand.Literal is null).Map(operand => operand.Buffer);

    // The argument that each result takes the array of: one that is read for the last time before the result is begun, or while
    // it is written, each element before it is written over. What a primitive's own kernel reads it may return.
    private static int[] Taken(Schedule schedule, Role[] roles, int donated)
    {
        var donorOf = new int[roles.Length];
        System.Array.Fill(donorOf, -1);
        if (donated == 0) return donorOf;
        var (steps, last, writes, isHeld) = (schedule.Steps.ToArray(), new int[roles.Length], new (int First, int Count)[roles.Length], new bool[roles.Length]);
        System.Array.Fill(last, -1);
        for (var at = 0; at < steps.Length; at++)
        {
            foreach (var read in Reads(steps[at])) (last[read], isHeld[read]) = (at, isHeld[read] || steps[at] is Step.Call or Step.Numbers);
            foreach (var written in Writes(steps[at])) writes[written] = writes[written].Count == 0 ? (at, 1) : (writes[written].First, writes[written].Count + 1);
        }
        foreach (var output in schedule.Outputs)
            if (output.Literal is null) isHeld[output.Buffer] = true;
        var free = Enumerable.Range(0, donated).Where(argument => !isHeld[argument] && schedule.Types[argument].Rank > 0).ToList();
        var direct = Direct(schedule, roles);
        for (var output = 0; output < direct.Length; output++)
        {
            if (!direct[output]) continue;
            var result = schedule.Outputs[output].Buffer;
            var donor = free.FindIndex(argument => schedule.Types[argument].DType == schedule.Types[result].DType && schedule.Types[argument].Size == schedule.Types[result].Size && IsOver(argument, result));
            if (donor < 0) continue;
            donorOf[result] = free[donor];
            free.RemoveAt(donor);
        }
        return donorOf;

        bool IsOver(int argument, int result) =>
            last[argument] < writes[result].First || (writes[result].Count == 1 && last[argument] == writes[result].First && IsReadInPlace(steps[last[argument]], argument));
    }

    // Where the only loop that writes a result reads something of the same size for the last time, that is in the result's array;
    // and so on for what it is made of; but for results in arrays of arguments.
    private static int[] Hosted(Schedule schedule, Role[] roles, int[] rows, int[] donorOf)
    {
        int[] hostOf = [.. Enumerable.Range(0, roles.Length)];
        for (var result = 0; result < roles.Length; result++)
            if (donorOf[result] >= 0) hostOf[donorOf[result]] = result;
        var (first, dying) = (new int[roles.Length], Dying(schedule, roles));
        System.Array.Fill(first, -1);
        for (var at = 0; at < schedule.Steps.Count; at++)
            foreach (var written in Writes(schedule.Steps[at])) first[written] = first[written] < 0 ? at : int.MaxValue;
        for (var at = schedule.Steps.Count - 1; at >= 0; at--)
        {
            var step = schedule.Steps[at];
            foreach (var written in Writes(step))
            {
                if (first[written] != at || roles[written] is not (Role.Output or Role.Guest) || rows.Contains(written) || donorOf[hostOf[written]] >= 0) continue;
                foreach (var guest in dying[at])
                {
                    if (roles[guest] != Role.Slot || first[guest] > at || first[guest] == at || schedule.Types[guest].DType != schedule.Types[written].DType || schedule.Types[guest].Size != schedule.Types[written].Size || !IsReadInPlace(step, guest)) continue;
                    (roles[guest], hostOf[guest]) = (Role.Guest, hostOf[written]);
                    break;
                }
            }
        }
        return hostOf;
    }

    private static (int[] SlotOf, Seq<(DType, int)> Slots) Shared(Schedule schedule, Role[] roles)
    {
        var dying = Dying(schedule, roles);
        var slotOf = new int[roles.Length];
        System.Array.Fill(slotOf, -1);
        var slots = new List<(DType DType, int Size)>();
        var free = new Dictionary<(DType, int), Stack<int>>();
        for (var at = 0; at < schedule.Steps.Count; at++)
        {
            var step = schedule.Steps[at];
            var inPlace = dying[at].Where(buffer => IsReadInPlace(step, buffer)).ToArray();
            foreach (var buffer in inPlace) Release(buffer);
            foreach (var written in Writes(step))
                if (roles[written] == Role.Slot && slotOf[written] < 0) slotOf[written] = Taken((schedule.Types[written].DType, schedule.Types[written].Size));
            foreach (var buffer in dying[at].Except(inPlace)) Release(buffer);
        }
        return (slotOf, slots.ToSeq().Strict());

        void Release(int buffer)
        {
            var key = slots[slotOf[buffer]];
            if (!free.TryGetValue(key, out var stack)) free[key] = stack = [];
            stack.Push(slotOf[buffer]);
        }

        int Taken((DType, int) key)
        {
            if (free.TryGetValue(key, out var stack) && stack.TryPop(out var slot)) return slot;
            slots.Add(key);
            return slots.Count - 1;
        }
    }

    // A loop that reads each element at its own place may write over it: a place is read before it is written, by one thread. So
    // may a product of one chain over what it is added to: one of several keeps their sums where it goes.
    private static bool IsReadInPlace(Step step, int buffer) => step switch
    {
        Step.Kernel kernel => System.Array.TrueForAll(kernel.Body, instruction => instruction.Operation is not Operation.Load load
                || (load.Buffer != buffer && load.Pick?.Buffer != buffer) || (load.Pick is null && load.Map.IsIdentity && load.Map.Size == kernel.Size))
            && !kernel.Stores.Exists(store => store.Buffer == buffer || store.Map is not null),
        Step.Product { Addend: { } addend } product => buffer == addend.Buffer && addend.Places.Map.IsIdentity && product.C.Map.IsIdentity
            && buffer != product.Left && buffer != product.Right && (addend.Factor.Literal is not null || buffer != addend.Factor.Buffer)
            && MatMul.IsOneChain(product.A.Columns),
        _ => false,
    };

    // What no step reads any more is free when the step that made it ends.
    private static List<int>[] Dying(Schedule schedule, Role[] roles)
    {
        var last = new int[roles.Length];
        for (var at = 0; at < schedule.Steps.Count; at++)
            foreach (var buffer in Writes(schedule.Steps[at]).Concat(Reads(schedule.Steps[at]))) last[buffer] = at;
        var dying = new List<int>[schedule.Steps.Count];
        for (var at = 0; at < dying.Length; at++) dying[at] = [];
        for (var buffer = 0; buffer < roles.Length; buffer++)
            if (roles[buffer] == Role.Slot) dying[last[buffer]].Add(buffer);
        return dying;
    }
}
