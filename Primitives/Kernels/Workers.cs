using System.Runtime.ExceptionServices;

namespace Functional.Kernels;

/// <summary>
/// Tasks shared among the cores. The threads are the process's own and wait some microseconds for the next work before they
/// sleep, for work that follows on work would else wait longer for them than it takes. One call at a time has them; another, also
/// one from within a task, does its tasks itself, so that threads are never more than cores. Nothing is allocated for a call.
/// </summary>
internal static class Workers
{
    // Turns of less than a tenth of a microsecond that a thread waits before it sleeps: to be woken takes as long.
    private const int Patience = 2_500;

    private static readonly Lock Gate = new();
    private static readonly Job Only = new();
    private static Helper[] helpers = [];
    private static volatile Job? current;

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
        ExceptionDispatchInfo? failure;
        try
        {
            Only.Open(body, workers, tasks);
            Call(workers);
            Only.Work(0);
            failure = Only.Close();
        }
        finally
        {
            Gate.Exit();
        }
        failure?.Throw();
    }

    private static void Call(int workers)
    {
        if (helpers.Length < workers - 1)
        {
            var first = helpers.Length;
            helpers = [.. helpers, .. Enumerable.Range(first, workers - 1 - first).Select(index => new Helper(index + 1))];
        }
        current = Only;
        // What a helper reads before it sleeps comes after what it says of itself, and here the other way round: one sees the other.
        Interlocked.MemoryBarrier();
        for (var index = 0; index < workers - 1; index++) helpers[index].Wake();
    }

    /// <summary>The tasks of one call after another.</summary>
    private sealed class Job
    {
        private readonly Lock gate = new();
        private Action<int, int>? body;
        private int tasks;
        private int workers;
        private int next;
        private int done;
        private int inside;
        private long number;
        private volatile int failed;
        private ExceptionDispatchInfo? failure;

        /// <summary>Counts the calls.</summary>
        internal long Number => Volatile.Read(ref number);

        internal void Open(Action<int, int> work, int most, int count)
        {
            (body, workers, tasks, next, done, failed, failure) = (work, most, count, -1, 0, int.MaxValue, null);
            Volatile.Write(ref number, number + 1);
        }

        /// <summary>A helper's part of the call that is going on; the number of that call, or of the one it has done last if there is none.</summary>
        internal long Help(int helper, long last)
        {
            // Who is inside is waited for before the next call is opened; who comes when this one is closed sees that.
            Interlocked.Increment(ref inside);
            if (current is not null)
            {
                last = Number;
                if (helper < workers) Work(helper);
            }
            Interlocked.Decrement(ref inside);
            return last;
        }

        internal void Work(int worker)
        {
            for (var task = Interlocked.Increment(ref next); task < tasks; task = Interlocked.Increment(ref next))
            {
                try
                {
                    // Every task before one that failed is run, so that the first to fail is found.
                    if (task < failed) body!(worker, task);
                }
                catch (Exception exception)
                {
                    lock (gate)
                    {
                        if (task < failed) (failed, failure) = (task, ExceptionDispatchInfo.Capture(exception));
                    }
                }
                Interlocked.Increment(ref done);
            }
        }

        /// <summary>Waits until all is done, and lets go of it; what the first task to fail threw.</summary>
        internal ExceptionDispatchInfo? Close()
        {
            for (var turn = 0; Volatile.Read(ref done) < tasks; turn++) Wait(turn);
            current = null;
            Interlocked.MemoryBarrier();
            for (var turn = 0; Volatile.Read(ref inside) > 0; turn++) Wait(turn);
            body = null;
            return failure;
        }

        private static void Wait(int turn)
        {
            if (turn < Patience) Thread.SpinWait(1);
            else Thread.Yield();
        }
    }

    /// <summary>A thread that helps with one call after another.</summary>
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
            long last = 0;
            while (true)
            {
                Await(last);
                last = Only.Help(number, last);
            }
        }

        private void Await(long last)
        {
            for (var turn = 0; current is null || Only.Number == last; turn++)
            {
                if (turn < Patience)
                {
                    Thread.SpinWait(2);
                    continue;
                }
                sleeps = true;
                Interlocked.MemoryBarrier();
                lock (bed)
                {
                    while (sleeps && (current is null || Only.Number == last)) Monitor.Wait(bed);
                    sleeps = false;
                }
                turn = 0;
            }
        }
    }
}
