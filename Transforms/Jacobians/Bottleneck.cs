using Functional.Programs;

namespace Functional.Jacobians;

/// <summary>A linear program as two, one after the other: all that the second knows of the tangents is what the first gives.</summary>
/// <param name="First">ẋ → ż.</param>
/// <param name="Second">ż → ẏ.</param>
/// <param name="Width">How many elements ż has.</param>
internal sealed record Bottleneck(Program First, Program Second, int Width)
{
    /// <summary>The narrowest place between two equations of a linear program, where it is narrower than both ends.</summary>
    internal static Option<Bottleneck> Of(Program linear)
    {
        var lastUse = new int[linear.VariableCount];
        var moves = new bool[linear.VariableCount];
        var equations = linear.Equations.ToArray();
        for (var place = 0; place < equations.Length; place++)
            foreach (var input in equations[place].Inputs)
                if (input is Variable variable) lastUse[variable.Id] = place;
        foreach (var output in linear.Outputs)
            if (output is Variable variable) lastUse[variable.Id] = equations.Length;
        foreach (var argument in linear.Arguments) moves[argument.Id] = true;
        var live = linear.Arguments.Filter(argument => lastUse[argument.Id] > 0 || equations.Length == 0).ToSeq().Strict();
        long width = linear.Arguments.Sum(argument => argument.Type.Size);
        var (best, cut) = (Math.Min(width, linear.Outputs.Sum(output => output.Type.Size)), -1);
        for (var place = 0; place + 1 < equations.Length; place++)
        {
            var equation = equations[place];
            var isMoving = equation.Inputs.Exists(input => input is Variable variable && moves[variable.Id]);
            if (!isMoving) continue;
            foreach (var output in equation.Outputs)
            {
                moves[output.Id] = true;
                if (lastUse[output.Id] > place) width += output.Type.Size;
            }
            foreach (var input in equation.Inputs.Distinct())
                if (input is Variable variable && moves[variable.Id] && lastUse[variable.Id] == place) width -= variable.Type.Size;
            if (width < best) (best, cut) = (width, place);
        }
        return cut < 0 || best == 0 ? None : Some(At(linear, equations, cut, moves, lastUse, (int)best));
    }

    private static Bottleneck At(Program linear, Equation[] equations, int cut, bool[] moves, int[] lastUse, int width)
    {
        var defined = linear.Arguments.Concat(equations[..(cut + 1)].SelectMany(equation => equation.Outputs));
        var across = defined.Filter(variable => moves[variable.Id] && lastUse[variable.Id] > cut).ToSeq().Strict();
        var captures = linear.Inputs.Skip(linear.Arguments.Count).Zip(linear.Captures).ToSeq().Strict();
        var first = Numbering.Dense(linear.Arguments, captures, equations[..(cut + 1)].ToSeq(), across.Map(variable => (Atom)variable).Strict(), Seq<Assumption>());
        // What does not move is worked out again where it is read on both sides.
        var still = equations[..(cut + 1)].Where(equation => !equation.Outputs.Exists(output => moves[output.Id]));
        var second = Numbering.Dense(across, captures, still.Concat(equations[(cut + 1)..]).ToSeq(), linear.Outputs, Seq<Assumption>());
        return new(first.WithoutDeadCode(), second.WithoutDeadCode(), width);
    }
}
