using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Functional.Kernels;

namespace Functional.Compilation;

/// <summary>
/// Steps over one leading axis that are run a part of the axis at a time, so that what one leaves is still near when the next
/// reads it. A step may join where all that is written among them is read and written at its own leading place only: then
/// parts do not meet, in buffers or in the arrays that buffers share, and may as well be run at one time.
/// </summary>
internal static class Chunks
{
    // What passes through memory anyway is worth parting; what one part touches stays in the second-level cache.
    private const long Far = 1 << 20;
    private const long Near = 3 << 17;

    // What each part reads whole stays in that cache beside it.
    private const long Again = 1 << 18;

    // What follows a product does so while its rows are in the first-level cache, or just left it: a tile of rows or two at a time.
    private const long Led = 1 << 18;
    private const int Tile = 24;

    // Multiply-adds from which a product is parted with nothing after it.
    private const long Alone = 1 << 22;

    // Steps of a group, so that looking for groups takes time in proportion to the steps.
    private const int Most = 32;

    private const int Shortest = 1024;
    private const int Unit = 64;

    /// <summary>The runners, with those that are run in parts as one.</summary>
    /// <param name="plan">What they run.</param>
    /// <param name="runners">One for each step.</param>
    /// <param name="length">The places of a part, whatever the sizes are; 0 where the caches say.</param>
    internal static Runner[] Grouped(Plan plan, Runner[] runners, int length)
    {
        var units = new List<Runner>();
        var steps = plan.Schedule.Steps.ToArray();
        var before = Touched(plan, steps);
        for (var at = 0; at < steps.Length;)
        {
            var leads = length > 0 || before[Math.Min(steps.Length, at + Most)] - before[at] > Led || IsWorthAlone(steps[at], length) ? Leads(steps[at]) : [];
            var group = leads.Where(lead => lead >= 2).Select(lead => Group.From(plan, steps, at, lead)).Where(found => found.Count > 1 || (found.Count == 1 && IsWorthAlone(steps[at], length))).Where(found => length > 0 || IsWorth(found)).MaxBy(found => found.Count);
            if (group is not null)
            {
                var places = length > 0 ? length : Places(group);
                units.Add(new ChunkRunner([.. runners.Skip(at).Take(group.Count).Cast<PartRunner>()], at, group.Lead, places, Distant(plan, steps.AsSpan(at, group.Count), group.Lead)));
                at += group.Count;
            }
            else units.Add(runners[at++]);
        }
        return [.. units];
    }

    // The bytes that the steps before each read and write, those of a buffer counted with each of its uses.
    private static long[] Touched(Plan plan, Step[] steps)
    {
        var before = new long[steps.Length + 1];
        for (var at = 0; at < steps.Length; at++) before[at + 1] = before[at] + Plan.Reads(steps[at]).Concat(Plan.Writes(steps[at])).Sum(buffer => plan.Schedule.Types[buffer].Bytes);
        return before;
    }

    // A few large places, such as the products of a batch, are parts of their own where there is one for each core.
    private static bool IsWorth(Group group) =>
        group.Bytes > (group.IsLedByRows ? Led : Far) && (group.Lead >= Shortest || (group.Lead >= Environment.ProcessorCount && group.Bytes / group.Lead <= Far));

    // For parts of a product, on several cores, the right operand is brought in order once.
    private static bool IsWorthAlone(Step step, int length) =>
        step is Step.Product { C.Batch: 1 } product
        && (length > 0 || (Environment.ProcessorCount > 1 && (long)product.C.Rows * product.C.Columns * product.A.Columns >= Alone));

    private static int Places(Group group)
    {
        var places = Near * group.Lead / group.Bytes;
        if (group.IsLedByRows) return (int)Math.Clamp(Math.Min(Led * group.Lead / group.Bytes, group.Lead / (2 * Environment.ProcessorCount)) / Tile * Tile, Tile, group.Lead);
        return group.Lead >= Shortest ? (int)Math.Clamp(places / Unit * Unit, Unit, group.Lead) : (int)Math.Clamp(places, 1, Math.Max(1, group.Lead / Environment.ProcessorCount));
    }

