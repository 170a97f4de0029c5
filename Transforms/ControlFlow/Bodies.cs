// The room of control flow: primitives that carry programs (branches, loops), and derivatives under the user's control.
// A carried program is closed: what the user's function closes over becomes an operand. Rules rewrite the carried programs
// with the same interpreters that rewrite whole ones, so a loop stays one equation with one body under every transform.
using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>A traced function without captures: these are its last arguments, and their values stand beside it.</summary>
/// <param name="Program">From the function's own arguments and what it closes over.</param>
/// <param name="Captures">What it closes over: values, or tracers of outer traces.</param>
internal sealed record Closed(Program Program, Seq<Tensor> Captures)
{
    /// <summary>Traces a function of tensors whose values are not known.</summary>
    internal static Closed Of(string operation, Seq<TensorType> types, Func<Seq<Tensor>, Seq<Tensor>> body) =>
        From(Trace.Of(operation, types, body));

    /// <summary>Traces a function at known arguments, by which the host may decide.</summary>
    internal static Closed At(string operation, Seq<Tensor> arguments, Func<Seq<Tensor>, Seq<Tensor>> body) =>
        From(Trace.At(operation, arguments, body));

    /// <summary>Several functions, with one list of all they close over.</summary>
    internal static (Seq<Program> Programs, Seq<Tensor> Captures) Together(string operation, params ReadOnlySpan<Closed> functions)
    {
        if (functions.Length == 1) return (Seq1(functions[0].Program), functions[0].Captures);
        var places = new Dictionary<Tensor, int>(ReferenceEqualityComparer.Instance);
        foreach (var function in functions)
            foreach (var capture in function.Captures) places.TryAdd(capture, places.Count);
        var captures = places.OrderBy(pair => pair.Value).Select(pair => pair.Key).ToSeq().Strict();
        var programs = Seq<Program>();
        foreach (var (program, values) in functions)
        {
            var own = program.Arguments.Count - values.Count;
            var types = program.Types().Part(0, own).Then(captures.Map(capture => capture.Type).Strict());
            programs = programs.Add(program.Over(operation, types, [.. Enumerable.Range(0, own), .. values.Map(value => own + places[value])]));
        }
        return (programs, captures);
    }

    /// <summary>A traced program, its captures made arguments.</summary>
    internal static Closed From(Program program) => new(program with { Captures = Seq<Tensor>() }, program.Captures);
}

/// <summary>Programs rearranged to be bodies: other orders of arguments, choices of outputs.</summary>
internal static class Bodies
{
    /// <summary>The types of the arguments.</summary>
    internal static Seq<TensorType> Types(this Program program) => program.Arguments.Map(argument => argument.Type).Strict();

    /// <summary>The types of the outputs.</summary>
    internal static Seq<TensorType> ResultTypes(this Program program) => program.Outputs.Map(output => output.Type).Strict();

    /// <summary>The elements that stand where the mask is true.</summary>
    internal static Seq<T> Where<T>(this Seq<T> all, Seq<bool> mask) => all.Zip(mask).Filter(pair => pair.Item2).Map(pair => pair.Item1).ToSeq().Strict();

    /// <summary>The elements from a place on, as many as said.</summary>
    internal static Seq<T> Part<T>(this Seq<T> all, int from, int count) => all.Skip(from).Take(count).ToSeq().Strict();

    /// <summary>As many as said of one thing.</summary>
    internal static Seq<T> Times<T>(this T one, int count) => Enumerable.Repeat(one, count).ToSeq().Strict();

    /// <summary>The program as one of other arguments: its own stand at these places among them.</summary>
    internal static Program Over(this Program program, string operation, Seq<TensorType> types, params int[] places) =>
        Trace.Of(operation, types, inputs => program.Evaluate([.. places.Select(place => inputs[place])])) with { Names = Renamed(program, types.Count, places) };

    /// <summary>The program with its arguments in another order.</summary>
    /// <param name="program">The program.</param>
    /// <param name="order">For each new argument, which old one it is: a permutation.</param>
    internal static Program Reordered(this Program program, Seq<int> order)
    {
        var types = program.Types();
        var places = new int[order.Count];
        for (var i = 0; i < places.Length; i++) places[order[i]] = i;
        return program.Over("Reorder", order.Map(i => types[i]).Strict(), places);
    }

