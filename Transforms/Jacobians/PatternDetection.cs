using Functional.Programs;
using Functional.Structures;

namespace Functional.Jacobians;

/// <summary>The sparsity of a Jacobian, read from the function's program before a number is computed.</summary>
internal static class PatternDetection
{
    /// <summary>The pattern of a structured function at an argument: for every argument of its types, or at this point alone.</summary>
    internal static Sparsity At<P, R>(string transform, Func<P, R> f, P at, bool isLocal)
    {
        var lifted = Lifted.At(transform, f, at).RequireFloats(transform);
        RequireFloats(transform, lifted);
        return Of(lifted.Program, isLocal ? lifted.Arguments : Seq<Tensor>());
    }

    /// <summary>The pattern of a program of floats.</summary>
    /// <param name="program">The program.</param>
    /// <param name="point">Its arguments, where the pattern is that at a point.</param>
    internal static Sparsity Of(Program program, Seq<Tensor> point) => Of(program, point, long.MaxValue)!;

    /// <summary>As above; none where finding it looks at more columns than are allowed.</summary>
    internal static Sparsity? Of(Program program, Seq<Tensor> point, long allowed)
    {
        var types = program.Arguments.Map(argument => argument.Type).ToArray();
        var space = new PatternSpace(types.Sum(type => type.Size), !point.IsEmpty).Allowing(allowed);
        var start = 0;
        var outputs = program.Through(space, System.Array.ConvertAll(Enumerable.Range(0, types.Length).ToArray(), i =>
        {
            start += types[i].Size;
            return new Dependent(types[i], Pattern.Inputs(space, start - types[i].Size, types[i].Size), point.IsEmpty ? null : new(point[i]));
        }));
        var all = outputs.Length == 1 ? outputs[0].Pattern : Pattern.Joined(space, [.. outputs.Select(output => output.Pattern)]);
        var (table, map) = all.Single();
        if (space.Allowed < 0) return null;
        return new(table, map, space.Columns, space.Guessed)
        {
            ColumnShape = Common(types),
            RowShape = Common([.. outputs.Select(output => output.Type)]),
        };
    }

    // Tensors of one shape, one after the other, are one tensor with an axis more.
    private static Shape? Common(TensorType[] types) => types.Length switch
    {
        0 => default(Shape?),
        1 => types[0].Shape,
        _ => System.Array.TrueForAll(types, type => type.Shape == types[0].Shape) ? types[0].Shape.Insert(0, types.Length) : default(Shape?),
    };

    /// <summary>Refuses results that have no derivative.</summary>
    /// <exception cref="NotDifferentiableException">A leaf of the result is not of floats; the message names it.</exception>
    internal static void RequireFloats(string transform, Lifted lifted)
    {
        foreach (var (path, output) in lifted.Result.Paths.Zip(lifted.Program.Outputs))
            if (!output.Type.DType.IsFloat())
                throw new NotDifferentiableException($"{transform}: f returned {output.Type} at {path}, and only floats have derivatives.");
    }
}
