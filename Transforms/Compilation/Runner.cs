using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>A step, ready to run on an arena.</summary>
internal abstract class Runner
{
    internal abstract void Run(Arena arena);
}

/// <summary>A primitive's own kernel.</summary>
internal sealed class CallRunner(Step.Call call, int place) : Runner
{
    private readonly Operand[] operands = [.. call.Operands];
    private readonly int[] results = [.. call.Results];
    private readonly TensorType[] types = [.. call.Equation.Outputs.Map(output => output.Type)];

    internal override void Run(Arena arena)
    {
        var given = Operand.Read(operands, arena, place);
        if (call.Equation.Primitive is IWritesInto writer)
        {
            writer.Write(given, types[0], arena.Table[results[0]]!);
            System.Array.Clear(given);
            return;
        }
        var made = call.Equation.Primitive.Evaluate(given, types);
        for (var i = 0; i < results.Length; i++)
        {
            // An operand that is returned as it is would change under its reader's hands.
            var result = (Dense)made[i];
            arena.Bind(results[i], arena.Owns(result.Storage) ? Arena.Wrap((System.Array)result.Storage.Clone(), types[i]) : result);
        }
        System.Array.Clear(given);
    }
}

/// <summary>The numbers of rows that are read one by one in loops after it; an index that is out of range throws here.</summary>
internal sealed class NumbersRunner(Step.Numbers numbers, int place) : Runner
{
    private readonly Operand[] indices = [.. numbers.Indices];

    internal override void Run(Arena arena)
    {
        var given = Operand.Read(indices, arena, place);
        Indices.Write("Gather", numbers.Of, numbers.Axis, given, (int[])arena.Table[numbers.Result]!);
        System.Array.Clear(given);
    }
}

/// <summary>A contraction into a buffer.</summary>
internal sealed class ProductRunner(Step.Product product, int place) : PartRunner
{
    // Rows of what is packed begin at cache lines.
    private const int Line = 64;

    private enum Work
    {
        /// <summary>All of it, on as many threads as pay.</summary>
        Whole,

        /// <summary>Some rows or matrices, on this thread.</summary>
        Part,

        /// <summary>The right operand brought into the order in which parts read it.</summary>
        Packing,
    }

    internal override void Run(Arena arena)
    {
        Ahead nothing = default;
        Run(arena, product.A, product.B, product.C, product.Addend?.Places ?? default, Work.Whole, ref nothing);
    }

    /// <summary>What every part reads whole is brought in order once.</summary>
    internal override void Begin(Arena arena)
    {
        if (product.C.Batch > 1) return;
        Ahead nothing = default;
        Run(arena, product.A, product.B, product.C, product.Addend?.Places ?? default, Work.Packing, ref nothing);
    }

    internal override void Run(Arena arena, int worker, int lead, int start, int end)
    {
        Ahead nothing = default;
        Run(arena, start, end, ref nothing);
    }

    /// <summary>Rows, or matrices of a batch, while what is wanted after them is brought near.</summary>
    internal void Run(Arena arena, int start, int end, ref Ahead ahead)
    {
        var (a, b, c) = (product.A, product.B, product.C);
        if (c.Batch == 1) Run(arena, a.OfRows(start, end), b, c.OfRows(start, end), product.Addend?.Places.OfRows(start, end) ?? default, Work.Part, ref ahead);
        else Run(arena, a.OfBatch(start, end), b.OfBatch(start, end), c.OfBatch(start, end), default, Work.Part, ref ahead);
    }

    private void Run(Arena arena, Matrices a, Matrices b, Matrices c, Matrices addend, Work work, ref Ahead ahead)
    {
        switch (product.Type)
        {
            case DType.Float64:
                Multiply<double>(arena, a, b, c, addend, work, ref ahead);
                break;
            case DType.Float32:
                Multiply<float>(arena, a, b, c, addend, work, ref ahead);
                break;
            case DType.Int64:
                Multiply<long>(arena, a, b, c, addend, work, ref ahead);
                break;
            default:
                Multiply<int>(arena, a, b, c, addend, work, ref ahead);
                break;
        }
    }

