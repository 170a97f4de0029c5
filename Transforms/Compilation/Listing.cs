using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>A plan as text: each step with its equations, what it costs, and why it is a step of its own; or with the instructions of its loops.</summary>
internal static class Listing
{
    internal static string Of(Executable executable, bool isDisassembled)
    {
        var (plan, parts) = (executable.Plan, Parts(executable));
        var names = Text.Names(executable.Lowered);
        var schedule = plan.Schedule;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{schedule.Steps.Count} steps, {schedule.Steps.Count(step => step is Step.Kernel)} of them loops; arena {plan.Bytes} bytes in {plan.Slots.Count} arrays\n");
        for (var at = 0; at < schedule.Steps.Count; at++)
        {
            if (parts.TryGetValue(at, out var part)) text.Append(CultureInfo.InvariantCulture, $"({at} to {at + part.Steps - 1} together, for {part.Length} of {part.Lead} places at a time)\n");
            text.Append(CultureInfo.InvariantCulture, $"{at}: {Head(schedule.Steps[at])}\n");
            foreach (var equation in isDisassembled ? Seq<Equation>() : schedule.Steps[at].Equations)
                text.Append(CultureInfo.InvariantCulture, $"     {string.Join(", ", equation.Outputs.Map(output => $"{names[output.Id]}: {output.Type}"))} = {equation.Primitive}{string.Concat(equation.Inputs.Map(input => " " + Name(input)))}\n");
            if (isDisassembled && schedule.Steps[at] is Step.Kernel kernel) Body(kernel);
            if (schedule.Steps[at] is Step.Carrier carrier)
                foreach (var (body, (name, _)) in carrier.Bodies.Zip(carrier.Primitive.Programs))
                    text.Append(CultureInfo.InvariantCulture, $"     {name}: {(isDisassembled ? body.Disassemble() : body.ToString()).ReplaceLineEndings("\n       ")}\n");
        }
        return text.Append(CultureInfo.InvariantCulture, $"returns {string.Join(", ", schedule.Outputs.Map(output => output.Literal?.ToString() ?? Buffer(output.Buffer)))}").ToString();

        string Name(Atom atom) => atom is Variable variable ? names[variable.Id] : atom.ToString()!;

        string Buffer(int buffer) => buffer < names.Length ? names[buffer] : $"buffer {buffer}";

        string Head(Step step) => step switch
        {
            Step.Kernel kernel => $"loop [{string.Join(",", kernel.Extents)}], {Traffic(kernel)} bytes, {Work(kernel)} operations"
                + (kernel.Stores.IsEmpty ? string.Empty : $", keeps {string.Join(", ", kernel.Stores.Map(store => Buffer(store.Buffer)))}")
                + (kernel.Folds.IsEmpty ? string.Empty : $", folds {string.Join(", ", kernel.Folds.Map(fold => $"{Buffer(fold.Buffer)} ({fold.Monoid})"))} over rows of {kernel.Row}"),
            Step.Call call => $"call {call.Equation.Primitive.Name}: {call.Reason}",
            Step.Carrier carrier => $"{carrier.Equations[0].Primitive.Name}: {carrier.Reason}",
            Step.Product product => $"product of {product.Type.Name()} {product.A} · {product.B}{Sum(product.Addend)}: {product.Reason}",
            Step.Copy copy => $"copy of {Buffer(copy.Source)} to {Buffer(copy.Result)}: {copy.Reason}",
            Step.Placement placement => $"{string.Join(", ", placement.Sources.Map(Buffer))} into {Buffer(placement.Result)} at {placement.Map}: {placement.Reason}",
            Step.Numbers numbers => $"numbers of rows to {Buffer(numbers.Result)}: {numbers.Reason}",
            Step.Fold fold => $"fold of {Buffer(fold.Source)} over {string.Join(",", fold.Axes)}: {fold.Reason}",
            _ => throw new InvalidOperationException($"no text for {step.GetType().Name}"),
        };

        string Sum(Addend? addend)
        {
            if (addend is null) return string.Empty;
            var factor = addend.Factor.Literal?.ToString() ?? Buffer(addend.Factor.Buffer);
            return $", {(factor is "1" or "1.0" ? string.Empty : $"times {factor} and ")}{(addend.IsSubtracted ? "taken from" : "added to")} {Buffer(addend.Buffer)}";
        }

        long Traffic(Step.Kernel kernel) =>
            kernel.Body.Select(instruction => instruction.Operation).OfType<Operation.Load>().Sum(load => load.Map.IsConstant ? schedule.Types[load.Buffer].DType.Bytes() : schedule.Types[load.Buffer].Bytes + (load.Pick is null ? 0 : schedule.Types[load.Pick.Buffer].Bytes))
            + kernel.Stores.Map(store => store.Buffer).Then(kernel.Folds.Map(fold => fold.Buffer)).Sum(buffer => schedule.Types[buffer].Bytes);

        long Work(Step.Kernel kernel) => kernel.Equations.Sum(equation => Cost.Of(equation).Flops);

        void Body(Step.Kernel kernel)
        {
            if (kernel.Size > 1 && RuntimeFeature.IsDynamicCodeSupported)
            {
                var lanes = Lanes.Of(kernel);
                text.Append(CultureInfo.InvariantCulture, $"       {lanes.Count} elements at a time in registers of {lanes.Bits} bits\n");
            }
            for (var k = 0; k < kernel.Body.Length; k++)
            {
                var instruction = kernel.Body[k];
                var what = instruction.Operation switch
                {
                    Operation.Load(var buffer, var map, null) => $"{Buffer(buffer)}[{map}]",
                    Operation.Load(var buffer, var map, var pick) => $"{Buffer(buffer)}[{map} + {pick.Stride}·{Buffer(pick.Buffer)}[{pick.Map}]]",
                    Operation.Constant(var value) => value.ToString(),
                    Operation.Operator(var form) => form.Name.ToLowerInvariant(),
                    Operation.Convert => "convert",
                    _ => "select",
                };
                text.Append(CultureInfo.InvariantCulture, $"       %{k}: {instruction.Type.Name()} = {what}{string.Concat(instruction.Inputs.Select(input => $" %{input}"))}\n");
            }
            foreach (var store in kernel.Stores) text.Append(CultureInfo.InvariantCulture, $"       {Buffer(store.Buffer)}{(store.Map is null ? string.Empty : $"[{store.Map}]")} <- %{store.Value}\n");
            foreach (var fold in kernel.Folds) text.Append(CultureInfo.InvariantCulture, $"       {Buffer(fold.Buffer)} <- {fold.Monoid.ToString().ToLowerInvariant()} %{fold.Value} over rows of {kernel.Row}\n");
        }
    }

    // Steps that are run in parts, by the first of them.
    private static Dictionary<int, (int Steps, int Lead, int Length)> Parts(Executable executable)
    {
        var (parts, at) = (new Dictionary<int, (int, int, int)>(), 0);
        foreach (var unit in executable.Units)
        {
            if (unit is ChunkRunner { Form: var form }) parts[at] = form;
            at += unit is ChunkRunner { Form.Steps: var steps } ? steps : 1;
        }
        return parts;
    }
}
