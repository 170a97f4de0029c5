using Functional.Primitives;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>A part of a value that is put together: an atom's elements in order, and where they stand.</summary>
/// <param name="Source">The elements.</param>
/// <param name="Low">The first place along each axis.</param>
/// <param name="Step">From place to place along each axis.</param>
/// <param name="IsSum">Whether 0 is added to each.</param>
internal sealed record Piece(Atom Source, Seq<int> Low, Seq<int> Step, bool IsSum)
{
    internal Affine Places(Shape whole)
    {
        var strides = whole.Strides();
        var offset = 0;
        for (var axis = 0; axis < strides.Length; axis++)
        {
            offset += Low[axis] * strides[axis];
            strides[axis] *= Step[axis];
        }
        return Affine.Of(offset, strides, Source.Type.Shape.Extents);
    }

    internal bool IsApartFrom(Piece other)
    {
        for (var axis = 0; axis < Low.Count; axis++)
            if (Low[axis] > other.High(axis) || other.Low[axis] > High(axis)) return true;
        return false;
    }

    private int High(int axis) => Low[axis] + (Step[axis] * (Source.Type.Shape[axis] - 1));
}

/// <summary>
/// A value that is put together from others without a look at their elements: each piece goes where it belongs as it is
/// computed. Sums of arrays that are zero where the others are not, as the transposes of slices give, are of this kind.
/// </summary>
/// <param name="Type">Of the whole.</param>
/// <param name="Pieces">Apart from each other.</param>
/// <param name="Rest">What is everywhere else.</param>
internal sealed record Assembly(TensorType Type, Seq<Piece> Pieces, Tensor Rest)
{
    // Pieces beyond these are better added up one by one than compared with each other.
    private const int Most = 64;

    internal bool IsCovered => Pieces.Sum(piece => (long)piece.Source.Type.Size) == Type.Size;

    /// <summary>The parts of a result that is put together; none where it is computed otherwise.</summary>
    /// <param name="equation">The equation.</param>
    /// <param name="known">What its operands are put together from.</param>
    internal static Option<Assembly> Of(Equation equation, Func<Atom, Option<Assembly>> known)
    {
        var type = equation.Outputs[0].Type;
        var (operands, ones) = (equation.Inputs, Enumerable.Repeat(1, type.Rank).ToSeq().Strict());
        switch (equation.Primitive)
        {
            case Pad pad when operands[1] is Literal { Value: var rest }:
                return new Assembly(type, Seq1(new Piece(operands[0], pad.Low, pad.Interior.Map(width => width + 1).Strict(), false)), rest);
            case Concatenate(var axis) when operands.Count <= Most:
                var starts = operands.Scan(0, (start, operand) => start + operand.Type.Shape[axis]);
                return new Assembly(
                    type,
                    operands.Zip(starts).Map(pair => new Piece(pair.Item1, ones.Map((k, _) => k == axis ? pair.Item2 : 0).ToSeq().Strict(), ones, false)).Strict(),
                    Values.Scalar(type.DType, 0));
            case Add when known(operands[0]).Case is Assembly left && known(operands[1]).Case is Assembly right && left.Joined(right).Case is Assembly sum:
                return sum;
            default:
                return None;
        }
    }

    private Option<Assembly> Joined(Assembly other)
    {
        if (Type != other.Type || !IsZero(Rest) || !IsZero(other.Rest) || Pieces.Count + other.Pieces.Count > Most) return None;
        if (Pieces.Exists(piece => other.Pieces.Exists(one => !piece.IsApartFrom(one)))) return None;
        // −0 + 0 is 0.
        var isSum = Type.DType.IsFloat();
        return new Assembly(Type, Pieces.Then(other.Pieces).Map(piece => piece with { IsSum = isSum }).ToSeq().Strict(), Rest);
    }

    private static bool IsZero(Tensor value) => value.Equals(Values.Scalar(value.DType, 0));
}
