using Functional.Structures;

namespace Functional;

/// <summary>A Jacobian of structures: a block for each leaf of the result and each leaf of the argument, of the result leaf's shape followed by the argument leaf's.</summary>
/// <typeparam name="P">The type of the argument.</typeparam>
/// <typeparam name="R">The type of the result.</typeparam>
/// <param name="Argument">The layout of the argument.</param>
/// <param name="Result">The layout of the result.</param>
/// <param name="Rows">The blocks: a row for each leaf of the result, a column for each leaf of the argument.</param>
public sealed record Blocks<P, R>(Layout Argument, Layout Result, Seq<Seq<Tensor>> Rows)
{
    /// <summary>The derivative of one leaf of the result with respect to one of the argument: <c>blocks[r => r.Loss, p => p.Weights]</c>.</summary>
    /// <exception cref="StructureException">A selector does not give a leaf as it is.</exception>
    public Tensor this[Func<R, Tensor> result, Func<P, Tensor> argument] => Rows[Result.IndexOf(result)][Argument.IndexOf(argument)];

    /// <summary>The derivative of one leaf of the result with respect to each of the argument.</summary>
    /// <exception cref="StructureException">The selector does not give a leaf as it is.</exception>
    public P Of(Func<R, Tensor> result) => Structure.Unflatten<P>(Argument, Rows[Result.IndexOf(result)]);

    /// <summary>The derivative of each leaf of the result with respect to one of the argument.</summary>
    /// <exception cref="StructureException">The selector does not give a leaf as it is.</exception>
    public R With(Func<P, Tensor> argument)
    {
        var column = Argument.IndexOf(argument);
        return Structure.Unflatten<R>(Result, Rows.Map(row => row[column]).Strict());
    }

    /// <summary>Each pair of paths with the block's type.</summary>
    public override string ToString() => string.Join("\n", Result.Paths.Zip(Rows).Bind(row =>
        Argument.Paths.Zip(row.Item2).Map(block => $"d {row.Item1} / d {block.Item1}: {block.Item2.Type}")));
}
