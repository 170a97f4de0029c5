using System.Diagnostics;
using System.Text.RegularExpressions;
using Functional.Benchmarks.AdBench;
using Functional.Benchmarks.Compare;
using Functional.Compilation;

namespace Functional.Benchmarks;

/// <summary>Where a compiled program's time goes, step by step.</summary>
internal static partial class Profile
{
    public const string Says = "the steps of compiled programs by their time: PART OF A NAME [--data FOLDER] [--steps N] [--all]";

    private const double Turn = 0.5;

    public static void Run(string[] arguments)
    {
        string part = arguments is [string first, ..] ? first : "";
        string data = AdBenchComparison.Option(arguments, "--data", AdBenchComparison.DefaultData);
        int shown = int.Parse(AdBenchComparison.Option(arguments, "--steps", "25"));
        foreach (Func<AdBenchComparison.Work> make in Directory.Exists(data) ? AdBenchComparison.Works(data, true, part) : [])
        {
            AdBenchComparison.Work work = make();
            (Executable executable, Tensor[] given) = work.Compiled();
            Show(work.Name, executable, given, shown, arguments.Contains("--all"));
        }

        // One program may stand against several peers.
        System.Collections.Generic.HashSet<Executable> shownAlready = [];
        foreach ((string name, Func<Contest> make) in PeerComparison.Contests().Where(contest => contest.Name.Contains(part, StringComparison.Ordinal)))
        {
            Contest contest = make();
            (Executable executable, Tensor[] given) = contest.Compiled();
            if (shownAlready.Add(executable))
                Show(contest.Work, executable, given, shown, arguments.Contains("--all"));
        }
    }

    private static void Show(string name, Executable executable, Tensor[] given, int shown, bool isWhole)
    {
        double[] microseconds = Times(executable, given);
        string text = executable.ToString();
        string[] heads = [.. Head().Matches(text).Select(match => match.Value)];
        string[] operations = [.. executable.Plan.Schedule.Steps.Select(step => string.Join(" ", step.Equations
            .GroupBy(equation => equation.Primitive.Name).Select(group => group.Count() == 1 ? group.Key : $"{group.Key}×{group.Count()}")))];
        // Steps that are run together are one row.
        List<(double Time, string What)> rows = [];
        int at = 0;
        foreach ((double time, int unit) in microseconds.Select((time, unit) => (time, unit)))
        {
            int steps = executable.Units[unit] is ChunkRunner { Form.Steps: int several } ? several : 1;
            rows.Add((time, string.Join(" | ", Enumerable.Range(at, steps).Select(step => $"{heads[step]}  [{operations[step]}]"))));
            at += steps;
        }

        double total = microseconds.Sum();
        Console.WriteLine($"{name}: {total:F1} µs in {heads.Length} steps, {executable.Kernels} of them loops; arena {executable.ArenaBytes:N0} bytes; a call {Whole(() => executable.Run(given)):F1} µs, into given arrays {Whole(Contest.Into(executable, given)):F1} µs");
        foreach ((double time, string what) in rows.OrderByDescending(row => row.Time).Take(shown))
            Console.WriteLine($"  {time,9:F2} µs {time / total,6:P1}  {what}");
        if (isWhole)
            Console.WriteLine(text);
    }

    // Each unit's median over whole runs: a step may write where another has read.
    private static double[] Times(Executable executable, Tensor[] given)
    {
        Arena arena = executable.FreshArena();
        for (int buffer = 0; buffer < executable.Plan.Roles.Length; buffer++)
        {
            if (executable.Plan.Roles[buffer] == Role.Output)
                arena.Make(buffer, executable.Plan.Schedule.Types[buffer].DType, executable.Plan.Schedule.Types[buffer].Size);
        }

        for (int i = 0; i < given.Length; i++)
            arena.Bind(i, given[i]);
        List<double>[] times = [.. executable.Units.Select(_ => new List<double>())];
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < 40 || Stopwatch.GetElapsedTime(start).TotalSeconds < Turn; round++)
        {
            for (int at = 0; at < times.Length; at++)
            {
                long before = Stopwatch.GetTimestamp();
                executable.Units[at].Run(arena);
                times[at].Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds);
            }
        }

        // The first rounds ran code that the runtime had not optimised yet.
        return [.. times.Select(list => list.Skip(list.Count / 4).Order().ElementAt(list.Count * 3 / 8))];
    }

    private static double Whole(Action call) => Stopwatches.Interleaved(11, 0.02, false, call)[0] * 1e6;

    [GeneratedRegex("^[0-9]+: .*$", RegexOptions.Multiline)]
    private static partial Regex Head();
}