    private unsafe void Multiply<T>(Arena arena, in Matrices a, in Matrices b, in Matrices c, in Matrices addend, Work work, ref Ahead ahead)
        where T : unmanaged
    {
        fixed (T* left = (T[])arena.Table[product.Left]!, right = (T[])arena.Table[product.Right]!, result = (T[])arena.Table[product.Result]!)
        fixed (T* added = product.Addend is { Buffer: var buffer } ? (T[])arena.Table[buffer]! : null)
        {
            var matrices = new MatMulProduct<T>(
                new(left + arena.Start(product.Left) + a.Offset, a.RowStride, a.ColumnStride),
                new(right + arena.Start(product.Right) + b.Offset, b.RowStride, b.ColumnStride),
                result + arena.Start(product.Result) + c.Offset,
                c.RowStride,
                c.Rows,
                a.Columns,
                c.Columns,
                accumulate: false)
            {
                Addend = product.Addend is null ? default : new(added + arena.Start(product.Addend.Buffer) + addend.Offset, addend.RowStride, 1),
                Factor = product.Addend is null ? default : Factor<T>(arena, product.Addend),
            };
            if (work == Work.Packing) Pack(arena, matrices);
            else if (work == Work.Part && c.Batch == 1 && arena.States[place] is T[] panels) matrices.Compute(Aligned(panels), ref ahead);
            else MatMul.Run(matrices, c.Batch, a.BatchStride, b.BatchStride, c.BatchStride, threads: work == Work.Part ? 1 : 0);
        }
    }

    private static T Factor<T>(Arena arena, Addend addend)
        where T : unmanaged
    {
        var factor = addend.Factor.Literal is Dense<T> literal ? literal.Elements[0] : arena.Elements<T>(addend.Factor.Buffer)[addend.Place];
        return addend.IsSubtracted ? (-Vector128.CreateScalar(factor)).ToScalar() : factor;
    }

    // The array is pinned, so that what is packed stays at cache lines.
    private unsafe void Pack<T>(Arena arena, in MatMulProduct<T> whole)
        where T : unmanaged
    {
        var size = (int)whole.PanelSize;
        if (size == 0) return;
        var panels = (T[])(arena.States[place] ??= GC.AllocateUninitializedArray<T>(size + (Line / sizeof(T)), pinned: true));
        whole.PackPanels(Aligned(panels));
    }

    private static unsafe T* Aligned<T>(T[] pinned)
        where T : unmanaged => (T*)(((nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned)) + Line - 1) & ~(nuint)(Line - 1));
}

/// <summary>A view's elements in order.</summary>
internal sealed class CopyRunner(Step.Copy copy, DType type) : PartRunner
{
    private Parted parted;

    internal override void Prepare(int lead, int workers) => parted = new(copy.Map, lead);

    internal override void Run(Arena arena) => Run(arena, 0, 1, 0, 1);

    internal override void Run(Arena arena, int worker, int lead, int start, int end)
    {
        switch (type)
        {
            case DType.Float64:
                Copy<double>(arena, lead, start, end);
                break;
            case DType.Float32:
                Copy<float>(arena, lead, start, end);
                break;
            case DType.Int64:
                Copy<long>(arena, lead, start, end);
                break;
            case DType.Int32:
                Copy<int>(arena, lead, start, end);
                break;
            default:
                Copy<bool>(arena, lead, start, end);
                break;
        }
    }

    private void Copy<T>(Arena arena, int lead, int start, int end)
    {
        ReadOnlySpan<T> source = arena.Elements<T>(copy.Source);
        var result = arena.Elements<T>(copy.Result);
        if (lead == 1)
        {
            Strided.Copy<T>(source, copy.Map.Offset, copy.Map.Strides, copy.Map.Extents, result);
            return;
        }
        var each = copy.Map.Size / lead;
        Span<int> extents = stackalloc int[parted.Extents.Length];
        parted.Over(end - start, extents);
        Strided.Copy<T>(source, copy.Map.Offset + (start * parted.Strides[0]), parted.Strides, extents, result.Slice(start * each, (end - start) * each));
    }
}

