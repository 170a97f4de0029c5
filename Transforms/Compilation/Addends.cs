using Functional.Kernels;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>
/// Loops that do nothing but scale a product and add it to something, as a step of descent or a bias does, become part of the
/// product: its sums are added while they are in registers. The operations and their order are the loop's, and so are the bits.
/// </summary>
internal static class Addends
{
    /// <summary>The same steps, with each such loop and its product as one in the loop's place.</summary>
    /// <param name="schedule">The steps.</param>
    /// <param name="donated">How many arguments are given up, from the first.</param>
    internal static Schedule Joined(Schedule schedule, int donated)
    {
        var (joined, types, outputs) = (schedule.Steps.ToList(), schedule.Types, schedule.Outputs);
        if (!joined.Exists(step => step is Step.Product)) return schedule;
        var (products, uses) = (new Dictionary<int, int>(), new int[types.Length]);
        for (var at = 0; at < joined.Count; at++)
        {
            if (joined[at] is Step.Product product) products[product.Result] = at;
            foreach (var read in Plan.Reads(joined[at])) uses[read]++;
        }
        foreach (var output in outputs)
            if (output.Literal is null) uses[output.Buffer]++;
        var gone = new System.Collections.Generic.HashSet<int>();
        for (var at = 0; at < joined.Count; at++)
        {
            if (joined[at] is not Step.Kernel { Folds.IsEmpty: true } kernel || kernel.Stores is not [{ Map: null } store]) continue;
            foreach (var load in kernel.Body.Select(instruction => instruction.Operation).OfType<Operation.Load>())
            {
                if (!products.TryGetValue(load.Buffer, out var made) || uses[load.Buffer] != 1 || Fits((Step.Product)joined[made], kernel, types) is not { } product || Of(kernel, store, product) is not { } addend || IsBetterInPlace(product, addend)) continue;
                joined[at] = product with { Addend = addend, Result = store.Buffer, Equations = product.Equations.Then(kernel.Equations) };
                products[store.Buffer] = at;
                gone.Add(made);
                break;
            }
        }
        return schedule with { Steps = joined.Where((_, at) => !gone.Contains(at)).ToSeq().Strict() };

        // A loop writes over what is given up; a product whose sums are kept where it goes would not.
        bool IsBetterInPlace(Step.Product product, Addend addend) => addend.Buffer < donated && !MatMul.IsOneChain(product.A.Columns);
    }

    // A product alone in its buffer, element by element where the loop reads it, that adds to nothing yet.
    private static Step.Product? Fits(Step.Product product, Step.Kernel kernel, IReadOnlyList<TensorType> types) =>
        product is { Addend: null, C: { Batch: 1, ColumnStride: 1 } c } && c.Map.IsIdentity && c.Map.Size == kernel.Size && types[product.Result].Size == kernel.Size
        && MatMul.TakesAddend(c.Rows, product.A.Columns, c.Columns)
            ? product
            : null;

    // x + f·product, f·product + x or x − f·product, and nothing else.
    private static Addend? Of(Step.Kernel kernel, Store store, Step.Product product)
    {
        var body = kernel.Body;
        if (System.Array.Exists(body, instruction => instruction.Type != product.Type) || body[store.Value] is not { Operation: Operation.Operator(var form), Inputs: [var left, var right] }) return null;
        if (form == typeof(Subtract)) return Of(left, right, true);
        return form != typeof(Add) ? null : Of(left, right, false) ?? Of(right, left, false);

        Addend? Of(int added, int scaled, bool isSubtracted)
        {
            if (body[added].Operation is not Operation.Load { Pick: null } addend || addend.Buffer == product.Result || Places(addend.Map) is not { } places) return null;
            if (IsProduct(scaled)) return body.Length == 3 ? new(addend.Buffer, places, new(-1, new(product.Type, []), Values.Scalar(product.Type, 1)), 0, isSubtracted) : null;
            if (body.Length != 5 || body[scaled] is not { Operation: Operation.Operator(var by), Inputs: [var x, var y] } || by != typeof(Multiply)) return null;
            var (whole, factor) = IsProduct(x) ? (x, y) : (y, x);
            if (!IsProduct(whole) || factor == added) return null;
            return body[factor].Operation switch
            {
                Operation.Constant(var value) => new(addend.Buffer, places, new(-1, value.Type, value), 0, isSubtracted),
                Operation.Load { Pick: null, Map.IsConstant: true } number => new(addend.Buffer, places, new(number.Buffer, new(product.Type, []), null), number.Map.Offset, isSubtracted),
                _ => null,
            };
        }

        bool IsProduct(int k) => body[k].Operation is Operation.Load { Pick: null, Map.IsIdentity: true } load && load.Buffer == product.Result;

        // Rows whose elements lie side by side, one after another or the same again.
        Matrices? Places(Affine map) => map.Over([product.C.Rows, product.C.Columns]) is [>= 0 and var row, 1]
            ? new(map.Offset, 1, 0, product.C.Rows, row, product.C.Columns, 1)
            : null;
    }
}
