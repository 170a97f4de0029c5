using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Functional.Compilation;

/// <summary>Straight-line code from elements to elements, eight bytes for each.</summary>
internal delegate void Straight(ref long inputs, ref long outputs);

/// <summary>
/// A program that is straight-line code on a few numbers: they are taken from the arguments and put into the results one by one,
/// with no arena between.
/// </summary>
internal sealed class StraightLine
{
    // Numbers on the stack at one time.
    private const int Most = 256;

    private readonly Straight code;
    private readonly Operand[] outputs;
    private readonly (int Argument, int Place, DType Type)[] loads;
    private readonly (int Slot, int Place)[][] stores;

    // Where all are f64 numbers of rank 0, the argument of each load and the slot of each output.
    private readonly (int[] Arguments, int[] Slots)? numbersOnly;

    private StraightLine(Straight code, Operand[] outputs, (int Argument, int Place, DType Type)[] loads, (int Slot, int Place)[][] stores, bool areNumbers) =>
        (this.code, this.outputs, this.loads, this.stores, numbersOnly) = (code, outputs, loads, stores, areNumbers && loads.All(load => load.Type == DType.Float64) && outputs.All(output => output is { Literal: null, Type: { DType: DType.Float64, Rank: 0 } })
            ? ([.. loads.Select(load => load.Argument)], [.. stores.Select(into => into[0].Slot)])
            : null);

    /// <summary>The program as straight-line code; nothing where it is more than that.</summary>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Called only where dynamic code is supported.")]
    internal static StraightLine? Of(Plan plan, int results)
    {
        var schedule = plan.Schedule;
        if (schedule.Steps is not [Step.Kernel { Size: 1 } kernel] || !kernel.Folds.IsEmpty || schedule.Outputs.Count != results) return null;
        var loads = new List<(int, int, DType)>();
        foreach (var instruction in kernel.Body)
        {
            if (instruction.Operation is not Operation.Load load) continue;
            if (load.Pick is not null || plan.Roles[load.Buffer] != Role.Argument) return null;
            loads.Add((load.Buffer, load.Map.Offset, instruction.Type));
        }
        var kept = kernel.Stores.Map((slot, store) => (store.Buffer, Slot: slot, Place: store.Map?.Offset ?? 0)).ToArray();
        var stores = new (int Slot, int Place)[results][];
        for (var i = 0; i < results; i++)
        {
            var output = schedule.Outputs[i];
            stores[i] = output.Literal is null ? [.. kept.Where(store => store.Buffer == output.Buffer).Select(store => (store.Slot, store.Place))] : [];
            if (output.Literal is null && (plan.Roles[output.Buffer] != Role.Output || stores[i].Length != output.Type.Size)) return null;
        }
        return loads.Count + kept.Length > Most ? null : new(Emitter.Straight(kernel), [.. schedule.Outputs], [.. loads], stores, loads.TrueForAll(load => schedule.Types[load.Item1].Shape.Rank == 0));
    }

    /// <summary>The outputs for arguments of the types that the program was compiled for.</summary>
    [SkipLocalsInit]
    internal void Run(ReadOnlySpan<Tensor> arguments, Span<Tensor> given)
    {
        Span<long> numbers = stackalloc long[Most];
        var made = Run(arguments, numbers);
        if (numbersOnly is { Slots: var slots })
        {
            for (var i = 0; i < given.Length && i < slots.Length; i++) given[i] = new Dense<double>(BitConverter.Int64BitsToDouble(made[slots[i]]));
            return;
        }
        for (var i = 0; i < given.Length; i++)
        {
            var (type, into) = (outputs[i].Type, stores[i]);
            if (outputs[i].Literal is { } literal) given[i] = literal;
            else if (type.Shape.Rank == 0) given[i] = Number(type.DType, made[into[0].Slot]);
            else
            {
                var array = Arena.Allocate(type.DType, type.Size);
                Put(array, type.DType, made, into);
                given[i] = Arena.Wrap(array, type);
            }
        }
    }

    /// <summary>Writes the outputs to arrays of their elements and sizes.</summary>
    [SkipLocalsInit]
    internal void Run(ReadOnlySpan<Tensor> arguments, ReadOnlySpan<System.Array> destinations)
    {
        Span<long> numbers = stackalloc long[Most];
        var made = Run(arguments, numbers);
        if (numbersOnly is { Slots: var slots })
        {
            for (var i = 0; i < destinations.Length && i < slots.Length; i++) Unsafe.As<double[]>(destinations[i])[0] = BitConverter.Int64BitsToDouble(made[slots[i]]);
            return;
        }
        for (var i = 0; i < destinations.Length; i++)
        {
            if (outputs[i].Literal is Dense literal) System.Array.Copy(literal.Storage, destinations[i], destinations[i].Length);
            else Put(destinations[i], outputs[i].Type.DType, made, stores[i]);
        }
    }

    private Span<long> Run(ReadOnlySpan<Tensor> arguments, Span<long> numbers)
    {
        if (numbersOnly is { Arguments: var places })
        {
            for (var k = 0; k < places.Length; k++) numbers[k] = BitConverter.DoubleToInt64Bits(Unsafe.As<Dense<double>>(arguments[places[k]]).Number);
        }
        else
        {
            for (var k = 0; k < loads.Length; k++)
            {
                var (argument, place, type) = loads[k];
                numbers[k] = Number(arguments[argument], place, type);
            }
        }
        var made = numbers[loads.Length..];
        code(ref numbers[0], ref made[0]);
        return made;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Number(Tensor tensor, int place, DType type) => type switch
    {
        DType.Float64 => BitConverter.DoubleToInt64Bits(Unsafe.As<Dense<double>>(tensor).At(place)),
        DType.Float32 => BitConverter.SingleToInt32Bits(Unsafe.As<Dense<float>>(tensor).At(place)),
        DType.Int64 => Unsafe.As<Dense<long>>(tensor).At(place),
        DType.Int32 => Unsafe.As<Dense<int>>(tensor).At(place),
        _ => Unsafe.As<Dense<bool>>(tensor).At(place) ? 1 : 0,
    };

    private static Tensor Number(DType type, long bits) => type switch
    {
        DType.Float64 => new Dense<double>(BitConverter.Int64BitsToDouble(bits)),
        DType.Float32 => new Dense<float>(BitConverter.Int32BitsToSingle((int)bits)),
        DType.Int64 => new Dense<long>(bits),
        DType.Int32 => new Dense<int>((int)bits),
        _ => new Dense<bool>((bits & 1) != 0),
    };

    private static void Put(System.Array array, DType type, ReadOnlySpan<long> made, (int Slot, int Place)[] into)
    {
        foreach (var (slot, place) in into)
        {
            switch (type)
            {
                case DType.Float64:
                    Unsafe.As<double[]>(array)[place] = BitConverter.Int64BitsToDouble(made[slot]);
                    break;
                case DType.Float32:
                    Unsafe.As<float[]>(array)[place] = BitConverter.Int32BitsToSingle((int)made[slot]);
                    break;
                case DType.Int64:
                    Unsafe.As<long[]>(array)[place] = made[slot];
                    break;
                case DType.Int32:
                    Unsafe.As<int[]>(array)[place] = (int)made[slot];
                    break;
                default:
                    Unsafe.As<bool[]>(array)[place] = (made[slot] & 1) != 0;
                    break;
            }
        }
    }
}