    // What loops after a product read or write at its own rows, which is large and not made among them: it is brought near during the product.
    private static (int Buffer, int Bytes)[] Distant(Plan plan, ReadOnlySpan<Step> steps, int lead)
    {
        if (steps[0] is not Step.Product { C.Batch: 1 } product) return [];
        var (near, far) = (new System.Collections.Generic.HashSet<int> { product.Result }, new List<(int, int)>());
        // A product brings the next rows of what it is added to near itself.
        if (product.Addend is { } addend) near.Add(addend.Buffer);
        foreach (var step in steps[1..])
        {
            if (step is not Step.Kernel kernel) continue;
            foreach (var buffer in kernel.Body.Select(instruction => instruction.Operation).OfType<Operation.Load>().Where(load => load.Pick is null).Select(load => load.Buffer).Concat(kernel.Stores.Select(store => store.Buffer)))
            {
                var type = plan.Schedule.Types[buffer];
                if (near.Add(buffer) && type.Bytes > Again && type.Size % lead == 0) far.Add((buffer, (int)(type.Bytes / lead)));
            }
        }
        return [.. far];
    }

    private static IEnumerable<int> Leads(Step step) => step switch
    {
        Step.Product { C.Batch: > 1 and var batch } => [batch],
        Step.Product { C.Rows: > 1 and var rows } => [rows],
        Step.Kernel kernel => kernel.Extents is [var first, _, ..] ? [kernel.Size, first] : [kernel.Size],
        Step.Placement placement => placement.Map.Extents is [var first, _, ..] ? [placement.Map.Size, first] : [placement.Map.Size],
        Step.Copy copy => copy.Map.Extents is [var first, _, ..] ? [copy.Map.Size, first] : [copy.Map.Size],
        _ => [],
    };

    private sealed class Group(Plan plan, int lead)
    {
        // Of each array: whether it is written, and whether all use of it is at its own leading place.
        private readonly Dictionary<int, (bool IsWritten, bool IsAligned, long Bytes)> arrays = [];

        internal int Lead => lead;

        internal int Count { get; private set; }

        /// <summary>Whether it begins with the rows of a product, more than a tile of them and no very tall one.</summary>
        internal bool IsLedByRows { get; private init; }

        internal long Bytes => arrays.Values.Sum(array => array.Bytes);

        internal static Group From(Plan plan, Step[] steps, int start, int lead)
        {
            var group = new Group(plan, lead) { IsLedByRows = steps[start] is Step.Product { C.Batch: 1 } && lead is > Tile and < Shortest };
            while (group.Count < Most && start + group.Count < steps.Length && group.Takes(steps[start + group.Count])) group.Count++;
            return group;
        }

        private bool Takes(Step step)
        {
            if (Uses(step) is not { } uses) return false;
            var touched = new Dictionary<int, (bool, bool, long)>();
            foreach (var (buffer, map, isWritten) in uses)
            {
                var type = plan.Schedule.Types[buffer];
                var array = plan.ArrayOf(buffer);
                var known = touched.TryGetValue(array, out var now) ? now : arrays.TryGetValue(array, out var before) ? before : (false, true, type.Size < lead ? 0 : type.Bytes);
                var (written, aligned, bytes) = (known.Item1 || isWritten, known.Item2 && IsAligned(map, type.Size), known.Item3);
                if (written && !aligned) return false;
                touched[array] = (written, aligned, bytes);
            }
            foreach (var (array, use) in touched) arrays[array] = use;
            return true;
        }

        private IEnumerable<(int Buffer, Affine Map, bool IsWritten)>? Uses(Step step) => step switch
        {
            Step.Kernel kernel when kernel.Size % lead == 0 && (kernel.Folds.IsEmpty || (kernel.Row <= Accumulator.Chunk && kernel.Size / lead % kernel.Row == 0)) =>
                kernel.Body.Select(instruction => instruction.Operation).OfType<Operation.Load>().SelectMany(Uses)
                    .Concat(kernel.Stores.Select(store => (store.Buffer, store.Map ?? Affine.Identity(kernel.Size), true)))
                    .Concat(kernel.Folds.Select(fold => (fold.Buffer, Affine.Identity(kernel.Size / kernel.Row), true))),
            // Rows of the result follow from rows of the left operand and all of the right one, which each part brings in order for itself.
            Step.Product product when product.C.Batch == 1 && product.C.Rows == lead && plan.Schedule.Types[product.Right].Bytes <= Again => [(product.Left, product.A.Map, false), (product.Right, Affine.Identity(1), false), .. Uses(product.Addend), (product.Result, product.C.Map, true)],
            Step.Product product when product.C.Batch == lead => [(product.Left, product.A.Map, false), (product.Right, product.B.Map, false), (product.Result, product.C.Map, true)],
            Step.Placement placement when placement.Map.Split(lead) is not null => placement.Sources.Map(source => (source, Affine.Identity(placement.Map.Size), false)).Append((placement.Result, placement.Map.Beside(placement.Sources.Count), true)),
            Step.Copy copy when copy.Map.Split(lead) is not null => [(copy.Source, copy.Map, false), (copy.Result, Affine.Identity(copy.Map.Size), true)],
            _ => null,
        };

