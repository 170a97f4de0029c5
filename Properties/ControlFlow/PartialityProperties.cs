using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.ControlFlow;

/// <summary>What a branch not taken, or a step not made, would fail at fails nowhere: not for a member of a batch, not in a derivative.</summary>
public class PartialityProperties
{
    private const double Rounded = 1e-12;

    private static readonly Tensor Table = Tensor.From([1.5, -2.0, 0.5, 3.0]);

    private static readonly Tensor Places = Tensor.From([2, 7, 0, 4, -9]);

    private static readonly Tensor X = Tensor.From([0.3, -0.7, 1.1, 0.9, -0.2]);

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Guarded = new()
    {
        ["an index"] = (i, x) => Cond(And(i >= 0, i < 4), (i, x), p => Take(Table, p.i) * Sin(p.x), p => p.x * p.x),
        ["an index in the other branch"] = (i, x) => Cond(Or(i < 0, i > 3), (i, x), p => p.x * p.x, p => Take(Table, p.i) * Sin(p.x)),
        ["a divisor"] = (i, x) => Cond(Equal(i, 0), (i, x), p => p.x, p => p.x * Convert(20 / p.i, DType.Float64)),
        ["an index in a loop"] = (i, x) => While(s => And(s.At >= 0, s.At < 4), s => (At: s.At + 1, Sum: (s.Sum * x) + Take(Table, s.At)), (At: i, Sum: x)).Sum,
        ["an end"] = (i, x) => Cond(i > 0, (i, x), p => While(s => NotEqual(s.i, 0), s => (i: s.i - 1, x: Sin(s.x)), p, limit: 50).x, p => Cos(p.x)),
        ["a branch in a loop"] = (i, x) => Scan((c, row) => (Cond(row < 4, (row, c), p => Take(Table, p.row) + Sin(p.c * x), p => p.c), c), x, Abs(i) + Arange(3)).Carry,
        ["a remainder in a loop in a loop"] = (i, x) => For(0, 3, (_, c) => While(s => s.Left > 0, s => (Left: s.Left - 1 - (5 % s.Left), Value: Sin(s.Value)), (Left: i, Value: c)).Value, x),
    };

    public static TheoryData<string> Kinds() => new(Guarded.Keys);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_guarded_fails_for_no_member_of_a_batch(string kind)
    {
        var f = Guarded[kind];
        Tensor EachOf(Func<Tensor, Tensor, Tensor> of) => Stack([.. Enumerable.Range(0, X.Size).Select(member => of(Places[member], X[member]))]);
        var grad = Grad((Tensor x, Tensor i) => f(i, x));
        Closeness.Within(EachOf(f), Vmap(f)(Places, X), Rounded, "values");
        Closeness.Within(EachOf((i, x) => grad(x, i)), Vmap((Tensor i, Tensor x) => grad(x, i))(Places, X), Rounded, "Vmap of Grad");
        Closeness.Within(EachOf((i, x) => grad(x, i)), Grad(x => Sum(Vmap(f)(Places, x)))(X), Rounded, "Grad of Vmap");
        Closeness.Within(EachOf((i, x) => Jvp((Tensor y) => f(i, y))(x, 1.0).Tangent), Jvp((Tensor x) => Vmap(f)(Places, x))(X, Ones([5])).Tangent, Rounded, "Jvp of Vmap");
        Closeness.Within(EachOf((i, x) => Grad((Tensor y) => grad(y, i))(x)), Vmap((Tensor i, Tensor x) => Grad((Tensor y) => grad(y, i))(x))(Places, X), Rounded, "Vmap of Grad of Grad");
        var program = Trace((Tensor i, Tensor x) => Vmap(f)(i, x))(Places, X).Simplify();
        Closeness.Within(EachOf(f), program.Evaluate(Places, X)[0], Rounded, "simplified");
        foreach (var member in Enumerable.Range(0, X.Size))
        {
            // All members alike: one side of each decision is taken by none.
            var alike = Take(Places, Full([3], member, DType.Int32));
            Closeness.Within(Stack([.. Enumerable.Repeat(f(Places[member], X[member]), 3)]), Vmap(f)(alike, Take(X, Full([3], member, DType.Int32))), Rounded, "members that agree");
        }
    }

    [Fact]
    public void A_batch_of_no_members_decides_nothing()
    {
        foreach (var f in Guarded.Values) Assert.Equal(new TensorType(DType.Float64, [0]), Vmap(f)(Zeros([0], DType.Int32), Zeros([0])).Type);
    }
}
