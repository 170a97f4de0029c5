using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using Numerics = System.Numerics.Tensors;

namespace Functional.Properties.Tensors;

/// <summary>Tensors from and to .NET's arrays, tensors and numbers; equality.</summary>
public class ConversionProperties
{
    private static readonly Arbitrary<int> Seeds = Arb.From(Gen.Choose(0, int.MaxValue - 1));

    [Fact]
    public void Arrays_of_each_rank_come_back_as_they_went_in()
    {
        Assert.Equal(2.5, (double)Tensor.From(2.5));
        Array[] arrays =
        [
            new[] { 1.0, 2, 3 },
            new[,] { { 1f, 2f }, { 3f, 4f }, { 5f, 6f } },
            new[, ,] { { { 1 }, { 2 } }, { { 3 }, { 4 } } },
            new[, , ,] { { { { 1L, 2 } }, { { 3, 4 } } } },
            new[,] { { true, false } },
            System.Array.Empty<double>(),
            new int[2, 0, 3],
        ];
        foreach (var array in arrays)
        {
            var tensor = Tensor.From(array);
            Assert.Equal(Enumerable.Range(0, array.Rank).Select(array.GetLength), tensor.Shape);
            Assert.Equal(array, Back(tensor, array));
            Assert.NotSame(array, Back(tensor, array));
        }
    }

    [Fact]
    public void Typed_arrays_keep_their_shape()
    {
        double[,] matrix = { { 1, 2, 3 }, { 4, 5, 6 } };
        Assert.Equal("f64[2,3]", Tensor.From(matrix).Type.ToString());
        Assert.Equal(matrix, Tensor.From(matrix).To<double[,]>());
        Assert.Equal([1.0, 2, 3, 4, 5, 6], Tensor.From(matrix).ToArray<double>());
        Assert.Equal([1.0, 2, 3, 4, 5, 6], Tensor.From(matrix).AsSpan<double>().ToArray());
        Assert.Equal("i64[1,2,1]", Tensor.From(new[, ,] { { { 1L }, { 2L } } }).Type.ToString());
    }

    [Fact]
    public void Elements_fill_a_shape_row_by_row() => Theorem.Holds(Seeds, 60, seed =>
    {
        var sampler = new Sampler(seed, 4);
        var tensor = sampler.Tensor(DType.Float64, sampler.Shape());
        Assert.Equal(tensor, Tensor.From(tensor.ToArray<double>(), tensor.Shape));
        Assert.Equal(tensor, Tensor.From(tensor.AsSpan<double>(), tensor.Shape));
    });

    [Fact]
    public void Tensors_of_System_Numerics_come_back_as_they_went_in() => Theorem.Holds(Seeds, 60, seed =>
    {
        var sampler = new Sampler(seed, 4);
        var tensor = sampler.Tensor(DType.Float32, sampler.Shape(lowestRank: 1));
        var numerics = tensor.ToTensor<float>();
        Assert.Equal(tensor.Shape, numerics.Lengths.ToArray().Select(extent => (int)extent));
        Assert.Equal(tensor, Tensor.From(numerics));
    });

    [Fact]
    public void A_scalar_is_a_tensor_of_System_Numerics_of_one_element()
    {
        Assert.Equal(2.5, Tensor.From(2.5).ToTensor<double>().Single());
        Assert.Equal("f64[0]", Tensor.From(Numerics.Tensor<double>.Empty).Type.ToString());
    }

    [Fact]
    public void A_view_of_System_Numerics_is_copied_in_its_own_order()
    {
        var numerics = Numerics.Tensor.Create<double>([1, 2, 3, 4, 5, 6], [2, 3]);
        var transposed = Tensor.From(Numerics.Tensor.PermuteDimensions(numerics, [1, 0]));
        Assert.Equal(new double[,] { { 1, 4 }, { 2, 5 }, { 3, 6 } }, transposed.To<double[,]>());
        var column = Tensor.From(numerics.Slice(NRange.All, new NRange(1, 2)));
        Assert.Equal(new double[,] { { 2 }, { 5 } }, column.To<double[,]>());
    }

