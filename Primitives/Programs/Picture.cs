using System.Globalization;
using System.Text;

namespace Functional.Programs;

/// <summary>Programs as graphs: a node for each input, literal use and equation, an edge for each value read.</summary>
public static class Picture
{
    /// <summary>The graph in Graphviz' DOT language.</summary>
    public static string ToDot(this Program program)
    {
        var text = new StringBuilder("digraph program {\n  rankdir=TB;\n  node [fontname=\"monospace\"];\n");
        foreach (var node in Nodes(program))
            text.Append(CultureInfo.InvariantCulture, $"  {node.Id} [label=\"{node.Label.Replace("\"", "\\\"", StringComparison.Ordinal)}\", shape={(node.IsEquation ? "box" : "ellipse")}];\n");
        foreach (var (from, to, label) in Edges(program))
            text.Append(CultureInfo.InvariantCulture, $"  {from} -> {to} [label=\"{label}\"];\n");
        return text.Append('}').ToString();
    }

    /// <summary>The graph as a Mermaid flowchart, which notebooks and Markdown viewers draw.</summary>
    public static string ToMermaid(this Program program)
    {
        var text = new StringBuilder("flowchart TD\n");
        foreach (var node in Nodes(program))
            text.Append(CultureInfo.InvariantCulture, $"  {node.Id}{(node.IsEquation ? "[" : "([")}\"{node.Label.Replace("\"", "#quot;", StringComparison.Ordinal)}\"{(node.IsEquation ? "]" : "])")}\n");
        foreach (var (from, to, label) in Edges(program))
            text.Append(CultureInfo.InvariantCulture, $"  {from} -->|\"{label}\"| {to}\n");
        return text.ToString().TrimEnd();
    }

    private static IEnumerable<(string Id, string Label, bool IsEquation)> Nodes(Program program)
    {
        var names = Text.Names(program);
        foreach (var input in program.Inputs) yield return ($"v{input.Id}", $"{names[input.Id]}: {input.Type}", false);
        var place = 0;
        foreach (var equation in program.Equations)
        {
            var literals = string.Concat(equation.Inputs.Map(input => input is Literal ? $" {input}" : " ·"));
            yield return ($"e{place++}", equation.Inputs.Exists(input => input is Literal) ? equation.Primitive + literals : equation.Primitive.ToString(), true);
        }
        for (var i = 0; i < program.Outputs.Count; i++)
            yield return ($"o{i}", program.Outputs[i] is Literal literal ? $"output {literal}" : "output", false);
    }

    private static IEnumerable<(string From, string To, string Label)> Edges(Program program)
    {
        var names = Text.Names(program);
        var source = program.Inputs.ToDictionary(input => input.Id, input => $"v{input.Id}");
        var place = 0;
        foreach (var equation in program.Equations)
        {
            foreach (var input in equation.Inputs.OfType<Variable>()) yield return (source[input.Id], $"e{place}", Label(input));
            foreach (var output in equation.Outputs) source[output.Id] = $"e{place}";
            place++;
        }
        for (var i = 0; i < program.Outputs.Count; i++)
            if (program.Outputs[i] is Variable output) yield return (source[output.Id], $"o{i}", Label(output));

        string Label(Variable variable) => $"{names[variable.Id]}: {variable.Type}";
    }
}
