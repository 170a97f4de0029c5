using System.Globalization;
using Spectre.Console;
using TorchSharp;

namespace Functional.Benchmarks.Compare;

/// <summary>Compiled functions beside libtorch's: same process, same threads, taking turns.</summary>
internal static class PeerComparison
{
    public const string Says = "compiled functions beside torch: [rounds] [part of a name]; DOTNET_PROCESSOR_COUNT=1 gives one thread";

    // Enough for the longest name, where the output is no terminal.
    private const int Wide = 170;

    public static void Run(string[] arguments)
    {
        int rounds = arguments is [string given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 11;
        string only = arguments is [_, string part, ..] ? part : "";
        bool isAlone = Torch.Missing.IsSome;
        foreach (string line in Torch.Missing)
            Console.WriteLine(line);
        if (!isAlone)
            Threads();
        Table table = new Table().Border(TableBorder.Simple)
            .Title($"{Environment.ProcessorCount} thread{(Environment.ProcessorCount == 1 ? "" : "s")}")
            .AddColumns("work", "µs", "into given", "torch µs", "torch/our time", "torch/into", "difference");
        foreach (Contest contest in Contests().Where(make => make.Name.Contains(only, StringComparison.Ordinal)).Select(make => make.Make()))
        {
            if (isAlone)
            {
                double[] alone = Stopwatches.Interleaved(rounds, 0.02, false, contest.Ours, contest.Into());
                table.AddRow(contest.Work, Microseconds(alone[0]), Microseconds(alone[1]), "—", "—", "—", "—");
                continue;
            }

            (Action turn, Func<double[]> values) = contest.Torch();
            double[] seconds = Stopwatches.Interleaved(rounds, 0.02, contest.IsLarge && Environment.ProcessorCount > 1, contest.Ours, contest.Into(), turn);
            table.AddRow(
                contest.Work, Microseconds(seconds[0]), Microseconds(seconds[1]), Microseconds(seconds[2]), $"{seconds[2] / seconds[0]:F2}", $"{seconds[2] / seconds[1]:F2}", $"{Contest.Difference(values(), contest.Values()):E0}");
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, Wide);
        AnsiConsole.Write(table);
    }

    private static void Threads() => torch.set_num_threads(Environment.ProcessorCount);

    private static string Microseconds(double seconds) => $"{seconds * 1e6:G4}";

    /// <summary>All contests, each by a short name.</summary>
    public static IEnumerable<(string Name, Func<Contest> Make)> Contests()
    {
        foreach (int n in new[] { 1, 10, 1_000, 100_000, 4_000_000 })
        {
            yield return ("sines", () => Pointwise.Sines<float>(n));
            yield return ("sines", () => Pointwise.Sines<double>(n));
        }

        yield return ("mlp", () => Networks.Perceptron(false));
        yield return ("mlp", () => Networks.Perceptron(true));
        yield return ("lstm", () => Networks.Recurrent(false));
        yield return ("lstm", () => Networks.Recurrent(true));
        yield return ("attention", () => Networks.Attention(false));
        yield return ("attention", () => Networks.Attention(true));
        yield return ("logistic", Pointwise.LogisticRegression);
        yield return ("scholes", Pointwise.BlackScholes);
        foreach (DType dtype in new[] { DType.Float32, DType.Float64 })
        {
            foreach (int n in new[] { 32, 64, 128, 256, 512, 1024, 2048 })
                yield return ($"product {n} {(dtype == DType.Float32 ? "f32" : "f64")}", () => Networks.Product(n, dtype));
        }
    }
}
