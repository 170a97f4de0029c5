using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.ControlFlow;

/// <summary>Drawn functions whose branches and loops stand in one another, against the same functions written for the host.</summary>
public class NestProperties
{
    // Half of the digits of f32, through some dozens of steps.
    private const double Single = 1e-3;

    [Fact]
    public void Values_are_those_of_the_host_bit_for_bit() => Theorem.Holds(NestDraw.Any(3), 60, draw =>
    {
        foreach (var x in (Tensor[])[Derived.X, Derived.V, Convert(Derived.X, DType.Float32)])
            Closeness.Same(draw.Function(Flow.Host)(x), draw.Function(Flow.Structured)(x), $"at {x.Type}");
    });

    [Fact]
    public void Every_transform_is_that_of_the_host() => Theorem.Holds(NestDraw.Any(2), 12, draw =>
        Derived.Agree(draw.Function(Flow.Host), draw.Function(Flow.Structured), onHost: true));

    [Fact]
    public void Deep_nests_have_the_first_derivatives_of_the_host() => Theorem.Holds(NestDraw.Any(3), 8, draw =>
        Derived.AgreeOnce(draw.Function(Flow.Host), draw.Function(Flow.Structured)));

    [Fact]
    public void Derivatives_in_f32_are_of_f32() => Theorem.Holds(NestDraw.Any(2), 20, draw =>
    {
        Tensor x = Convert(Derived.X, DType.Float32), v = Convert(Derived.V, DType.Float32);
        var (host, structured) = (draw.Function(Flow.Host), draw.Function(Flow.Structured));
        Closeness.Within(Jvp(host)(x, v).Tangent, Jvp(structured)(x, v).Tangent, Single, "Jvp");
        Closeness.Within(Vjp(host)(x).Pullback(v), Vjp(structured)(x).Pullback(v), Single, "Vjp");
        Closeness.Within(Vmap(structured)(Stack([x, v]))[1], host(v), Single, "Vmap");
    });
}
