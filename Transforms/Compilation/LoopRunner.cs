using System.Runtime.CompilerServices;
using Functional.Kernels;

namespace Functional.Compilation;

/// <summary>
/// An emitted loop over its whole domain, in ranges. Where there is enough work they are shared among the cores; a range's
/// results, and the trees of its folds, depend on where it begins and ends alone, so the number of threads does not show.
/// </summary>
internal sealed class LoopRunner : PartRunner
{
    // Nanoseconds of work that repay the start of other threads.
    private const double Worth = 15_000;

    private readonly Step.Kernel kernel;
    private readonly Lazy<Loop> loop;
    private readonly int scratch;
    private readonly int place;
    private readonly RowFold[] folds;
    private int workers;

    internal LoopRunner(Step.Kernel kernel, Lazy<Loop> loop, int scratch, int place)
    {
        (this.kernel, this.loop, this.scratch, this.place) = (kernel, loop, scratch, place);
        folds = [.. kernel.Folds];
        workers = Nanoseconds(kernel) * kernel.Size < Worth ? 1 : Math.Min(Environment.ProcessorCount, (kernel.Size + Accumulator.Task - 1) / Accumulator.Task);
    }

    /// <summary>The code that it runs.</summary>
    internal System.Reflection.MethodInfo Code => loop.Value.Method;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Run(Arena arena)
    {
        if (folds.Length > 0) RunFolds(arena);
        else if (workers == 1) Range(arena.Table, 0, kernel.Size);
        else RunShared(arena);
    }

    internal override void Prepare(int lead, int shared) => workers = Math.Max(workers, shared);

    internal override void Begin(Arena arena)
    {
        if (folds.Length > 0) Lent(arena);
    }

    internal override void Run(Arena arena, int worker, int lead, int start, int end)
    {
        nint each = kernel.Size / lead;
        if (folds.Length == 0)
        {
            Range(arena.Table, start * each, end * each);
            return;
        }
        var (state, rows) = ((State)arena.States[place]!, kernel.Size / lead / kernel.Row);
        state.Aim(worker, scratch);
        Blocks(arena, state, worker, start * rows, end * rows);
    }

    internal override void End(Arena arena)
    {
        if (folds.Length > 0) ((State)arena.States[place]!).Return();
    }

    private State Lent(Arena arena)
    {
        var state = (State)(arena.States[place] ??= new State(this));
        state.Lend(arena.Table);
        return state;
    }

    // A loop that would have its registers across cache lines of the stack is given the room that moves it to where it would not.
    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private unsafe void Range(System.Array?[] table, nint start, nint end)
    {
        var code = loop.Value;
        var missed = (int)code(table, start, end, 0);
        if (missed == 0) return;
        var room = stackalloc byte[missed];
        code(table, start, end, (nint)room);
    }

    // Where threads share the work, what they are to do is made once for an arena, in a method of its own: what it closes over is allocated on entry.
    private void RunShared(Arena arena) => Workers.Share(workers, (kernel.Size + Accumulator.Task - 1) / Accumulator.Task, arena.Shared[place] ?? (arena.Shared[place] = Task(arena)));

    private Action<int, int> Task(Arena arena) =>
        (_, task) => Range(arena.Table, (nint)task * Accumulator.Task, Math.Min(kernel.Size, ((nint)task + 1) * Accumulator.Task));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunFolds(Arena arena)
    {
        var state = Lent(arena);
        for (var worker = 0; worker < workers; worker++) state.Aim(worker, scratch);
        if (kernel.Row > Accumulator.Chunk) RunLongRows(arena, state);
        else if (workers == 1) Blocks(arena, state, 0, 0, kernel.Size / kernel.Row);
        else RunSharedRows(arena, state);
        state.Return();
    }

    private void RunSharedRows(Arena arena, State state)
    {
        var rows = kernel.Size / kernel.Row;
        var block = Math.Max(1, Accumulator.Chunk / kernel.Row);
        var share = Math.Max(1, Accumulator.Task / kernel.Row / block) * block;
        Workers.Share(workers, (rows + share - 1) / share, arena.Shared[place] ?? (arena.Shared[place] = RowsTask(arena, state, rows, share)));
    }

    private Action<int, int> RowsTask(Arena arena, State state, int rows, int share) =>
        (worker, task) => Blocks(arena, state, worker, task * share, Math.Min(rows, (task + 1) * share));

