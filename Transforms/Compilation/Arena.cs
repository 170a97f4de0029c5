using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Functional.Compilation;

/// <summary>The memory of one run: arrays for the intermediates, and a table of all buffers. Runs at one time have one each.</summary>
internal sealed class Arena
{
    // The first letters of AuthenticAMD, as processors say them.
    private const int Authentic = 'A' | ('u' << 8) | ('t' << 16) | ('h' << 24);

    // Bytes of a result of tiles up to which it is cleared first: larger ones are often written by several threads. Where it was
    // measured, AMD's cores gain by it; Intel's, which have more lines on their way at one time, lose.
    private static readonly long Few = X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == Authentic ? 1 << 15 : 0;

    private readonly Plan plan;
    private readonly nint[] offsets;

    internal Arena(Plan plan, int folds, int steps)
    {
        this.plan = plan;
        var count = plan.Roles.Length;
        // The last place of the table says where the rows of stacks begin, in bytes.
        (Starts, offsets) = (new int[plan.Rows.Length], new nint[plan.Rows.Length]);
        Table = new System.Array?[count + folds + 1];
        Table[^1] = offsets;
        Tensors = new Tensor?[count];
        States = new object?[steps];
        Shared = new Action<int, int>?[steps];
        System.Array[] slots = [.. plan.Slots.Map(slot => Allocate(slot.DType, slot.Size))];
        for (var buffer = 0; buffer < count; buffer++)
        {
            if (plan.Roles[buffer] == Role.Slot) Table[buffer] = slots[plan.SlotOf[buffer]];
            if (plan.Roles[buffer] == Role.Constant) Bind(buffer, plan.Schedule.Constants[buffer]);
        }
    }

    /// <summary>The array of each buffer, then those that values to be folded go through, then where rows of stacks begin.</summary>
    internal System.Array?[] Table { get; }

    /// <summary>At which element of its stack each row begins.</summary>
    internal int[] Starts { get; }

    /// <summary>The buffers that are tensors: arguments, constants, results of primitives' own kernels.</summary>
    internal Tensor?[] Tensors { get; }

    /// <summary>What a step keeps from one run to the next.</summary>
    internal object?[] States { get; }

    /// <summary>What a step's work is for one worker and one task, where several share it.</summary>
    internal Action<int, int>?[] Shared { get; }

    internal void Bind(int buffer, Tensor value)
    {
        Values.Put(Tensors, buffer, value);
        Values.Put(Table, buffer, ((Dense)value).Storage);
    }

    /// <summary>At which element of its array a buffer begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Start(int buffer) => plan.RowOf[buffer] is >= 0 and var row ? Starts[row] : 0;

    /// <summary>At which byte of its array a buffer begins.</summary>
    internal nint Bytes(int buffer) => plan.RowOf[buffer] is >= 0 and var row ? offsets[row] : 0;

    /// <summary>The elements of a buffer.</summary>
    internal Span<T> Elements<T>(int buffer)
    {
        var elements = (T[])Table[buffer]!;
        return plan.RowOf[buffer] is >= 0 and var row ? elements.AsSpan(Starts[row], plan.Schedule.Types[buffer].Size) : elements;
    }

    /// <summary>Has the rows of stacks be those of one number.</summary>
    internal void Move(int row)
    {
        for (var i = 0; i < offsets.Length; i++)
        {
            var (dtype, size) = (plan.Schedule.Types[plan.Rows[i]].DType, plan.Schedule.Types[plan.Rows[i]].Size);
            Starts[i] = row * size;
            offsets[i] = (nint)row * size * dtype.Bytes();
        }
    }

    /// <summary>A value's elements alone, for loops that know no tensors.</summary>
    internal void Lend(int buffer, Tensor value) => Values.Put(Table, buffer, ((Dense)value).Storage);

    /// <summary>
    /// An array for what is made for the caller. Fresh memory is far, and lines that are written tile by tile are waited for one by
    /// one: where they are few, a pass in order, which clears them, brings all of them near for less.
    /// </summary>
    internal void Make(int buffer, DType type, int size, bool isTiled = false)
    {
        var elements = Allocate(type, size);
        if (isTiled && (long)size * type.Bytes() <= Few) System.Array.Clear(elements);
        Give(buffer, elements);
    }

    /// <summary>An array for what is returned, and for what is there before it.</summary>
    internal void Give(int buffer, System.Array elements)
    {
        Values.Put(Table, buffer, elements);
        foreach (var guest in plan.Guests[buffer]) Values.Put(Table, guest, elements);
    }

    /// <summary>A buffer as a tensor of a type of its size.</summary>
    internal Tensor Read(int buffer, TensorType type)
    {
        if (Tensors[buffer] is { } tensor) return tensor.Shape == type.Shape ? tensor : ((Dense)tensor).Reshaped(type.Shape);
        var wrapped = Wrap(Table[buffer]!, type);
        if (plan.Roles[buffer] != Role.Output) Values.Put(Tensors, buffer, wrapped);
        return wrapped;
    }

    /// <summary>Whether an array is one that the next run will write to.</summary>
    internal bool Owns(System.Array array)
    {
        for (var buffer = 0; buffer < plan.Roles.Length; buffer++)
            if (plan.Roles[buffer] == Role.Slot && ReferenceEquals(Table[buffer], array)) return true;
        return false;
    }

    /// <summary>Lets go of what belongs to the caller.</summary>
    internal void Clear()
    {
        foreach (var buffer in plan.Lent)
        {
            Table[buffer] = null;
            Tensors[buffer] = null;
        }
    }

    internal static System.Array Allocate(DType type, int size) => type switch
    {
        DType.Float64 => GC.AllocateUninitializedArray<double>(size),
        DType.Float32 => GC.AllocateUninitializedArray<float>(size),
        DType.Int64 => GC.AllocateUninitializedArray<long>(size),
        DType.Int32 => GC.AllocateUninitializedArray<int>(size),
        _ => new bool[size],
    };

    /// <summary>A tensor whose array comes later.</summary>
    internal static Dense Promised(TensorType type) => type.DType switch
    {
        DType.Float64 => new Dense<double>(null!, type),
        DType.Float32 => new Dense<float>(null!, type),
        DType.Int64 => new Dense<long>(null!, type),
        DType.Int32 => new Dense<int>(null!, type),
        _ => new Dense<bool>(null!, type),
    };

    internal static Tensor Wrap(System.Array array, TensorType type) => array switch
    {
        double[] elements => new Dense<double>(elements, type),
        float[] elements => new Dense<float>(elements, type),
        _ when type.DType == DType.Int64 => new Dense<long>((long[])array, type),
        _ when type.DType == DType.Int32 => new Dense<int>((int[])array, type),
        _ => new Dense<bool>((bool[])array, type),
    };
}
