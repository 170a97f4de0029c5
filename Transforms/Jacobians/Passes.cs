using Functional.Primitives;
using Functional.Programs;
using Functional.Structures;

namespace Functional.Jacobians;

/// <summary>A derivative at a point as it is run: pushforwards and pullbacks, any number of them as one batch, their elements laid one after the other.</summary>
/// <param name="Linear">(ẋ → ẏ) of those results that move.</param>
/// <param name="Inputs">The types of x.</param>
/// <param name="Outputs">The types of y.</param>
/// <param name="Moves">Which results move.</param>
internal sealed record Passes(Program Linear, Seq<TensorType> Inputs, Seq<TensorType> Outputs, Seq<bool> Moves)
{
    // What a pullback is taken to cost at least and at most, in pushforwards: beyond these the count says little.
    private const double Least = 0.5;
    private const double Most = 4;

    private Program? pullback;

    /// <summary>How many elements x has: pushforwards that tell all.</summary>
    internal int Columns { get; } = Inputs.Sum(type => type.Size);

    /// <summary>How many elements y has: pullbacks that tell all.</summary>
    internal int Rows { get; } = Outputs.Sum(type => type.Size);

    /// <summary>The element type that holds the derivatives of all.</summary>
    internal DType DType => Inputs.Then(Outputs).Exists(type => type.DType == DType.Float64) ? DType.Float64 : DType.Float32;

    /// <summary>(ȳ → x̄), of the results that move.</summary>
    internal Program Pullback => pullback ??= Trace.Of("Jacobian", Moving, cotangents =>
        Transposition.Pull(Linear, Inputs.Count, Linear.Captures, cotangents.Map(Some).Strict())
            .Zip(Inputs).Map(pair => Pushforward.OrZero(pair.Item1, pair.Item2)).Strict());

    /// <summary>What a pullback costs, where a pushforward costs 1.</summary>
    internal double PullbackCost => Work(Linear) is > 0 and var forward ? Math.Clamp(Work(Pullback) / forward, Least, Most) : 1;

    private Seq<TensorType> Moving => Outputs.Zip(Moves).Filter(pair => pair.Item2).Map(pair => pair.Item1).ToSeq().Strict();

    /// <summary>The derivative of a function, at its arguments.</summary>
    internal static Passes Of(Lifted lifted)
    {
        var (results, linear, moves) = Linearization.At(lifted.Program, lifted.Arguments);
        return new(linear, lifted.Arguments.Map(leaf => leaf.Type).Strict(), results.Map(leaf => leaf.Type).Strict(), moves);
    }

    /// <summary>Operations, and elements moved: an element that is read or written costs about as much as an operation on it.</summary>
    internal static double Work(Program program)
    {
        var (flops, bytes) = Cost.Of(program);
        return flops + (bytes / (double)sizeof(double));
    }

    /// <summary>Each tangent's derivative along it: <c>[count, rows]</c>.</summary>
    /// <param name="tangents">For each input, so many of them stacked.</param>
    /// <param name="count">How many.</param>
    internal Tensor Push(Seq<Tensor> tangents, int count)
    {
        var moved = new Queue<Batched>(Vectorization.Run(Linear, tangents.Map(Batched.Each).Strict(), count));
        return Laid(Outputs.Zip(Moves).Map(pair => pair.Item2 ? moved.Dequeue().Each(count) : TensorMath.Zeros(pair.Item1.Shape.Insert(0, count), pair.Item1.DType)), count);
    }

    /// <summary>Each cotangent pulled back: <c>[count, columns]</c>.</summary>
    /// <param name="cotangents">For each output, so many of them stacked.</param>
    /// <param name="count">How many.</param>
    internal Tensor Pull(Seq<Tensor> cotangents, int count)
    {
        var moving = cotangents.Zip(Moves).Filter(pair => pair.Item2).Map(pair => Batched.Each(pair.Item1)).ToSeq().Strict();
        return Laid(Vectorization.Run(Pullback, moving, count).Map(result => result.Each(count)), count);
    }

    /// <summary>The whole derivative, <c>[rows, columns]</c>.</summary>
    internal Tensor Matrix(bool isForward)
    {
        var size = isForward ? Columns : Rows;
        if (Columns == 0 || Rows == 0) return TensorMath.Zeros([Rows, Columns], DType);
        var own = new int[size];
        for (var i = 0; i < size; i++) own[i] = i;
        return isForward ? TensorMath.Transpose(Push(Seeds(Inputs, own, size), size)) : Pull(Seeds(Outputs, own, size), size);
    }

    /// <summary>For each type the tangents that are 1 where an element has the tangent's colour.</summary>
    internal static Seq<Tensor> Seeds(Seq<TensorType> types, int[] colours, int count)
    {
        var start = 0;
        return types.Map(type =>
        {
            var its = Values.Of(colours[start..(start + type.Size)], type.Shape.Insert(0, 1));
            start += type.Size;
            var numbers = new int[type.Shape.Rank + 1];
            numbers.AsSpan().Fill(1);
            numbers[0] = count;
            return TensorMath.Convert(TensorMath.Equal(TensorMath.Iota(numbers, 0, DType.Int32), its), type.DType);
        }).Strict();
    }

    private Tensor Laid(IEnumerable<Tensor> leaves, int count)
    {
        Tensor[] flat = [.. leaves.Select(leaf => TensorMath.Convert(TensorMath.Reshape(leaf, count, leaf.Size / count), DType))];
        return flat.Length == 1 ? flat[0] : TensorMath.Concatenate((ReadOnlySpan<Tensor>)flat, 1);
    }
}
