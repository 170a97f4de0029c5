using System.Runtime.CompilerServices;
using Functional.ControlFlow;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>Compilation: a program to one that runs as fused loops of machine code.</summary>
public static class Compiler
{
    // Executables are kept for the programs compiled last, so that a process that compiles for ever does not grow for ever.
    private const int Most = 512;

    private static readonly Recent<(Program, Stacks, int), Executable> Known = new(Most);

    /// <summary>
    /// The program as an executable. Equal programs share one, as long as it is among the last few hundred compiled; those
    /// before are let go of, and compiled again when asked for.
    /// </summary>
    public static Executable Compile(this Program program) => program.Compile(Stacks.None);

    /// <summary>The program as an executable whose results take over the arrays of so many arguments, from the first, where they can.</summary>
    internal static Executable Donating(this Program program, int donated) => program.Compile(Stacks.None, donated);

    /// <summary>The program as an executable that takes and makes rows of stacks.</summary>
    internal static Executable Compile(this Program program, Stacks stacks, int donated = 0) =>
        Known.Of((program, stacks, donated), () => Made(program, stacks: stacks, donated: donated));

    /// <summary>An executable of its own.</summary>
    /// <param name="program">The program.</param>
    /// <param name="part">The places of a part, where steps are run in parts; 0 where the caches say.</param>
    /// <param name="stacks">The arguments and outputs that are rows of stacks; none where nothing is said.</param>
    /// <param name="donated">How many arguments are given up to it, from the first.</param>
    internal static Executable Made(Program program, int part = 0, Stacks? stacks = null, int donated = 0)
    {
        // What is assumed is computed beside the outputs, and held to what it was.
        var whole = (program with { Outputs = program.Outputs.Then(program.Assumptions.Map(assumption => assumption.Predicate)), Assumptions = Seq<Assumption>() }).Simplify();
        var inlined = Inlining.Of(whole);
        var schedule = Addends.Joined(Fusion.Of(inlined), donated);
        var plan = Plan.Of(schedule, program.Arguments.Count, program.Outputs.Count, stacks ?? Stacks.None, donated);
        var folds = schedule.Steps.Map(step => step is Step.Kernel kernel ? kernel.Folds.Count : 0).Fold(0, Math.Max);
        Runner[] runners = RuntimeFeature.IsDynamicCodeSupported ? [.. schedule.Steps.Select((step, place) => Prepared(step, place, plan))] : [];
        return new(program, inlined.Program, plan, runners, runners.Length == 0 ? [] : Chunks.Grouped(plan, runners, part), folds);
    }

    // Straight-line code is made when it is first run over an arena: a program that is nothing else has another form of it.
    private static Lazy<Loop> Loop(Step.Kernel kernel, Plan plan)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported) throw new NotSupportedException("no code can be made at run time");
        return kernel.Size == 1 ? new(() => RuntimeFeature.IsDynamicCodeSupported ? LoopShape.Compile(kernel, plan) : throw new NotSupportedException()) : new(LoopShape.Compile(kernel, plan));
    }

    private static Runner Prepared(Step step, int place, Plan plan) => step switch
    {
        Step.Kernel kernel => new LoopRunner(kernel, Loop(kernel, plan), plan.Schedule.Types.Length, place),
        Step.Call call => new CallRunner(call, place),
        Step.Carrier carrier => new CarrierRunner(carrier, place),
        Step.Product product => new ProductRunner(product, place),
        Step.Copy copy => new CopyRunner(copy, plan.Schedule.Types[copy.Source].DType),
        Step.Placement placement => new PlacementRunner(placement, plan.Schedule.Types[placement.Result].DType, place),
        Step.Numbers numbers => new NumbersRunner(numbers, place),
        Step.Fold fold => new FoldRunner(fold, plan.Schedule.Types[fold.Source].DType),
        _ => throw new InvalidOperationException($"no way to run {step.GetType().Name}"),
    };
}
