using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;

namespace Functional.Compilation;

/// <summary>
/// A loop over the places of a domain from one up to before another, over a table of buffers. Where it is given no room on the
/// stack it may return by how many bytes its registers' places there miss a cache line, and do nothing else.
/// </summary>
internal delegate nint Loop(System.Array?[] buffers, nint start, nint end, nint room);

/// <summary>
/// Kernel to machine code. Rows of the last axis are taken a register at a time, the rest of a row through part of a register;
/// what is the same along a row is read before it. A domain of one place is straight-line code on plain numbers.
/// Values to be folded go to scratch buffers, from place 0 at the start of the range.
/// </summary>
[RequiresDynamicCode("Emits code.")]
internal sealed class Emitter
{
    // Bytes that a store's line is asked for ahead of it, and bytes of several results and of a single one from which it is.
    private const int Ahead = 512;
    private const int FarBytes = 1 << 14;
    private const int FarBytesOfOne = 1 << 21;

    private readonly Step.Kernel kernel;
    private readonly ILGenerator il;
    private readonly EmittedPlaces places;
    private readonly Lanes lanes;
    private readonly EmittedLanes steady;
    private readonly LocalBuilder?[] results;
    private readonly bool[] isSteady;
    private readonly Dictionary<Type, Stack<LocalBuilder>> free = [];
    private readonly Dictionary<int, LocalBuilder> kept = [];
    private readonly Dictionary<Type, LocalBuilder> parts = [];
    private LocalBuilder place = null!;
    private LocalBuilder stop = null!;
    private LocalBuilder rest = null!;
    private LocalBuilder done = null!;
    private LocalBuilder? rowStart;
    private LocalBuilder? scratchShift;
    private Label middle;
    private Label? far;

    private Emitter(Step.Kernel kernel, Slot[] slots, ILGenerator il)
    {
        (this.kernel, this.il, lanes, places) = (kernel, il, Lanes.Of(kernel), new(il, kernel, slots));
        results = new LocalBuilder?[kernel.Body.Length];
        isSteady = new bool[kernel.Body.Length];
        steady = new(il, kernel, lanes, Read, mayInline: false);
    }

    /// <summary>The machine code of a kernel, a <see cref="Loop"/> that is told by an argument before the others where its slots begin.</summary>
    internal static DynamicMethod Compile(Step.Kernel kernel, Slot[] slots)
    {
        var method = new DynamicMethod("loop", typeof(nint), [typeof(nint[]), typeof(System.Array[]), typeof(nint), typeof(nint), typeof(nint)], typeof(Emitter).Module, skipVisibility: true) { InitLocals = false };
        var emitter = new Emitter(kernel, slots, method.GetILGenerator());
        if (kernel.Size == 1) emitter.StraightLine(emitter.places.LoadStart, emitter.places.StoreStart);
        else emitter.Rows();
        emitter.il.Number(0);
        emitter.il.Emit(OpCodes.Ret);
        return method;
    }

    /// <summary>The machine code of a kernel of one place, from the elements that it loads to those that it stores, in their orders.</summary>
    internal static Straight Straight(Step.Kernel kernel)
    {
        var method = new DynamicMethod("straight", typeof(void), [typeof(long).MakeByRefType(), typeof(long).MakeByRefType()], typeof(Emitter).Module, skipVisibility: true) { InitLocals = false };
        var emitter = new Emitter(kernel, [], method.GetILGenerator());
        var place = new Dictionary<int, int>();
        foreach (var (k, _) in emitter.places.Loads()) place[k] = place.Count;
        emitter.StraightLine(k => emitter.Eight(OpCodes.Ldarg_0, place[k]), k => emitter.Eight(OpCodes.Ldarg_1, k));
        emitter.il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Straight>();
    }

    /// <summary>Where in a row a register is: its first, a later whole one, or the part at the end.</summary>
    private enum Pass
    {
        First,
        Next,
        Part,
    }

    // Where a load stands, or a store, is put on the stack by the given action.
    private void StraightLine(Action<int> source, Action<int> destination)
    {
        foreach (var group in Together.Of(kernel.Body))
        {
            foreach (var k in group) results[k] = il.DeclareLocal(Elements.Of(kernel.Body[k].Type));
            if (group is [var single]) One(single, source);
            else EmittedScalars.Together(il, kernel, group, k => il.Emit(OpCodes.Ldloc, results[k]!), k => il.Emit(OpCodes.Stloc, results[k]!));
        }
        foreach (var (k, value, _, _) in places.Kept())
        {
            destination(k);
            il.Emit(OpCodes.Ldloc, results[value]!);
            il.Emit(OpCodes.Stobj, Elements.Of(kernel.Body[value].Type));
        }
    }

