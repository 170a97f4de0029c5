namespace Functional.Programs;

/// <summary>The checker of programs.</summary>
public static class Checker
{
    /// <summary>
    /// The program, or all that is wrong with it: a variable defined twice, read before it is defined or with another
    /// type, an id out of order, a type that its primitive does not give.
    /// </summary>
    public static Validation<string, Program> Check(this Program program)
    {
        var faults = new List<string>();
        var defined = new Dictionary<int, TensorType>();
        foreach (var input in program.Inputs) Define("the inputs", input);
        foreach (var equation in program.Equations)
        {
            foreach (var input in equation.Inputs) Read(equation.Primitive.ToString(), input);
            Infer(equation);
            Carried(equation);
            foreach (var output in equation.Outputs) Define(equation.Primitive.ToString(), output);
        }
        foreach (var output in program.Outputs) Read("the outputs", output);
        foreach (var assumption in program.Assumptions) Read("an assumption", assumption.Predicate);
        if (program.Captures.Count > program.Inputs.Count)
            faults.Add($"{program.Captures.Count} captures for {program.Inputs.Count} inputs");
        else
            foreach (var (place, (input, value)) in Enumerable.Range(0, program.Captures.Count).Zip(program.Inputs.Skip(program.Arguments.Count).Zip(program.Captures)))
                if (value.Type != input.Type) faults.Add($"capture {place} is {value.Type} for an input of {input.Type}");
        return faults.Count == 0 ? Success<string, Program>(program) : Fail<string, Program>(faults.ToSeq());

        void Define(string place, Variable variable)
        {
            if (!defined.TryAdd(variable.Id, variable.Type)) faults.Add($"{place}: variable {variable.Id} is defined twice");
            else if (variable.Id != defined.Count - 1) faults.Add($"{place}: variable {variable.Id} is out of order; expected {defined.Count - 1}");
        }

        void Read(string place, Atom atom)
        {
            if (atom is not Variable variable) return;
            if (!defined.TryGetValue(variable.Id, out var type)) faults.Add($"{place}: variable {variable.Id} is read before it is defined");
            else if (type != variable.Type) faults.Add($"{place}: variable {variable.Id} is {type}, read as {variable.Type}");
        }

        void Carried(Equation equation)
        {
            if (equation.Primitive is not ICarriesPrograms carrier) return;
            foreach (var (name, carried) in carrier.Programs)
            {
                carried.Check().IfFail(inside => faults.AddRange(inside.Map(fault => $"{equation.Primitive}, {name}: {fault}")));
                if (carried.Captures.Exists(capture => capture is Tracer)) faults.Add($"{equation.Primitive}, {name}: closes over a value that is not known; it must be an operand");
            }
        }

        void Infer(Equation equation)
        {
            try
            {
                var inferred = equation.Primitive.Infer([.. equation.Inputs.Map(input => input.Type)]);
                if (!inferred.SequenceEqual(equation.Outputs.Map(output => output.Type)))
                    faults.Add($"{equation.Primitive}: gives {string.Join(", ", inferred)}, declared {string.Join(", ", equation.Outputs.Map(output => output.Type))}");
            }
            catch (ArgumentException wrong)
            {
                faults.Add(wrong.Message);
            }
            catch (IndexOutOfRangeException)
            {
                faults.Add($"{equation.Primitive}: takes more operands than the {equation.Inputs.Count} given");
            }
        }
    }
}
