using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Functional.Programs;

/// <summary>
/// Programs as text, in the manner of F#: one <c>let</c> for each equation, the outputs last; the programs that an equation
/// carries stand under it, indented. Equal programs print alike.
/// </summary>
public static partial class Text
{
    /// <summary>The program as text.</summary>
    public static string Print(Program program) => Print(program, "f", string.Empty);

    /// <summary>What each variable is called in text: inputs by their names, results a, b, c …</summary>
    public static string[] Names(Program program)
    {
        var names = new string[program.VariableCount];
        var taken = new System.Collections.Generic.HashSet<string>(StringComparer.Ordinal);
        var arguments = program.Arguments.Count;
        taken.Add("f");
        for (var i = 0; i < program.Inputs.Count; i++)
        {
            var name = i < program.Names.Count ? program.Names[i] : i < arguments ? Default(i, arguments) : $"c{i - arguments}";
            while (!taken.Add(name)) name += "'";
            names[program.Inputs[i].Id] = name;
        }
        var next = 0;
        foreach (var output in program.Equations.SelectMany(equation => equation.Outputs))
        {
            string name;
            do name = Letters(next++);
            while (!taken.Add(name));
            names[output.Id] = name;
        }
        return names;
    }

    internal static string Print(Program program, string function, string indent)
    {
        var names = Names(program);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{indent}let {function}");
        foreach (var argument in program.Arguments) text.Append(CultureInfo.InvariantCulture, $" ({Typed(argument)})");
        if (program.Arguments.IsEmpty) text.Append(" ()");
        text.Append(" =\n");
        foreach (var capture in program.Inputs.Skip(program.Arguments.Count))
            text.Append(CultureInfo.InvariantCulture, $"{indent}  capture {Typed(capture)}\n");
        foreach (var assumption in program.Assumptions)
            text.Append(CultureInfo.InvariantCulture, $"{indent}  assume {Name(assumption.Predicate)} = {assumption.Expected}\n");
        var width = program.Equations.SelectMany(equation => equation.Outputs).Select(output => Typed(output).Length).DefaultIfEmpty().Max();
        foreach (var equation in program.Equations)
        {
            var outputs = string.Join(", ", equation.Outputs.Map(Typed)).PadRight(width);
            var inputs = string.Concat(equation.Inputs.Map(input => " " + Name(input)));
            text.Append(CultureInfo.InvariantCulture, $"{indent}  let {outputs} = {equation.Primitive}{inputs}\n");
            if (equation.Primitive is not ICarriesPrograms carrier) continue;
            foreach (var (name, carried) in carrier.Programs) text.Append(Print(carried, name, indent + "    ")).Append('\n');
        }
        return text.Append(CultureInfo.InvariantCulture, $"{indent}  {string.Join(", ", program.Outputs.Map(Name))}").ToString();

        string Name(Atom atom) => atom is Variable variable ? names[variable.Id] : atom.ToString()!;
        string Typed(Variable variable) => $"{names[variable.Id]}: {variable.Type}";
    }

    /// <summary>A record's members, <c>Axes = [0, 1], Start = 2</c>, as parameters, <c>axes=[0,1] start=2</c>; a list of one stands without brackets.</summary>
    internal static string Parameters(string members)
    {
        var parameters = Member().Replace(members, match => $"{char.ToLowerInvariant(match.Groups[1].Value[0])}{match.Groups[1].Value[1..]}=");
        parameters = ListSeparator().Replace(parameters, ",");
        parameters = ParameterSeparator().Replace(parameters, " ");
        return Singleton().Replace(parameters, "=$1");
    }

    private static string Default(int index, int count) => count == 1 ? "x" : $"x{index}";

    private static string Letters(int number) =>
        number < 26 ? ((char)('a' + number)).ToString() : Letters((number / 26) - 1) + (char)('a' + (number % 26));

    [GeneratedRegex(@"([A-Z]\w*) = ")]
    private static partial Regex Member();

    [GeneratedRegex(@", (?![a-zA-Z]+=)")]
    private static partial Regex ListSeparator();

    [GeneratedRegex(@", (?=[a-zA-Z]+=)")]
    private static partial Regex ParameterSeparator();

    [GeneratedRegex(@"(?<!shape)=\[(-?[\w.]+)\]")]
    private static partial Regex Singleton();
}
