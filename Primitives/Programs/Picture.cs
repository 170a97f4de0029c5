using System.Globalization;
using System.Text;

namespace Functional.Programs;

/// <summary>Programs as graphs: a node for each input, literal use and equation, an edge for each value read.</summary>
public static class Picture
{
    /// <summary>The graph in Graphviz' DOT language; a carried program is a cluster beside its equation.</summary>
    public static string ToDot(this Program program)
    {
        var text = new StringBuilder("digraph program {\n  rankdir=TB;\n  node [fontname=\"monospace\"];\n");
        Dot(program, string.Empty, "  ");
        return text.Append('}').ToString();

        void Dot(Program part, string prefix, string indent)
        {
            foreach (var node in Nodes(part))
                text.Append(CultureInfo.InvariantCulture, $"{indent}{prefix}{node.Id} [label=\"{node.Label.Replace("\"", "\\\"", StringComparison.Ordinal)}\", shape={(node.IsEquation ? "box" : "ellipse")}];\n");
            foreach (var (from, to, label) in Edges(part))
                text.Append(CultureInfo.InvariantCulture, $"{indent}{prefix}{from} -> {prefix}{to} [label=\"{label}\"];\n");
            foreach (var (equation, name, inside, carried) in Carried(part, prefix))
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}subgraph cluster_{inside} {{\n{indent}  label=\"{name}\";\n");
                Dot(carried, inside, indent + "  ");
                text.Append(CultureInfo.InvariantCulture, $"{indent}}}\n{indent}{equation} -> {First(carried, inside)} [style=dashed];\n");
            }
        }
    }

    /// <summary>The graph as a Mermaid flowchart, which notebooks and Markdown viewers draw; a carried program is a subgraph beside its equation.</summary>
    public static string ToMermaid(this Program program)
    {
        var text = new StringBuilder("flowchart TD\n");
        Mermaid(program, string.Empty, "  ");
        return text.ToString().TrimEnd();

        void Mermaid(Program part, string prefix, string indent)
        {
            foreach (var node in Nodes(part))
                text.Append(CultureInfo.InvariantCulture, $"{indent}{prefix}{node.Id}{(node.IsEquation ? "[" : "([")}\"{node.Label.Replace("\"", "#quot;", StringComparison.Ordinal)}\"{(node.IsEquation ? "]" : "])")}\n");
            foreach (var (from, to, label) in Edges(part))
                text.Append(CultureInfo.InvariantCulture, $"{indent}{prefix}{from} -->|\"{label}\"| {prefix}{to}\n");
            foreach (var (equation, name, inside, carried) in Carried(part, prefix))
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}subgraph {inside} [\"{name}\"]\n");
                Mermaid(carried, inside, indent + "  ");
                text.Append(CultureInfo.InvariantCulture, $"{indent}end\n{indent}{equation} -.-> {inside}\n");
            }
        }
    }

    private static IEnumerable<(string Equation, string Name, string Inside, Program Program)> Carried(Program program, string prefix)
    {
        for (var place = 0; place < program.Equations.Count; place++)
            if (program.Equations[place].Primitive is ICarriesPrograms carrier)
                foreach (var (name, carried) in carrier.Programs)
                    yield return ($"{prefix}e{place}", name, $"{prefix}e{place}_{name}_", carried);
    }

    // Graphviz joins nodes, not clusters.
    private static string First(Program carried, string inside) =>
        carried.Inputs.IsEmpty ? carried.Equations.IsEmpty ? $"{inside}o0" : $"{inside}e0" : $"{inside}v{carried.Inputs[0].Id}";

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
