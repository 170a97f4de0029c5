using Functional.Programs;

namespace Functional.Properties.Generators;

/// <summary>Loop forms read literally, one element at a time: what the compiler may take a primitive for.</summary>
internal static class Forms
{
    /// <summary>The primitive at each place alone, on operands of rank 0.</summary>
    internal static Tensor Elementwise(Primitive primitive, Tensor[] operands, TensorType type)
    {
        var elements = operands.Select(Numbers.Of).ToArray();
        return Numbers.Tensor(type, Enumerable.Range(0, type.Size).Select(place => Numbers.Of(primitive.ApplyAll(
            operands.Select((operand, i) => Numbers.Tensor(new(operand.DType, Shape.Scalar), [elements[i][operand.Rank == 0 ? 0 : place]])).ToArray())[0])[0]));
    }

    /// <summary>The operand's elements at <c>Offset + Σ Strides·i</c>.</summary>
    internal static Tensor Viewed(Tensor operand, IndexMap map, TensorType type)
    {
        var elements = Numbers.Of(operand);
        return Numbers.Tensor(type, Places(type.Shape).Select(at => elements[map.Offset + at.Zip(map.Strides, (i, stride) => i * stride).Sum()]));
    }

    /// <summary>The operand's elements along the axes combined one by one.</summary>
    internal static Tensor Folded(Tensor operand, Monoid monoid, Seq<int> axes, TensorType type)
    {
        var elements = Numbers.Of(operand);
        var strides = type.Shape.Strides();
        var folded = Enumerable.Repeat(Neutral(monoid, type.DType), type.Size).ToArray();
        foreach (var (at, element) in Places(operand.Shape).Zip(elements))
        {
            var place = at.Where((_, axis) => !axes.Contains(axis)).Zip(strides, (i, stride) => i * stride).Sum();
            folded[place] = Combined(monoid, folded[place], element);
        }
        return Numbers.Tensor(type, folded);
    }

    /// <summary>Σ x·y over paired axes: the result's axes are the batch's, then x's free ones, then y's.</summary>
    internal static Tensor Contracted(Tensor x, Tensor y, LoopForm.Contract contraction, TensorType type)
    {
        var (left, right) = (Numbers.Of(x), Numbers.Of(y));
        var leftFree = Free(x, contraction.Left.Concat(contraction.LeftBatch));
        var rightFree = Free(y, contraction.Right.Concat(contraction.RightBatch));
        Shape summed = [.. contraction.Left.Map(axis => x.Shape[axis])];
        return Numbers.Tensor(type, Places(type.Shape).Select(at =>
        {
            var batch = at[..contraction.LeftBatch.Count];
            var (rows, columns) = (at[batch.Length..(batch.Length + leftFree.Length)], at[(batch.Length + leftFree.Length)..]);
            return Places(summed).Sum(k =>
                left[Place(x, [.. contraction.LeftBatch.Zip(batch), .. leftFree.Zip(rows), .. contraction.Left.Zip(k)])]
                * right[Place(y, [.. contraction.RightBatch.Zip(batch), .. rightFree.Zip(columns), .. contraction.Right.Zip(k)])]);
        }));
    }

    private static int[] Free(Tensor tensor, IEnumerable<int> taken) => [.. Enumerable.Range(0, tensor.Rank).Except(taken)];

    private static int Place(Tensor tensor, (int Axis, int Index)[] at)
    {
        var strides = tensor.Shape.Strides();
        return at.Sum(index => strides[index.Axis] * index.Index);
    }

    private static IEnumerable<int[]> Places(Shape shape) =>
        shape.Aggregate(Enumerable.Repeat(System.Array.Empty<int>(), 1), (places, extent) =>
            places.SelectMany(place => Enumerable.Range(0, extent).Select(i => (int[])[.. place, i])));

    private static double Neutral(Monoid monoid, DType dtype) => (monoid, dtype) switch
    {
        (Monoid.Sum or Monoid.Or, _) => 0,
        (Monoid.Product or Monoid.And, _) => 1,
        (Monoid.Maximum, DType.Int32) => int.MinValue,
        (Monoid.Maximum, DType.Int64) => long.MinValue,
        (Monoid.Minimum, DType.Int32) => int.MaxValue,
        (Monoid.Minimum, DType.Int64) => long.MaxValue,
        (Monoid.Maximum, _) => double.NegativeInfinity,
        (Monoid.Minimum, _) => double.PositiveInfinity,
        _ => throw new ArgumentOutOfRangeException(nameof(monoid), monoid, "not a monoid"),
    };

    private static double Combined(Monoid monoid, double x, double y) => monoid switch
    {
        Monoid.Sum => x + y,
        Monoid.Product => x * y,
        Monoid.Maximum or Monoid.Or => Math.Max(x, y),
        Monoid.Minimum or Monoid.And => Math.Min(x, y),
        _ => throw new ArgumentOutOfRangeException(nameof(monoid), monoid, "not a monoid"),
    };
}
