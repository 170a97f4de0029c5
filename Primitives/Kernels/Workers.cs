using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Functional.Kernels;

/// <summary>
/// Tasks shared among the cores. The threads are the process's own and wait some microseconds for the next work before they
/// sleep, for work that follows on work would else wait longer for them than it takes. One call at a time has them; another, also
/// one from within a task, does its tasks itself, so that threads are never more than cores.
/// </summary>
internal static class Workers
{
    // Turns of less than a tenth of a microsecond that a thread waits before it sleeps: to be woken takes as long.
    private const int Patience = 2_500;

    private static readonly Lock Gate = new();
    private static Helper[] helpers = [];
    private static volatile Job? current;
    private static long calls;

    /// <summary>
    /// Runs every task once, each worker taking the next that is left, with the number of the worker that has it. Where tasks throw,
    /// what is thrown is what the first of them throws, for any number of workers.
    /// </summary>
    /// <param name="workers">At most so many, the caller among them.</param>
    /// <param name="tasks">How many.</param>
    /// <param name="body">Called with a worker's number, below <paramref name="workers"/>, and a task's.</param>
    internal static void Share(int workers, int tasks, Action<int, int> body)
    {
        workers = Math.Min(Math.Min(workers, tasks), Environment.ProcessorCount);
        if (workers <= 1 || Gate.IsHeldByCurrentThread || !Gate.TryEnter())
        {
            for (var task = 0; task < tasks; task++) body(0, task);
            return;
        }
        try
        {
            var job = new Job(++calls, body, workers, tasks);
            Call(job);
            job.Work(0);
            job.Wait();
            current = null;
            job.Failure?.Throw();
        }
        finally
        {
            Gate.Exit();
        }
    }

    private static void Call(Job job)
    {
        if (helpers.Length < job.Workers - 1)
        {
            var first = helpers.Length;
            helpers = [.. helpers, .. Enumerable.Range(first, job.Workers - 1 - first).Select(index => new Helper(index + 1))];
        }
        current = job;
        // What a helper reads before it sleeps comes after what it says of itself, and here the other way round: one sees the other.
        Interlocked.MemoryBarrier();
        for (var index = 0; index < job.Workers - 1; index++) helpers[index].Wake();
    }

    /// <summary>The tasks of one call.</summary>
    private sealed class Job(long number, Action<int, int> body, int workers, int tasks)
    {
        private readonly Lock gate = new();
        private int next = -1;
        private int done;
        private volatile int failed = int.MaxValue;

        internal long Number => number;

        internal int Workers => workers;

        internal ExceptionDispatchInfo? Failure { get; private set; }

        internal void Work(int worker)
        {
            for (var task = Interlocked.Increment(ref next); task < tasks; task = Interlocked.Increment(ref next))
            {
                try
                {
                    // Every task before one that failed is run, so that the first to fail is found.
                    if (task < failed) body(worker, task);
                }
                catch (Exception exception)
                {
                    lock (gate)
                    {
                        if (task < failed) (failed, Failure) = (task, ExceptionDispatchInfo.Capture(exception));
                    }
                }
                Interlocked.Increment(ref done);
            }
        }

        internal void Wait()
        {
            for (var turn = 0; Volatile.Read(ref done) < tasks; turn++)
            {
                if (turn < Patience) Thread.SpinWait(1);
                else Thread.Yield();
            }
        }
    }

    /// <summary>A thread that helps with one job after another.</summary>
    private sealed class Helper
    {
        private readonly int number;
        private readonly object bed = new();
        private volatile bool sleeps;

        internal Helper(int number)
        {
            this.number = number;
            new Thread(Help) { IsBackground = true, Name = $"Functional worker {number}" }.Start();
        }

        internal void Wake()
        {
            if (!sleeps) return;
            lock (bed)
            {
                sleeps = false;
                Monitor.Pulse(bed);
            }
        }

        private void Help()
        {
            for (long last = 0; ;) last = Work(Next(last));
        }

        // What was done is not held on to while there is nothing to do.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private long Work(Job job)
        {
            if (number < job.Workers) job.Work(number);
            return job.Number;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private Job Next(long last)
        {
            for (var turn = 0; ; turn++)
            {
                if (current is { } job && job.Number != last) return job;
                if (turn < Patience)
                {
                    Thread.SpinWait(2);
                    continue;
                }
                sleeps = true;
                Interlocked.MemoryBarrier();
                lock (bed)
                {
                    while (sleeps && (current is not { } late || late.Number == last)) Monitor.Wait(bed);
                    sleeps = false;
                }
                turn = 0;
            }
        }
    }
}
