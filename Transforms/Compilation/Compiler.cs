using System.Runtime.CompilerServices;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>Compilation: a program to one that runs as fused loops of machine code.</summary>
public static class Compiler
{
    // Executables are kept for the programs compiled last, so that a process that compiles for ever does not grow for ever.
    private const int Most = 512;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<Program, Executable> Known = [];
    private static readonly Queue<Program> Order = new();

    /// <summary>
    /// The program as an executable. Equal programs share one, as long as it is among the last few hundred compiled; those
    /// before are let go of, and compiled again when asked for.
    /// </summary>
    public static Executable Compile(this Program program)
    {
        lock (Gate)
        {
            if (Known.TryGetValue(program, out var known)) return known;
        }
        var executable = Made(program);
        lock (Gate)
        {
            if (Known.TryGetValue(program, out var known)) return known;
            Known.Add(program, executable);
            Order.Enqueue(program);
            if (Order.Count > Most) Known.Remove(Order.Dequeue());
            return executable;
        }
    }

    /// <summary>An executable of its own.</summary>
    /// <param name="program">The program.</param>
    /// <param name="part">The places of a part, where steps are run in parts; 0 where the caches say.</param>
    internal static Executable Made(Program program, int part = 0)
    {
        // What is assumed is computed beside the outputs, and held to what it was.
        var whole = (program with { Outputs = program.Outputs.Then(program.Assumptions.Map(assumption => assumption.Predicate)), Assumptions = Seq<Assumption>() }).Simplify();
        var inlined = Inlining.Of(whole);
        var schedule = Fusion.Of(inlined);
        var plan = Plan.Of(schedule, program.Arguments.Count);
        var folds = schedule.Steps.Map(step => step is Step.Kernel kernel ? kernel.Folds.Count : 0).Fold(0, Math.Max);
        Runner[] runners = RuntimeFeature.IsDynamicCodeSupported ? [.. schedule.Steps.Select((step, place) => Prepared(step, place, schedule))] : [];
        return new(program, inlined.Program, plan, runners, runners.Length == 0 ? [] : Chunks.Grouped(plan, runners, part), folds);
    }

    private static Runner Prepared(Step step, int place, Schedule schedule) => step switch
    {
        Step.Kernel kernel => new LoopRunner(kernel, RuntimeFeature.IsDynamicCodeSupported ? Emitter.Compile(kernel, schedule.Types.Length) : throw new NotSupportedException("no code can be made at run time"), schedule.Types.Length, place),
        Step.Call call => new CallRunner(call),
        Step.Carrier carrier => new CarrierRunner(carrier, place),
        Step.Product product => new ProductRunner(product),
        Step.Copy copy => new CopyRunner(copy, schedule.Types[copy.Source].DType),
        Step.Placement placement => new PlacementRunner(placement, schedule.Types[placement.Result].DType),
        Step.Numbers numbers => new NumbersRunner(numbers),
        Step.Fold fold => new FoldRunner(fold, schedule.Types[fold.Source].DType),
        _ => throw new InvalidOperationException($"no way to run {step.GetType().Name}"),
    };
}
