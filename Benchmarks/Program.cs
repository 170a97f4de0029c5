using Functional.Benchmarks;
using Functional.Benchmarks.AdBench;
using Functional.Benchmarks.Compare;

// Side-by-side measurements: one command, one file; each is listed here by its name.
var commands = new SortedDictionary<string, (string Says, Action<string[]> Run)>
{
    ["adbench"] = (AdBenchComparison.Says, AdBenchComparison.Run),
    ["compare"] = (PeerComparison.Says, PeerComparison.Run),
    ["profile"] = (Profile.Says, Profile.Run),
    ["stack"] = (StackPlacement.Says, StackPlacement.Run),
    ["rewrite"] = (RewriteScaling.Says, RewriteScaling.Run),
    ["loops"] = (LoopScaling.Says, LoopScaling.Run),
    ["overhead"] = (OverheadComparison.Says, OverheadComparison.Run),
    ["fold"] = (FoldComparison.Says, FoldComparison.Run),
    ["jit"] = (JitComparison.Says, JitComparison.Run),
    ["matmul"] = (MatMulComparison.Says, MatMulComparison.Run),
    ["sparse"] = (SparseJacobians.Says, SparseJacobians.Run),
};

if (args.Length > 0 && commands.TryGetValue(args[0], out (string Says, Action<string[]> Run) command))
{
    command.Run(args[1..]);
    return 0;
}

Console.WriteLine("Usage: dotnet run -c Release --project Benchmarks -- COMMAND");
foreach ((string name, (string says, _)) in commands)
    Console.WriteLine($"  {name,-10} {says}");
return 1;