        private static (int, Affine, bool)[] Uses(Addend? addend) =>
            addend is null ? [] : System.Array.ConvertAll(addend.Reads, buffer => (buffer, buffer == addend.Buffer ? addend.Places.Map : Affine.Identity(1), false));

        // A row that is picked may be any.
        private static (int, Affine, bool)[] Uses(Operation.Load load) =>
            load.Pick is null ? [(load.Buffer, load.Map, false)] : [(load.Buffer, Affine.Identity(1), false), (load.Pick.Buffer, load.Pick.Map, false)];

        private bool IsAligned(Affine map, int size)
        {
            if (size % lead != 0 || map.Split(lead) is not { } split || split.Stride != size / lead) return false;
            var (lowest, highest) = (map.Offset, map.Offset);
            for (var axis = 0; axis < split.Extents.Length; axis++)
            {
                var span = split.Strides[axis] * (split.Extents[axis] - 1);
                if (span < 0) lowest += span;
                else highest += span;
            }
            return lowest >= 0 && highest < size / lead;
        }
    }
}

/// <summary>A step that can be run for a part of a leading axis.</summary>
internal abstract class PartRunner : Runner
{
    /// <summary>Says along which extent it will be parted, and by how many workers at one time.</summary>
    internal virtual void Prepare(int lead, int workers)
    {
    }

    /// <summary>Makes ready for the parts of one run.</summary>
    internal virtual void Begin(Arena arena)
    {
    }

    /// <summary>The work of the leading places from start to before end, of so many.</summary>
    internal abstract void Run(Arena arena, int worker, int lead, int start, int end);

    /// <summary>Lets go of what the parts were lent.</summary>
    internal virtual void End(Arena arena)
    {
    }
}

/// <summary>Steps one after another for each part of a leading axis; the parts are shared among the cores.</summary>
internal sealed class ChunkRunner : Runner
{
    private readonly PartRunner[] steps;
    private readonly (int Buffer, int Bytes)[] far;
    private readonly int place;
    private readonly int lead;
    private readonly int length;
    private readonly int chunks;
    private readonly int workers;

    internal ChunkRunner(PartRunner[] steps, int place, int lead, int length, (int Buffer, int Bytes)[] far)
    {
        (this.steps, this.place, this.lead, this.length, this.far) = (steps, place, lead, length, far);
        chunks = (lead + length - 1) / length;
        workers = Math.Min(Environment.ProcessorCount, chunks);
        foreach (var step in steps) step.Prepare(lead, workers);
    }

    /// <summary>How many steps are run together, over what extent, and how much of it at a time.</summary>
    internal (int Steps, int Lead, int Length) Form => (steps.Length, lead, length);

    internal override void Run(Arena arena)
    {
        foreach (var step in steps) step.Begin(arena);
        if (workers > 1) RunShared(arena);
        else
            for (var chunk = 0; chunk < chunks; chunk++) Run(arena, 0, chunk);
        foreach (var step in steps) step.End(arena);
    }

    private void RunShared(Arena arena) => Workers.Share(workers, chunks, arena.Shared[place] ?? (arena.Shared[place] = Task(arena)));

    private Action<int, int> Task(Arena arena) => (worker, chunk) => Run(arena, worker, chunk);

    private void Run(Arena arena, int worker, int chunk)
    {
        var (start, end) = (chunk * length, Math.Min(lead, (chunk + 1) * length));
        var first = 0;
        if (far.Length > 0) RunFirst(arena, start, end, first++);
        for (; first < steps.Length; first++) steps[first].Run(arena, worker, lead, start, end);
    }

    private unsafe void RunFirst(Arena arena, int start, int end, int first)
    {
        Ahead ahead = default;
        // What this worker is likely to take next: the product itself reads or writes some of it.
        var (next, after) = (Math.Min(lead, start + (workers * length)), Math.Min(lead, end + (workers * length)));
        foreach (var (buffer, bytes) in far)
            ahead.Add((nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(arena.Table[buffer]!)) + arena.Bytes(buffer) + ((nint)next * bytes), (nint)(after - next) * bytes);
        ((ProductRunner)steps[first]).Run(arena, start, end, ref ahead);
    }
}
