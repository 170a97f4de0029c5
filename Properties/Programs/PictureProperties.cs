using System.Text.RegularExpressions;
using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Programs;

/// <summary>Programs as graphs: a node for each input, equation and output, an edge for each use.</summary>
public partial class PictureProperties
{
    private static readonly Program Product = Trace((Tensor x, Tensor y) => Sum(x * y) * 2.0)(Zeros([3]), Zeros([3]));

    [Fact]
    public void A_program_as_Graphviz_draws_it() => Assert.Equal(
        """
        digraph program {
          rankdir=TB;
          node [fontname="monospace"];
          v0 [label="x: f64[3]", shape=ellipse];
          v1 [label="y: f64[3]", shape=ellipse];
          e0 [label="mul", shape=box];
          e1 [label="sum[axes=0]", shape=box];
          e2 [label="mul · 2.0", shape=box];
          o0 [label="output", shape=ellipse];
          v0 -> e0 [label="x: f64[3]"];
          v1 -> e0 [label="y: f64[3]"];
          e0 -> e1 [label="a: f64[3]"];
          e1 -> e2 [label="b: f64[]"];
          e2 -> o0 [label="c: f64[]"];
        }
        """,
        Product.ToDot());

    [Fact]
    public void A_program_as_Mermaid_draws_it() => Assert.Equal(
        """
        flowchart TD
          v0(["x: f64[3]"])
          v1(["y: f64[3]"])
          e0["mul"]
          e1["sum[axes=0]"]
          e2["mul · 2.0"]
          o0(["output"])
          v0 -->|"x: f64[3]"| e0
          v1 -->|"y: f64[3]"| e0
          e0 -->|"a: f64[3]"| e1
          e1 -->|"b: f64[]"| e2
          e2 -->|"c: f64[]"| o0
        """,
        Product.ToMermaid());

    [Fact]
    public void Nodes_of_programs_within_programs_are_apart()
    {
        var nested = Trace((Tensor p, Tensor x) => Cond(p, x, y => While(z => Sum(z) > 1, z => z / 2, y), y => While(z => Sum(z) > 2, z => z / 4, y)))(true, Zeros([3]));
        var named = nested.ToDot().Split('\n').Where(line => line.Contains("shape=", StringComparison.Ordinal)).Select(line => line.Split('[')[0].Trim()).ToArray();
        Assert.Equal(named.Length, named.Distinct().Count());
        Assert.Contains("e0_ifFalse_e0_body_e0", named);
    }

    [Fact]
    public void There_is_a_node_for_each_equation_and_an_edge_for_each_use() => Theorem.Holds(ProgramDraw.Any, 60, draw =>
    {
        var program = draw.Program;
        Program[] all = [.. Carried(program)];
        var nodes = all.Sum(part => part.Inputs.Count + part.Equations.Count + part.Outputs.Count);
        var edges = all.Sum(part => Definitions.FanOut(part).Sum());
        var inside = all.Length - 1;
        WellFormed(program.ToDot(), DotNode(), DotEdge(), nodes, edges, skipped: 4 + (4 * inside));
        WellFormed(program.ToMermaid(), MermaidNode(), MermaidEdge(), nodes, edges, skipped: 1 + (3 * inside));
    });

    [Fact]
    public void A_carried_program_is_a_cluster_beside_its_equation()
    {
        var program = Trace((Tensor x) => Map(row => row * 2.0, x))(Zeros([3]));
        Assert.Equal(
            """
            digraph program {
              rankdir=TB;
              node [fontname="monospace"];
              v0 [label="x: f64[3]", shape=ellipse];
              e0 [label="scan[length=3]", shape=box];
              o0 [label="output", shape=ellipse];
              v0 -> e0 [label="x: f64[3]"];
              e0 -> o0 [label="a: f64[3]"];
              subgraph cluster_e0_step_ {
                label="step";
                e0_step_v0 [label="row: f64[]", shape=ellipse];
                e0_step_e0 [label="mul · 2.0", shape=box];
                e0_step_o0 [label="output", shape=ellipse];
                e0_step_v0 -> e0_step_e0 [label="row: f64[]"];
                e0_step_e0 -> e0_step_o0 [label="a: f64[]"];
              }
              e0 -> e0_step_v0 [style=dashed];
            }
            """,
            program.ToDot());
        Assert.Equal(
            """
            flowchart TD
              v0(["x: f64[3]"])
              e0["scan[length=3]"]
              o0(["output"])
              v0 -->|"x: f64[3]"| e0
              e0 -->|"a: f64[3]"| o0
              subgraph e0_step_ ["step"]
                e0_step_v0(["row: f64[]"])
                e0_step_e0["mul · 2.0"]
                e0_step_o0(["output"])
                e0_step_v0 -->|"row: f64[]"| e0_step_e0
                e0_step_e0 -->|"a: f64[]"| e0_step_o0
              end
              e0 -.-> e0_step_
            """,
            program.ToMermaid());
    }

    private static IEnumerable<Program> Carried(Program program) => program.Equations
        .SelectMany(equation => equation.Primitive is ICarriesPrograms carrier ? carrier.Programs.SelectMany(carried => Carried(carried.Program)) : Seq<Program>())
        .Prepend(program);

    // Each line is a node or an edge, no node stands twice, and each edge goes between nodes that are there.
    private static void WellFormed(string graph, Regex node, Regex edge, int nodes, int edges, int skipped)
    {
        var lines = graph.Split('\n');
        var named = lines.Select(line => node.Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToArray();
        var drawn = lines.Select(line => edge.Match(line)).Where(match => match.Success).ToArray();
        Assert.Equal(nodes, named.Distinct().Count());
        Assert.Equal(nodes, named.Length);
        Assert.Equal(edges, drawn.Length);
        Assert.Equal(lines.Length, nodes + edges + skipped);
        Assert.All(drawn, match => Assert.True(named.Contains(match.Groups[1].Value) && named.Contains(match.Groups[2].Value), match.Value));
    }

    [GeneratedRegex("^ +((?:e[0-9]+_[a-zA-Z]+_)*[veo][0-9]+) \\[label=\"[^\"]*\", shape=(box|ellipse)\\];$")]
    private static partial Regex DotNode();

    [GeneratedRegex("^ +((?:e[0-9]+_[a-zA-Z]+_)*[ve][0-9]+) -> ((?:e[0-9]+_[a-zA-Z]+_)*[eo][0-9]+) \\[label=\"[^\"]*\"\\];$")]
    private static partial Regex DotEdge();

    [GeneratedRegex("^ +((?:e[0-9]+_[a-zA-Z]+_)*[veo][0-9]+)(\\[\"[^\"]*\"\\]|\\(\\[\"[^\"]*\"\\]\\))$")]
    private static partial Regex MermaidNode();

    [GeneratedRegex("^ +((?:e[0-9]+_[a-zA-Z]+_)*[ve][0-9]+) -->\\|\"[^\"]*\"\\| ((?:e[0-9]+_[a-zA-Z]+_)*[eo][0-9]+)$")]
    private static partial Regex MermaidEdge();
}
