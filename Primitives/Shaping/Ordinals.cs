namespace Functional.Primitives;

/// <summary>The elements of a shape by number, for rules that ask where elements go.</summary>
internal static class Ordinals
{
    /// <summary>0, 1, … in row-major order.</summary>
    internal static Tensor Of(Shape shape)
    {
        var numbers = new int[shape.Size];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = i;
        return Values.Of(numbers, shape);
    }
}
