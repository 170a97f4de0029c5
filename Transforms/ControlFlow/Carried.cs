using Functional.Differentiation;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.ControlFlow;

/// <summary>What the rules of primitives that carry programs have in common.</summary>
internal static class Carried
{
    /// <summary>Whether operands are those of a carried program.</summary>
    /// <exception cref="ShapeException">They are not.</exception>
    internal static void Accept(string operation, Program program, ReadOnlySpan<TensorType> operands)
    {
        var types = program.Types();
        if (!types.SequenceEqual(operands.ToArray()))
            throw new ShapeException($"{operation}: the carried program takes ({string.Join(", ", types)}), given ({string.Join(", ", operands.ToArray())}).");
    }

    /// <summary>Whether two programs give results of the same types.</summary>
    internal static bool Same(Program left, Program right) => left.ResultTypes() == right.ResultTypes();

    /// <summary>The program for a batch of some arguments, whose outputs are batched where said.</summary>
    internal static Program Batched(Program program, Seq<bool> batched, Seq<bool> each, int size) =>
        Trace.Of("Vmap", Bodies.Stacked(program.Types(), batched, size), inputs =>
            Vectorization.Run(program, Bodies.Members(inputs, batched), size).Zip(each)
                .Map(pair => pair.Item2 ? pair.Item1.Each(size) : pair.Item1.Value).ToSeq().Strict()) with
        { Names = program.Names };

    /// <summary>For each member of a batch, x where its predicate is true, else y.</summary>
    internal static Tensor Chosen(Tensor predicate, Tensor x, Tensor y)
    {
        if (ReferenceEquals(x, y)) return x;
        var mask = x.Rank == 1 ? predicate : new Broadcast(x.Shape, Seq1(0)).Apply(predicate);
        return new Select().Apply(mask, x, y);
    }

    /// <summary>Whether an equation can be run though nothing asks for it: no index out of range, no division of integers, no loop.</summary>
    internal static bool IsTotal(Equation equation) => equation.Primitive switch
    {
        ICarriesPrograms or Gather or Scatter or ScatterAdd => false,
        Divide or Remainder or Power => equation.Outputs[0].Type.DType.IsFloat(),
        _ => true,
    };

    /// <summary>Whether a program runs to its end whatever its arguments are.</summary>
    internal static bool IsTotal(Program program) => program.Equations.ForAll(equation => equation.Primitive switch
    {
        While => false,
        ICarriesPrograms carrier => carrier.Programs.ForAll(carried => IsTotal(carried.Program)),
        _ => IsTotal(equation),
    });

    /// <summary>
    /// Operands with which all members of a batch may run what only some should: the others stand in with those of the first
    /// that should, so that no index is out of range, no divisor zero and no loop endless that would not be for one alone.
    /// </summary>
    /// <param name="isRunning">Which members should; at least one.</param>
    /// <param name="operands">The operands.</param>
    /// <param name="batched">Which of them are batched.</param>
    internal static Seq<Tensor> StandingIn(Tensor isRunning, Seq<Tensor> operands, Seq<bool> batched)
    {
        var first = TensorMath.ArgMax(TensorMath.Convert(isRunning, DType.Int32), 0);
        return operands.Zip(batched).Map(pair => pair.Item2
            ? Chosen(isRunning, pair.Item1, TensorMath.BroadcastTo(TensorMath.Take(pair.Item1, first), pair.Item1.Shape))
            : pair.Item1).ToSeq().Strict();
    }

    /// <summary>Which arguments the outputs depend on.</summary>
    internal static Seq<bool> Reads(Program program)
    {
        var read = new bool[program.VariableCount];
        foreach (var atom in program.Outputs.Then(program.Assumptions.Map(assumption => assumption.Predicate))) Mark(atom);
        foreach (var equation in program.Equations.Reverse())
            if (equation.Outputs.Exists(output => read[output.Id]))
                foreach (var input in equation.Inputs) Mark(input);
        return program.Arguments.Map(argument => read[argument.Id]).Strict();

        void Mark(Atom atom)
        {
            if (atom is Variable variable) read[variable.Id] = true;
        }
    }

