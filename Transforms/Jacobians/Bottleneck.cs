using Functional.Differentiation;
using Functional.Programs;

namespace Functional.Jacobians;

/// <summary>A linear program as two, one after the other: all that the second knows of the tangents is what the first gives.</summary>
/// <param name="First">ẋ → ż.</param>
/// <param name="Second">ż → ẏ.</param>
/// <param name="Width">How many elements ż has.</param>
internal sealed record Bottleneck(Program First, Program Second, int Width)
{
    /// <summary>The fewest elements that all the results' tangents follow from, where they are fewer than those of both ends: a minimum cut.</summary>
    internal static Option<Bottleneck> Of(Program linear)
    {
        var ends = Math.Min(linear.Arguments.Sum(argument => argument.Type.Size), linear.Outputs.Sum(output => output.Type.Size));
        var across = MinimumCut.Of(linear, linear.Outputs.OfType<Variable>().Distinct().ToSeq().Strict(), _ => true);
        var width = across.Sum(variable => variable.Type.Size);
        return width > 0 && width < ends ? Some(At(linear, across, width)) : None;
    }

    /// <summary>What it takes to build both halves, each in its cheaper mode, and to multiply them.</summary>
    /// <param name="passes">The whole derivative.</param>
    /// <param name="work">The work of one of its pushforwards.</param>
    internal Way Way(Passes passes, double work)
    {
        var (first, second) = (Half(passes, isFirst: true), Half(passes, isFirst: false));
        var (firstCost, secondCost) = (Passes.Work(First) / work, Passes.Work(Second) / work);
        var (firstForward, secondForward) = (IsForward(first), IsForward(second));
        var product = 2.0 * passes.Rows * Width * passes.Columns / work;
        return new(
            FormattableString.Invariant($"split at {Width}"),
            (firstForward ? first.Columns : 0) + (secondForward ? second.Columns : 0),
            (firstForward ? 0 : first.Rows) + (secondForward ? 0 : second.Rows),
            (firstCost * Cost(first, firstForward)) + (secondCost * Cost(second, secondForward)) + product,
            FormattableString.Invariant($"and a product {passes.Rows} × {Width} × {passes.Columns}"))
        {
            Split = Some(this),
        };
    }

    /// <summary>The whole derivative, <c>[rows, columns]</c>.</summary>
    internal Tensor Matrix(Passes passes)
    {
        var (first, second) = (Half(passes, isFirst: true), Half(passes, isFirst: false));
        return TensorMath.MatMul(second.Matrix(IsForward(second)), first.Matrix(IsForward(first)));
    }

    private Passes Half(Passes passes, bool isFirst)
    {
        var between = (isFirst ? First.Outputs.Map(output => output.Type) : Second.Arguments.Map(argument => argument.Type)).ToSeq().Strict();
        return isFirst ? new(First, passes.Inputs, between, between.Map(_ => true).Strict()) : new(Second, between, passes.Outputs, passes.Moves);
    }

    private static bool IsForward(Passes half) => Cost(half, true) <= Cost(half, false);

    private static double Cost(Passes half, bool isForward) => isForward ? half.Columns : half.Rows * half.PullbackCost;

    private static Bottleneck At(Program linear, Seq<Variable> across, int width)
    {
        var captures = linear.Inputs.Skip(linear.Arguments.Count).Zip(linear.Captures).ToSeq().Strict();
        var given = across.Map(variable => variable.Id).ToHashSet();
        var needed = linear.Outputs.OfType<Variable>().Select(output => output.Id).Where(id => !given.Contains(id)).ToHashSet();
        var after = new Stack<Equation>();
        // What does not move is worked out on both sides where both read it.
        foreach (var equation in linear.Equations.Reverse())
        {
            if (!equation.Outputs.Exists(output => needed.Contains(output.Id))) continue;
            after.Push(equation);
            foreach (var input in equation.Inputs)
                if (input is Variable variable && !given.Contains(variable.Id)) needed.Add(variable.Id);
        }
        var first = (linear with { Outputs = across.Map(variable => (Atom)variable).Strict() }).WithoutDeadCode();
        return new(first, Numbering.Dense(across, captures, after.ToSeq(), linear.Outputs, Seq<Assumption>()), width);
    }
}
