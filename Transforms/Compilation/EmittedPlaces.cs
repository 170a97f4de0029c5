using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace Functional.Compilation;

/// <summary>
/// Where what a kernel loads and stores stands in memory: the first element of each, and the one at which a row of the last axis
/// begins. In a loop the code is told by its first argument, in straight-line code it is written into the code.
/// </summary>
[RequiresDynamicCode("Emits code.")]
internal sealed class EmittedPlaces
{
    private readonly ILGenerator il;
    private readonly Step.Kernel kernel;
    private readonly Slot[] slots;
    private readonly Dictionary<int, int> slotOf = [];
    private readonly Dictionary<int, LocalBuilder> bases = [];
    private readonly Dictionary<int, LocalBuilder> rows = [];
    private readonly Dictionary<int, LocalBuilder> picks = [];

    internal EmittedPlaces(ILGenerator il, Step.Kernel kernel, Slot[] slots)
    {
        (this.il, this.kernel, this.slots) = (il, kernel, slots);
        var slot = 0;
        foreach (var (k, load) in Loads()) (slotOf[k], slot) = (slot, slot + (load.Pick is null ? 1 : 2));
        foreach (var (k, _, _, _) in Kept()) slotOf[-1 - k] = slot++;
    }

    /// <summary>What is loaded, by its place in the body.</summary>
    internal IEnumerable<(int Index, Operation.Load Load)> Loads()
    {
        for (var k = 0; k < kernel.Body.Length; k++)
            if (kernel.Body[k].Operation is Operation.Load load) yield return (k, load);
    }

    /// <summary>What is stored, and then what is kept to be folded, one after the other.</summary>
    internal IEnumerable<(int Index, int Value, Affine? Map, bool IsFolded)> Kept() =>
        kernel.Stores.Select((store, k) => (k, store.Value, store.Map, false))
            .Concat(kernel.Folds.Select((fold, k) => (kernel.Stores.Count + k, fold.Value, (Affine?)null, true)));

    /// <summary>Where a load stands in this row.</summary>
    internal LocalBuilder Load(int k) => rows[k];

    /// <summary>Where a store stands: in this row, if it has places of its own, else as a whole.</summary>
    internal LocalBuilder Store(int k, Affine? map) => map is null ? bases[-1 - k] : rows[-1 - k];

    /// <summary>Finds the first element of all that is not the same everywhere.</summary>
    internal void Find()
    {
        foreach (var (k, load) in Loads())
        {
            if (load.Map.IsConstant) continue;
            bases[k] = Reference(slotOf[k]);
            if (load.Pick is not null) picks[k] = Reference(slotOf[k] + 1);
        }
        foreach (var (k, _, _, _) in Kept()) bases[-1 - k] = Reference(slotOf[-1 - k]);
    }

    /// <summary>The only row begins where all does.</summary>
    internal void Row()
    {
        foreach (var k in bases.Keys) rows[k] = bases[k];
    }

    /// <summary>Finds where a row begins in each load, and in each store that has places of its own.</summary>
    internal void Row(LocalBuilder row)
    {
        var digits = Digits(row);
        foreach (var (k, load) in Loads())
        {
            if (load.Map.IsConstant) continue;
            var type = kernel.Body[k].Type;
            Start(k, load.Map, type, digits);
            if (load.Pick is { } pick) Move(k, pick, type, digits);
        }
        foreach (var (k, value, map, _) in Kept())
            if (map is not null) Start(-1 - k, map, kernel.Body[value].Type, digits);
    }

    /// <summary>Puts on the stack where a load begins.</summary>
    internal void LoadStart(int k) => Begin(slotOf[k]);

    /// <summary>Puts on the stack where a store begins.</summary>
    internal void StoreStart(int k) => Begin(slotOf[-1 - k]);

    private void Begin(int slot)
    {
        var element = Elements.Of(slots[slot].Type);
        il.Emit(OpCodes.Ldarg_1);
        Number(slot, 0, slots[slot].Buffer);
        il.Emit(OpCodes.Ldelem_Ref);
        il.Emit(OpCodes.Call, Methods.Of(typeof(MemoryMarshal), nameof(MemoryMarshal.GetArrayDataReference), 1, element.MakeArrayType(), element));
        if (kernel.Size > 1 || slots[slot].Offset != 0)
        {
            Number(slot, 1, (nint)slots[slot].Offset * slots[slot].Type.Bytes());
            il.Emit(OpCodes.Add);
        }
        if (slots[slot].Row < 0) return;
        // The offsets of rows are the last of the table.
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldlen);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldelem_Ref);
        Number(slot, 2, slots[slot].Row);
        il.Emit(OpCodes.Ldelem_I);
        il.Emit(OpCodes.Add);
    }

    private void Number(int slot, int part, nint number)
    {
        if (kernel.Size == 1)
        {
            il.Number(number);
            return;
        }
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, (slot * Slot.Numbers) + part);
        il.Emit(OpCodes.Ldelem_I);
    }

    private LocalBuilder Reference(int slot)
    {
        var reference = il.DeclareLocal(Elements.Of(slots[slot].Type).MakeByRefType());
        Begin(slot);
        il.Emit(OpCodes.Stloc, reference);
        return reference;
    }

    private void Start(int k, Affine map, DType type, LocalBuilder[] digits)
    {
        if (!rows.TryGetValue(k, out var start)) rows[k] = start = il.DeclareLocal(Elements.Of(type).MakeByRefType());
        Along(bases[k], map, type, digits);
        il.Emit(OpCodes.Stloc, start);
    }

    // On by as many rows as the number says that stands for this one.
    private void Move(int k, Pick pick, DType type, LocalBuilder[] digits)
    {
        il.Emit(OpCodes.Ldloc, rows[k]);
        Along(picks[k], pick.Map, DType.Int32, digits);
        il.Emit(OpCodes.Ldind_I4);
        il.Emit(OpCodes.Conv_I);
        il.Number((long)pick.Stride * type.Bytes());
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, rows[k]);
    }

    // The element of a map that stands for this row.
    private void Along(LocalBuilder start, Affine map, DType type, LocalBuilder[] digits)
    {
        var steps = map.Over(kernel.Extents)!;
        il.Emit(OpCodes.Ldloc, start);
        for (var axis = 0; axis < digits.Length; axis++)
        {
            if (steps[axis] == 0) continue;
            il.Emit(OpCodes.Ldloc, digits[axis]);
            il.Number((long)steps[axis] * type.Bytes());
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Add);
        }
    }

    // The places of a row along the axes before the last.
    private LocalBuilder[] Digits(LocalBuilder row)
    {
        var digits = new LocalBuilder[kernel.Extents.Length - 1];
        if (digits.Length == 1) return [row];
        var left = il.Integer();
        il.Emit(OpCodes.Ldloc, row);
        il.Emit(OpCodes.Stloc, left);
        for (var axis = digits.Length - 1; axis >= 0; axis--)
        {
            digits[axis] = il.Integer();
            il.Emit(OpCodes.Ldloc, left);
            if (axis > 0)
            {
                il.Number(kernel.Extents[axis]);
                il.Emit(OpCodes.Rem);
            }
            il.Emit(OpCodes.Stloc, digits[axis]);
            il.Emit(OpCodes.Ldloc, left);
            il.Number(kernel.Extents[axis]);
            il.Emit(OpCodes.Div);
            il.Emit(OpCodes.Stloc, left);
        }
        return digits;
    }
}
