using System.Runtime.ExceptionServices;

namespace Functional.Compilation;

/// <summary>Tasks shared among the cores, each worker taking the next that is left.</summary>
internal static class Workers
{
    /// <summary>Runs every task once, with the number of the worker that has it.</summary>
    internal static void Share(int workers, int tasks, Action<int, int> body)
    {
        var next = -1;
        try
        {
            Parallel.For(0, workers, worker =>
            {
                for (var task = Interlocked.Increment(ref next); task < tasks; task = Interlocked.Increment(ref next)) body(worker, task);
            });
        }
        catch (AggregateException several) when (several.InnerExceptions is [var first, ..])
        {
            // The error is the same for any number of threads.
            ExceptionDispatchInfo.Throw(first);
        }
    }
}
