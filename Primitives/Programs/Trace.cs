namespace Functional.Programs;

/// <summary>The name of a value to come, in a trace in progress.</summary>
internal sealed class Tracer(Trace trace, Variable variable) : Tensor(variable.Type)
{
    internal Trace Trace => trace;

    internal Variable Variable => variable;

    internal override Dense Value(string purpose) => trace.Value(this, purpose);

    internal override Dense Decide(string purpose) => trace.Decide(this, purpose);
}

/// <summary>A value that a primitive makes from smaller ones.</summary>
internal sealed class Remade(Primitive primitive, params Tensor[] operands) : Recipe
{
    internal Primitive Primitive => primitive;

    internal Tensor[] Operands => operands;
}

/// <summary>
/// The recording of one function as a program. There is no ambient state: an operation finds its trace from its operands,
/// the one started last among them, which is the innermost.
/// </summary>
internal sealed class Trace
{
    private static long started;

    private readonly long order = Interlocked.Increment(ref started);
    private readonly string transform;
    private readonly bool kept;
    private readonly Seq<Batched> arguments;
    private readonly int batch;
    private readonly Func<Tensor, (Tensor Agrees, Tensor First)>? common;
    private readonly List<Variable> inputs = [];
    private readonly List<Equation> equations = [];
    private readonly List<Assumption> assumptions = [];
    private readonly System.Collections.Generic.HashSet<Assumption> assumed = [];
    private readonly Dictionary<Tensor, Variable> captures = new(ReferenceEqualityComparer.Instance);
    private readonly List<Tensor> captured = [];
    private readonly List<string> notes = [];
    private readonly Dictionary<Tensor, Variable> remade = new(ReferenceEqualityComparer.Instance);
    private readonly List<Equation?> definitions = [];
    private Dictionary<int, Batched>? known;
    private bool ended;

    private Trace(string transform, bool kept, Seq<Batched> arguments, int batch = 0, Func<Tensor, (Tensor Agrees, Tensor First)>? common = null)
    {
        this.transform = transform;
        this.kept = kept;
        this.arguments = arguments;
        this.batch = batch;
        this.common = common;
    }

    /// <summary>The program of a function of tensors of these types.</summary>
    /// <param name="transform">Who traces, for messages.</param>
    /// <param name="inputs">The types of the arguments.</param>
    /// <param name="body">The function; it is called once, with tracers.</param>
    internal static Program Of(string transform, Seq<TensorType> inputs, Func<Seq<Tensor>, Seq<Tensor>> body) =>
        new Trace(transform, true, Seq<Batched>()).Run(inputs, body);

    /// <summary>The program of a function at known arguments, by which the function may decide what it does.</summary>
    /// <param name="transform">Who traces, for messages.</param>
    /// <param name="arguments">What the function is called with: values, or tracers of an outer trace.</param>
    /// <param name="body">The function; it is called once, with tracers.</param>
    /// <param name="kept">Whether the program outlives this call, so that no value may be frozen into it.</param>
    internal static Program At(string transform, Seq<Tensor> arguments, Func<Seq<Tensor>, Seq<Tensor>> body, bool kept = false) =>
        new Trace(transform, kept, arguments.Map(Batched.Shared)).Run(arguments.Map(argument => argument.Type), body);

    /// <summary>As above, for one member of a batch: a decision must be the same for all.</summary>
    /// <param name="transform">Who traces, for messages.</param>
    /// <param name="arguments">What the batch is called with.</param>
    /// <param name="batch">How many members.</param>
    /// <param name="common">Of a scalar of each member, stacked: whether they agree, and the first.</param>
    /// <param name="body">The function; it is called once, with tracers.</param>
    internal static Program Batch(string transform, Seq<Batched> arguments, int batch, Func<Tensor, (Tensor Agrees, Tensor First)> common, Func<Seq<Tensor>, Seq<Tensor>> body) =>
        new Trace(transform, false, arguments, batch, common).Run(arguments.Map(argument => argument.Type), body);

    /// <summary>As above, where further arguments are not known: the function cannot decide by these.</summary>
    /// <param name="transform">Who traces, for messages.</param>
    /// <param name="known">The first arguments.</param>
    /// <param name="unknown">The types of the others.</param>
    /// <param name="body">The function; it is called once, with tracers.</param>
    internal static Program Partly(string transform, Seq<Tensor> known, Seq<TensorType> unknown, Func<Seq<Tensor>, Seq<Tensor>> body) =>
        new Trace(transform, false, known.Map(Batched.Shared)).Run(known.Map(argument => argument.Type).Then(unknown), body);