    /// <summary>The program with only some of its outputs, and what they need.</summary>
    internal static Program Of(this Program program, Seq<bool> outputs) =>
        outputs.ForAll(identity) ? program : (program with { Outputs = program.Outputs.Where(outputs) }).WithoutDeadCode();

    /// <summary>The program with some of its arguments bound to literals. Nothing is computed: what fails, or never ends, does so where it is run.</summary>
    internal static Program With(this Program program, Seq<Option<Tensor>> known)
    {
        var bound = new Dictionary<int, Atom>();
        foreach (var (argument, value) in program.Arguments.Zip(known)) value.IfSome(number => bound.Add(argument.Id, new Literal(number)));
        var open = known.Map(value => value.IsNone).Strict();
        var names = Text.Names(program);
        return Numbering.Dense(
            program.Arguments.Where(open),
            program.Bindings(),
            program.Equations.Map(equation => equation with { Inputs = equation.Inputs.Map(Read).Strict() }).Strict(),
            program.Outputs.Map(Read).Strict(),
            program.Assumptions.Map(assumption => assumption with { Predicate = Read(assumption.Predicate) }).Strict()) with
        { Names = program.Arguments.Where(open).Map(argument => names[argument.Id]).Strict() };

        Atom Read(Atom atom) => atom is Variable variable && bound.TryGetValue(variable.Id, out var literal) ? literal : atom;
    }

    /// <summary>The captured inputs with their values.</summary>
    internal static Seq<(Variable Input, Tensor Value)> Bindings(this Program program) =>
        program.Inputs.Skip(program.Arguments.Count).Zip(program.Captures).Map(pair => (pair.Item1, pair.Item2)).ToSeq().Strict();

    /// <summary>The program with further arguments, which it does not read.</summary>
    internal static Program Wider(this Program program, Program like)
    {
        var further = like.Arguments.Skip(program.Arguments.Count).Select((argument, i) => new Variable(program.VariableCount + i, argument.Type)).ToSeq().Strict();
        return Numbering.Dense(program.Arguments.Then(further), program.Bindings(), program.Equations, program.Outputs, program.Assumptions) with
        { Names = like.Names };
    }

    /// <summary>The literals among the operands from a place on; what comes before may change from step to step.</summary>
    internal static Seq<Option<Tensor>> From(this Seq<Option<Tensor>> known, int place) =>
        known.Select((value, i) => i < place ? None : value).ToSeq().Strict();

    /// <summary>The operands that are not bound.</summary>
    internal static Seq<Tensor> Unbound(this Seq<Option<Tensor>> known, Seq<Tensor> operands) => operands.Where(known.Map(value => value.IsNone).Strict());

    /// <summary>The program without the arguments that it does not read.</summary>
    internal static Program Reading(this Program program, Seq<bool> read) =>
        read.ForAll(identity) ? program : program.Taking(Enumerable.Range(0, read.Count).Where(i => read[i]).ToSeq().Strict());

    /// <summary>The program with these of its arguments, in this order; it reads no other.</summary>
    internal static Program Taking(this Program program, Seq<int> order)
    {
        // Dead equations may read more than the outputs do.
        program = program.WithoutDeadCode();
        var names = Text.Names(program);
        return Numbering.Dense(order.Map(i => program.Inputs[i]).Strict(), program.Bindings(), program.Equations, program.Outputs, program.Assumptions) with
        { Names = order.Map(i => names[i]).Strict() };
    }
}

/// <summary>
/// The transposes of programs that are linear in some of their arguments, all from the same cotangents: programs of the
/// known arguments, the cotangents and their supports.
/// </summary>
/// <param name="linear">Which arguments a program is linear in.</param>
/// <param name="cotangents">Those of the outputs.</param>
internal sealed class Pullback(Seq<bool> linear, Seq<Option<Cotangent>> cotangents)
{
    private readonly Seq<Cotangent> present = cotangents.Somes().ToSeq().Strict();

    /// <summary>The operands of a transposed program after those that are known: cotangents, then supports.</summary>
    internal Seq<Tensor> Given => present.Map(cotangent => cotangent.Value).Then(Masks);

