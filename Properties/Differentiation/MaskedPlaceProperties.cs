using FsCheck;
using FsCheck.Fluent;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Differentiation;

/// <summary>A zero that a mask makes of a cotangent stays zero, whatever the branch not taken does.</summary>
public class MaskedPlaceProperties
{
    // Both ways multiply the same factors on the places that count; views only order sums otherwise.
    private const double Exact = 1e-12;

    private const double Inf = double.PositiveInfinity;

    private static readonly Tensor Points = Tensor.From([0.0, 4.0, -1.0, 0.25, double.NaN, Inf]);

    /// <summary>A function that is right only behind its mask, where it is not constant, and what it is there.</summary>
    public static TheoryData<string> Singular => [.. Cases.Keys];

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Masked, Func<Tensor, Tensor> Safe)> Cases = new()
    {
        ["sqrt"] = (x => Where(In(x), Sqrt(x), 0), x => Where(In(x), Sqrt(Inside(x)), 0)),
        ["other branch"] = (x => Where(Not(In(x)), 0, Sqrt(x)), x => Where(In(x), Sqrt(Inside(x)), 0)),
        ["log"] = (x => Where(In(x), Log(x), 1), x => Where(In(x), Log(Inside(x)), 1)),
        ["quotient"] = (x => Where(In(x), Sin(x) / x, 1), x => Where(In(x), Sin(Inside(x)) / Inside(x), 1)),
        ["reciprocal"] = (x => Where(In(x), 2 / x, 1), x => Where(In(x), 2 / Inside(x), 1)),
        ["rsqrt"] = (x => Where(In(x), Rsqrt(x), x), x => Where(In(x), Rsqrt(Inside(x)), x)),
        ["power"] = (x => Where(In(x), Pow(x, 0.5), 0), x => Where(In(x), Pow(Inside(x), 0.5), 0)),
        ["power of itself"] = (x => Where(In(x), Pow(x, x - 1), 0), x => Where(In(x), Pow(Inside(x), Inside(x) - 1), 0)),
        ["x log y"] = (x => Where(In(x), XLogY(x + 1, x), 0), x => Where(In(x), XLogY(Inside(x) + 1, Inside(x)), 0)),
        ["chain"] = (x => Where(In(x), Exp(Log(Sqrt(x)) / x) * Cbrt(x), 0), x => Where(In(x), Exp(Log(Sqrt(Inside(x))) / Inside(x)) * Cbrt(Inside(x)), 0)),
        ["masks in masks"] = (x => Where(In(x), Where(x > 1, Sqrt(x), 1 / x), 0), x => Where(In(x), Where(x > 1, Sqrt(Inside(x)), 1 / Inside(x)), 0)),
        ["beyond a clamp"] = (x => Where(In(x), Clamp(Log(x), -5, 5), 0), x => Where(In(x), Clamp(Log(Inside(x)), -5, 5), 0)),
        ["beyond a rectifier"] = (x => Where(In(x), Relu(Log(x)), 0), x => Where(In(x), Relu(Log(Inside(x))), 0)),
        ["absolute"] = (x => Where(In(x), Abs(Log(x)), 0), x => Where(In(x), Abs(Log(Inside(x))), 0)),
        ["reversed"] = (x => Flip(Where(Flip(In(x)), Flip(Sqrt(x)), 0)), x => Where(In(x), Sqrt(Inside(x)), 0)),
        ["gathered"] = (x => Take(Where(In(x), Sqrt(x), 0), Order), x => Take(Where(In(x), Sqrt(Inside(x)), 0), Order)),
        ["before a gather"] = (x => Where(Take(In(x), Order), Take(Sqrt(x), Order), 0), x => Take(Where(In(x), Sqrt(Inside(x)), 0), Order)),
        ["before a slice and a pad"] = (x => Where(In(x)[1..], Sqrt(x)[1..], 0), x => Where(In(x), Sqrt(Inside(x)), 0)[1..]),
        ["before a broadcast"] = (x => Where(In(x), BroadcastTo(Sqrt(x), [3, 6]), 0), x => BroadcastTo(Where(In(x), Sqrt(Inside(x)), 0), [3, 6])),
        ["before a sum"] = (x => Where(In(x), Sum(Sqrt(ExpandDims(x, 1)) * Ones([6, 2]), 1), 0), x => 2 * Where(In(x), Sqrt(Inside(x)), 0)),
        ["joined"] = (x => Where(Concatenate([In(x), In(x)], 0), Concatenate([Sqrt(x), Log(x)], 0), 0), x => Concatenate([Where(In(x), Sqrt(Inside(x)), 0), Where(In(x), Log(Inside(x)), 0)], 0)),
        ["single precision between"] = (x => Where(In(x), Convert(Sqrt(Convert(x, DType.Float32)), DType.Float64), 0), x => Where(In(x), Convert(Sqrt(Convert(Inside(x), DType.Float32)), DType.Float64), 0)),
    };

    private static Tensor Order => Tensor.From([5, 0, 3, 3, 1]);

    [Theory]
    [MemberData(nameof(Singular))]
    public void What_a_mask_excludes_has_no_derivative_of_first_or_second_order(string name)
    {
        var (masked, safe) = Cases[name];
        AllAgree(masked, safe, Points, name);
    }

    [Fact]
    public void The_textbook_examples_have_their_derivatives_at_the_singular_point()
    {
        Tensor zero = 0.0;
        foreach (var f in new Func<Tensor, Tensor>[] { x => Where(x > 0, Sqrt(x), 0), x => Where(Equal(x, 0), 1, Sin(x) / x) })
        {
            Assert.Equal(0.0, (double)Grad(f)(zero));
            Assert.Equal(0.0, (double)Jvp(f)(zero, 1.0).Tangent);
            Assert.Equal(0.0, (double)Grad(Grad(f))(zero));
            Assert.Equal(0.0, (double)Hvp(f)(zero, 1.0));
            Assert.Equal(0.0, (double)Grad(x => Jvp(f)(x, 1.0).Tangent)(zero));
            Assert.Equal(0.0, (double)Grad(Grad(Grad(f)))(zero));
        }
        Assert.Equal(0.25, (double)Grad(x => Where(x > 0, Sqrt(x), 0))(4.0), Exact);
        Assert.Equal(-1.0 / 32, (double)Grad(Grad(x => Where(x > 0, Sqrt(x), 0)))(4.0), Exact);
        Assert.Equal((Math.Cos(2) / 2) - (Math.Sin(2) / 4), (double)Grad(x => Where(Equal(x, 0), 1, Sin(x) / x))(2.0), Exact);
    }

    [Fact]
    public void A_norm_under_a_mask_is_flat_at_zero()
    {
        static Tensor Norm(Tensor x)
        {
            var square = Sum(x * x);
            return Where(Equal(square, 0), 0, Sqrt(square));
        }
        var zero = Zeros([3]);
        Closeness.Same(zero, Grad(Norm)(zero), "gradient");
        Closeness.Same(Zeros([3, 3]), Hessian(Norm)(zero), "Hessian");
        var x = Tensor.From([3.0, 0, 4]);
        Closeness.Within(x / 5, Grad(Norm)(x), Exact, "gradient");
        // Row by row: a mask of rows, beyond a sum.
        static Tensor Norms(Tensor x)
        {
            var squares = Sum(x * x, 1);
            return Sum(Where(squares > 0, Sqrt(squares), 0));
        }
        var rows = Stack([x, zero], 0);
        Closeness.Within(rows / 5, Grad(Norms)(rows), Exact, "gradient of rows");
        Closeness.Within(rows / 5, Vmap(Grad(Norm))(rows), Exact, "gradients of rows");
    }

    [Fact]
    public void A_scalar_behind_masked_places_gathers_only_the_others()
    {
        var mask = Tensor.From([true, false, true]);
        var factors = Tensor.From([2.0, Inf, 3]);
        Assert.Equal(5.0, (double)Grad(s => Sum(Where(mask, s * factors, 0)))(1.0));
        Assert.Equal(5.0, (double)Grad(s => Sum(Where(mask, s / (1 / factors), 0)))(1.0), Exact);
        // No place is chosen: the scalar's own rule is masked as well.
        Assert.Equal(0.0, (double)Grad(s => Sum(Where(Tensor.From([false, false]), Sqrt(s) * Tensor.From([1.0, 2]), 0)))(0.0));
        Assert.Equal(0.0, (double)Grad(Grad(s => Sum(Where(Tensor.From([false, false]), Sqrt(s) * Tensor.From([1.0, 2]), 0))))(0.0));
        // One mask for all places.
        Closeness.Same(Zeros([2]), Grad(x => Sum(Where(Tensor.From([false])[0], Sqrt(x), 0)))(Zeros([2])), "scalar mask");
    }

    [Fact]
    public void A_mask_reaches_into_programs_that_are_carried()
    {
        Func<Tensor, Tensor> safe = x => Where(In(x), Sqrt(Inside(x)) * Inside(x), 0);
        var carried = new Dictionary<string, Func<Tensor, Tensor>>
        {
            ["checkpoint"] = x => Where(In(x), Checkpoint(y => Sqrt(y) * y)(x), 0),
            ["branch"] = x => Where(In(x), Cond(true, x, y => Sqrt(y) * y, y => y), 0),
            ["map"] = x => Where(In(x), Map(y => Sqrt(y) * y, x), 0),
            ["batch"] = x => Where(In(x), Vmap((Tensor y) => Sqrt(y) * y)(x), 0),
            ["mask in a map"] = x => Map(y => Where(In(y), Sqrt(y) * y, 0), x),
            ["mask in a batch"] = x => Vmap((Tensor y) => Where(In(y), Sqrt(y) * y, 0))(x),
            ["mask in a checkpoint"] = Checkpoint(x => Where(In(x), Sqrt(x) * x, 0)),
            ["mask in a branch"] = x => Cond(true, x, y => Where(In(y), Sqrt(y) * y, 0), y => y),
        };
        foreach (var (name, masked) in carried) AllAgree(masked, safe, Points, name);
    }

    [Fact]
    public void The_largest_of_many_takes_no_derivative_from_the_others()
    {
        var x = Tensor.From([0.0, 4, 1]);
        Closeness.Within(Tensor.From([0.0, 0.25, 0]), Grad(x => Max(Sqrt(x)))(x), Exact, "Max");
        Closeness.Within(Tensor.From([0.0, 0.25, 0.5]), Grad(x => Sum(Relu(Sqrt(x))))(x), Exact, "Relu");
        Closeness.Within(Tensor.From([0.0, 0.25, 0]), Grad(x => Sum(Clamp(Log(x), 0.1, 9)))(x), Exact, "Clamp");
        Closeness.Within(Tensor.From([0.0, 0.25, 0]), Grad(x => Sum(Maximum(Log(x), 0.1)))(x), Exact, "Maximum");
        Closeness.Within(Tensor.From([0.0, 0.25, 0]), Jvp((Tensor x) => Maximum(Log(x), 0.1))(x, Ones([3])).Tangent, Exact, "Maximum forward");
        Closeness.Within(Tensor.From([0.0, -0.25, 0]), Grad(x => Sum(Minimum(-0.1, -Log(x))))(x), Exact, "Minimum");
    }

    [Fact]
    public void Entries_of_minus_infinity_have_no_weight_in_a_sum_of_exponentials()
    {
        var x = Tensor.From([-Inf, 0, 0]);
        Closeness.Within(Tensor.From([0.0, 0.5, 0.5]), Grad(x => LogSumExp(x))(x), Exact, "gradient");
        Closeness.Within(Tensor.From([0.0, 0.5, 0.5]), Grad(x => LogSumExp(Where(Tensor.From([false, true, true]), Log(x), -Inf)))(Tensor.From([0.0, 1, 1])), Exact, "logarithms");
        Closeness.Same(Zeros([2]), Grad(x => LogSumExp(x))(Tensor.From([-Inf, -Inf])), "none");
    }

    [Fact]
    public void A_NaN_that_is_the_truth_stays()
    {
        Tensor zero = 0.0;
        Assert.Equal(double.NaN, (double)Grad(x => Sqrt(x) * 0.0)(zero));
        Assert.Equal(double.NaN, (double)Grad(x => Sqrt(x) * Sqrt(x))(zero));
        Assert.Equal(Inf, (double)Grad(x => Where(x > -1, Sqrt(x), 0))(zero));
        Assert.Equal(double.NaN, (double)Grad(x => Where(x > -1, Sqrt(x) * 0.0, 0))(zero));
        Assert.Equal(double.NaN, (double)Grad(x => Where(x > -1, Sqrt(x) * Sqrt(x), 0))(zero));
        // What both branches share is chosen either way.
        Assert.Equal(double.NaN, (double)Grad(x => { var root = Sqrt(x); return Where(x > 0, root, root * 0.0); })(zero));
        Closeness.Same(Tensor.From([double.NaN, 0]), Grad(x => Sum(Where(Tensor.From([true, false]), Sqrt(x) * 0.0, 0)))(Zeros([2])), "one of two");
    }

    [Fact]
    public void A_chain_of_factors_is_masked_once()
    {
        var transposed = Trace((Tensor x) => Where(x > 0, Log(Sqrt(Cbrt(x))), 0))(Ones([3])).Linearize().Linear.Transpose(1).Simplify();
        Assert.Equal(2, transposed.Equations.Count(equation => equation.Primitive.Name == "select"));
        // Literal factors are finite.
        Assert.Single(Trace((Tensor x) => Where(x > 0, 3 * x / 2, 0))(Ones([3])).Linearize().Linear.Transpose(1).Simplify().Equations, equation => equation.Primitive.Name == "select");
    }

    [Fact]
    public void A_long_chain_of_masks_is_followed_to_its_end()
    {
        var mask = Tensor.From([false, true]);
        Closeness.Same(
            Tensor.From([0.5, 0]),
            Grad(x => Sum(Enumerable.Range(0, 3000).Aggregate(Sqrt(x), (first, _) => Flip(Where(mask, Flip(first), 0)))))(Tensor.From([1.0, 0])),
            "gradient");
    }

    [Fact]
    public void A_mask_in_front_of_what_is_singular_elsewhere_is_the_same_as_two() => Theorem.Holds(Draws, 150, draw =>
    {
        var (seed, steps) = draw;
        var x = Input(seed);
        AllAgree(y => Masked(y, seed, steps, false), y => Masked(y, seed, steps, true), x, $"seed {seed}, {steps} steps");
        return HasNaN(Grad(y => Sum(Drawn(y, seed, steps, false).Value))(x)) && !HasNaN(Grad(y => Sum(Masked(y, seed, steps, true)))(x));
    },
    0.5);

    private static bool HasNaN(Tensor x) => (bool)Any(IsNaN(x));

    private static Arbitrary<(int Seed, int Steps)> Draws => Arb.From(
        Gen.Choose(0, int.MaxValue - 1).Zip(Gen.Choose(1, 8), (seed, steps) => (seed, steps)),
        draw => Enumerable.Range(1, draw.Item2 - 1).Select(steps => (draw.Item1, steps)));

    // What is positive stays positive, and is not far from 1; the others may become anything.
    private static readonly Func<Tensor, Tensor>[] Unary =
    [
        Sqrt, Rsqrt, Cbrt, x => 1 / x, x => 4 + Log(x), x => Pow(x, 1.5), x => Pow(x, -0.5), x => Pow(1.5, Log(x)), x => Sqrt(x) * 0.5,
        x => 4 + XLogY(x, x), x => x / (x + 1), x => Exp(-1 / x), x => Sqrt(x * x), x => Hypot(x, Sqrt(x)),
    ];

    private static readonly Func<Tensor, Tensor, Tensor>[] Binary = [(x, y) => x * y, (x, y) => x / y, (x, y) => x + y, (x, y) => Pow(x, y / 4), (x, y) => Atan2(x, y), (x, y) => x + Sqrt(y)];

    private static Tensor Input(int seed)
    {
        var sampler = new Sampler(seed, 4);
        double[] singular = [0, -1, double.NaN, Inf];
        return sampler.Tensor(new(DType.Float64, [sampler.Integer(2, 3), sampler.Integer(2, 4)]), () => sampler.Flip() ? sampler.Choose(singular) : sampler.Real(0.5, 2));
    }

    // Elementwise rules and views in turn; the mask goes through the same views as the values that it excludes.
    private static (Tensor Mask, Tensor Value) Drawn(Tensor x, int seed, int steps, bool safe)
    {
        var sampler = new Sampler(seed + 1, 4);
        var mask = And(In(x), sampler.Tensor(new(DType.Bool, x.Shape), () => sampler.Real(-1, 3)));
        var values = new List<Tensor> { safe ? Where(mask, x, 1) : x };
        for (var step = 0; step < steps; step++)
        {
            var last = values[^1];
            switch (sampler.Integer(0, 5))
            {
                case < 3:
                    values.Add(sampler.Choose(Unary)(last));
                    break;
                case 3:
                    values.Add(sampler.Choose(Binary)(last, sampler.Choose(values.ToArray())));
                    break;
                case 4:
                    values.Add(Where(sampler.Flip() ? last > 1 : mask, last, sampler.Choose(Unary)(last)));
                    break;
                default:
                    var view = View(sampler, last.Shape);
                    (mask, values) = (view(mask), [.. values.Select(view)]);
                    break;
            }
        }
        return (mask, values[^1]);
    }

    private static Tensor Masked(Tensor x, int seed, int steps, bool safe)
    {
        var (mask, value) = Drawn(x, seed, steps, safe);
        var chosen = seed % 2 == 0 ? Where(mask, value, 0.5) : Where(Not(mask), 0.5, value);
        return Sin(chosen) * chosen;
    }

    private static Func<Tensor, Tensor> View(Sampler sampler, Shape shape)
    {
        var axis = sampler.Integer(0, shape.Rank - 1);
        var order = sampler.Permutation(shape.Rank).ToArray();
        var places = Tensor.From([0, shape[0] - 1, 0]);
        return sampler.Integer(0, 5) switch
        {
            0 => x => Reshape(x, [shape.Size]),
            1 => x => Transpose(x, order),
            2 => x => Flip(x, axis),
            3 when shape.Size < 40 => x => BroadcastTo(ExpandDims(x, 0), shape.Insert(0, 2)),
            4 => x => Take(x, places),
            _ when shape[0] > 1 => x => x[1..],
            _ => x => Concatenate([x, x], 0),
        };
    }

    private static Tensor In(Tensor x) => And(x > 0, x < 100);

    private static Tensor Inside(Tensor x) => Where(In(x), x, 1);

    private static void AllAgree(Func<Tensor, Tensor> masked, Func<Tensor, Tensor> safe, Tensor x, string what)
    {
        var v = Cos(Reshape(Arange(x.Size), [.. x.Shape]) * 1.3);
        foreach (var (name, derivative) in Derivatives)
            Closeness.Within(derivative(safe, x, v), derivative(masked, x, v), Exact, $"{what}: {name}");
    }

    private static readonly (string Name, Func<Func<Tensor, Tensor>, Tensor, Tensor, Tensor> Of)[] Derivatives =
    [
        ("value", (f, x, v) => f(x)),
        ("gradient", (f, x, v) => Grad(Weighed(f))(x)),
        ("tangent", (f, x, v) => Jvp(f)(x, v).Tangent),
        ("Jacobian in reverse", (f, x, v) => Jacobian(f, JacobianMode.Reverse)(x)),
        ("Jacobian forward", (f, x, v) => Jacobian(f, JacobianMode.Forward)(x)),
        ("forward over reverse", (f, x, v) => Hvp(Weighed(f))(x, v)),
        ("reverse over reverse", (f, x, v) => Grad(y => Sum(Grad(Weighed(f))(y) * v))(x)),
        ("reverse over forward", (f, x, v) => Grad(y => Weighed(z => Jvp(f)(z, v).Tangent)(y))(x)),
        ("forward over forward", (f, x, v) => Jvp((Tensor y) => Jvp(f)(y, v).Tangent)(x, v).Tangent),
        ("Hessian", (f, x, v) => Hessian(Weighed(f))(x)),
        ("gradient of each of a batch", (f, x, v) => Vmap(Grad(Weighed(f)))(Stack([x, x * 1.1], 0))),
        ("gradient of a batch", (f, x, v) => Grad(y => Sum(Vmap(Weighed(f))(y)))(Stack([x, x * 1.1], 0))),
        ("transposed program", (f, x, v) =>
        {
            var split = Trace(Weighed(f))(x).Linearize();
            return split.Linear.Transpose(1).Evaluate([1.0, .. split.Primal.Evaluate(x).Skip(1)])[0];
        }),
    ];

    // Every element of the result counts, each in its own way.
    private static Func<Tensor, Tensor> Weighed(Func<Tensor, Tensor> f) => x =>
    {
        var y = f(x);
        return Sum(y * (1.5 + Sin(Reshape(Convert(Arange(y.Size), DType.Float64), [.. y.Shape]))));
    };
}
