using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>A scan cut into stretches, each a checkpoint: reverse mode keeps the carries between them, and runs a stretch again when it comes to it.</summary>
internal static class Stretches
{
    /// <summary>The results of a scan whose derivative keeps a carry every so many steps.</summary>
    /// <exception cref="ShapeException">There is less than one step to a stretch.</exception>
    internal static Seq<Tensor> Scan(Scan scan, int every, Seq<Tensor> operands)
    {
        if (every < 1) throw new ShapeException($"Scan: checkpointEvery is {every}; expected a number of steps, from 1 on.");
        var (whole, rest) = (scan.Length / every, scan.Length % every);
        var varying = scan.Carries + scan.Sequences;
        var (carry, rows, constants) = (operands.Part(0, scan.Carries), operands.Part(scan.Carries, scan.Sequences), operands.Skip(varying).ToSeq().Strict());
        // The stretch that is shorter stands where the steps end.
        var (longer, shorter) = scan.Reverse ? (rest, 0) : (0, whole * every);
        var stacks = rows.Map(stack => TensorMath.Reshape(Cut(stack, longer, whole * every), [whole, every, .. stack.Shape[1..]])).Strict();
        var outer = Closed.Of("Scan", carry.Map(one => one.Type).Strict().Then(stacks.Map(stack => new TensorType(stack.DType, stack.Shape[1..])).Strict()), inputs =>
            Stretch(scan with { Length = every }, inputs.Then(constants)));
        var all = new Scan(outer.Program, scan.Carries, scan.Sequences, whole, scan.Reverse).ApplyAll([.. carry, .. stacks, .. outer.Captures]).ToSeq();
        var (end, outputs) = (all.Part(0, scan.Carries), all.Skip(scan.Carries).ToSeq()
            .Map(stack => TensorMath.Reshape(stack, [whole * every, .. stack.Shape[2..]])).Strict());
        if (rest == 0) return end.Then(outputs);
        var last = Stretch(scan with { Length = rest }, end.Then(rows.Map(stack => Cut(stack, shorter, rest)).Strict(), constants));
        var joined = outputs.Zip(last.Skip(scan.Carries)).Map(pair =>
            TensorMath.Concatenate(scan.Reverse ? Seq(pair.Item2, pair.Item1) : Seq(pair.Item1, pair.Item2))).ToSeq().Strict();
        return last.Part(0, scan.Carries).Then(joined);
    }

    private static Seq<Tensor> Stretch(Scan scan, Seq<Tensor> operands)
    {
        var body = Closed.Of("Checkpoint", operands.Map(operand => operand.Type).Strict(), inputs => scan.ApplyAll([.. inputs]).ToSeq());
        return new Checkpoint(body.Program, ResidualPolicy.Nothing).ApplyAll([.. operands]).ToSeq();
    }

    private static Tensor Cut(Tensor stack, int from, int count) => count == stack.Shape[0] ? stack : stack[from..(from + count)];
}
