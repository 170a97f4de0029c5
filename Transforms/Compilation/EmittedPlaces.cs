using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace Functional.Compilation;

/// <summary>
/// Where what a kernel loads and stores stands in memory: the first element of each, and the one at which a row of the last axis
/// begins.
/// </summary>
[RequiresDynamicCode("Emits code.")]
internal sealed class EmittedPlaces
{
    private readonly ILGenerator il;
    private readonly Step.Kernel kernel;
    private readonly Plan? plan;
    private readonly int scratch;
    private readonly int offsets;
    private readonly Dictionary<int, LocalBuilder> bases = [];
    private readonly Dictionary<int, LocalBuilder> rows = [];
    private readonly Dictionary<int, LocalBuilder> picks = [];

    internal EmittedPlaces(ILGenerator il, Step.Kernel kernel, Plan? plan, int folds)
    {
        (this.il, this.kernel, this.plan) = (il, kernel, plan);
        scratch = plan is null ? 0 : plan.Schedule.Types.Length;
        offsets = scratch + folds;
    }

    /// <summary>What is loaded, by its place in the body.</summary>
    internal IEnumerable<(int Index, Operation.Load Load)> Loads()
    {
        for (var k = 0; k < kernel.Body.Length; k++)
            if (kernel.Body[k].Operation is Operation.Load load) yield return (k, load);
    }

    /// <summary>What is stored, and then what is kept to be folded, one after the other.</summary>
    internal IEnumerable<(int Index, int Value, int Buffer, Affine? Map)> Kept() =>
        kernel.Stores.Select((store, k) => (k, store.Value, store.Buffer, store.Map))
            .Concat(kernel.Folds.Select((fold, k) => (kernel.Stores.Count + k, fold.Value, scratch + k, (Affine?)null)));

    /// <summary>Whether a buffer is what is kept to be folded.</summary>
    internal bool IsScratch(int buffer) => buffer >= scratch;

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
            bases[k] = Reference(load.Buffer, kernel.Body[k].Type, load.Map.Offset);
            if (load.Pick is { } pick) picks[k] = Reference(pick.Buffer, DType.Int32, pick.Map.Offset);
        }
        foreach (var (k, value, buffer, map) in Kept()) bases[-1 - k] = Reference(buffer, kernel.Body[value].Type, map?.Offset ?? 0);
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
        foreach (var (k, value, _, map) in Kept())
            if (map is not null) Start(-1 - k, map, kernel.Body[value].Type, digits);
    }

    /// <summary>Puts on the stack where an element of a buffer stands.</summary>
    internal void Element(int buffer, DType type, int offset)
    {
        var element = Elements.Of(type);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, buffer);
        il.Emit(OpCodes.Ldelem_Ref);
        il.Emit(OpCodes.Call, Methods.Of(typeof(MemoryMarshal), nameof(MemoryMarshal.GetArrayDataReference), 1, element.MakeArrayType(), element));
        if (offset != 0)
        {
            il.Number((long)offset * type.Bytes());
            il.Emit(OpCodes.Add);
        }
        if (IsScratch(buffer) || plan!.RowOf[buffer] < 0) return;
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, offsets);
        il.Emit(OpCodes.Ldelem_Ref);
        il.Emit(OpCodes.Ldc_I4, plan.RowOf[buffer]);
        il.Emit(OpCodes.Ldelem_I);
        il.Emit(OpCodes.Add);
    }

    private LocalBuilder Reference(int buffer, DType type, int offset)
    {
        var reference = il.DeclareLocal(Elements.Of(type).MakeByRefType());
        Element(buffer, type, offset);
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
