using System.Runtime.Intrinsics;

namespace Functional.Compilation;

/// <summary>
/// The order of straight-line code: elementary functions wait until nothing else can go on, so that as many of one kind as there
/// are lanes are done at the price of one; after Larsen and Amarasinghe, "Exploiting Superword Level Parallelism" (2000).
/// </summary>
internal static class Together
{
    /// <summary>The instructions in an order in which each follows those it reads; those in one group are of one function.</summary>
    internal static IEnumerable<int[]> Of(Instruction[] body)
    {
        var missing = System.Array.ConvertAll(body, instruction => instruction.Inputs.Distinct().Count());
        var users = body.SelectMany((instruction, k) => instruction.Inputs.Distinct().Select(input => (input, k))).ToLookup(pair => pair.input, pair => pair.k);
        var ready = new Queue<int>(Enumerable.Range(0, body.Length).Where(k => missing[k] == 0));
        var waiting = new Dictionary<(Type Form, DType Type), List<int>>();
        while (true)
        {
            if (ready.TryDequeue(out var next))
            {
                if (Function(body[next]) is { } function)
                {
                    if (!waiting.TryGetValue(function, out var others)) waiting[function] = others = [];
                    others.Add(next);
                    continue;
                }
                yield return [next];
                Finish(next);
                continue;
            }
            if (waiting.Count == 0) yield break;
            var (kind, all) = waiting.MaxBy(entry => entry.Value.Count);
            int[] group = [.. all.Take(Widest(kind.Type))];
            all.RemoveRange(0, group.Length);
            if (all.Count == 0) waiting.Remove(kind);
            yield return group;
            foreach (var k in group) Finish(k);
        }

        void Finish(int k)
        {
            foreach (var user in users[k])
                if (--missing[user] == 0) ready.Enqueue(user);
        }
    }

    /// <summary>The bits of the smallest register for so many numbers.</summary>
    internal static int Bits(int count, DType type)
    {
        var bits = 128;
        while (bits / 8 / type.Bytes() < count) bits *= 2;
        return bits;
    }

    // Functions that a register of numbers of this type is good for as it is.
    private static (Type Form, DType Type)? Function(Instruction instruction) =>
        instruction is { Operation: Operation.Operator(var form), Inputs.Length: 1 } && instruction.Type.IsFloat()
        && Lowering.IsHeavy(form, instruction.Type) && (instruction.Type == DType.Float64 || !Lowering.Widens(form))
            ? (form, instruction.Type)
            : null;

    private static int Widest(DType type) => (Vector512.IsHardwareAccelerated ? 64 : Vector256.IsHardwareAccelerated ? 32 : 16) / type.Bytes();
}
