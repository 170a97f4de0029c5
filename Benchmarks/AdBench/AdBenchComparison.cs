using System.Diagnostics;
using System.Globalization;
using Functional.Compilation;
using Functional.Structures;
using Spectre.Console;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Benchmarks.AdBench;

/// <summary>ADBench's objectives and derivatives on ADBench's data, beside ADBench's own C++ where it is built.</summary>
internal static class AdBenchComparison
{
    public const string Says = "ADBench: GMM, BA, LSTM and HAND, beside ADBench's C++ with --peer; --help says more";

    // Enough for a row with six peers, where the output is no terminal.
    private const int Wide = 240;

    // Seconds past which a peer is no peer for a task: Tapenade's Jacobian has all 2N columns of the complicated hand.
    private const double Hopeless = 0.5;

    private const string Help = """
        adbench [--data FOLDER] [--peer FOLDER|LIBRARY] [--rounds N] [--only TEXT] [--eager]

          --data    ADBench's data (default ../shared/data/adbench beside the repository)
          --peer    shared libraries (*.so) of ADBench's modules; they take turns with ours in this process
          --rounds  how many turns each has (default 11)
          --only    the tasks whose names contain a text
          --eager   do not compile: the evaluator's figures

        Columns: the objective and the derivative in milliseconds; the derivative written into arrays that are there, as the peers
        write theirs, and its nanoseconds for each unit of work (a point and component, an observation, a cell at a step, an entry
        of the Jacobian); each peer's derivative in milliseconds; our times over the best peer's; the largest difference from the
        first peer, |x − y| / max(1, |x| + |y|).
        DOTNET_PROCESSOR_COUNT=1 gives one thread, as the peers have.

        The peer's libraries, from https://github.com/microsoft/ADBench, for each module M of manual, manualEigen and tapenade:
          g++ -O3 -std=c++14 -fPIC -fvisibility=hidden -I src/cpp -c FILE, for each of
            src/cpp/modules/M/*.cpp (tapenade: its */*.c too, by gcc, without those named *_generated.c)
            src/cpp/shared/utils.cpp
            Benchmarks/AdBench/peer.cpp of this repository
          g++ -shared -o PEERS/M.so *.o
        manualEigen also needs -I EIGEN. A second set, with -O3 -march=native -ffast-math when compiling
        (not when linking: the linker's -ffast-math would change how this process rounds), is PEERS/M-fast.so.
        The hand's model in ADBench's own form, data/hand/simple_small/model, is copied to PEERS/model.
        """;

    internal sealed record Work(string Name, string Kind, string File, double Units, Action Objective, Action Derivative, Func<double[]> Values, Func<(Executable Executable, Tensor[] Arguments)> Compiled);

    public static void Run(string[] arguments)
    {
        if (arguments.Contains("--help"))
        {
            Console.WriteLine(Help);
            return;
        }

        string data = Option(arguments, "--data", DefaultData), only = Option(arguments, "--only", ""), path = Option(arguments, "--peer", "");
        int rounds = int.Parse(Option(arguments, "--rounds", "11"), CultureInfo.InvariantCulture);
        if (!Directory.Exists(data))
        {
            Console.WriteLine($"adbench: {Path.GetFullPath(data)} is not there. Say where ADBench's data are with --data.");
            return;
        }

        Peer[] peers = path.Length > 0 ? Peer.In(path) : [];
        Table table = new Table().Border(TableBorder.Simple)
            .Title($"{Environment.ProcessorCount} thread{(Environment.ProcessorCount == 1 ? "" : "s")}")
            .AddColumns(["task", "objective ms", "derivative ms", "into given", "ns a unit", .. peers.Select(peer => $"{peer.Name} ms"), .. peers.Length > 0 ? new[] { "objective/best", "derivative/best", "into/best", "difference" } : []]);
        foreach (Func<Work> work in Works(data, !arguments.Contains("--eager"), only))
        {
            table.AddRow(Row(work(), peers, rounds));
            GC.Collect();
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, Wide);
        AnsiConsole.Write(table);
    }

    /// <summary>Where the data lie if nothing is said.</summary>
    internal static string DefaultData => Path.Combine(Root(), "..", "shared", "data", "adbench");

    /// <summary>What follows a name among the arguments.</summary>
    internal static string Option(string[] arguments, string name, string otherwise) =>
        System.Array.IndexOf(arguments, name) is >= 0 and int at && at + 1 < arguments.Length ? arguments[at + 1] : otherwise;

    private static string[] Row(Work work, Peer[] peers, int rounds)
    {
        var prepared = peers.Select(peer => peer.Prepare(work.Kind, work.File)).ToArray();
        bool[] competes = [.. prepared.Select(peer => Seconds(peer.Derivative) < Hopeless)];
        Action into = IntoGiven(work);
        double[] objectives = Stopwatches.Interleaved(rounds, 0.02, false, [work.Objective, .. prepared.Select(peer => peer.Objective)]);
        double[] derivatives = Stopwatches.Interleaved(rounds, 0.02, false, [work.Derivative, into, .. prepared.Where((_, i) => competes[i]).Select(peer => peer.Derivative)]);
        Queue<double> others = new(derivatives[2..]);
        List<string> row =
        [
            work.Name, $"{objectives[0] * 1e3:F3}", $"{derivatives[0] * 1e3:F3}", $"{derivatives[1] * 1e3:F3}", $"{derivatives[1] * 1e9 / work.Units:F2}",
            .. competes.Select(isOne => isOne ? $"{others.Dequeue() * 1e3:F3}" : "—"),
        ];
        if (peers.Length > 0)
        {
            row.Add($"{objectives[0] / objectives[1..].Min():F2}");
            double best = derivatives[2..].Min();
            row.Add($"{derivatives[0] / best:F2}");
            row.Add($"{derivatives[1] / best:F2}");
            row.Add($"{Difference(work.Values(), prepared[0].Values()):E0}");
        }

        return [.. row];
    }

