// The room of Jacobians: whole derivatives, built in as few passes as the function's structure allows.
using Functional.Primitives;
using Functional.Programs;
using Functional.Structures;

namespace Functional.Jacobians;

/// <summary>The derivative of each element of a structured result with respect to each element of a structured argument, in one batched pass.</summary>
internal static class DenseJacobian
{
    /// <summary>A block for each leaf of the result and each leaf of the argument, of the result's shape followed by the argument's.</summary>
    internal static Blocks<P, R> At<P, R>(string transform, Func<P, R> f, P at, JacobianMode mode)
    {
        var lifted = Lifted.At(transform, f, at).RequireFloats(transform);
        foreach (var (path, output) in lifted.Result.Paths.Zip(lifted.Program.Outputs))
            if (!output.Type.DType.IsFloat())
                throw new NotDifferentiableException($"{transform}: f returned {output.Type} at {path}, and only floats have derivatives.");
        var (results, linear, moves) = Linearization.At(lifted.Program, lifted.Arguments);
        var inputs = lifted.Arguments.Map(leaf => leaf.Type).Strict();
        var outputs = results.Map(leaf => leaf.Type).Strict();
        var moving = outputs.Zip(moves).Filter(pair => pair.Item2).Map(pair => pair.Item1).ToSeq().Strict();
        var blocks = new Queue<Seq<Tensor>>(Passes(inputs, outputs, mode) == JacobianMode.Forward
            ? Forward(linear, inputs, moving)
            : Reverse(linear, inputs, moving));
        var rows = outputs.Zip(moves).Map(pair => pair.Item2
            ? blocks.Dequeue()
            : inputs.Map(input => TensorMath.Zeros(pair.Item1.Shape.Concat(input.Shape), pair.Item1.DType)).Strict()).Strict();
        return new(lifted.Argument, lifted.Result, rows);
    }

    /// <summary>Forward takes as many passes as the argument has elements, reverse as many as the result.</summary>
    internal static JacobianMode Passes(Seq<TensorType> inputs, Seq<TensorType> outputs, JacobianMode mode) => mode switch
    {
        JacobianMode.Auto => inputs.Sum(type => type.Size) <= outputs.Sum(type => type.Size) ? JacobianMode.Forward : JacobianMode.Reverse,
        _ => mode,
    };

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
    private static Seq<Seq<Tensor>> Reverse(Program linear, Seq<TensorType> inputs, Seq<TensorType> outputs)
    {
        var size = outputs.Sum(type => type.Size);
        var pullback = Trace.Of("Jacobian", outputs, cotangents =>
            Transposition.Pull(linear, inputs.Count, linear.Captures, cotangents.Map(Some).Strict())
                .Zip(inputs).Map(pair => Pushforward.OrZero(pair.Item1, pair.Item2)).Strict());
        var rows = Vectorization.Run(pullback, Basis(outputs, size), size).Map(row => row.Each(size)).Strict();
        var byInput = rows.Map(row => Split(row, outputs)).Strict();
        return outputs.Select((output, i) => inputs.Select((input, j) =>
            TensorMath.Reshape(byInput[j][i], [.. output.Shape, .. input.Shape])).ToSeq().Strict()).ToSeq().Strict();
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
    private static Seq<Tensor> Split(Tensor stack, Seq<TensorType> types)
    {
        if (types.Count < 2) return types.Map(_ => stack).Strict();
        var places = new int[types.Count - 1];
        for (var i = 0; i < places.Length; i++) places[i] = types[i].Size + (i == 0 ? 0 : places[i - 1]);
        return TensorMath.Split(stack, places);
    }
}
