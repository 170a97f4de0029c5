using System.Diagnostics;

namespace Functional.Benchmarks;

/// <summary>Fair timing on a noisy machine: contenders take turns in one process, and medians are compared.</summary>
internal static class Stopwatches
{
    // OpenMP's idle threads spin for some milliseconds before they sleep, and would take a core from the next contender.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(15);

    /// <summary>
    /// The median seconds of one call of each contender over <paramref name="rounds"/> rounds in which each has its turn, after a
    /// pause for the last one's threads to <paramref name="settle"/> where there are several.
    /// </summary>
    public static double[] Interleaved(int rounds, double secondsATurn, bool settle, params Action[] contenders)
    {
        int[] calls = [.. contenders.Select(contender => CallsIn(contender, secondsATurn))];
        double[][] times = [.. contenders.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                if (settle)
                    Thread.Sleep(Settling);
                contenders[i]();
                times[i][round] = Seconds(contenders[i], calls[i]) / calls[i];
            }
        }

        return [.. times.Select(Median)];
    }

    // Caches and the branch predictor settle; what is optimised is so already.
    private static void WarmUp(Action contender)
    {
        long start = Stopwatch.GetTimestamp();
        for (int calls = 0; calls < 2 || (calls < 1000 && Stopwatch.GetElapsedTime(start).TotalSeconds < 0.2); calls++)
            contender();
    }

    private static int CallsIn(Action contender, double seconds)
    {
        WarmUp(contender);
        int calls = 1;
        while (Seconds(contender, calls) < seconds)
            calls *= 2;
        return Math.Max(1, (int)(calls * seconds / Seconds(contender, calls)));
    }

    private static double Seconds(Action contender, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            contender();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(double[] values)
    {
        System.Array.Sort(values);
        return (values[values.Length / 2] + values[(values.Length - 1) / 2]) / 2;
    }
}
