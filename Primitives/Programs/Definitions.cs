namespace Functional.Programs;

/// <summary>Where variables are defined and used: views, computed from a program.</summary>
public static class Definitions
{
    /// <summary>How many equations and outputs read each variable, by id: its fan-out.</summary>
    public static int[] FanOut(Program program)
    {
        var uses = new int[program.VariableCount];
        foreach (var variable in program.Equations.SelectMany(equation => equation.Inputs).Concat(program.Outputs).OfType<Variable>())
            uses[variable.Id]++;
        return uses;
    }

    /// <summary>The equation that defines each variable, by id; none for inputs.</summary>
    public static Option<Equation>[] Of(Program program)
    {
        var definitions = new Option<Equation>[program.VariableCount];
        foreach (var equation in program.Equations)
            foreach (var output in equation.Outputs)
                definitions[output.Id] = equation;
        return definitions;
    }

    /// <summary>For each equation, the variables that nothing reads after it, outputs and assumptions included.</summary>
    public static int[][] LastUses(Program program)
    {
        var live = new bool[program.VariableCount];
        foreach (var kept in program.Outputs.Then(program.Assumptions.Map(assumption => assumption.Predicate)))
            if (kept is Variable variable) live[variable.Id] = true;
        var dying = new int[program.Equations.Count][];
        var ending = new List<int>();
        for (var place = dying.Length - 1; place >= 0; place--)
        {
            ending.Clear();
            var equation = program.Equations[place];
            foreach (var output in equation.Outputs) End(output.Id);
            foreach (var input in equation.Inputs) if (input is Variable variable) End(variable.Id);
            dying[place] = ending.Count == 0 ? [] : [.. ending];
        }
        return dying;

        void End(int id)
        {
            if (live[id]) return;
            live[id] = true;
            ending.Add(id);
        }
    }
}