    // As many whole rows at a time as the scratch buffer holds.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Blocks(Arena arena, State state, int worker, int first, int end)
    {
        var block = Math.Max(1, Accumulator.Chunk / kernel.Row);
        for (var row = first; row < end; row += block)
        {
            var count = Math.Min(block, end - row);
            Range(state.Tables[worker], (nint)row * kernel.Row, ((nint)row + count) * kernel.Row);
            for (var k = 0; k < folds.Length; k++) state.Accumulators[worker][k].Rows(count, kernel.Row, arena.Table[folds[k].Buffer]!, arena.Start(folds[k].Buffer) + row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunLongRows(Arena arena, State state)
    {
        var (rows, tasks) = (kernel.Size / kernel.Row, state.Tasks);
        if (workers > 1) Workers.Share(workers, rows * tasks, arena.Shared[place] ?? (arena.Shared[place] = StretchTask(state)));
        else
            for (var task = 0; task < rows * tasks; task++) Stretch(state, 0, task);
        for (var row = 0; row < rows; row++)
            for (var k = 0; k < folds.Length; k++) state.Accumulators[0][k].Combine(state.Partials[k], row * tasks, tasks, arena.Table[folds[k].Buffer]!, arena.Start(folds[k].Buffer) + row);
    }

    private Action<int, int> StretchTask(State state) => (worker, task) => Stretch(state, worker, task);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Stretch(State state, int worker, int task)
    {
        var (row, part) = Math.DivRem(task, state.Tasks);
        var first = (nint)row * kernel.Row;
        var end = first + Math.Min(kernel.Row, ((nint)part + 1) * Accumulator.Task);
        for (var start = first + ((nint)part * Accumulator.Task); start < end; start += Accumulator.Chunk)
        {
            var next = Math.Min(end, start + Accumulator.Chunk);
            Range(state.Tables[worker], start, next);
            for (var k = 0; k < folds.Length; k++) state.Accumulators[worker][k].Push((int)(next - start));
        }
        for (var k = 0; k < folds.Length; k++) state.Accumulators[worker][k].Finish(state.Partials[k], task);
    }

    // Measured on registers of 512 bits: an elementary function a nanosecond an element, on f32 lanes less than half of it, an operation a tenth.
    private static double Nanoseconds(Step.Kernel kernel) => kernel.Body.Sum(instruction =>
        instruction.Operation is not Operation.Operator(var form) || !Lowering.IsHeavy(form, instruction.Type) ? 0.1
        : instruction.Type == DType.Float32 && !Lowering.Widens(form) ? 0.4
        : 1.0);

    /// <summary>What folds keep from run to run: for each worker its accumulators, and a table with its scratch buffers.</summary>
    private sealed class State
    {
        internal State(LoopRunner runner)
        {
            var kernel = runner.kernel;
            Tasks = (kernel.Row + Accumulator.Task - 1) / Accumulator.Task;
            Accumulators = new Accumulator[runner.workers][];
            Tables = new System.Array?[runner.workers][];
            for (var worker = 0; worker < runner.workers; worker++)
                Accumulators[worker] = [.. runner.folds.Select(fold => Accumulator.Of(fold.Monoid, kernel.Body[fold.Value].Type))];
            Partials = kernel.Row <= Accumulator.Chunk ? [] : [.. Accumulators[0].Select(accumulator => accumulator.Partials(kernel.Size / kernel.Row * Tasks))];
        }

        internal int Tasks { get; }

        internal Accumulator[][] Accumulators { get; }

        internal System.Array?[][] Tables { get; }

        internal System.Array[] Partials { get; }

        internal void Lend(System.Array?[] table)
        {
            Tables[0] = table;
            for (var worker = 1; worker < Tables.Length; worker++)
            {
                Tables[worker] ??= new System.Array?[table.Length];
                table.CopyTo(Tables[worker], 0);
            }
        }

        /// <summary>Has the loop leave what is to be folded with this worker's accumulators.</summary>
        internal void Aim(int worker, int scratch)
        {
            for (var k = 0; k < Accumulators[worker].Length; k++) Values.Put(Tables[worker], scratch + k, Accumulators[worker][k].Scratch);
        }

        // The caller's arrays are not kept.
        internal void Return()
        {
            for (var worker = 1; worker < Tables.Length; worker++) System.Array.Clear(Tables[worker]);
        }
    }
}
