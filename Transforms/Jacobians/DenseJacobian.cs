// The room of Jacobians: whole derivatives, built in as few passes as the function's structure allows.
using Functional.Differentiation;
using Functional.Primitives;
using Functional.Programs;
using Functional.Structures;

namespace Functional.Jacobians;

/// <summary>The derivative of each element of a structured result with respect to each element of a structured argument, in the way that takes the least.</summary>
internal static class DenseJacobian
{
    /// <summary>A block for each leaf of the result and each leaf of the argument, of the result's shape followed by the argument's.</summary>
    internal static Blocks<P, R> At<P, R>(string transform, Func<P, R> f, P at, JacobianMode mode) =>
        At(transform, f, at, (passes, lifted) => mode switch
        {
            JacobianMode.Forward => ModeChoice.Forward(passes),
            JacobianMode.Reverse => ModeChoice.Reverse(passes, 1),
            _ => Chosen(transform, passes, lifted, isForward: false),
        });

    /// <summary>As above, of pushforwards alone: of a gradient these are forward over reverse.</summary>
    internal static Blocks<P, P> Hessian<P>(Func<P, Tensor> f, P at) =>
        At("Hessian", x => Derivatives.Grad("Hessian", f, x).Gradient, at, (passes, lifted) => Chosen("Hessian", passes, lifted, isForward: true));

    private static Blocks<P, R> At<P, R>(string transform, Func<P, R> f, P at, Func<Passes, Lifted, Way> choose)
    {
        var lifted = Lifted.At(transform, f, at).RequireFloats(transform);
        PatternDetection.RequireFloats(transform, lifted);
        var passes = Passes.Of(lifted);
        return new(lifted.Argument, lifted.Result, Rows(choose(passes, lifted), passes));
    }

    private static Way Chosen(string transform, Passes passes, Lifted lifted, bool isForward)
    {
        var choice = ModeChoice.Of(transform, passes, lifted.Program, isForward);
        Trace.Note(lifted.Arguments, choice.ToString());
        return choice.Taken;
    }

    /// <summary>The blocks in one way: a row for each leaf of the result, a column for each of the argument.</summary>
    internal static Seq<Seq<Tensor>> Rows(Way way, Passes passes)
    {
        if (way.Split.Case is Bottleneck split) return Cut(split.Matrix(passes), passes);
        if (way.Pattern.Case is Sparsity pattern) return Cut(new Csr(pattern, Compression.Values(passes, way)).ToDense(), passes);
        var moving = passes.Outputs.Zip(passes.Moves).Filter(pair => pair.Item2).Map(pair => pair.Item1).ToSeq().Strict();
        var blocks = new Queue<Seq<Tensor>>(way.Reverse == 0 ? Forward(passes.Linear, passes.Inputs, moving) : Reverse(passes, moving));
        return passes.Outputs.Zip(passes.Moves).Map(pair => pair.Item2
            ? blocks.Dequeue()
            : passes.Inputs.Map(input => TensorMath.Zeros(pair.Item1.Shape.Concat(input.Shape), pair.Item1.DType)).Strict()).Strict();
    }

    // The blocks of a matrix, a row for each leaf of the result and a column for each of the argument.
    private static Seq<Seq<Tensor>> Cut(Tensor matrix, Passes passes)
    {
        var rows = Split(matrix, passes.Outputs);
        return passes.Outputs.Select((output, i) =>
        {
            var blocks = Split(rows[i], passes.Inputs, 1);
            return passes.Inputs.Select((input, j) => TensorMath.Convert(TensorMath.Reshape(blocks[j], [.. output.Shape, .. input.Shape]), output.DType)).ToSeq().Strict();
        }).ToSeq().Strict();
    }

    // Every unit tangent at once: what comes back has the argument's elements on its first axis.
    private static Seq<Seq<Tensor>> Forward(Program linear, Seq<TensorType> inputs, Seq<TensorType> outputs)
    {
        var size = inputs.Sum(type => type.Size);
        var columns = Vectorization.Run(linear, Basis(inputs, size), size).Map(column => column.Each(size)).Strict();
        return columns.Zip(outputs).Map(pair => Split(pair.Item1, inputs)
            .Zip(inputs).Map(part => TensorMath.Reshape(
                TensorMath.MoveAxis(part.Item1, 0, -1), [.. pair.Item2.Shape, .. part.Item2.Shape])).Strict()).Strict();
    }

    // Every unit cotangent at once: what comes back has the results' elements on its first axis.
    private static Seq<Seq<Tensor>> Reverse(Passes passes, Seq<TensorType> outputs)
    {
        var (inputs, size) = (passes.Inputs, outputs.Sum(type => type.Size));
        var rows = Vectorization.Run(passes.Pullback, Basis(outputs, size), size).Map(row => row.Each(size)).Strict();
        var byInput = rows.Map(row => Split(row, outputs)).Strict();
        return outputs.Select((output, i) => inputs.Select((input, j) =>
            TensorMath.Convert(TensorMath.Reshape(byInput[j][i], [.. output.Shape, .. input.Shape]), output.DType)).ToSeq().Strict()).ToSeq().Strict();
    }

    // The identity, cut into one stack of unit arrays for each leaf.
    private static Seq<Batched> Basis(Seq<TensorType> types, int size)
    {
        var offset = 0;
        return types.Map(type =>
        {
            var unit = TensorMath.Convert(TensorMath.Equal(TensorMath.Iota([size, type.Size], 0), TensorMath.Iota([size, type.Size], 1) + offset), type.DType);
            offset += type.Size;
            return Batched.Each(TensorMath.Reshape(unit, [size, .. type.Shape]));
        }).Strict();
    }

    // A stack for each leaf, from the stack of all their elements.
    private static Seq<Tensor> Split(Tensor stack, Seq<TensorType> types, int axis = 0)
    {
        if (types.Count < 2) return types.Map(_ => stack).Strict();
        var places = new int[types.Count - 1];
        for (var i = 0; i < places.Length; i++) places[i] = types[i].Size + (i == 0 ? 0 : places[i - 1]);
        return TensorMath.Split(stack, places, axis);
    }
}
