using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Simplification;

/// <summary>Each identity fires on its pattern and on nothing that looks like it; all keep every bit.</summary>
public class IdentityProperties
{
    // Where rounding, overflow, signs of zero and what is no number show.
    private static readonly double[] Special =
        [0.0, -0.0, 1, -1, 1.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon, 2.2250738585072014e-308, double.MaxValue, double.MinValue];

    private static readonly TensorType Vector = new(DType.Float64, [3]);
    private static readonly TensorType Matrix = new(DType.Float64, [2, 3]);
    private static readonly TensorType Number = new(DType.Float64, Shape.Scalar);
    private static readonly TensorType Integers = new(DType.Int32, [3]);

    public static TheoryData<string> Firing() => new(Fires.Keys);

    public static TheoryData<string> Staying() => new(Stays.Keys);

    // The function, its argument's type, and the primitives that are left.
    private static readonly Dictionary<string, (TensorType Type, Func<Tensor, Tensor> Function, string Left)> Fires = new()
    {
        ["x · 1"] = (Vector, x => x * 1.0, ""),
        ["1 · x"] = (Vector, x => 1.0 * x, ""),
        ["x · 1, a scalar"] = (Number, x => x * 1.0, ""),
        ["x / 1"] = (Vector, x => x / 1.0, ""),
        ["x + (−0)"] = (Vector, x => x + -0.0, ""),
        ["(−0) + x"] = (Vector, x => -0.0 + x, ""),
        ["x − 0"] = (Vector, x => x - 0.0, ""),
        ["n · 1"] = (Integers, x => x * 1, ""),
        ["n + 0"] = (Integers, x => x + 0, ""),
        ["0 + n"] = (Integers, x => 0 + x, ""),
        ["n − 0"] = (Integers, x => x - 0, ""),
        ["n / 1"] = (Integers, x => x / 1, ""),
        ["−(−x)"] = (Vector, x => -(-x), ""),
        ["−(−(−x))"] = (Vector, x => -(-(-x)), "neg"),
        ["convert to its own type"] = (Vector, x => new Primitives.Cast(DType.Float64).Apply(x), ""),
        ["reshape to its own shape"] = (Matrix, x => new Primitives.Reshape([2, 3]).Apply(x), ""),
        ["reshape and back"] = (Matrix, x => Reshape(Reshape(x, [6]), [2, 3]), ""),
        ["reshape of reshape"] = (Matrix, x => Reshape(Reshape(x, [6]), [3, 2]), "reshape[shape=[3,2]]"),
        ["transpose of transpose"] = (Matrix, x => Transpose(Transpose(x)), ""),
        ["an order that changes nothing"] = (Matrix, x => new Primitives.Permute(Seq(0, 1)).Apply(x), ""),
        ["broadcast to its own shape"] = (Vector, x => new Primitives.Broadcast([3], Seq1(0)).Apply(x), ""),
        ["broadcast of broadcast"] = (Vector, x => BroadcastTo(BroadcastTo(x, [2, 3]), [4, 2, 3]), "broadcast[shape=[4,2,3] axes=2]"),
        ["an array and a repeated scalar"] = (Vector, x => x * new Primitives.Broadcast([3], Seq<int>()).Apply(Sum(x)), "sum[axes=0] mul"),
        ["a repeated scalar and an array"] = (Vector, x => new Primitives.Broadcast([3], Seq<int>()).Apply(Sum(x)) - x, "sum[axes=0] sub"),
        ["an array of one element and 1"] = (new(DType.Float64, [1]), x => x * Tensor.From([1.0]), ""),
        ["an array of one element and another"] = (new(DType.Float64, [1]), x => Tensor.From([2.0]) - x, "sub"),
        ["an identity made by another"] = (Vector, x => -(-x) * 1.0 / 1.0, ""),
    };

