using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Tensors;

/// <summary>Which type operands meet in: literals give way, the wider float wins, integers become the float.</summary>
public class PromotionProperties
{
    private static readonly DType[] Types = [DType.Bool, DType.Int32, DType.Int64, DType.Float32, DType.Float64];

    // Rows and columns in the order of the types.
    private static readonly string[] Meet =
    [
        "bool i32 i64 f32 f64",
        "i32  i32 i64 f32 f64",
        "i64  i64 i64 f32 f64",
        "f32  f32 f32 f32 f64",
        "f64  f64 f64 f64 f64",
    ];

    // A literal of each C# type beside tensors of each type.
    private static readonly (Tensor Literal, string Meet)[] Literals =
    [
        (true, "bool i32 i64 f32 f64"),
        (2, "i32 i32 i64 f32 f64"),
        (2L, "i64 i32 i64 f32 f64"),
        (2f, "f64 f64 f64 f32 f64"),
        (2.0, "f64 f64 f64 f32 f64"),
    ];

    [Fact]
    public void Two_tensors_meet_in_the_later_of_bool_i32_i64_f32_f64()
    {
        foreach (var (left, row) in Types.Zip(Meet))
            foreach (var (right, common) in Types.Zip(Names(row)))
            {
                var (x, y) = (Numbers.Tensor(new(left, [2]), [1, 1]), Numbers.Tensor(new(right, [2]), [1, 1]));
                Assert.Equal($"{common}[2]", Where(Tensor.From([true, false]), x, y).Type.ToString());
                if (common != "bool") AllOperators(x, y, common);
            }
    }

    [Fact]
    public void A_literal_takes_the_type_of_the_tensor_unless_it_is_of_a_wider_kind()
    {
        foreach (var (literal, row) in Literals)
            foreach (var (dtype, common) in Types.Zip(Names(row)))
                if (common != "bool")
                    AllOperators(Numbers.Tensor(new(dtype, [2]), [1, 1]), literal, common);
    }

    [Fact]
    public void Promotion_while_tracing_is_promotion_of_values()
    {
        foreach (var left in Types)
            foreach (var right in Types)
            {
                if ((left, right) == (DType.Bool, DType.Bool)) continue;
                var (x, y) = (Numbers.Tensor(new(left, [2]), [1, 0]), Numbers.Tensor(new(right, [2]), [1, 1]));
                var program = Trace((Tensor a, Tensor b) => a * b)(x, y);
                Assert.Equal(x * y, program.Evaluate(x, y)[0]);
            }
    }

    [Fact]
    public void A_tensor_of_rank_0_is_no_literal() =>
        Assert.Equal("f64[2]", (Tensor.From([1f, 2f]) * Tensor.From(2.0)).Type.ToString());

    [Fact]
    public void A_literal_is_rounded_to_the_type_it_takes() =>
        Assert.Equal(0.1f * 0.1f, (float)(Tensor.From(0.1f) * 0.1));

    [Fact]
    public void Truth_values_have_no_arithmetic()
    {
        var truth = Tensor.From([true, false]);
        Assert.Equal(
            "add: takes numbers, given bool[2]. Convert it, or use And, Or and Xor.",
            Assert.Throws<DTypeException>(() => truth + truth).Message);
    }

    [Fact]
    public void Truth_counts_as_one_beside_a_number() =>
        Assert.Equal(Tensor.From([3, 2]), Tensor.From([true, false]) + 2);

    [Fact]
    public void Comparisons_promote_and_give_truth() =>
        Assert.Equal(Tensor.From([false, true]), Tensor.From([1, 2]) > 1.5);

    [Fact]
    public void Operators_are_their_functions()
    {
        var (x, y) = (Tensor.From([1.5, -2, 7]), Tensor.From([2.0, 3, -4]));
        Assert.Equal(Add(x, y), x + y);
        Assert.Equal(Subtract(x, y), x - y);
        Assert.Equal(Multiply(x, y), x * y);
        Assert.Equal(Divide(x, y), x / y);
        Assert.Equal(Remainder(x, y), x % y);
        Assert.Equal(Negate(x), -x);
        Assert.Equal(Less(x, y), x < y);
        Assert.Equal(LessEqual(x, y), x <= y);
        Assert.Equal(Greater(x, y), x > y);
        Assert.Equal(GreaterEqual(x, y), x >= y);
    }

    private static void AllOperators(Tensor x, Tensor y, string common)
    {
        Tensor[] results = [x + y, y + x, x - y, y * x, x / y, y % x, Maximum(x, y)];
        Assert.All(results, result => Assert.Equal($"{common}[2]", result.Type.ToString()));
        Assert.All((Tensor[])[x < y, y >= x, Equal(x, y)], truth => Assert.Equal("bool[2]", truth.Type.ToString()));
    }

    private static string[] Names(string row) => row.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void What_is_made_of_literals_alone_is_a_literal()
    {
        var x = Tensor.From([1f, -2f]);
        Tensor half = 0.5;
        Assert.Equal(DType.Float32, (x * (half * 3.0)).DType);
        Assert.Equal(DType.Float32, (x * Sqrt(2.0)).DType);
        Assert.Equal(DType.Float32, (x * Where(x > 0, 1.0, 0.5)).DType);
        Assert.Equal(DType.Float32, Transforms.Grad(y => Sum(y * Where(y > 0, 1.0, 0.5)))(x).DType);
        Assert.Equal(DType.Float64, (x * Tensor.From(0.5)).DType);
        Assert.Equal(DType.Float64, (x * (half * Tensor.From([1.0, 2.0]))).DType);
    }

    [Fact]
    public void A_constant_that_a_program_returns_has_a_type_of_its_own() =>
        Assert.Equal(DType.Float64, (Transforms.Trace(y => 2.0)(1.0).Evaluate(1.0)[0] * Tensor.From([1f])).DType);
}
