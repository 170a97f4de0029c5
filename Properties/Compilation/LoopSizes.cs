using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Compilation;

/// <summary>Loops at every size around a register, a chunk of a fold and a thread's share: the evaluator's bits throughout.</summary>
public class LoopSizes
{
    private static readonly double[] Special =
        [0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -1e-310, 1, -1, 1e-40, double.MaxValue, 3e9, -3e9, 0.5, 1.5, 1e300];

    public static TheoryData<DType, int> Sizes()
    {
        var data = new TheoryData<DType, int>();
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
            foreach (var size in (int[])[0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 1000, 1023, 1024, 1025, 16384, 20000, 150001]) data.Add(dtype, size);
        return data;
    }

    public static TheoryData<string> Primitives() => RuleProperties.Primitives();

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Chains_of_all_types(DType dtype, int size) => Holds(dtype, size, x =>
    {
        var positive = Greater(x, 0.1) & !IsNaN(x);
        var wide = TensorMath.Convert(x, DType.Float64);
        var whole = TensorMath.Convert(TensorMath.Clamp(x, -1e6, 1e6), DType.Int32);
        var even = Equal(whole % 2, 0);
        return Seq(
            Where(positive, Sin(x) * Exp(x), Relu(-x)),
            wide * 0.5 + TensorMath.Convert(whole, DType.Float64),
            TensorMath.Convert(even | positive, dtype) - x,
            even ^ LessEqual(x, 0.5),
            TensorMath.Convert(wide, DType.Float32) + TensorMath.Convert(x, DType.Float32),
            TensorMath.Convert(x, DType.Int64) + TensorMath.Convert(whole, DType.Int64),
            Where(even, whole, -whole));
    });

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Folds_of_a_chain(DType dtype, int size) => Holds(dtype, size, x =>
    {
        var y = Sin(x) * x;
        return Seq(Sum(y), TensorMath.Sum(Greater(y, 0)), Prod(Sin(y)), All(Less(x, 10)), y + 1);
    });

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Extremes_of_a_chain(DType dtype, int size)
    {
        if (size > 0) Holds(dtype, size, x => Seq(Max(x * 0.5), Min(x * 0.5), Max(Sin(x))));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Many_elementary_functions_in_one_loop(DType dtype, int size) => Holds(dtype, size, x =>
        Seq1(Sin(x) * Cos(x) * Exp(x) + Tanh(x) * Sigmoid(x) - Erf(x) + Pow(Abs(x), 0.3) + Log(Abs(x)) + Sin(Cos(x) + Log1p(Abs(x)))));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(5, 3)]
    [InlineData(17, 33)]
    [InlineData(2, 5000)]
    [InlineData(5000, 2)]
    [InlineData(300, 700)]
    [InlineData(1, 100000)]
    public void Rows_columns_and_folds_of_a_matrix(int rows, int columns)
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
        {
            var x = Drawn(dtype, rows * columns);
            var program = Trace.Of("Test", Seq(new TensorType(dtype, [rows, columns]), new(dtype, [columns]), new(dtype, [rows, 1])), inputs =>
            {
                var (m, row, column) = (inputs[0], inputs[1], inputs[2]);
                var shifted = m - Max(m, true, -1);
                var soft = Exp(shifted) / Sum(Exp(shifted), true, -1);
                return Seq(
                    (m * row) + column,
                    Sum(Sin(m + row) * column),
                    Sum((m * m) + row, 1),
                    Sum((m * m) + row, 0),
                    soft,
                    Transpose(m * 2) + 1,
                    Sum(Transpose(m) * column[0], 1),
                    Flip(m, 0) * row,
                    Flip(m, 1) * row,
                    Reshape(m, columns, rows) * 2,
                    Reshape(m * row, columns, rows) + Transpose(m),
                    m[.., ..(columns / 2 + 1)] + 1,
                    TensorMath.Convert(new Functional.Primitives.Iota([rows, columns], 0, DType.Int64).Apply(), dtype) * m,
                    Sum(Where(Greater(m, row), m, 0), 1));
            });
            Agrees(program, [TensorMath.Reshape(x, rows, columns), Drawn(dtype, columns), TensorMath.Reshape(Drawn(dtype, rows), rows, 1)]);
        }
    }

    [Fact]
    public void Folds_over_any_axes_with_axes_of_one_place_anywhere()
    {
        int[] extents = [1, 2, 1, 3];
        for (var order = 0; order < 24; order++)
        {
            var (left, shape, rest) = (extents.ToList(), new int[4], order);
            for (var axis = 0; axis < 4; axis++)
            {
                shape[axis] = left[rest % left.Count];
                rest /= left.Count;
                left.Remove(shape[axis]);
            }
            var program = Trace.Of("Test", Seq1(new TensorType(DType.Float64, [.. shape])), inputs => Enumerable.Range(1, 15).Select(set => Enumerable.Range(0, 4).Where(axis => (set >> axis & 1) == 1).ToArray())
                .SelectMany(axes => (Tensor[])[Sum(inputs[0] * inputs[0], axes), Max(inputs[0], axes), Sum(Flip(inputs[0], 3), axes)]).ToSeq().Strict());
            Agrees(program, [TensorMath.Reshape(Drawn(DType.Float64, 6), shape)]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(9)]
    public void Columns_side_by_side(int count)
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.Bool])
            foreach (var size in (int[])[0, 1, 2, 3, 15, 16, 17, 35, 1000, 40001])
            {
                // Columns of the array itself and of its half turned round: one, two and three axes of places.
                var program = Trace.Of("Test", Seq1(new TensorType(dtype, [2, size])), inputs =>
                {
                    var x = inputs[0];
                    var columns = Enumerable.Range(0, count).Select(k => Where(Equal(x[0], x[1]), x[k % 2], Flip(x[1], 0))).ToArray();
                    return Seq(
                        Stack(columns, 1),
                        Concatenate([Stack([x[1], x[0]], 1), Stack(columns, 1), Stack([x[0]], 1)], 1),
                        Stack([.. Enumerable.Range(0, count).Select(k => Where(Equal(x, x[^1]), x[k % 2], x))], 2));
                });
                Agrees(program, [new Sampler(size, count).Tensor(dtype, [2, size])]);
            }
    }

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Every_primitive_compiled_is_itself(string primitive) => Theorem.Holds(ApplicationDraw.Any(ApplicationDraw.Kinds[primitive]), 20, draw =>
    {
        var (drawn, operands) = draw.Sample();
        var program = Trace.Of("Rule", operands.Map(operand => operand.Type), inputs => drawn.ApplyAll([.. inputs]).ToSeq());
        Agrees(program, [.. operands]);
    });

    private static void Holds(DType dtype, int size, Func<Tensor, Seq<Tensor>> function)
    {
        var program = Trace.Of("Test", Seq1(new TensorType(dtype, [size])), inputs => function(inputs[0]));
        Agrees(program, [Drawn(dtype, size)]);
        Agrees(program, [Numbers.Tensor(new(dtype, [size]), Enumerable.Range(0, size).Select(k => Special[(k * 7) % Special.Length]))]);
    }

    private static Tensor Drawn(DType dtype, int size) => new Sampler(size, 1).Tensor(new TensorType(dtype, [size]), -3, 3);

    private static void Agrees(Program program, Tensor[] inputs) => ExecutableProperties.Agrees(program, inputs.ToSeq());
}
