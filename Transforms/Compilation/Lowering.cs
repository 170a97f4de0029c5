using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>One operation of an equation that works element by element: its operands are the equation's, or results of operations before.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Type">Of the result.</param>
/// <param name="Inputs">Operand i of the equation is i, the result of part k is −1 − k.</param>
internal readonly record struct Part(Operation Operation, DType Type, int[] Inputs);

/// <summary>Equations in the terms of loops.</summary>
internal static class Lowering
{
    /// <summary>What a primitive does to each element; nothing where it does not work element by element.</summary>
    internal static Part[] Elementwise(Equation equation)
    {
        var type = equation.Outputs[0].Type.DType;
        var operands = Types(equation);
        Part[] parts = equation.Primitive switch
        {
            Cast => [new(new Operation.Convert(), type, [0])],
            // The same as the kernels': max(x, 0), and min(max(x, low), high).
            Relu => [new(new Operation.Constant(Values.Scalar(type, 0)), type, []), new(new Operation.Operator(typeof(Kernels.Max)), type, [0, -1])],
            Clamp => [new(new Operation.Operator(typeof(Kernels.Max)), type, [0, 1]), new(new Operation.Operator(typeof(Kernels.Min)), type, [-1, 2])],
            Primitives.Sigmoid => Sigmoid(type),
            Primitives.Select => [new(new Operation.Select(), type, [0, 1, 2])],
            var primitive when primitive.Form(operands) is LoopForm.Pointwise(var form) => [new(new Operation.Operator(form), type, [.. Enumerable.Range(0, operands.Length)])],
            _ => [],
        };
        return System.Array.TrueForAll(parts, part => IsEmitted(part, operands)) ? parts : [];
    }

    // The same as the kernels': σ(−|x|) below 0, else 1 − σ(−|x|). The first part is the same for x and −x, and a loop does it once for both.
    private static Part[] Sigmoid(DType type) =>
    [
        new(new Operation.Operator(typeof(Kernels.SigmoidTail)), type, [0]),
        new(new Operation.Constant(Values.Scalar(type, 0)), type, []),
        new(new Operation.Operator(typeof(Kernels.Less)), DType.Bool, [0, -2]),
        new(new Operation.Constant(Values.Scalar(type, 1)), type, []),
        new(new Operation.Operator(typeof(Kernels.Subtract)), type, [-4, -1]),
        new(new Operation.Select(), type, [-3, -1, -5]),
    ];

    /// <summary>The steps of a view, along the axes of its result; none for what is no view.</summary>
    internal static IndexMap? View(Equation equation) => equation.Primitive.Form(Types(equation)) is LoopForm.View(var map) ? map : null;

    /// <summary>The fold that an equation is; none for what is no fold.</summary>
    internal static LoopForm.Fold? Fold(Equation equation) => equation.Primitive.Form(Types(equation)) as LoopForm.Fold;

    /// <summary>Whether a fold is one of rows of neighbours: from the first of its axes on all are, but for those that have one place.</summary>
    internal static bool IsOfRows(LoopForm.Fold fold, Shape shape)
    {
        var folded = fold.Axes.ToHashSet();
        return Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] != 1).SkipWhile(axis => !folded.Contains(axis)).All(folded.Contains);
    }

    /// <summary>The contraction that an equation is; none for what is none.</summary>
    internal static LoopForm.Contract? Contract(Equation equation) => equation.Primitive.Form(Types(equation)) as LoopForm.Contract;

    /// <summary>Whether an operator is many operations: called, unless few of them make a loop.</summary>
    internal static bool IsHeavy(Type form, DType operand) =>
        form.IsAssignableTo(typeof(INativeUnary)) || Widens(form)
        || (operand.IsInteger() && (form == typeof(Kernels.Divide) || form == typeof(Kernels.Remainder)));

    /// <summary>Whether f32 is computed in f64.</summary>
    internal static bool Widens(Type form) => form.IsAssignableTo(typeof(IWideUnary)) || form.IsAssignableTo(typeof(IWideBinary));

    internal static TensorType[] Types(Equation equation)
    {
        var types = new TensorType[equation.Inputs.Count];
        for (var i = 0; i < types.Length; i++) types[i] = equation.Inputs[i].Type;
        return types;
    }

    // Truth values are masks in a loop, and masks have logic and equality.
    private static bool IsEmitted(Part part, TensorType[] operands)
    {
        if (part.Operation is not Operation.Operator(var form) || part.Inputs is not [>= 0 and var first, ..] || operands[first].DType != DType.Bool) return true;
        return form == typeof(Kernels.Not) || form == typeof(Kernels.And) || form == typeof(Kernels.Or) || form == typeof(Kernels.Xor)
            || form == typeof(Kernels.Equal) || form == typeof(Kernels.NotEqual);
    }
}