    [Fact]
    public void An_array_of_another_rank_or_type_says_what_fits()
    {
        var matrix = Zeros([2, 3]);
        Says<ShapeException>("Tensor.To: f64[2,3] does not fit Double[]; expected an array type of rank 2.", () => matrix.To<double[]>());
        Says<ShapeException>("Tensor.To: f64[2,3] does not fit String; expected an array type of rank 2.", () => matrix.To<string>());
        Says<DTypeException>("Tensor.To: f64[2,3] does not fit Single[,]; the elements are f64. Convert the tensor first.", () => matrix.To<float[,]>());
        Says<DTypeException>("Tensor: the elements of f64[2,3] are not Int32. Ask for f64, or convert the tensor first.", () => matrix.ToArray<int>());
        Says<DTypeException>("Tensor: the elements of f64[2,3] are not Single. Ask for f64, or convert the tensor first.", () => matrix.ToTensor<float>());
        Says<DTypeException>("Tensor.From: elements of type UInt32 are not supported. Use bool, int, long, float or double; an array of arrays goes in as T[,], or row by row through Stack.", () => Tensor.From([1u]));
        Says<DTypeException>("Tensor.From: elements of type Double[] are not supported. Use bool, int, long, float or double; an array of arrays goes in as T[,], or row by row through Stack.", () => Tensor.From(new double[][] { [1] }));
    }

    [Fact]
    public void Tensors_are_equal_when_types_and_bits_are()
    {
        Assert.Equal(Tensor.From([1.0, double.NaN]), Tensor.From([1.0, double.NaN]));
        Assert.Equal(Tensor.From([1.0, 2]).GetHashCode(), Tensor.From([1.0, 2]).GetHashCode());
        Assert.NotEqual(Tensor.From(0.0), Tensor.From(-0.0));
        Assert.NotEqual(Tensor.From(1.0), Tensor.From(1f));
        Assert.NotEqual(Tensor.From(1), Tensor.From(1L));
        Assert.NotEqual(Zeros([2, 3]), Zeros([3, 2]));
        Assert.Equal((Tensor)2.0, Tensor.From(2.0));
        Assert.False(Tensor.From(1.0).Equals(null));
    }

    [Fact]
    public void Numbers_come_back_from_tensors_of_one_element()
    {
        Assert.Equal(2.75, (double)Tensor.From(new[,] { { 2.75 } }));
        Assert.Equal(2.75f, (float)Tensor.From(2.75));
        Assert.Equal(3.0, (double)Tensor.From(3));
        Assert.Equal(1.0, (double)Tensor.From(true));
        Assert.Equal([2, -2], [(int)Tensor.From(2.75), (int)Tensor.From(-2.75)]);
        Assert.Equal(long.MaxValue, (long)Tensor.From(long.MaxValue));
        Assert.Equal(1L << 40, (long)Tensor.From((double)(1L << 40)));
        Assert.Equal([true, false, true], [(bool)Tensor.From(-0.5), (bool)Tensor.From(0), (bool)Tensor.From(true)]);
    }

    [Fact]
    public void Many_elements_or_none_are_no_number()
    {
        Says<ShapeException>("(int): needs a tensor with one element, given f64[0]. Index it, or reduce it with Sum, Mean or All.", () => (int)Zeros([0]));
        Says<ShapeException>("(bool): needs a tensor with one element, given f64[2]. Index it, or reduce it with Sum, Mean or All.", () => (bool)Zeros([2]));
        Says<ShapeException>("(float): needs a tensor with one element, given f64[1,2]. Index it, or reduce it with Sum, Mean or All.", () => (float)Zeros([1, 2]));
    }

    [Fact]
    public void An_integer_too_large_overflows() => Assert.Throws<OverflowException>(() => (int)Tensor.From(1L << 40));

    private static Array Back(Tensor tensor, Array like) => like switch
    {
        double[] => tensor.To<double[]>(),
        float[,] => tensor.To<float[,]>(),
        int[,,] => tensor.To<int[,,]>(),
        long[,,,] => tensor.To<long[,,,]>(),
        _ => tensor.To<bool[,]>(),
    };

    private static void Says<TException>(string message, Func<object> wrong)
        where TException : Exception => Assert.Equal(message, Assert.Throws<TException>(wrong).Message);
}