    private void One(int k, Action<int> source)
    {
        var instruction = kernel.Body[k];
        if (instruction.Operation is Operation.Load)
        {
            source(k);
            il.Emit(OpCodes.Ldobj, Elements.Of(instruction.Type));
        }
        else EmittedScalars.Emit(il, kernel, instruction, input => il.Emit(OpCodes.Ldloc, results[input]!));
        il.Emit(OpCodes.Stloc, results[k]!);
    }

    // One of the places of eight bytes from an argument on.
    private void Eight(OpCode start, int slot)
    {
        il.Emit(start);
        if (slot == 0) return;
        il.Number(slot * sizeof(long));
        il.Emit(OpCodes.Add);
    }

    private void Rows()
    {
        if (lanes.Bits == 512) Align();
        (place, stop, rest, done) = (il.Integer(), il.Integer(), il.Integer(), il.Integer());
        foreach (var (k, load) in places.Loads())
        {
            if (!load.Map.IsConstant) continue;
            places.LoadStart(k);
            il.Emit(OpCodes.Ldobj, Elements.Of(kernel.Body[k].Type));
            Repeat(k);
        }
        places.Find();
        if (kernel.Extents.Length == 1) OneRow();
        else EachRow();
    }

    // A register of 512 bits that is put on the stack across two cache lines comes back late: twice the time of a loop of
    // elementary functions, four times that of a loop which does little else. The runtime aligns frames to 16 bytes, so the caller is told how far to move this one.
    private void Align()
    {
        var aligned = il.DefineLabel();
        var one = il.DeclareLocal(Methods.Register(512, typeof(double)));
        il.Emit(OpCodes.Ldarg_S, (byte)4);
        il.Number(0);
        il.Emit(OpCodes.Bne_Un, aligned);
        il.Emit(OpCodes.Ldloca, one);
        il.Emit(OpCodes.Conv_I);
        il.Number(63);
        il.Emit(OpCodes.And);
        il.Number(0);
        il.Emit(OpCodes.Beq, aligned);
        il.Emit(OpCodes.Ldloca, one);
        il.Emit(OpCodes.Conv_I);
        il.Number(63);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(aligned);
    }

