namespace Functional.Properties.Structures;

public enum Mode
{
    Slow,
    Fast,
}

public sealed record Linear(Tensor Weights, Tensor Bias);

public sealed record Network(Seq<Linear> Layers, Tensor Scale, string Name, int Steps, Mode Mode, Func<Tensor, Tensor> Activation);

public record Shape2(Tensor Center)
{
    public string Label { get; init; } = "none";
}

public sealed record Circle(Tensor Center, Tensor Radius) : Shape2(Center)
{
    public Tensor Twice { get; } = Radius;
}

public abstract record Model
{
    public sealed record Constant(Tensor Value) : Model;

    public sealed record Sum(Model Left, Model Right) : Model;
}

public sealed record Tree(Tensor Value, Tree? Left, Tree? Right);

public sealed record Settable
{
    public required Tensor W { get; init; }

    public double Rate { get; set; } = 0.5;

    internal Tensor? Hidden { get; init; }

    public Tensor Computed => W;
}

public readonly record struct Point(Tensor X, Tensor Y);

public sealed record Params<T>(T W, T B);

public sealed record Holder(object Anything, IReadOnlyList<Tensor> Items, (Tensor, int)? Maybe, double[] Grid, Point At);

public sealed record Fields10(Tensor A, Tensor B, Tensor C, Tensor D, Tensor E, Tensor F, Tensor G, Tensor H, Tensor I, Tensor J);

public sealed record Annotated(Tensor W, double Rate, string Name);

public sealed class Plain
{
    public Tensor W { get; set; } = 1.0;
}

public sealed record OfPlain(Tensor A, Plain P);

public sealed record Unbuildable
{
    private readonly Tensor hidden;

    public Unbuildable(double start) => hidden = start;

    public Tensor Value => hidden;
}

public struct PlainStruct
{
    public Tensor W { get; set; }
}

public sealed class Settings
{
    public int Count { get; set; }
}
