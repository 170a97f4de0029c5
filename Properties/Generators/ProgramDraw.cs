using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Functional.Programs;

namespace Functional.Properties.Generators;

/// <summary>
/// A drawn function of 1 to 3 tensors, in as many steps as it has seeds; what a step does follows from its seed and the
/// types of the values before it. Shrinks by leaving out steps, then by smaller shapes.
/// </summary>
/// <param name="Seed">What decides inputs and outputs.</param>
/// <param name="Size">How large extents get.</param>
/// <param name="Mixed">Whether floats of 32 bits and stopped gradients come in, under which differences say nothing.</param>
/// <param name="Steps">A seed for each step.</param>
internal sealed record ProgramDraw(int Seed, int Size, bool Mixed, Seq<int> Steps)
{
    private const int MostSteps = 30;

    private Seq<Tensor>? inputs;
    private Program? program;

    /// <summary>Values for the inputs: the first of f64, later ones sometimes integers.</summary>
    internal Seq<Tensor> Inputs => inputs ??= Drawn();

    /// <summary>The function traced.</summary>
    internal Program Program => program ??= Trace.Of("Draw", Inputs.Map(input => input.Type), Function);

    /// <summary>How near the inputs bring any value to a kink.</summary>
    internal double Margin => Run(Inputs).Margin;

    /// <summary>Whether moving the inputs by the widest step of differences crosses no kink: twice the slope that values are kept under.</summary>
    internal bool IsSmooth => Margin > 16 * Differences.Step;

    /// <summary>The function itself, on values or on tracers.</summary>
    internal Seq<Tensor> Function(Seq<Tensor> arguments)
    {
        var values = Run(arguments).Values;
        var sampler = new Sampler(Seed, Size);
        var last = Seq1(values[^1].Tensor);
        return sampler.Flip() ? last : last.Concat(Enumerable.Range(0, sampler.Integer(1, 2)).Select(_ => sampler.Choose(values.ToArray()).Tensor)).ToSeq().Strict();
    }

    /// <summary>Programs smooth enough for differences: all floats of f64.</summary>
    internal static Arbitrary<ProgramDraw> Plain => Of(Gen.Constant(false));

    /// <summary>Programs of all kinds.</summary>
    internal static Arbitrary<ProgramDraw> Any => Of(Gen.Elements(true, false));

    /// <summary>Programs of smooth steps by which some theorem was broken once, each the smallest of its kind that was found.</summary>
    internal static readonly ProgramDraw[] Remembered =
    [
        // A fold over axes of one place, with others behind them.
        new(332264622, 2, false, Seq(1413050224, 1683690655)),
        // What a program closes over is both kept and read where the rest is computed again.
        new(1096754270, 1, false, Seq(1201652898, 1588122780, 765740298, 507870168, 1956746289, 1152465916, 84091349)),
        new(567060002, 2, false, Seq(1101176916, 1082131419, 349093572, 651684539, 917201023, 651449438, 691892727, 1553131075, 642797471, 2012681043, 1300035990, 1024172260, 779463216, 2026012782, 1643777979, 233109628, 812744066)),
        // The mask of a branch beside a cotangent, before a loop of checkpoints.
        new(432977704, 1, false, Seq(1325824236, 521087659, 1868124186, 662557320, 1028105307, 1103603341, 1954660940, 1550327178)),
        // Something is computed again that nothing reads.
        new(1480332082, 1, false, Seq(987039356, 1417254472, 717121949, 802671121, 672256327, 228445400, 1407372565, 663303478, 1037750720, 33949721, 821553449, 1934548332, 456024814, 152052623, 1504330909, 412017173)),
        // A zero of a derivative that one program adds and another does not know.
        new(766748910, 1, false, Seq(1209764493, 2085061743, 1697556923, 1590822468, 1624889635)),
    ];

    public override string ToString()
    {
        var text = new StringBuilder($"seed {Seed}, size {Size}{(Mixed ? ", mixed" : string.Empty)}, steps [{string.Join(",", Steps)}]\n");
        try
        {
            text.AppendLine(Program.ToString());
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            text.AppendLine(failure.ToString());
        }
        foreach (var input in Inputs)
            text.AppendLine($"  {input.Type} = [{string.Join(", ", ((Dense)input).Storage.Cast<object>().Select(TensorText.Element))}]");
        return text.ToString();
    }

    // What is worked out once takes no part in equality.
    public bool Equals(ProgramDraw? other) =>
        other is not null && Seed == other.Seed && Size == other.Size && Mixed == other.Mixed && Steps == other.Steps;

    public override int GetHashCode() => HashCode.Combine(Seed, Size, Mixed, Steps);

    private Pool Run(Seq<Tensor> arguments)
    {
        var pool = new Pool();
        foreach (var argument in arguments) pool.Add(new(argument, argument.DType == DType.Bool ? 1 : 3, argument.DType.IsFloat() ? 1 : 0));
        foreach (var step in Steps) ProgramSteps.Take(pool, new Sampler(step, Size), Mixed);
        return pool;
    }

    private Seq<Tensor> Drawn()
    {
        var sampler = new Sampler(Seed, Size);
        return Enumerable.Range(0, sampler.Integer(1, 3)).Select(input =>
        {
            var dtype = input == 0 || sampler.Integer(0, 3) > 0 ? DType.Float64 : sampler.Choose(DType.Int32, DType.Int64, DType.Bool);
            return sampler.Tensor(dtype, sampler.Shape());
        }).ToSeq().Strict();
    }

    private static Arbitrary<ProgramDraw> Of(Gen<bool> mixed) => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from size in Gen.Choose(1, 4)
        from both in mixed
        from count in Gen.Choose(1, MostSteps)
        from steps in Gen.Choose(0, int.MaxValue - 1).ArrayOf(count)
        select new ProgramDraw(seed, size, both, steps.ToSeq().Strict()),
        Smaller);

    private static IEnumerable<ProgramDraw> Smaller(ProgramDraw draw)
    {
        for (var length = draw.Steps.Count / 2; length > 0; length /= 2)
            for (var start = 0; start + length <= draw.Steps.Count; start += length)
                yield return draw.With(draw.Steps.Take(start).Concat(draw.Steps.Skip(start + length)));
        for (var size = 1; size < draw.Size; size++) yield return draw with { Size = size, inputs = null, program = null };
        if (draw.Mixed) yield return draw with { Mixed = false, inputs = null, program = null };
    }

    /// <summary>The same steps on shapes of other extents, up to this one.</summary>
    internal ProgramDraw Wide(int size) => this with { Size = size, inputs = null, program = null };

    private ProgramDraw With(IEnumerable<int> steps) => this with { Steps = steps.ToSeq().Strict(), inputs = null, program = null };
}