    /// <summary>Which outputs move when these arguments do.</summary>
    internal static Seq<bool> Movement(this Program program, Seq<bool> moving)
    {
        var moves = Seq<bool>();
        Trace.Of("Movement", program.Types(), inputs =>
        {
            // Whether a tangent is there is all that is asked, so a value stands for its own.
            var tangents = inputs.Zip(moving).Map(pair => pair.Item2 ? Some(pair.Item1) : None).ToSeq().Strict();
            moves = Pushforward.Push(program, inputs, tangents, (primitive, operands, directions) =>
            {
                if (primitive is not ICarriesPrograms carrier) return primitive.Jvp(operands, directions);
                var results = primitive.ApplyAll([.. operands]).ToSeq();
                return (results, results.Zip(carrier.Moves(directions.Present())).Map(pair => pair.Item2 ? Some(pair.Item1) : None).ToSeq().Strict());
            }).Tangents.Present();
            return Seq<Tensor>();
        });
        return moves;
    }

    /// <summary>Which outputs are batched when these arguments are.</summary>
    internal static Seq<bool> Batchedness(this Program program, Seq<bool> batched, int size)
    {
        var results = Seq<bool>();
        Trace.Of("Vmap", Stacked(program.Types(), batched, size), inputs =>
        {
            results = Vectorization.Run(program, Members(inputs, batched), size).Map(result => result.IsBatched).Strict();
            return Seq<Tensor>();
        });
        return results;
    }

    /// <summary>The types for a batch.</summary>
    internal static Seq<TensorType> Stacked(Seq<TensorType> types, Seq<bool> batched, int size) =>
        types.Zip(batched).Map(pair => pair.Item2 ? pair.Item1.Repeated(size) : pair.Item1).ToSeq().Strict();

    /// <summary>The type of as many of these, stacked on the first axis.</summary>
    internal static TensorType Repeated(this TensorType type, int count) => new(type.DType, type.Shape.Insert(0, count));

    /// <summary>Tensors as operands of a batch.</summary>
    internal static Seq<Batched> Members(Seq<Tensor> tensors, Seq<bool> batched) =>
        tensors.Zip(batched).Map(pair => new Batched(pair.Item1, pair.Item2)).ToSeq().Strict();

    /// <summary>A tangent for each argument that moves, from those that are given.</summary>
    internal static Seq<Option<Tensor>> Tangents(Seq<bool> moving, Seq<Tensor> given)
    {
        var queue = new Queue<Tensor>(given);
        return moving.Map(moves => moves ? Some(queue.Dequeue()) : None).Strict();
    }

    /// <summary>Each place of one mask or the other.</summary>
    internal static Seq<bool> Or(this Seq<bool> left, Seq<bool> right) => left.Zip(right).Map(pair => pair.Item1 || pair.Item2).ToSeq().Strict();

    /// <summary>Whether each is there.</summary>
    internal static Seq<bool> Present(this Seq<Option<Tensor>> tensors) => tensors.Map(tensor => tensor.IsSome).Strict();

    /// <summary>The tensors, or the zeros that absent ones stand for.</summary>
    internal static Seq<Tensor> Filled(this Seq<Option<Tensor>> tensors, Seq<TensorType> types) =>
        tensors.Zip(types).Map(pair => Pushforward.OrZero(pair.Item1, pair.Item2)).ToSeq().Strict();

    /// <summary>The tensors where the mask is true, nothing elsewhere.</summary>
    internal static Seq<Option<Tensor>> Scattered(Seq<bool> mask, IEnumerable<Tensor> tensors) => Tangents(mask, tensors.ToSeq().Strict());

    private static Seq<string> Renamed(Program program, int count, int[] places)
    {
        var names = Text.Names(program);
        var renamed = Enumerable.Range(0, count).Select(i => $"c{i}").ToArray();
        for (var i = 0; i < places.Length; i++) renamed[places[i]] = names[program.Arguments[i].Id];
        return renamed.ToSeq();
    }
}
