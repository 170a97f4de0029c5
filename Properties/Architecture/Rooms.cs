using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Functional.Properties.Architecture;

/// <summary>The arrows between rooms: a room uses its own and those below it.</summary>
public class Rooms
{
    // From the ground up; rooms of one level may use each other.
    private static readonly string[][] Primitives =
    [
        ["Kernels"],
        ["Tensors"],
        ["Programs"],
        ["Elementwise", "Reductions", "Shaping", "Indexing", "Contractions", "Windows", "Decompositions", "Sampling"],
    ];

    private static readonly string[][] Transforms =
    [
        ["Structures", "Simplification", "Vectorization", "Differentiation"],
        ["ControlFlow"],
        ["Jacobians"],
        ["Compilation"],
        ["Optimizers", "Solvers", "Export", "Explanation"],
        [string.Empty],
    ];

    public static TheoryData<string> Files() => new(
        Sources.Compilation.SyntaxTrees.Select(tree => tree.FilePath).Where(path => path.Length > 0).Select(Sources.Relative)
            .Where(path => path.StartsWith("Primitives/", StringComparison.Ordinal) || path.StartsWith("Transforms/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Every_folder_is_a_room_with_a_place() =>
        Assert.All(Files().Select(row => (string)row[0]), path => Assert.True(
            Level(path) >= 0, $"{path}: no such room in the order of {nameof(Rooms)}. Say where it stands, here and in the design."));

    [Fact]
    public void A_room_uses_only_what_is_below_it()
    {
        var wrong = new List<string>();
        foreach (var tree in Sources.Compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0))
        {
            var user = Sources.Relative(tree.FilePath);
            if (Level(user) < 0) continue;
            var model = Sources.Compilation.GetSemanticModel(tree);
            wrong.AddRange(tree.GetRoot().DescendantNodes()
                .Where(node => node is SimpleNameSyntax or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or ElementAccessExpressionSyntax)
                .SelectMany(node => Places(model.GetSymbolInfo(node).Symbol).Take(1).Select(used => (node, used)))
                .Where(use => !MayUse(user, use.used))
                .Select(use => $"{user}:{tree.GetLineSpan(use.node.Span).StartLinePosition.Line + 1} uses {use.used}: {use.node}"));
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Distinct()));
    }

    [Theory]
    [InlineData("Primitives", "")]
    [InlineData("Transforms", "Primitives")]
    [InlineData("Notebooks", "Transforms")]
    [InlineData("Benchmarks", "Transforms")]
    public void A_project_refers_only_to_the_one_below_it(string project, string allowed)
    {
        if (!Directory.Exists(Path.Combine(Sources.Root, project))) return;
        var references = Regex.Matches(Sources.Project(project), "<ProjectReference Include=\"\\.\\./(\\w+)/").Select(match => match.Groups[1].Value);
        Assert.All(references, reference => Assert.Equal(allowed, reference));
    }

    // A member's own place, as pieces of partial classes stand beside primitives; for a type the lowest of its pieces.
    private static IEnumerable<string> Places(ISymbol? symbol) => symbol switch
    {
        null or INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol or IRangeVariableSymbol or ILabelSymbol => [],
        _ => symbol.OriginalDefinition.DeclaringSyntaxReferences
            .Select(reference => Sources.Relative(reference.SyntaxTree.FilePath))
            .Where(path => Level(path) >= 0)
            .OrderBy(path => path.StartsWith("Transforms/", StringComparison.Ordinal)).ThenBy(Level),
    };

    private static bool MayUse(string user, string used) =>
        Tree(user) == Tree(used) ? Level(used) <= Level(user) : Tree(user) == Transforms;

    private static string[][]? Tree(string path) => path.Split('/')[0] switch
    {
        nameof(Primitives) => Primitives,
        nameof(Transforms) => Transforms,
        _ => null,
    };

    // −1 for what is no room of these two projects.
    private static int Level(string path)
    {
        var parts = path.Split('/');
        return System.Array.FindIndex(Tree(path) ?? [], level => level.Contains(parts.Length > 2 ? parts[1] : string.Empty));
    }
}
