using Functional.Programs;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Functional.Properties.Architecture;

/// <summary>What users can call, line by line in a file that changes only on purpose.</summary>
public class PublicSurface
{
    private const string Rewrite = "FUNCTIONAL_WRITE_SURFACE";

    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.CSharpErrorMessageFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeContainingType
            | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue)
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeDefaultValue)
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword)
        .WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints);

    private static string Baseline => Path.Combine(Sources.Root, "Properties", "Architecture", "PublicSurface.txt");

    [Fact]
    public void Is_that_of_the_baseline()
    {
        var surface = Lines().ToArray();
        if (Environment.GetEnvironmentVariable(Rewrite) == "1") File.WriteAllText(Baseline, string.Join('\n', surface) + "\n");
        var baseline = File.Exists(Baseline) ? File.ReadAllLines(Baseline) : [];
        var difference = baseline.Except(surface).Select(line => $"- {line}").Concat(surface.Except(baseline).Select(line => $"+ {line}")).ToArray();
        Assert.True(
            difference.Length == 0,
            $"The public surface is not that of {Sources.Relative(Baseline)}:\n{string.Join("\n", difference)}\nIf this is on purpose, run the test once with {Rewrite}=1, and commit the file.");
    }

    // The compiled assemblies, read by the compiler: what it shows a caller.
    private static IEnumerable<string> Lines()
    {
        var assemblies = new[] { typeof(Primitive).Assembly, typeof(Pushforward).Assembly };
        var references = assemblies.Select(assembly => MetadataReference.CreateFromFile(assembly.Location)).ToArray();
        var compilation = Sources.Compilation.RemoveAllSyntaxTrees().AddReferences(references);
        return references.Select(compilation.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>()
            .SelectMany(assembly => Types(assembly.GlobalNamespace))
            .OrderBy(Line, StringComparer.Ordinal)
            .SelectMany(type => Members(type).Prepend(Line(type)));
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(member => member switch
    {
        INamespaceSymbol inner => Types(inner),
        INamedTypeSymbol type when IsSeen(type) => Types(type).Prepend(type),
        _ => [],
    });

    // What records and enums bring along by themselves is no surface of ours.
    private static IEnumerable<string> Members(INamedTypeSymbol type) => type.GetMembers()
        .Where(member => member is not INamedTypeSymbol && IsSeen(member) && !member.IsImplicitlyDeclared && (member.CanBeReferencedByName || member is IMethodSymbol))
        .Where(member => member is not IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove })
        .Where(member => !(type.IsRecord && IsOfRecords(member)) && !member.IsOverride)
        .OrderBy(member => member.Name, StringComparer.Ordinal).ThenBy(Line, StringComparer.Ordinal)
        .Select(member => $"    {Line(member)}");

    private static bool IsOfRecords(ISymbol member) =>
        member.Name is "Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "EqualityContract" or "Deconstruct" or "op_Equality" or "op_Inequality"
        || member.Name.Contains("Clone", StringComparison.Ordinal)
        || member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [var only] } constructor
            && SymbolEqualityComparer.Default.Equals(only.Type, constructor.ContainingType);

    private static bool IsSeen(ISymbol symbol) => symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static string Line(ISymbol symbol) => symbol.ToDisplayString(Format);
}
