using Functional.Primitives;

namespace Functional.Programs;

/// <summary>Rows of a product that are read are taken from its operand, so that the others are not computed.</summary>
public static class Selection
{
    // What a copied element costs against a term of a product. Of what is known beforehand rows are taken beforehand.
    private const long Copy = 4;

    /// <summary>
    /// <c>(x·y)[s] = x[s]·y</c>: where a product is read by gathers alone, each along one free axis of a factor, the factor is gathered
    /// instead, if that leaves less to do.
    /// </summary>
    public static Program SelectBeforeProducts(this Program program)
    {
        var selections = Selections(program);
        if (selections.Count == 0) return program;
        var products = new Dictionary<int, Equation>();
        return Rewrite.Each(program, equation =>
        {
            if (equation.Primitive is Contract && selections.Contains(equation.Outputs[0].Id)) products.Add(equation.Outputs[0].Id, equation);
            if (equation is not { Primitive: Gather gather, Inputs: [Variable product, var index, ..] } || !products.TryGetValue(product.Id, out var whole)) return Rewritten.Kept;
            var contract = (Contract)whole.Primitive;
            var factors = Seq(whole.Inputs[0], whole.Inputs[1], index);
            var part = Trace.Of("Simplify", factors.Map(factor => factor.Type).Strict(), given => Seq1(Chosen(contract, gather.Axis, given[0], given[1], given[2])));
            return new Rewritten.Spliced(part, factors, Seq1(true));
        });
    }

    // The products that are better computed in part.
    private static System.Collections.Generic.HashSet<int> Selections(Program program)
    {
        var work = new Dictionary<int, long>();
        foreach (var equation in program.Equations)
            if (equation.Primitive is Contract contract) work.Add(equation.Outputs[0].Id, Terms(contract, equation));
        if (work.Count == 0) return [];
        var products = program.Equations.Where(equation => work.ContainsKey(equation.Outputs[0].Id)).ToDictionary(equation => equation.Outputs[0].Id);
        var captured = program.Inputs.Skip(program.Arguments.Count).Map(input => input.Id).ToHashSet();
        foreach (var equation in program.Equations)
        {
            for (var i = 0; i < equation.Inputs.Count; i++)
            {
                if (equation.Inputs[i] is not Variable read || !products.TryGetValue(read.Id, out var product)) continue;
                if (i == 0 && equation is { Primitive: Gather gather, Inputs.Count: 2 } && Place((Contract)product.Primitive, product.Inputs[0].Type, product.Inputs[1].Type, gather.Axis).Case is (bool isLeft, int axis))
                {
                    var factor = product.Inputs[isLeft ? 0 : 1].Type;
                    var copied = IsKnown(product.Inputs[isLeft ? 0 : 1]) && IsKnown(equation.Inputs[1]) ? 0 : Copy * factor.Size;
                    work[read.Id] -= (Terms((Contract)product.Primitive, product) + copied) / factor.Shape[axis] * equation.Inputs[1].Type.Size;
                }
                else work[read.Id] = long.MinValue / 2;
            }
        }
        foreach (var atom in program.Outputs.Then(program.Assumptions.Map(assumption => assumption.Predicate)))
            if (atom is Variable variable && work.ContainsKey(variable.Id)) work[variable.Id] = long.MinValue / 2;
        var used = program.Equations.SelectMany(equation => equation.Inputs).OfType<Variable>().Select(variable => variable.Id).ToHashSet();
        return [.. work.Where(entry => entry.Value > 0 && used.Contains(entry.Key)).Select(entry => entry.Key)];

        bool IsKnown(Atom atom) => atom is Literal || captured.Contains(((Variable)atom).Id);
    }

    private static long Terms(Contract contract, Equation product) =>
        (long)product.Outputs[0].Type.Size * contract.Left.Fold(1L, (terms, axis) => terms * product.Inputs[0].Type.Shape[axis]);

    // The free axis of a factor that an axis of the product is; none for one of the batch, and where there is nothing on the axis to choose from.
    private static Option<(bool IsLeft, int Axis)> Place(Contract contract, TensorType left, TensorType right, int axis)
    {
        var rows = Contract.Free(left, contract.LeftBatch, contract.Left);
        var columns = Contract.Free(right, contract.RightBatch, contract.Right);
        var place = axis - contract.LeftBatch.Count;
        if (place < 0) return None;
        var (isLeft, of) = place < rows.Length ? (true, rows[place]) : (false, columns[place - rows.Length]);
        return (isLeft ? left : right).Shape[of] == 0 ? None : Some((isLeft, of));
    }

    private static Tensor Chosen(Contract contract, int axis, Tensor left, Tensor right, Tensor index)
    {
        var (isLeft, at) = Place(contract, left.Type, right.Type, axis).IfNone(() => throw new InvalidOperationException($"axis {axis} is of no factor"));
        var chosen = new Gather(at).Apply(isLeft ? left : right, index);
        // The axes behind the one chosen along move with the index's.
        Seq<int> Moved(Seq<int> axes) => axes.Map(one => one > at ? one + index.Rank - 1 : one).Strict();
        return isLeft
            ? (contract with { Left = Moved(contract.Left), LeftBatch = Moved(contract.LeftBatch) }).Apply(chosen, right)
            : (contract with { Right = Moved(contract.Right), RightBatch = Moved(contract.RightBatch) }).Apply(left, chosen);
    }
}
