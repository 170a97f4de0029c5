using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace Functional.Compilation;

/// <summary>A loop over the places of a domain from one up to before another, over a table of buffers.</summary>
internal delegate void Loop(System.Array?[] buffers, nint start, nint end);

/// <summary>
/// Kernel to machine code. Rows of the last axis are taken a register at a time, the rest of a row through part of a register;
/// what is the same along a row is read before it. A domain of one place is straight-line code on plain numbers.
/// Values to be folded go to scratch buffers, from place 0 at the start of the range.
/// </summary>
[RequiresDynamicCode("Emits code.")]
internal sealed class Emitter
{
    private readonly Step.Kernel kernel;
    private readonly int scratch;
    private readonly ILGenerator il;
    private readonly Lanes lanes;
    private readonly EmittedLanes operations;
    private readonly LocalBuilder?[] results;
    private readonly int[] lastUses;
    private readonly Dictionary<Type, Stack<LocalBuilder>> free = [];
    private readonly Dictionary<int, LocalBuilder> bases = [];
    private readonly Dictionary<int, LocalBuilder> rows = [];
    private LocalBuilder place = null!;
    private LocalBuilder stop = null!;
    private LocalBuilder rest = null!;
    private LocalBuilder? rowStart;
    private LocalBuilder? scratchShift;

    private Emitter(Step.Kernel kernel, int scratch, ILGenerator il)
    {
        (this.kernel, this.scratch, this.il, lanes) = (kernel, scratch, il, Lanes.Of(kernel));
        results = new LocalBuilder?[kernel.Body.Length];
        operations = new(il, kernel, lanes, Read);
        lastUses = LastUses();
    }

    /// <summary>The machine code of a kernel; value k that is folded goes to buffer <paramref name="scratch"/> + k of the table.</summary>
    internal static Loop Compile(Step.Kernel kernel, int scratch)
    {
        var method = new DynamicMethod("loop", typeof(void), [typeof(System.Array[]), typeof(nint), typeof(nint)], typeof(Emitter).Module, skipVisibility: true);
        var emitter = new Emitter(kernel, scratch, method.GetILGenerator());
        if (kernel.Size == 1) emitter.StraightLine();
        else emitter.Rows();
        emitter.il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Loop>();
    }

    private void StraightLine()
    {
        for (var k = 0; k < kernel.Body.Length; k++)
        {
            var instruction = kernel.Body[k];
            if (instruction.Operation is Operation.Load(var buffer, var map))
            {
                Element(buffer, instruction.Type, map.Offset);
                il.Emit(OpCodes.Ldobj, Lanes.Element(instruction.Type));
            }
            else EmittedScalars.Emit(il, kernel, instruction, input => il.Emit(OpCodes.Ldloc, results[input]!));
            results[k] = il.DeclareLocal(Lanes.Element(instruction.Type));
            il.Emit(OpCodes.Stloc, results[k]!);
        }
        foreach (var (value, buffer) in Kept())
        {
            Element(buffer, kernel.Body[value].Type, 0);
            il.Emit(OpCodes.Ldloc, results[value]!);
            il.Emit(OpCodes.Stobj, Lanes.Element(kernel.Body[value].Type));
        }
    }

    private void Rows()
    {
        (place, stop, rest) = (Integer(), Integer(), Integer());
        foreach (var (k, load) in Loads())
        {
            if (load.Map.IsConstant)
            {
                Element(load.Buffer, kernel.Body[k].Type, load.Map.Offset);
                il.Emit(OpCodes.Ldobj, Lanes.Element(kernel.Body[k].Type));
                Repeat(k);
                continue;
            }
            bases[k] = Reference(load.Buffer, kernel.Body[k].Type, load.Map.Offset);
        }
        foreach (var (value, buffer) in Kept()) bases[-1 - buffer] = Reference(buffer, kernel.Body[value].Type, 0);
        if (kernel.Extents.Length == 1) OneRow();
        else EachRow();
    }