    // The derivative written where the caller says, as the peers write theirs: no memory is asked for in a call.
    private static Action IntoGiven(Work work)
    {
        (Executable executable, Tensor[] arguments) = work.Compiled();
        System.Array[] results = [.. executable.Run(arguments).Select(result => System.Array.CreateInstance(result.DType == DType.Float64 ? typeof(double) : typeof(long), result.Size))];
        return () => executable.Run(arguments, results);
    }

    private static double Seconds(Action action)
    {
        action();
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Difference(double[] x, double[] y) =>
        x.Length == y.Length ? x.Zip(y, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(a) + Math.Abs(b))).Max() : double.NaN;

    internal static IEnumerable<Func<Work>> Works(string data, bool compiles, string only)
    {
        (string Kind, Func<string, string, bool, Work> Of)[] kinds = [("gmm", Mixture), ("ba", Adjustment), ("lstm", Network)];
        foreach ((string kind, Func<string, string, bool, Work> of) in kinds)
        {
            foreach (string file in Directory.GetFiles(Path.Combine(data, kind)).Order(StringComparer.Ordinal))
            {
                string name = Path.GetFileNameWithoutExtension(file);
                if (name.Contains(only, StringComparison.Ordinal))
                    yield return () => of(name, file, compiles);
            }
        }

        foreach (string folder in new[] { "simple_small", "complicated_small" })
        {
            foreach (string file in Directory.GetFiles(Path.Combine(data, "hand", folder)).Order(StringComparer.Ordinal))
            {
                string name = $"{Path.GetFileNameWithoutExtension(file)} {folder.Split('_')[0]}";
                if (name.Contains(only, StringComparison.Ordinal))
                    yield return () => Hand(name, file, Path.Combine(data, "hand", "model_small"), compiles, folder[0] == 'c');
            }
        }
    }

    private static Work Mixture(string name, string file, bool compiles)
    {
        (GaussianMixture.Parameters parameters, Tensor points, GaussianMixture.Wishart prior) = Instances.Mixture(file);
        Func<GaussianMixture.Parameters, Tensor> objective = p => GaussianMixture.LogPosterior(p, points, prior);
        return Made(name, "gmm", file, points.Shape[1] * (double)parameters.Alphas.Shape[0], compiles, parameters, objective, ValueAndGrad(objective), result => Flat(result.Gradient));
    }

    private static Work Adjustment(string name, string file, bool compiles)
    {
        (BundleAdjustment.Parameters parameters, BundleAdjustment.Observations seen) = Instances.Adjustment(file);
        return Made(
            name, "ba", file, parameters.Weights.Shape[0], compiles, parameters,
            p => BundleAdjustment.Residuals(p, seen), p => BundleAdjustment.Jacobian(p, seen), Flat);
    }

    private static Work Network(string name, string file, bool compiles)
    {
        (LongShortTermMemory.Parameters parameters, Tensor state, Tensor sequence) = Instances.Network(file);
        Func<LongShortTermMemory.Parameters, Tensor> objective = p => LongShortTermMemory.Loss(p, state, sequence);
        double units = (sequence.Shape[0] - 1.0) * state.Size / 2;
        return Made(name, "lstm", file, units, compiles, parameters, objective, ValueAndGrad(objective), result => Flat(result.Gradient));
    }

    private static Work Hand(string name, string file, string folder, bool compiles, bool isComplicated)
    {
        HandTracking.Model model = Instances.Hand(folder);
        (int[] correspondences, Tensor points, Tensor us, Tensor theta) = Instances.Pose(file, isComplicated);
        // ADBench's Jacobian stands a column after another.
        Func<Tensor, double[]> byColumn = jacobian => Flat(Transpose(jacobian, 2, 0, 1));
        double units = 3.0 * correspondences.Length * (HandTracking.Angles + (isComplicated ? 2 : 0));
        if (!isComplicated)
        {
            var vertices = Tensor.From(correspondences);
            return Made(
                name, "hand", file, units, compiles, theta,
                t => HandTracking.Errors(t, model, points, vertices), t => HandTracking.Jacobian(t, model, points, vertices), byColumn);
        }

        int[][] triangles = Instances.Triangles(folder);
        var corners = Tensor.From([.. Enumerable.Range(0, 3).SelectMany(corner => correspondences.Select(triangle => triangles[triangle][corner]))], [3, correspondences.Length]);
        return Made(
            name, "hand-complicated", file, units, compiles, (theta, us),
            p => HandTracking.Errors(p.theta, p.us, model, points, corners), p => HandTracking.Jacobian(p.theta, p.us, model, points, corners),
            jacobian => [.. byColumn(jacobian.Places), .. byColumn(jacobian.Pose)]);
    }

    private static Work Made<P, F, R>(string name, string kind, string file, double units, bool compiles, P at, Func<P, F> objective, Func<P, R> derivative, Func<R, double[]> numbers)
    {
        (Func<P, F> value, Func<P, R> slope) = compiles ? (Jit(objective), Jit(derivative)) : (objective, derivative);
        return new(
            name, kind, file, units, () => GC.KeepAlive(value(at)), () => GC.KeepAlive(slope(at)), () => numbers(slope(at)),
            () => (Trace(derivative)(at).Compile(), [.. Structure.Flatten(at).Leaves]));
    }

    private static double[] Flat<P>(P structure) => [.. Structure.Flatten(structure).Leaves.SelectMany(leaf => leaf.ToArray<double>())];

    private static string Root()
    {
        DirectoryInfo? folder = new(Environment.CurrentDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Functional.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? Environment.CurrentDirectory;
    }
}