    private void OneRow()
    {
        places.Row();
        if (!kernel.Folds.IsEmpty)
        {
            scratchShift = il.Integer();
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Neg);
            il.Emit(OpCodes.Stloc, scratchShift);
        }
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Stloc, place);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Stloc, stop);
        Row();
    }

    // row = start / n, place = start − row n; while places are left: the row up to its end, then the next from 0.
    private void EachRow()
    {
        var n = kernel.Extents[^1];
        var (row, left) = (il.Integer(), il.Integer());
        rowStart = il.Integer();
        scratchShift = il.Integer();
        il.Emit(OpCodes.Ldarg_2);
        il.Number(n);
        il.Emit(OpCodes.Div);
        il.Emit(OpCodes.Stloc, row);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldloc, row);
        il.Number(n);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, place);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, left);
        var (top, end) = (il.DefineLabel(), il.DefineLabel());
        il.MarkLabel(top);
        il.Emit(OpCodes.Ldloc, left);
        il.Number(0);
        il.Emit(OpCodes.Ble, end);
        // stop = min(n, place + left); scratch place = place + (end − start − left − place).
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Add);
        il.Number(n);
        Call(typeof(Math).GetMethod(nameof(Math.Min), [typeof(nint), typeof(nint)])!);
        il.Emit(OpCodes.Stloc, stop);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldarg_2);
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
        il.Number(n);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Stloc, rowStart);
        places.Row(row);
        foreach (var (k, load) in places.Loads())
        {
            if (load.Map.IsConstant || load.Map.Inner != 0) continue;
            il.Emit(OpCodes.Ldloc, places.Load(k));
            il.Emit(OpCodes.Ldobj, Elements.Of(kernel.Body[k].Type));
            Repeat(k);
        }
        Row();
        il.Number(0);
        il.Emit(OpCodes.Stloc, place);
        il.Emit(OpCodes.Ldloc, row);
        il.Number(1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, row);
        il.Emit(OpCodes.Br, top);
        il.MarkLabel(end);
    }

    // Whole registers as long as there are any, then one more up to the end, over some places again; part of one where a row is
    // shorter than that. A register's results are stored after the next one's operands are loaded: a load that looks like a
    // store before it (the hardware compares 12 bits of their addresses) waits for what is stored, and two registers would not
    // be worked on at one time. So the last register also reads, where a loop writes over its operands, what is not yet written.
    private void Row()
    {
        middle = il.DefineLabel();
        far = System.Array.Exists(kernel.Body, instruction => instruction.Operation is Operation.Operator(var form) && form.IsAssignableTo(typeof(Kernels.INearUnary))) ? il.DefineLabel() : null;
        LocalBuilder?[] loaded = [];
        var (top, test, part, end, last) = (il.DefineLabel(), il.DefineLabel(), il.DefineLabel(), il.DefineLabel(), il.DefineLabel());
        il.Emit(OpCodes.Ldloc, stop);
        il.Number(lanes.Count);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, rest);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Ldloc, rest);
        il.Emit(OpCodes.Bgt, part);
        Body(Pass.First);
        il.Emit(OpCodes.Ldarg_2);
        il.Number(0);
        il.Emit(OpCodes.Blt, middle);
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(top);
        Body(Pass.Next);
        if (far is not null) loaded = [.. results];
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Stloc, done);
        il.Emit(OpCodes.Ldloc, place);
        il.Number(lanes.Count);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, place);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Ldloc, rest);
        il.Emit(OpCodes.Ble, top);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Ldloc, stop);
        il.Emit(OpCodes.Beq, last);
        il.Emit(OpCodes.Ldloc, rest);
        il.Emit(OpCodes.Stloc, place);
        il.Emit(OpCodes.Br, top);
        il.MarkLabel(last);
        Keep(isPart: false);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(part);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Ldloc, stop);
        il.Emit(OpCodes.Bge, end);
        il.Emit(OpCodes.Ldloc, stop);
        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, rest);
        Body(Pass.Part);
        Keep(isPart: true);
        if (far is { } apart)
        {
            il.Emit(OpCodes.Br, end);
            il.MarkLabel(apart);
            foreach (var (k, _) in places.Loads()) results[k] = loaded[k];
            Operations(new EmittedLanes(il, kernel, lanes, Read, mayInline: false));
            il.Emit(OpCodes.Br, test);
        }
        il.MarkLabel(end);
    }

    // The registers of one place: what is loaded along the row, then all that follows from it.
    private void Body(Pass pass)
    {
        foreach (var (k, _) in places.Loads())
        {
            if (isSteady[k]) continue;
            Stream(k, pass == Pass.Part);
            results[k] = Taken(lanes.RegisterOf(kernel.Body[k].Type));
            il.Emit(OpCodes.Stloc, results[k]!);
        }
        if (pass == Pass.Next)
        {
            Keep(isPart: false);
            Reach();
            il.MarkLabel(middle);
        }
        Operations(new EmittedLanes(il, kernel, lanes, Read, mayInline: pass == Pass.Next, pass == Pass.Next ? far : null));
    }

    // What follows from what is loaded. What is loaded for whole registers stays, if all may be done once more for arguments that are not near.
    private void Operations(EmittedLanes operations)
    {
        var last = LastUses();
        for (var k = 0; k < kernel.Body.Length; k++)
        {
            var instruction = kernel.Body[k];
            if (instruction.Operation is Operation.Constant or Operation.Load) continue;
            operations.Emit(instruction);
            foreach (var input in instruction.Inputs) Release(input, k, last);
            results[k] = Taken(lanes.RegisterOf(instruction.Type));
            il.Emit(OpCodes.Stloc, results[k]!);
        }
        foreach (var (_, value, _, _) in places.Kept())
        {
            if (kernel.Body[value].Operation is Operation.Constant || isSteady[value]) continue;
            if (!kept.TryGetValue(value, out var local)) kept[value] = local = il.DeclareLocal(lanes.RegisterOf(kernel.Body[value].Type));
            il.Emit(OpCodes.Ldloc, results[value]!);
            il.Emit(OpCodes.Stloc, local);
        }
        for (var k = 0; k < kernel.Body.Length; k++) Release(k, int.MaxValue, last);
    }

    private void Stream(int k, bool isPart)
    {
        var type = kernel.Body[k].Type;
        var (registers, ours) = Methods.Registers(lanes.BitsOf(type));
        il.Emit(OpCodes.Ldloc, places.Load(k));
        il.Emit(OpCodes.Ldloc, place);
        if (type != DType.Bool && !isPart)
        {
            Call(Methods.Of(registers, "LoadUnsafe", 2, lanes.ElementOf(type), lanes.ElementOf(type)));
            return;
        }
        Scaled(type);
        il.Emit(OpCodes.Add);
        if (isPart) il.Emit(OpCodes.Ldloc, rest);
        if (type == DType.Bool)
        {
            Call(Methods.Of(typeof(Parts), $"Mask{lanes.Bits}{(lanes.Mask == typeof(long) ? "Long" : "Int")}", isPart ? 2 : 1, typeof(bool)));
            return;
        }
        // What is handed over by its place stays there, so it has a local of its own.
        var register = lanes.RegisterOf(type);
        if (!parts.TryGetValue(register, out var part)) parts[register] = part = il.DeclareLocal(register);
        il.Emit(OpCodes.Ldloca, part);
        Call(Methods.Of(ours, "LoadPart", 3, lanes.ElementOf(type), lanes.ElementOf(type)));
        il.Emit(OpCodes.Ldloc, part);
    }

    private void Keep(bool isPart)
    {
        foreach (var (k, value, map, isFolded) in places.Kept())
        {
            var type = kernel.Body[value].Type;
            var (registers, ours) = Methods.Registers(lanes.BitsOf(type));
            if (kept.TryGetValue(value, out var local)) il.Emit(OpCodes.Ldloc, local);
            else Read(value);
            if (type == DType.Bool && isPart) Call(Methods.Of(registers, "ExtractMostSignificantBits", 1, lanes.RegisterOf(type), lanes.Mask));
            if (type == DType.Bool && isPart && lanes.Bits != 512) il.Emit(OpCodes.Conv_U8);
            il.Emit(OpCodes.Ldloc, places.Store(k, map));
            Destination(map is not null ? null : isFolded ? scratchShift : rowStart, isPart);
            if (isPart || type == DType.Bool)
            {
                Scaled(type);
                il.Emit(OpCodes.Add);
                if (isPart) il.Emit(OpCodes.Ldloc, rest);
                if (type == DType.Bool) Call(Methods.Of(typeof(Parts), nameof(Parts.StoreMask), isPart ? 3 : 2, isPart ? typeof(ulong) : lanes.RegisterOf(type)));
                else Call(Methods.Of(ours, "StorePart", 3, lanes.RegisterOf(type), lanes.ElementOf(type)));
            }
            else Call(Methods.Of(registers, "StoreUnsafe", 3, lanes.RegisterOf(type), lanes.ElementOf(type)));
        }
    }

    // Where the next registers go is on its way: a store that misses the first-level cache holds up those behind it, and the hardware
    // foresees stores to one array at most. Where results are near it costs more than it gives.
    private void Reach()
    {
        var stores = places.Kept().Where(one => !one.IsFolded).ToArray();
        if (!Sse.IsSupported || stores.Sum(one => (long)kernel.Size * kernel.Body[one.Value].Type.Bytes()) < (stores.Length > 1 ? FarBytes : FarBytesOfOne)) return;
        foreach (var (k, value, map, _) in stores)
        {
            il.Emit(OpCodes.Ldloc, places.Store(k, map));
            il.Emit(OpCodes.Conv_U);
            Destination(map is null ? rowStart : null, isPart: false);
            Scaled(kernel.Body[value].Type);
            il.Emit(OpCodes.Add);
            il.Number(Ahead);
            il.Emit(OpCodes.Add);
            Call(typeof(Sse).GetMethod(nameof(Sse.Prefetch0))!);
        }
    }

    // Stores stand at row·n + place, or at place in a row of their own; folded values at place counted from the start of the
    // range. Whole registers are stored when place has moved on.
    private void Destination(LocalBuilder? shift, bool isPart)
    {
        il.Emit(OpCodes.Ldloc, isPart ? place : done);
        if (shift is null) return;
        il.Emit(OpCodes.Ldloc, shift);
        il.Emit(OpCodes.Add);
    }

    private void Read(int k)
    {
        if (kernel.Body[k].Operation is Operation.Constant(var value)) steady.Constant(value);
        else il.Emit(OpCodes.Ldloc, results[k]!);
    }

    // The number on the stack in every lane of a register of its own.
    private void Repeat(int k)
    {
        steady.Repeat(kernel.Body[k].Type);
        if (!isSteady[k]) results[k] = il.DeclareLocal(lanes.RegisterOf(kernel.Body[k].Type));
        isSteady[k] = true;
        il.Emit(OpCodes.Stloc, results[k]!);
    }

    private LocalBuilder Taken(Type type) => free.TryGetValue(type, out var stack) && stack.TryPop(out var local) ? local : il.DeclareLocal(type);

    private void Release(int k, int user, int[] last)
    {
        if (last[k] != user || isSteady[k] || results[k] is not { } local || (far is not null && kernel.Body[k].Operation is Operation.Load)) return;
        last[k] = -1;
        if (!free.TryGetValue(local.LocalType, out var stack)) free[local.LocalType] = stack = [];
        stack.Push(local);
    }

    private int[] LastUses()
    {
        var last = new int[kernel.Body.Length];
        System.Array.Fill(last, -1);
        for (var k = 0; k < last.Length; k++)
            foreach (var input in kernel.Body[k].Inputs) last[input] = k;
        foreach (var (_, value, _, _) in places.Kept()) last[value] = int.MaxValue;
        return last;
    }

    private void Scaled(DType type)
    {
        if (type.Bytes() == 1) return;
        il.Number(type.Bytes());
        il.Emit(OpCodes.Mul);
    }

    private void Call(System.Reflection.MethodInfo method) => il.Emit(OpCodes.Call, method);
}
