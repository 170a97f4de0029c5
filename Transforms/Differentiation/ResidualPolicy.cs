namespace Functional;

/// <summary>What reverse mode keeps between the way forward and the way back; the rest is computed again.</summary>
public abstract record ResidualPolicy
{
    private ResidualPolicy()
    {
    }

    /// <summary>Every value that the linear part reads: nothing is computed again.</summary>
    public static ResidualPolicy Everything { get; } = new Choice("everything");

    /// <summary>The fewest bytes from which the rest follows by cheap elementwise work and changes of shape, each value at most once.</summary>
    public static ResidualPolicy MinimumCut { get; } = new Choice("minimum cut");

    /// <summary>Results of contractions (matrix products) and arguments.</summary>
    public static ResidualPolicy Contractions { get; } = new Choice("contractions");

    /// <summary>Arguments alone.</summary>
    public static ResidualPolicy Nothing { get; } = new Choice("nothing");

    /// <summary>Values named by <see cref="TensorMath.Named"/>, and arguments.</summary>
    public static ResidualPolicy Named(params ReadOnlySpan<string> names) => new Names(names.ToArray().ToSeq().Strict());

    private sealed record Choice(string Word) : ResidualPolicy
    {
        public override string ToString() => Word;
    }

    internal sealed record Names(Seq<string> Kept) : ResidualPolicy
    {
        public override string ToString() => $"named {string.Join(", ", Kept)}";
    }
}