    /// <summary>Says why something is done as it is, to the reader of the program that is being traced; on values there is none.</summary>
    /// <param name="operands">What it is done with.</param>
    /// <param name="note">What is to be said.</param>
    internal static void Note(IEnumerable<Tensor> operands, string note)
    {
        var tracers = operands.OfType<Tracer>().ToArray();
        if (tracers.Length > 0) tracers.MaxBy(tracer => tracer.Trace.order)!.Trace.notes.Add(note);
    }

    /// <summary>The trace that records an operation on these operands; none when all are values.</summary>
    /// <exception cref="TraceException">An operand's trace has ended.</exception>
    internal static Trace? Innermost(Primitive operation, ReadOnlySpan<Tensor> operands)
    {
        Trace? innermost = null;
        foreach (var operand in operands)
        {
            if (operand is not Tracer tracer) continue;
            if (tracer.Trace.ended) throw tracer.Trace.Escaped(operation.Name, tracer);
            if (innermost is null || tracer.Trace.order > innermost.order) innermost = tracer.Trace;
        }
        return innermost;
    }

    /// <summary>Appends an equation and names its results.</summary>
    internal Tensor[] Record(Primitive primitive, ReadOnlySpan<Tensor> operands, ReadOnlySpan<TensorType> types)
    {
        var inputs = new Atom[operands.Length];
        for (var i = 0; i < inputs.Length; i++) inputs[i] = Atom(operands[i]);
        var outputs = new Variable[types.Length];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = new Variable(definitions.Count + i, types[i]);
        var equation = new Equation(primitive, inputs.ToSeq(), outputs.ToSeq());
        equations.Add(equation);
        foreach (var _ in outputs) definitions.Add(equation);
        return System.Array.ConvertAll(outputs, output => (Tensor)new Tracer(this, output));
    }

    /// <summary>The value a tracer stands for, to use on the host where no program is kept.</summary>
    internal Dense Value(Tracer tracer, string purpose)
    {
        if (ended) throw Escaped(purpose, tracer);
        if (kept && !arguments.IsEmpty)
            throw new TraceException($"{purpose}: {tracer.Type} has a value only for this call, and {transform} keeps the program, which would freeze it. Return the tensor instead, or compare it and decide on the truth: if ((bool)(x > 0)).");
        var value = Settled(tracer, purpose);
        var known = value.Value.Value(purpose);
        return value.IsBatched ? Shared(known, tracer, purpose) : known;
    }

    /// <summary>The value by which the host decides; the program remembers it as an assumption, and so do the programs of the traces around.</summary>
    /// <param name="tracer">A scalar.</param>
    /// <param name="purpose">Who decides, for messages.</param>
    internal Dense Decide(Tracer tracer, string purpose)
    {
        if (ended) throw Escaped(purpose, tracer);
        var value = Settled(tracer, purpose);
        var decided = value.Value;
        if (value.IsBatched)
        {
            // Asked of a trace around, both are assumptions there: that the members agree, and on what.
            var (agrees, first) = common!(value.Value);
            if (agrees.Decide(purpose) is not Dense<bool> { Elements: [true] }) throw Differs(purpose, tracer);
            decided = first;
        }
        var known = decided.Decide(purpose);
        Assume(tracer, new Literal(known));
        return known;
    }

    /// <summary>Takes over that a value is what a program assumes.</summary>
    internal void Assume(Tracer tracer, Literal expected)
    {
        var assumption = new Assumption(tracer.Variable, expected);
        if (assumed.Add(assumption)) assumptions.Add(assumption);
    }

    private Program Run(Seq<TensorType> types, Func<Seq<Tensor>, Seq<Tensor>> body)
    {
        try
        {
            foreach (var type in types) inputs.Add(Define(type));
            var results = body(inputs.Select(input => (Tensor)new Tracer(this, input)).ToSeq().Strict());
            return Finish(results.Map(Result).ToSeq().Strict());
        }
        finally
        {
            ended = true;
        }
    }

    private Variable Define(TensorType type)
    {
        var variable = new Variable(definitions.Count, type);
        definitions.Add(null);
        return variable;
    }

    private Atom Result(Tensor tensor) =>
        tensor is Tracer { Trace: { ended: true } trace } tracer ? throw trace.Escaped("return", tracer) : Atom(tensor);

    private Atom Atom(Tensor tensor)
    {
        if (tensor is Tracer tracer && tracer.Trace == this) return tracer.Variable;
        if (tensor is Dense { Rank: 0 }) return new Literal(tensor);
        if (remade.TryGetValue(tensor, out var again)) return again;
        if (tensor is Dense { Recipe: Remade recipe })
        {
            var made = Record(recipe.Primitive, recipe.Operands, [tensor.Type])[0];
            return remade[tensor] = ((Tracer)made).Variable;
        }
        if (!captures.TryGetValue(tensor, out var variable))
        {
            captures.Add(tensor, variable = Define(tensor.Type));
            captured.Add(tensor);
            // A program that closes over a value reads its array for as long as it is kept.
            if (tensor is Dense dense) dense.Share();
            known?.Add(variable.Id, Batched.Shared(tensor));
        }
        return variable;
    }