    /// <summary>The operands of a program of supports after those that are known: no cotangents, for it would be taken to be linear in them.</summary>
    internal Seq<Tensor> Masks => present.Map(cotangent => cotangent.Support).Somes().Map(support => support.Value).ToSeq().Strict();

    /// <summary>Which linear arguments of a program some cotangent reaches, and which it reaches only in places.</summary>
    internal (Seq<bool> Reached, Seq<bool> Bounded) Reach(Program program)
    {
        var pulled = Seq<Option<Cotangent>>();
        Trace.Of("Transpose", Types(program), inputs =>
        {
            pulled = Pull(program, inputs);
            return Seq<Tensor>();
        });
        return (pulled.Map(cotangent => cotangent.IsSome).Strict(), pulled.Map(cotangent => cotangent.ForAll(one => one.Support.IsSome)).Strict());
    }

    /// <summary>The transposed program, giving cotangents of those linear arguments that are asked for.</summary>
    internal Program Of(Program program, Seq<bool> reached)
    {
        var types = program.Types().Where(linear);
        return Trace.Of("Transpose", Types(program), inputs => Support.Values(Pull(program, inputs)).Filled(types).Where(reached));
    }

    /// <summary>The program of the places where these cotangents may differ from zero: from what is known and masks alone; everywhere for one that no mask bounds.</summary>
    internal Program SupportsOf(Program program, Seq<bool> bounded)
    {
        var types = program.Types().Where(linear).Map(type => new TensorType(DType.Bool, type.Shape)).Strict();
        var known = linear.Count(isLinear => !isLinear);
        var supports = Trace.Of("Transpose", Types(program), inputs =>
            Pull(program, inputs)
                .Map(cotangent => cotangent.Map(one => one.Support.Match(Some: support => support.Value, None: () => TensorMath.Ones(one.Value.Shape, DType.Bool))))
                .Strict().Filled(types).Where(bounded));
        return supports.Reading(true.Times(known).Then(false.Times(present.Count), true.Times(supports.Arguments.Count - known - present.Count)));
    }

    /// <summary>Cotangents with supports, of which one application gives all, when one of them is needed.</summary>
    /// <param name="values">The cotangents.</param>
    /// <param name="bounded">Which of them have a support.</param>
    /// <param name="supports">The supports of these.</param>
    internal static Seq<Option<Cotangent>> Supported(Seq<Option<Tensor>> values, Seq<bool> bounded, Func<IEnumerable<Tensor>> supports)
    {
        var made = new Lazy<Tensor[]>(() => [.. supports()]);
        var place = 0;
        return values.Zip(bounded).Map(pair =>
        {
            var own = pair.Item2 ? place++ : -1;
            return pair.Item1.Map(value => new Cotangent(value, own < 0 ? None : Some(new Lazy<Tensor>(() => made.Value[own]))));
        }).ToSeq().Strict();
    }

    /// <summary>The types of a transposed program's arguments: what is known, cotangents, supports.</summary>
    internal Seq<TensorType> Types(Program program) =>
        program.Types().Where(linear.Map(isLinear => !isLinear).Strict()).Then(Given.Map(given => given.Type));

    /// <summary>The cotangents of the linear arguments.</summary>
    /// <param name="program">The program.</param>
    /// <param name="inputs">What is known, cotangents, supports.</param>
    internal Seq<Option<Cotangent>> Pull(Program program, Seq<Tensor> inputs)
    {
        var order = Enumerable.Range(0, linear.Count).OrderBy(i => linear[i] ? 0 : 1).ToSeq().Strict();
        var count = linear.Count(identity);
        var known = linear.Count - count;
        var values = new Queue<Tensor>(inputs.Part(known, present.Count));
        var supports = new Queue<Tensor>(inputs.Skip(known + present.Count));
        var given = cotangents.Map(cotangent => cotangent.Map(one => new Cotangent(
            values.Dequeue(),
            one.Support.Map(_ => supports.Dequeue()).Map(support => new Lazy<Tensor>(() => support))))).Strict();
        var first = program.Reordered(order);
        return Transposition.Pull(first, count, inputs.Part(0, known).Then(first.Captures), given);
    }
}
