using Functional.Primitives;

namespace Functional.Programs;

/// <summary>Algebraic identities that hold bit for bit, a line each.</summary>
public static class Identities
{
    /// <summary>The program with each equation that matches an identity replaced by its other side.</summary>
    public static Program RewriteIdentities(this Program program)
    {
        var at = new Dictionary<int, Equation>();
        var numbers = new Dictionary<int, Literal>();
        foreach (var (input, value) in program.Inputs.Skip(program.Arguments.Count).Zip(program.Captures))
            if (value is Dense { Size: 1 } number) numbers.Add(input.Id, new(number.Reshaped(Shape.Scalar)));
        return Rewrite.Each(program, equation =>
        {
            var rewritten = Of(equation, at, numbers);
            if (rewritten == Rewritten.Kept) at[equation.Outputs[0].Id] = equation;
            if (rewritten is Rewritten.By { Primitive: var primitive, Inputs: var inputs }) at[equation.Outputs[0].Id] = new(primitive, inputs, equation.Outputs);
            return rewritten;
        });
    }

    // x + 0 stays: −0 + 0 is +0. x·0 stays: ∞·0 is NaN. x − x stays: ∞ − ∞ is NaN.
    private static Rewritten Of(Equation equation, Dictionary<int, Equation> at, Dictionary<int, Literal> numbers)
    {
        return (equation.Primitive, equation.Inputs) switch
        {
            (Multiply, [var x, Literal one]) when Is(one, 1) && Same(x) => As(x),
            (Multiply, [Literal one, var x]) when Is(one, 1) && Same(x) => As(x),
            (Divide, [var x, Literal one]) when Is(one, 1) && Same(x) => As(x),
            (Add, [var x, Literal zero]) when Is(zero, Nothing(zero)) && Same(x) => As(x),
            (Add, [Literal zero, var x]) when Is(zero, Nothing(zero)) && Same(x) => As(x),
            (Subtract, [var x, Literal zero]) when Is(zero, 0) && Same(x) => As(x),
            (Negate, [Variable v]) when Before(v) is (Negate, [var x]) => As(x),
            (Cast, [var x]) when Same(x) => As(x),
            (Reshape, [var x]) when Same(x) => As(x),
            (Reduction { Axes.IsEmpty: true }, [var x]) => As(x),
            (Reshape outer, [Variable v]) when Before(v) is (Reshape, [var x]) => new Rewritten.By(outer, Seq1(x)),
            (Broadcast, [var x]) when Same(x) => As(x),
            (Broadcast outer, [Variable v]) when Before(v) is (Broadcast inner, [var x]) => new Rewritten.By(new Broadcast(outer.Shape, inner.Axes.Map(axis => outer.Axes[axis]).Strict()), Seq1(x)),
            (Permute { Order: var order }, [var x]) when order.SequenceEqual(Enumerable.Range(0, order.Count)) => As(x),
            (Permute outer, [Variable v]) when Before(v) is (Permute inner, [var x]) => new Rewritten.By(new Permute(outer.Order.Map(axis => inner.Order[axis]).Strict()), Seq1(x)),
            (Elementwise primitive, [Variable v, var y]) when Scalar(v) is Atom x && Same(y) => new Rewritten.By(primitive, Seq(x, y)),
            (Elementwise primitive, [var x, Variable v]) when Scalar(v) is Atom y && Same(x) => new Rewritten.By(primitive, Seq(x, y)),
            _ => Rewritten.Kept,
        };

        // An operand of rank 0 stands at every place of an array, so `mul x 1.0` is x only where the result is like x.
        bool Same(Atom atom) => atom.Type == equation.Outputs[0].Type;

        (Primitive?, Seq<Atom>) Before(Variable variable) =>
            at.TryGetValue(variable.Id, out var earlier) ? (earlier.Primitive, earlier.Inputs) : (null, Seq<Atom>());

        Atom? Scalar(Variable variable) => numbers.TryGetValue(variable.Id, out var number) ? number : Before(variable) is (Broadcast, [{ Type.Rank: 0 } x]) ? x : null;
    }

    private static Rewritten.As As(Atom x) => new Rewritten.As(Seq1(x));

    private static bool Is(Literal literal, double number) => literal.Value.Equals(Values.Scalar(literal.Type.DType, number));

    // What adds nothing to any number: −0 among floats, whose +0 would turn −0 to +0; 0 among integers.
    private static double Nothing(Literal literal) => literal.Type.DType.IsFloat() ? -0.0 : 0;
}