    // Captures are met on the way, but are inputs: variables get their dense ids when all are known.
    private Program Finish(Seq<Atom> outputs)
    {
        // A note goes with the work to the trace around, and so to the outermost.
        foreach (var note in notes) Note(arguments.Map(argument => argument.Value).Then(captured.ToSeq()), note);
        return Numbering.Dense(
            inputs.ToSeq(),
            captured.Select(tensor => (captures[tensor], tensor)).ToSeq(),
            equations.ToSeq(),
            outputs,
            assumptions.ToSeq()) with
        { Notes = notes.ToSeq() };
    }

    // The value, or that of each member: in the trace around, where the arguments are of one.
    private Batched Settled(Tracer tracer, string purpose)
    {
        if (arguments.IsEmpty) throw Unknown(purpose, tracer.Type);
        var value = Known(tracer.Variable, purpose);
        if (value.IsBatched && batch == 0)
            throw new TraceException($"{purpose}: the batch of {transform} is empty, so there is no value to decide on. Use Where or Cond.");
        return value;
    }

    // The one value that all members of the batch have.
    private Dense Shared(Dense members, Tracer tracer, string purpose)
    {
        var width = members.Bits.Length / batch;
        for (var member = 1; member < batch; member++)
            if (!members.Bits.Slice(member * width, width).SequenceEqual(members.Bits[..width])) throw Differs(purpose, tracer);
        return members switch
        {
            Dense<bool> dense => Values.Of(dense.Elements[..tracer.Size], tracer.Shape),
            Dense<int> dense => Values.Of(dense.Elements[..tracer.Size], tracer.Shape),
            Dense<long> dense => Values.Of(dense.Elements[..tracer.Size], tracer.Shape),
            Dense<float> dense => Values.Of(dense.Elements[..tracer.Size], tracer.Shape),
            Dense<double> dense => Values.Of(dense.Elements[..tracer.Size], tracer.Shape),
            _ => throw new TraceException($"{purpose}: no value of {members.Type}"),
        };
    }

    // Evaluates what the variable needs and no more, each equation once however often the host asks.
    private Batched Known(Variable wanted, string purpose)
    {
        known ??= inputs.Zip(arguments)
            .Concat(captures.Select(capture => (capture.Value, Batched.Shared(capture.Key))))
            .ToDictionary(pair => pair.Item1.Id, pair => pair.Item2);
        var pending = new Stack<Variable>([wanted]);
        while (pending.TryPeek(out var variable))
        {
            if (known.ContainsKey(variable.Id))
            {
                pending.Pop();
                continue;
            }
            var equation = definitions[variable.Id] ?? throw Unknown(purpose, variable.Type);
            var missing = equation.Inputs.OfType<Variable>().Where(input => !known.ContainsKey(input.Id)).ToArray();
            foreach (var input in missing) pending.Push(input);
            if (missing.Length > 0) continue;
            var operands = equation.Inputs.Map(input => input is Variable v ? known[v.Id] : Batched.Shared(((Literal)input).Value)).Strict();
            var results = operands.Exists(operand => operand.IsBatched)
                ? equation.Primitive.Batch(operands, batch)
                : equation.Primitive.ApplyAll([.. operands.Map(operand => operand.Value)]).Select(Batched.Shared).ToSeq();
            foreach (var (output, result) in equation.Outputs.Zip(results)) known[output.Id] = result;
        }
        return known[wanted.Id];
    }

    private TraceException Unknown(string purpose, TensorType type) =>
        new($"{purpose}: the value of {type} is not known while {transform} traces. {purpose switch
        {
            "(bool)" => "Use Where or Cond, which keep both branches in the program.",
            "(int)" or "(long)" => "Index with the tensor itself, or use For or While, whose bounds may be tensors.",
            _ => "Compute with the tensor itself; to decide, use Where or Cond.",
        }}");

    private TraceException Differs(string purpose, Tracer tracer) =>
        new($"{purpose}: {tracer.Type} differs across the batch of {transform}, so the function cannot decide once for all. Use Where or Cond.");

    private TraceException Escaped(string operation, Tracer tracer) =>
        new($"{operation}: a tensor {tracer.Type} escaped from the function that {transform} traced, and has no value outside it. Return it from that function instead of storing it.");
}