/// <summary>A map whose first axis is parted.</summary>
internal readonly struct Parted
{
    internal Parted(Affine map, int lead)
    {
        var (stride, extents, strides) = map.Split(lead)!.Value;
        (Extents, Strides) = ([lead, .. extents], [stride, .. strides]);
    }

    internal int[] Extents { get; }

    internal int[] Strides { get; }

    /// <summary>The extents where the leading one is another.</summary>
    internal void Over(int lead, Span<int> extents)
    {
        Extents.CopyTo(extents);
        extents[0] = lead;
    }
}

/// <summary>Buffers' elements to places of a larger one.</summary>
internal sealed class PlacementRunner(Step.Placement placement, DType type, int place) : PartRunner
{
    private readonly int[] sources = [.. placement.Sources];
    private Parted parted;

    internal override void Prepare(int lead, int workers) => parted = new(placement.Map, lead);

    internal override void Run(Arena arena)
    {
        Begin(arena);
        Run(arena, 0, 1, 0, 1);
        End(arena);
    }

    internal override void Begin(Arena arena)
    {
        var from = (From)(arena.States[place] ??= new From(sources.Length));
        for (var k = 0; k < sources.Length; k++) (from.Arrays[k], from.Starts[k]) = (arena.Table[sources[k]], arena.Start(sources[k]));
    }

    internal override void End(Arena arena) => System.Array.Clear(((From)arena.States[place]!).Arrays);

    internal override void Run(Arena arena, int worker, int lead, int start, int end)
    {
        switch (type)
        {
            case DType.Float64:
                Place<double>(arena, lead, start, end);
                break;
            case DType.Float32:
                Place<float>(arena, lead, start, end);
                break;
            case DType.Int64:
                Place<long>(arena, lead, start, end);
                break;
            case DType.Int32:
                Place<int>(arena, lead, start, end);
                break;
            default:
                Place<bool>(arena, lead, start, end);
                break;
        }
    }

    private void Place<T>(Arena arena, int lead, int start, int end)
    {
        var from = (From)arena.States[place]!;
        var map = placement.Map;
        var result = arena.Elements<T>(placement.Result);
        if (lead == 1)
        {
            Put<T>(from, 0, map.Extents, result, map.Offset, map.Strides);
            return;
        }
        Span<int> extents = stackalloc int[parted.Extents.Length];
        parted.Over(end - start, extents);
        Put<T>(from, start * (map.Size / lead), extents, result, map.Offset + (start * parted.Strides[0]), parted.Strides);
    }

    private static void Put<T>(From from, int first, ReadOnlySpan<int> extents, Span<T> result, int offset, ReadOnlySpan<int> strides)
    {
        if (from.Arrays.Length > 1)
        {
            Strided.PlaceTogether(from.Arrays, from.Starts, first, extents, result, offset, strides);
            return;
        }
        var size = 1;
        foreach (var extent in extents) size *= extent;
        Strided.Place<T>(((T[])from.Arrays[0]!).AsSpan(from.Starts[0] + first, size), extents, result, offset, strides);
    }

    /// <summary>The arrays that sources are in, and at which of their elements each begins.</summary>
    private sealed class From(int count)
    {
        internal System.Array?[] Arrays { get; } = new System.Array?[count];

        internal int[] Starts { get; } = new int[count];
    }
}

/// <summary>A fold of a whole buffer.</summary>
internal sealed class FoldRunner(Step.Fold fold, DType type) : Runner
{
    private readonly int[] axes = [.. fold.Axes];
    private readonly FoldKernel kernel = FoldKernel.Of(fold.Monoid, type);

    internal override void Run(Arena arena) => kernel.Run(arena.Table[fold.Source]!, fold.Extents.Extents, axes, arena.Table[fold.Result]!);
}