    private static readonly Dictionary<string, (TensorType Type, Func<Tensor, Tensor> Function)> Stays = new()
    {
        ["x + 0: −0 + 0 is +0"] = (Vector, x => x + 0.0),
        ["0 + x: 0 + −0 is +0"] = (Vector, x => 0.0 + x),
        ["x − (−0): −0 − −0 is +0"] = (Vector, x => x - -0.0),
        ["0 − x: 0 − 0 is +0, −0 were it −x"] = (Vector, x => 0.0 - x),
        ["x · 0: ∞ · 0 is NaN"] = (Vector, x => x * 0.0),
        ["x · −1"] = (Vector, x => x * -1.0),
        ["x − x: ∞ − ∞ is NaN"] = (Vector, x => x - x),
        ["x / x: 0 / 0 is NaN"] = (Vector, x => x / x),
        ["1 / x"] = (Vector, x => 1.0 / x),
        ["log (exp x): exp overflows"] = (Vector, x => Log(Exp(x))),
        ["exp (log x): log of a negative number is NaN"] = (Vector, x => Exp(Log(x))),
        ["sqrt (x · x)"] = (Vector, x => Sqrt(x * x)),
        ["(x + 1) − 1"] = (Vector, x => x + 1.0 - 1.0),
        ["(x · 2) / 2: the double overflows"] = (Vector, x => x * 2.0 / 2.0),
        ["f64 through f32"] = (Vector, x => Convert(Convert(x, DType.Float32), DType.Float64)),
        ["f64 through i64"] = (Vector, x => Convert(Convert(x, DType.Int64), DType.Float64)),
        ["a reshape"] = (Matrix, x => Reshape(x, [6])),
        ["a transpose"] = (Matrix, x => Transpose(x)),
        ["a scalar times an array of ones"] = (Number, x => x * Ones([3])),
        ["a broadcast that is the result"] = (Number, x => BroadcastTo(x, [3])),
    };

    [Theory]
    [MemberData(nameof(Firing))]
    public void An_identity_fires_on_its_pattern_and_keeps_every_bit(string identity)
    {
        var (type, function, left) = Fires[identity];
        var program = Traced(type, function);
        // Two passes where a rewrite makes a pattern of another: the order of two transposes is no order.
        var simple = program.RewriteIdentities().RewriteIdentities().WithoutDeadCode();
        Assert.Equal(left, string.Join(" ", simple.Equations.Map(equation => equation.Primitive)));
        Assert.Same(simple, simple.RewriteIdentities());
        KeepsEveryBit(program, simple);
    }

    [Theory]
    [MemberData(nameof(Staying))]
    public void What_looks_like_an_identity_stays(string look)
    {
        var (type, function) = Stays[look];
        var program = Traced(type, function);
        Assert.Same(program, program.RewriteIdentities().WithoutDeadCode());
        Assert.Equal(program.Equations.Count, program.Simplify().Equations.Count);
        KeepsEveryBit(program, program.Simplify());
    }

    // A scalar beside an array of another shape is no identity, though the literal is 1.
    [Fact]
    public void A_one_that_is_an_array_stretches_its_neighbour()
    {
        var program = Trace.Of("Test", Seq1(Number), inputs => Seq1(new Primitives.Multiply().Apply(inputs[0], Ones([3]))));
        Assert.Equal("f64[3]", program.Simplify().Outputs[0].Type.ToString());
    }

    [Fact]
    public void A_chain_of_any_length_is_rewritten_in_one_pass()
    {
        const int length = 10_000;
        var program = Traced(Vector, x => Enumerable.Range(0, length).Aggregate(x, (y, i) => (i % 3) switch { 0 => y * 1.0, 1 => -y, _ => y - 0.0 }));
        var simple = program.RewriteIdentities().WithoutDeadCode();
        Assert.Equal(length, program.Equations.Count);
        Assert.True(simple.Equations.Count <= 1, $"{simple.Equations.Count} equations are left");
        Assert.Same(simple, simple.Simplify());
    }

    private static Program Traced(TensorType type, Func<Tensor, Tensor> function) => Trace.Of("Test", Seq1(type), inputs => Seq1(function(inputs[0])));

    private static void KeepsEveryBit(Program program, Program simple)
    {
        var type = program.Inputs[0].Type;
        for (var shift = 0; shift < Special.Length; shift++)
        {
            var x = type.DType.IsFloat()
                ? Numbers.Tensor(type, Enumerable.Range(shift, type.Size).Select(i => Special[i % Special.Length]))
                : Numbers.Tensor(type, [int.MinValue, shift, int.MaxValue]);
            ProgramProperties.AllSame(program.Evaluate(x), simple.Evaluate(x));
        }
    }
}
