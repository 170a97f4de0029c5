using System.Collections.Concurrent;
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

    private static readonly ConcurrentDictionary<(string[][], int), System.Collections.Generic.HashSet<string>> Above = new();

    private static IEnumerable<string> Files =>
        Sources.Compilation.SyntaxTrees.Select(tree => tree.FilePath).Where(path => path.Length > 0).Select(Sources.Relative).Where(path => Tree(path) is not null);

    [Fact]
    public void Every_folder_is_a_room_with_a_place() =>
        Assert.All(Files, path => Assert.True(
            Level(path) >= 0, $"{path}: no such room in the order of {nameof(Rooms)}. Say where it stands, here and in the design."));

    [Fact]
    public void A_room_uses_only_what_is_below_it()
    {
        var wrong = Sources.Compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0).AsParallel().SelectMany(tree =>
        {
            var user = Sources.Relative(tree.FilePath);
            if (Level(user) < 0 || Level(user) == Tree(user)!.Length - 1) return [];
            var model = Sources.Compilation.GetSemanticModel(tree);
            var names = Above.GetOrAdd((Tree(user)!, Level(user)), _ => NamesAbove(user));
            return tree.GetRoot().DescendantNodes()
                .Where(node => node is SimpleNameSyntax name ? names.Contains(name.Identifier.ValueText) : node is BinaryExpressionSyntax or PrefixUnaryExpressionSyntax)
                .SelectMany(node => Places(model.GetSymbolInfo(node).Symbol).Take(1).Select(used => (node, used)))
                .Where(use => !MayUse(user, use.used))
                .Select(use => $"{user}:{tree.GetLineSpan(use.node.Span).StartLinePosition.Line + 1} uses {use.used}: {use.node}");
        }).ToArray();
        Assert.True(wrong.Length == 0, string.Join("\n", wrong.Distinct().Order(StringComparer.Ordinal)));
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

    // What files above a room declare: only these names are worth asking the compiler about, which takes its time.
    private static System.Collections.Generic.HashSet<string> NamesAbove(string user) =>
        [.. Sources.Compilation.SyntaxTrees
            .Where(tree => tree.FilePath.Length > 0 && Tree(Sources.Relative(tree.FilePath)) is not null && !MayUse(user, Sources.Relative(tree.FilePath)))
            .SelectMany(tree => tree.GetRoot().DescendantNodes(node => node is not (StatementSyntax or ExpressionSyntax)).OfType<MemberDeclarationSyntax>())
            .SelectMany(Declared)];

    private static string[] Declared(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => [type.Identifier.ValueText],
        MethodDeclarationSyntax method => [method.Identifier.ValueText],
        PropertyDeclarationSyntax property => [property.Identifier.ValueText],
        FieldDeclarationSyntax field => [.. field.Declaration.Variables.Select(variable => variable.Identifier.ValueText)],
        _ => [],
    };

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
