using FsCheck.Fluent;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Differentiation;

/// <summary>
/// A cotangent that a mask has set to zero stays zero, whatever the factors behind it: gradients of masked singularities are
/// those that a user gets by masking the argument as well.
/// </summary>
public class MaskProperties
{
    // The same derivatives by longer or shorter chains.
    private const double Rounded = 1e-12;

    private static readonly Tensor X = Tensor.From([0.0, 1.0, 4.0, -2.0]);

    private static readonly Tensor V = Tensor.From([1.0, -0.5, 2.0, 0.3]);

    // Singular at 0 or not defined below it, with derivatives infinite or NaN there.
    private static readonly (string Name, Func<Tensor, Tensor> Function)[] Singular =
    [
        ("sqrt", Sqrt),
        ("log", Log),
        ("1/x", x => 1 / x),
        ("x^-1.5", x => Pow(x, -1.5)),
        ("x^0.3", x => Pow(x, 0.3)),
        ("rsqrt", x => Rsqrt(x)),
        ("x log x", x => x * Log(x)),
        ("sin x / x", x => Sin(x) / x),
        ("exp(-1/x)", x => Exp(-1 / x)),
        ("chain", x => Tanh(Log(Sqrt(x)) * 2.0) / x),
    ];

    public static TheoryData<string> Names() => new(Singular.Select(one => one.Name));

    public static TheoryData<string> Transforms() => new(Derived.Keys);

