using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;

namespace Functional.Compilation;

/// <summary>
/// What the code of a loop depends on: all of the kernel but which buffers it reads and writes, and where in them it begins. Those
/// it is given, so that the equal steps of a program that was unrolled, and of programs that differ elsewhere, share one code.
/// </summary>
internal sealed class LoopShape : IEquatable<LoopShape>
{
    // Codes are small, and so are the methods around them.
    private const int Most = 2048;

    private static readonly Recent<LoopShape, DynamicMethod> Known = new(Most);

    private readonly long[] form;
    private readonly int hash;

    private LoopShape(Step.Kernel kernel, Slot[] slots)
    {
        form = [.. Form(kernel, slots)];
        var sum = new HashCode();
        foreach (var number in form) sum.Add(number);
        hash = sum.ToHashCode();
    }

    /// <summary>The machine code of a kernel; value k that is folded goes to place k behind the buffers of the table, and behind all the places for folds stand the offsets of rows.</summary>
    [RequiresDynamicCode("Emits code.")]
    internal static Loop Compile(Step.Kernel kernel, Plan plan)
    {
        var slots = Slot.Of(kernel, plan);
        // A loop of one place is straight-line code of its own program.
        var method = kernel.Size == 1 ? Emitter.Compile(kernel, slots) : Known.Of(new(kernel, slots), () => Emitter.Compile(kernel, slots));
        return method.CreateDelegate<Loop>(kernel.Size == 1 ? [] : Slot.Places(slots));
    }

    public bool Equals(LoopShape? other) => other is not null && form.AsSpan().SequenceEqual(other.form);

    public override bool Equals(object? obj) => Equals(obj as LoopShape);

    public override int GetHashCode() => hash;

    // Each part says how long it is, so that no two kernels are one sequence.
    private static IEnumerable<long> Form(Step.Kernel kernel, Slot[] slots)
    {
        yield return kernel.Size;
        yield return kernel.Extents.Length;
        foreach (var extent in kernel.Extents) yield return extent;
        yield return kernel.Body.Length;
        foreach (var instruction in kernel.Body)
        {
            yield return (long)instruction.Type;
            foreach (var number in Form(instruction.Operation)) yield return number;
            yield return instruction.Inputs.Length;
            foreach (var input in instruction.Inputs) yield return input;
        }
        yield return kernel.Stores.Count;
        foreach (var store in kernel.Stores)
        {
            yield return store.Value;
            foreach (var number in Form(store.Map)) yield return number;
        }
        foreach (var fold in kernel.Folds) yield return fold.Value;
        foreach (var slot in slots) yield return slot.Row < 0 ? 0 : 1;
    }

    private static IEnumerable<long> Form(Operation operation) => operation switch
    {
        Operation.Load load => [0, .. Form(load.Map), .. load.Pick is { } pick ? [pick.Stride, .. Form(pick.Map)] : new long[] { -1 }],
        Operation.Constant constant => [1, Bits(constant.Value)],
        Operation.Operator of => [2, of.Type.TypeHandle.Value],
        Operation.Select => [3],
        _ => [4],
    };

    private static IEnumerable<long> Form(Affine? map)
    {
        if (map is null)
        {
            yield return -1;
            yield break;
        }
        yield return map.Extents.Length;
        for (var axis = 0; axis < map.Extents.Length; axis++)
        {
            yield return map.Extents[axis];
            yield return map.Strides[axis];
        }
    }

    private static long Bits(Tensor value) => value switch
    {
        Dense<double> number => BitConverter.DoubleToInt64Bits(number.Elements[0]),
        Dense<float> number => BitConverter.SingleToInt32Bits(number.Elements[0]),
        Dense<long> number => number.Elements[0],
        Dense<int> number => number.Elements[0],
        _ => ((Dense<bool>)value).Elements[0] ? 1 : 0,
    };
}