    private void OneRow()
    {
        foreach (var k in bases.Keys.Where(k => k >= 0)) rows[k] = bases[k];
        if (!kernel.Folds.IsEmpty)
        {
            scratchShift = Integer();
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Neg);
            il.Emit(OpCodes.Stloc, scratchShift);
        }
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stloc, place);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Stloc, stop);
        Row();
    }

    // row = start / n, place = start − row n; while places are left: the row up to its end, then the next from 0.
    private void EachRow()
    {
        var n = kernel.Extents[^1];
        var (row, left) = (Integer(), Integer());
        rowStart = Integer();
        scratchShift = Integer();
        il.Emit(OpCodes.Ldarg_1);
        Number(n);
        il.Emit(OpCodes.Div);
        il.Emit(OpCodes.Stloc, row);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloc, row);
        Number(n);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, place);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, left);
        var (top, end) = (il.DefineLabel(), il.DefineLabel());
        il.MarkLabel(top);
        il.Emit(OpCodes.Ldloc, left);
        Number(0);
        il.Emit(OpCodes.Ble, end);
        // stop = min(n, place + left); scratch place = place + (end − start − left − place).
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Add);
        Number(n);
        Call(typeof(Math).GetMethod(nameof(Math.Min), [typeof(nint), typeof(nint)])!);
        il.Emit(OpCodes.Stloc, stop);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, scratchShift);
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Ldloc, stop);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, left);
        il.Emit(OpCodes.Ldloc, row);
        Number(n);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Stloc, rowStart);
        Bases(row);
        Row();
        Number(0);
        il.Emit(OpCodes.Stloc, place);
        il.Emit(OpCodes.Ldloc, row);
        Number(1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, row);
        il.Emit(OpCodes.Br, top);
        il.MarkLabel(end);
    }

    // Where each load stands at the start of a row, and what stays along it.
    private void Bases(LocalBuilder row)
    {
        var digits = Digits(row);
        foreach (var (k, load) in Loads())
        {
            if (load.Map.IsConstant) continue;
            var steps = load.Map.Over(kernel.Extents)!;
            var type = kernel.Body[k].Type;
            if (!rows.TryGetValue(k, out var start)) rows[k] = start = il.DeclareLocal(Lanes.Element(type).MakeByRefType());
            il.Emit(OpCodes.Ldloc, bases[k]);
            for (var axis = 0; axis < digits.Length; axis++)
            {
                if (steps[axis] == 0) continue;
                il.Emit(OpCodes.Ldloc, digits[axis]);
                Number((long)steps[axis] * type.Bytes());
                il.Emit(OpCodes.Mul);
                il.Emit(OpCodes.Add);
            }
            il.Emit(OpCodes.Stloc, start);
            if (load.Map.Inner != 0) continue;
            il.Emit(OpCodes.Ldloc, start);
            il.Emit(OpCodes.Ldobj, Lanes.Element(type));
            Repeat(k);
        }
    }

    private LocalBuilder[] Digits(LocalBuilder row)
    {
        var digits = new LocalBuilder[kernel.Extents.Length - 1];
        if (digits.Length == 1) return [row];
        var left = Integer();
        il.Emit(OpCodes.Ldloc, row);
        il.Emit(OpCodes.Stloc, left);
        for (var axis = digits.Length - 1; axis >= 0; axis--)
        {
            digits[axis] = Integer();
            il.Emit(OpCodes.Ldloc, left);
            if (axis > 0)
            {
                Number(kernel.Extents[axis]);
                il.Emit(OpCodes.Rem);
            }
            il.Emit(OpCodes.Stloc, digits[axis]);
            il.Emit(OpCodes.Ldloc, left);
            Number(kernel.Extents[axis]);
            il.Emit(OpCodes.Div);
            il.Emit(OpCodes.Stloc, left);
        }
        return digits;
    }

    private void Row()
    {
        var (top, test) = (il.DefineLabel(), il.DefineLabel());
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(top);
        il.Emit(OpCodes.Ldloc, stop);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, rest);
        var streams = Loads().Where(load => !load.Load.Map.IsConstant && load.Load.Map.Inner == 1).Select(load => load.Index).ToArray();
        foreach (var k in streams) results[k] = Taken(lanes.RegisterOf(kernel.Body[k].Type));
        if (streams.Length > 0) WholeOrPart(() => { foreach (var k in streams) Stream(k, "LoadUnsafe"); }, () => { foreach (var k in streams) Stream(k, "LoadPart"); });
        for (var k = 0; k < kernel.Body.Length; k++)
        {
            if (kernel.Body[k].Operation is not (Operation.Load or Operation.Constant))
            {
                operations.Emit(kernel.Body[k]);
                foreach (var input in kernel.Body[k].Inputs) Release(input, k);
                results[k] = Taken(lanes.RegisterOf(kernel.Body[k].Type));
                il.Emit(OpCodes.Stloc, results[k]!);
            }
        }
        WholeOrPart(() => Keep(false), () => Keep(true));
        il.Emit(OpCodes.Ldloc, place);
        Number(lanes.Count);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, place);
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Ldloc, stop);
        il.Emit(OpCodes.Blt, top);
    }

    private void WholeOrPart(Action whole, Action part)
    {
        var (some, done) = (il.DefineLabel(), il.DefineLabel());
        il.Emit(OpCodes.Ldloc, rest);
        Number(lanes.Count);
        il.Emit(OpCodes.Blt, some);
        whole();
        il.Emit(OpCodes.Br, done);
        il.MarkLabel(some);
        part();
        il.MarkLabel(done);
    }

    private void Stream(int k, string name)
    {
        var type = kernel.Body[k].Type;
        var (registers, _, ours) = Methods.Registers(lanes.BitsOf(type));
        il.Emit(OpCodes.Ldloc, rows[k]);
        il.Emit(OpCodes.Ldloc, place);
        if (type == DType.Bool)
        {
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldloc, rest);
            Call(Methods.Of(typeof(Parts), $"Mask{lanes.Bits}{(lanes.Mask == typeof(long) ? "Long" : "Int")}", 2, typeof(bool)));
        }
        else if (name == "LoadPart")
        {
            Scaled(type);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldloc, rest);
            Call(Methods.Of(ours, name, 2, lanes.ElementOf(type), lanes.ElementOf(type)));
        }
        else Call(Methods.Of(registers, name, 2, lanes.ElementOf(type), lanes.ElementOf(type)));
        il.Emit(OpCodes.Stloc, results[k]!);
    }

    private void Keep(bool isPart)
    {
        foreach (var (value, buffer) in Kept())
        {
            var type = kernel.Body[value].Type;
            var (registers, _, ours) = Methods.Registers(lanes.BitsOf(type));
            Read(value);
            if (type == DType.Bool) Call(Methods.Of(registers, "ExtractMostSignificantBits", 1, lanes.RegisterOf(type), lanes.Mask));
            if (type == DType.Bool && lanes.Bits != 512) il.Emit(OpCodes.Conv_U8);
            il.Emit(OpCodes.Ldloc, bases[-1 - buffer]);
            Destination(buffer);
            if (isPart || type == DType.Bool)
            {
                Scaled(type);
                il.Emit(OpCodes.Add);
                if (isPart) il.Emit(OpCodes.Ldloc, rest);
                else Number(lanes.Count);
                if (type == DType.Bool) Call(Methods.Of(typeof(Parts), nameof(Parts.StoreMask), 3, typeof(ulong)));
                else Call(Methods.Of(ours, "StorePart", 3, lanes.RegisterOf(type), lanes.ElementOf(type)));
            }
            else Call(Methods.Of(registers, "StoreUnsafe", 3, lanes.RegisterOf(type), lanes.ElementOf(type)));
        }
    }

    // Stores stand at row·n + place, folded values at place counted from the start of the range.
    private void Destination(int buffer)
    {
        il.Emit(OpCodes.Ldloc, place);
        var shift = buffer >= scratch ? scratchShift : rowStart;
        if (shift is null) return;
        il.Emit(OpCodes.Ldloc, shift);
        il.Emit(OpCodes.Add);
    }

    private void Read(int k)
    {
        if (kernel.Body[k].Operation is Operation.Constant(var value)) operations.Constant(value);
        else il.Emit(OpCodes.Ldloc, results[k]!);
    }

    // The number on the stack in every lane of a register of its own.
    private void Repeat(int k)
    {
        operations.Repeat(kernel.Body[k].Type);
        results[k] ??= il.DeclareLocal(lanes.RegisterOf(kernel.Body[k].Type));
        il.Emit(OpCodes.Stloc, results[k]!);
        lastUses[k] = int.MaxValue;
    }

    private LocalBuilder Taken(Type type) => free.TryGetValue(type, out var stack) && stack.TryPop(out var local) ? local : il.DeclareLocal(type);

    private void Release(int k, int user)
    {
        if (lastUses[k] != user || results[k] is not { } local) return;
        lastUses[k] = -1;
        if (!free.TryGetValue(local.LocalType, out var stack)) free[local.LocalType] = stack = [];
        stack.Push(local);
    }

    private int[] LastUses()
    {
        var last = new int[kernel.Body.Length];
        for (var k = 0; k < last.Length; k++)
            foreach (var input in kernel.Body[k].Inputs) last[input] = k;
        foreach (var (value, _) in Kept()) last[value] = int.MaxValue;
        return last;
    }

    private IEnumerable<(int Index, Operation.Load Load)> Loads()
    {
        for (var k = 0; k < kernel.Body.Length; k++)
            if (kernel.Body[k].Operation is Operation.Load load) yield return (k, load);
    }

    private IEnumerable<(int Value, int Buffer)> Kept() =>
        kernel.Stores.Map(store => (store.Value, store.Buffer)).Concat(kernel.Folds.Select((fold, k) => (fold.Value, scratch + k)));

    private LocalBuilder Reference(int buffer, DType type, int offset)
    {
        var reference = il.DeclareLocal(Lanes.Element(type).MakeByRefType());
        Element(buffer, type, offset);
        il.Emit(OpCodes.Stloc, reference);
        return reference;
    }

    private void Element(int buffer, DType type, int offset)
    {
        var element = Lanes.Element(type);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, buffer);
        il.Emit(OpCodes.Ldelem_Ref);
        Call(Methods.Of(typeof(MemoryMarshal), nameof(MemoryMarshal.GetArrayDataReference), 1, element.MakeArrayType(), element));
        if (offset == 0) return;
        Number((long)offset * type.Bytes());
        il.Emit(OpCodes.Add);
    }

    private void Scaled(DType type)
    {
        if (type.Bytes() == 1) return;
        Number(type.Bytes());
        il.Emit(OpCodes.Mul);
    }

    private LocalBuilder Integer() => il.DeclareLocal(typeof(nint));

    private void Number(long number)
    {
        il.Emit(OpCodes.Ldc_I8, number);
        il.Emit(OpCodes.Conv_I);
    }

    private void Call(System.Reflection.MethodInfo method) => il.Emit(OpCodes.Call, method);
}