    private static readonly Dictionary<string, Func<Func<Tensor, Tensor>, Tensor>> Derived = new()
    {
        ["Grad"] = f => Grad(f)(X),
        ["Jvp"] = f => Jvp(f)(X, V).Tangent,
        ["Linearize"] = f => Linearize(f)(X).Pushforward(V),
        ["Hessian"] = f => Hessian(f)(X),
        ["Hvp"] = f => Hvp(f)(X, V),
        ["Grad of Grad"] = f => Grad(x => Sum(Grad(f)(x) * V))(X),
        ["Grad of Jvp"] = f => Grad(x => Jvp(f)(x, V).Tangent)(X),
        ["Jvp of Jvp"] = f => Jvp(x => Jvp(f)(x, V).Tangent)(X, V).Tangent,
        ["third derivative"] = f => Jvp(Grad(x => Sum(Grad(f)(x) * V)))(X, V).Tangent,
        ["Vmap of Grad"] = f => Vmap(Grad(f))(Stack([X, V])),
        ["Grad of Vmap"] = f => Grad(x => Sum(Vmap(f)(Stack([x, V]))))(X),
        ["traced"] = f => Trace(Grad(f))(X).Simplify().Evaluate(X)[0],
        ["Jacobian reverse"] = f => Jacobian(x => f(x) * V, JacobianMode.Reverse)(X),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_masked_singularity_has_the_derivatives_of_a_masked_argument(string name)
    {
        var f = Singular.Single(one => one.Name == name).Function;
        foreach (var (transform, derivative) in Derived)
        {
            var given = derivative(x => Sum(Where(x > 0, f(x), 0.0) * V));
            Closeness.Within(derivative(x => Sum(Where(x > 0, f(Where(x > 0, x, 1.0)), 0.0) * V)), given, Rounded, $"{transform} of {name}");
            Assert.True((bool)All(IsFinite(given)), $"{transform} of {name} is {given}");
        }
    }

    // The mask and what it protects lie on two sides of a carried program.
    [Theory]
    [MemberData(nameof(Transforms))]
    public void Masks_reach_into_carried_programs(string transform)
    {
        var plain = Derived[transform](x => Sum(Where(x > 0, Sqrt(Where(x > 0, x, 1.0)), 0.0) * V));
        foreach (var carried in new Func<Tensor, Tensor>[]
        {
            Checkpoint(Sqrt),
            x => Cond(Sum(V) > 0, x, Sqrt, Sqrt),
            x => Map(Sqrt, x),
            x => Scan((c, row) => (c, Sqrt(row) + c), (Tensor)0.0, x, reverse: true).Outputs,
            x => Vmap(Sqrt)(x),
        })
            Closeness.Within(plain, Derived[transform](x => Sum(Where(x > 0, carried(x), 0.0) * V)), Rounded, transform);
    }

    [Fact]
    public void The_square_root_masked_at_zero_is_flat_there()
    {
        var at = Tensor.From([0.0, 1.0, 4.0]);
        static Tensor F(Tensor x) => Sum(Where(x > 0, Sqrt(x), 0));
        Assert.Equal([0.0, 0.5, 0.25], Grad(F)(at).ToArray<double>());
        Assert.Equal([0.0, -0.25, -0.03125], Diagonal(Hessian(F)(at)).ToArray<double>());
    }

    [Fact]
    public void The_sine_over_its_argument_is_smooth_by_its_mask()
    {
        static Tensor Sinc(Tensor x) => Where(Equal(x, 0.0), 1, Sin(x) / x);
        Assert.Equal(0.0, (double)Grad(Sinc)(0.0));
        Assert.Equal((Math.Cos(2) / 2) - (Math.Sin(2) / 4), (double)Grad(Sinc)(2.0), Rounded);
    }

    [Fact]
    public void A_norm_masked_at_the_origin_has_gradient_zero_there_and_its_direction_elsewhere()
    {
        static Tensor Length(Tensor x)
        {
            var square = Sum(x * x);
            return Where(Equal(square, 0.0), 0.0, Sqrt(square));
        }
        Assert.Equal([0.0, 0.0, 0.0], Grad(Length)(Zeros([3])).ToArray<double>());
        Assert.True((bool)All(Equal(Hessian(Length)(Zeros([3])), 0.0)));
        Closeness.Within(Tensor.From([0.6, 0.8]), Grad(Length)(Tensor.From([3.0, 4.0])), Rounded, "direction");
    }

    [Fact]
    public void Where_a_NaN_is_the_truth_it_stays()
    {
        Assert.True(double.IsNaN((double)Grad(x => Sqrt(x) * 0.0)(0.0)));
        Assert.True(double.IsNaN((double)Grad(x => Sqrt(x) * Sqrt(x))(0.0)));
        Assert.True(double.IsNaN((double)Grad(x => Where(x > -1, Sqrt(x) * 0.0, 0.0))(0.0)));
        Assert.Equal(double.PositiveInfinity, (double)Grad(x => Where(x > -1, Sqrt(x), 0.0))(0.0));
        Assert.True(double.IsNaN((double)Grad(x => Where(x > 0, 1.0, Log(x)) * x)(-1.0)));
    }

    [Fact]
    public void A_gradient_without_masks_is_written_without_masks() => Theorem.Holds(ProgramDraw.Plain, 60, draw =>
    {
        static bool Selects(Program program) => program.ToString().Contains("select", StringComparison.Ordinal);
        var linear = draw.Program.Linearize().Linear;
        if (!Selects(linear)) Assert.False(Selects(linear.Transpose(draw.Inputs.Count(input => input.DType.IsFloat()))));
    });

    // A chain of singular functions and changes of shape behind a mask, against the same of an argument masked before.
    [Fact]
    public void Random_chains_behind_a_mask_have_the_derivatives_of_a_masked_argument() => Theorem.Holds(
        Arb.From(Gen.Choose(0, int.MaxValue - 1)),
        60,
        seed =>
        {
            var x = new Sampler(seed, 4).Tensor(DType.Float64, [3, 4], -2, 2);
            var masked = Where(x > 0.2, x, 0.0);
            Tensor F(Tensor at, bool twice)
            {
                var sampler = new Sampler(seed, 4);
                var value = twice ? Where(at > 0, at, 1.0) : at;
                var mask = at > 0;
                for (var step = sampler.Integer(1, 6); step > 0; step--)
                {
                    switch (sampler.Integer(0, 6))
                    {
                        case 0: (value, mask) = (Reshape(value, [value.Size]), Reshape(mask, [mask.Size])); break;
                        case 1: (value, mask) = (Transpose(value), Transpose(mask)); break;
                        case 2: (value, mask) = (Flip(value), Flip(mask)); break;
                        case 3: (value, mask) = (value[1..], mask[1..]); break;
                        case 4: (value, mask) = (Stack([value, value * value], -1), Stack([mask, mask], -1)); break;
                        default:
                            var (_, function) = sampler.Choose(Singular);
                            value = Tanh(function(value)) + 1.5;
                            break;
                    }
                    if (value.Shape[0] < 2) break;
                }
                return Sum(Where(mask, Sin(Sqrt(value)), 0.0));
            }
            var v = new Sampler(seed + 1, 4).Tensor(DType.Float64, [3, 4], -1, 1);
            Closeness.Within(Grad(y => F(y, true))(masked), Grad(y => F(y, false))(masked), 1e-9, "gradient");
            Closeness.Within(Jvp((Tensor y) => F(y, true))(masked, v).Tangent, Jvp((Tensor y) => F(y, false))(masked, v).Tangent, 1e-9, "tangent");
            Closeness.Within(Hvp(y => F(y, true))(masked, v), Hvp(y => F(y, false))(masked, v), 1e-7, "second derivative");
        });
}
