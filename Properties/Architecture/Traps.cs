using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Functional.Properties.Architecture;

/// <summary>Sources that compile and do not do what they say.</summary>
public class Traps
{
    // LanguageExt's collections have an Add that gives a new collection; a collection expression drops what it gives.
    [Fact]
    public void No_collection_expression_makes_an_immutable_collection()
    {
        var wrong = Sources.Compilation.SyntaxTrees.SelectMany(tree =>
        {
            var model = Sources.Compilation.GetSemanticModel(tree);
            return tree.GetRoot().DescendantNodes().OfType<CollectionExpressionSyntax>()
                .Where(expression => model.GetTypeInfo(expression).ConvertedType?.ContainingNamespace?.ToDisplayString() == "LanguageExt")
                .Select(expression => $"{Sources.Relative(tree.FilePath)}:{tree.GetLineSpan(expression.Span).StartLinePosition.Line + 1}: {expression} is an empty collection; write Seq(…) or ToSeq().");
        }).ToArray();
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void The_trap_is_seen()
    {
        var tree = CSharpSyntaxTree.ParseText("class Trap { LanguageExt.Seq<int> x = [1, 2]; }", Sources.Options);
        var model = Sources.Compilation.AddSyntaxTrees(tree).GetSemanticModel(tree);
        var expression = tree.GetRoot().DescendantNodes().OfType<CollectionExpressionSyntax>().Single();
        Assert.Equal("LanguageExt", model.GetTypeInfo(expression).ConvertedType!.ContainingNamespace.ToDisplayString());
    }
}
