namespace Functional.Compilation;

/// <summary>Where something begins that a kernel loads, stores or leaves to be folded.</summary>
/// <param name="Buffer">Its place in the table.</param>
/// <param name="Offset">The element of the buffer.</param>
/// <param name="Type">Of the elements.</param>
/// <param name="Row">Which of the rows of stacks it is in; none where negative.</param>
internal readonly record struct Slot(int Buffer, int Offset, DType Type, int Row)
{
    /// <summary>Numbers that say where a slot begins: of the buffer, of the byte in it, of the row.</summary>
    internal const int Numbers = 3;

    /// <summary>Those of a kernel: of each load, and right after it of the numbers of the rows that it picks, of each store, of each fold.</summary>
    internal static Slot[] Of(Step.Kernel kernel, Plan plan)
    {
        var slots = new List<Slot>();
        foreach (var instruction in kernel.Body)
        {
            if (instruction.Operation is not Operation.Load load) continue;
            slots.Add(new(load.Buffer, load.Map.Offset, instruction.Type, plan.RowOf[load.Buffer]));
            if (load.Pick is { } pick) slots.Add(new(pick.Buffer, pick.Map.Offset, DType.Int32, plan.RowOf[pick.Buffer]));
        }
        foreach (var store in kernel.Stores) slots.Add(new(store.Buffer, store.Map?.Offset ?? 0, kernel.Body[store.Value].Type, plan.RowOf[store.Buffer]));
        for (var k = 0; k < kernel.Folds.Count; k++) slots.Add(new(plan.Schedule.Types.Length + k, 0, kernel.Body[kernel.Folds[k].Value].Type, -1));
        return [.. slots];
    }

    /// <summary>The numbers of all, one slot after another.</summary>
    internal static nint[] Places(Slot[] slots) => [.. slots.SelectMany(slot => new nint[] { slot.Buffer, (nint)slot.Offset * slot.Type.Bytes(), slot.Row })];
}
