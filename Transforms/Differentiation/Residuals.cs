using Functional.Primitives;
using Functional.Programs;

namespace Functional.Differentiation;

/// <summary>Which residuals are kept, and the program that makes the others from them.</summary>
internal static class Residuals
{
    /// <summary>A split function whose linear part reads what a policy keeps, and first computes the rest from that.</summary>
    internal static Linearized Keeping(this Linearized split, ResidualPolicy policy)
    {
        var primal = Identified(split.Primal, policy);
        var residuals = primal.Outputs.Skip(split.Outputs).ToSeq().Strict();
        var needed = residuals.OfType<Variable>().Distinct().ToSeq().Strict();
        var kept = Kept(primal, needed, policy);
        var keptIds = kept.Map(variable => variable.Id).ToHashSet();
        var missing = needed.Filter(variable => !keptIds.Contains(variable.Id)).ToSeq().Strict();
        var (from, again) = Between(primal, kept, missing);
        var outputs = split.Primal.Outputs.Take(split.Outputs);
        var tangents = split.Linear.Arguments.Count - split.Residuals.Count;
        var types = split.Linear.Arguments.Take(tangents).Map(tangent => tangent.Type).Then(kept.Map(variable => variable.Type));
        var linear = Trace.Of("Linearize", types, inputs =>
        {
            var values = kept.Zip(inputs.Skip(tangents)).ToDictionary(pair => pair.Item1.Id, pair => pair.Item2);
            var made = missing.IsEmpty ? [] : new Recompute(again).ApplyAll([.. from.Map(variable => values[variable.Id])]);
            foreach (var (variable, value) in missing.Zip(made)) values[variable.Id] = value;
            return split.Linear.Evaluate([.. inputs.Take(tangents), .. residuals.Map(residual => residual is Variable { Id: var id } ? values[id] : ((Literal)residual).Value)]);
        });
        var whole = (split.Primal with { Outputs = outputs.Then(kept.Map(variable => (Atom)variable)) }).WithoutDeadCode();
        // What nothing reads is not computed again.
        var isAgain = linear.Equations.Exists(equation => equation.Primitive is Recompute { Body: var body } && ReferenceEquals(body, again));
        return split with { Primal = whole, Linear = linear, FlopsAdded = isAgain ? Cost.Of(again).Flops : 0 };
    }

    // A value and what it was named are one: all who read either read one of them, that which the policy knows by name.
    private static Program Identified(Program primal, ResidualPolicy policy)
    {
        var first = new Dictionary<int, Variable>();
        var known = new Dictionary<int, Variable>();
        foreach (var equation in primal.Equations)
        {
            if (equation is not { Primitive: Named { Label: var label }, Inputs: [Variable operand], Outputs: [var named] }) continue;
            var value = first.GetValueOrDefault(operand.Id, operand);
            first[named.Id] = value;
            // An argument is at hand under its own name.
            if (policy is ResidualPolicy.Names(var names) && names.Contains(label) && value.Id >= primal.Inputs.Count) known.TryAdd(value.Id, named);
        }
        return first.Count == 0 ? primal : primal with
        {
            Equations = primal.Equations.Map(equation => equation with { Inputs = equation.Inputs.Map(One).Strict() }).Strict(),
            Outputs = primal.Outputs.Map(One).Strict(),
        };

        Atom One(Atom atom)
        {
            if (atom is not Variable variable) return atom;
            var value = first.GetValueOrDefault(variable.Id, variable);
            return known.GetValueOrDefault(value.Id, value);
        }
    }

    private static Seq<Variable> Kept(Program primal, Seq<Variable> needed, ResidualPolicy policy)
    {
        if (policy == ResidualPolicy.Everything) return needed;
        if (policy == ResidualPolicy.MinimumCut) return MinimumCut.Of(primal, needed, IsCheap);
        if (policy == ResidualPolicy.Nothing) return Backward(primal, needed, _ => false);
        if (policy == ResidualPolicy.Contractions) return Backward(primal, needed, equation => Form(equation) is LoopForm.Contract);
        if (policy is ResidualPolicy.Names(var names)) return Backward(primal, needed, equation => equation.Primitive is Named named && names.Contains(named.Label));
        throw new ArgumentOutOfRangeException(nameof(policy), policy, "not a residual policy");
    }

    // Elementwise arithmetic, comparisons, selections, conversions, changes of shape and counting; an elementary function
    // counts ten operations and is not cheap, and what a primitive carries is not elementwise.
    private static bool IsCheap(Equation equation) =>
        equation.Primitive is not ICarriesPrograms
        && (equation.Inputs.IsEmpty || equation.Primitive is Cast or Clamp || Form(equation) is LoopForm.Pointwise or LoopForm.View)
        && Cost.Of(equation).Flops <= equation.Outputs.Sum(output => (long)output.Type.Size);

    private static LoopForm Form(Equation equation) => equation.Primitive.Form([.. equation.Inputs.Map(input => input.Type)]);

    // The first values met on the way back from what is needed: arguments, and results of equations at which to stop.
    private static Seq<Variable> Backward(Program primal, Seq<Variable> needed, Func<Equation, bool> stops)
    {
        var definitions = Definitions.Of(primal);
        var arguments = primal.Arguments.Count;
        var (met, kept) = (new bool[primal.VariableCount], new List<Variable>());
        var pending = new Stack<Variable>(needed.Reverse());
        while (pending.TryPop(out var variable))
        {
            if (met[variable.Id]) continue;
            met[variable.Id] = true;
            if (variable.Id < arguments) kept.Add(variable);
            if (definitions[variable.Id].Case is not Equation equation) continue;
            if (stops(equation)) kept.Add(variable);
            else foreach (var input in equation.Inputs.OfType<Variable>()) pending.Push(input);
        }
        return kept.OrderBy(variable => variable.Id).ToSeq().Strict();
    }

    // The equations that make some variables from others, and which of these they read.
    private static (Seq<Variable> From, Program Program) Between(Program primal, Seq<Variable> from, Seq<Variable> to)
    {
        var wanted = new bool[primal.VariableCount];
        foreach (var variable in to) wanted[variable.Id] = true;
        var known = from.Map(variable => variable.Id).ToHashSet();
        var equations = new Stack<Equation>();
        foreach (var equation in primal.Equations.Reverse())
        {
            if (!equation.Outputs.Exists(output => wanted[output.Id] && !known.Contains(output.Id))) continue;
            equations.Push(equation);
            foreach (var input in equation.Inputs.OfType<Variable>()) wanted[input.Id] = true;
        }
        // Another result of an equation that is run again may be one of those at hand: it goes by a name of its own.
        var names = Text.Names(primal);
        var next = primal.VariableCount;
        var body = equations.Select(equation => equation with
        {
            Outputs = equation.Outputs.Map(output => known.Contains(output.Id) ? new Variable(next++, output.Type) : output).Strict(),
        }).ToSeq().Strict();
        var captures = primal.Inputs.Skip(primal.Arguments.Count).Zip(primal.Captures).Filter(pair => wanted[pair.Item1.Id] && !known.Contains(pair.Item1.Id)).ToSeq().Strict();
        var read = from.Filter(variable => wanted[variable.Id]).ToSeq().Strict();
        return (read, Numbering.Dense(read, captures.Map(pair => (pair.Item1, pair.Item2)).Strict(), body, to.Map(variable => (Atom)variable).Strict(), Seq<Assumption>()) with
        { Names = read.Map(variable => names[variable.Id]).Strict() });
    }
}
