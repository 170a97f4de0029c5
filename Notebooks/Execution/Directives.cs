using System.Text.RegularExpressions;

namespace Functional.Notebooks;

/// <summary>A cell's code with its <c>#r</c> and <c>#!</c> lines taken out, and the assemblies they ask for.</summary>
internal sealed partial record Directives(string Code, Seq<string> References)
{
    /// <summary>Reads a cell's source. Lines taken out stay as empty lines, so that the compiler's line numbers are the cell's.</summary>
    /// <exception cref="NotebookException">A line asks for an assembly the runner does not carry, or is a magic command it does not know.</exception>
    public static Directives Read(string source, Carried carried)
    {
        var references = new List<string>();
        var lines = source.ReplaceLineEndings("\n").Split('\n').Select((line, at) => Line(line, at + 1)).ToArray();
        return new(string.Join('\n', lines), references.ToSeq().Strict());

        string Line(string line, int number)
        {
            if (Magic().Match(line) is { Success: true } magic)
                return magic.Groups["name"].Value is "csharp" or "c#" ? ""
                    : throw new NotebookException($"line {number}: magic command #!{magic.Groups["name"].Value}: not known to this runner, which knows #!csharp and #r. Run the notebook in Jupyter or VS Code.");
            if (Package().Match(line) is { Success: true } package)
                references.AddRange(carried.Package(package.Groups["name"].Value, package.Groups["version"].Value, number));
            else if (Reference().Match(line) is { Success: true } reference)
                references.Add(carried.Assembly(reference.Groups["path"].Value, number));
            else return line;
            return "";
        }
    }

    [GeneratedRegex("""^\s*#!(?<name>\S*)""")]
    private static partial Regex Magic();

    [GeneratedRegex("""^\s*#r\s+"nuget:\s*(?<name>[^,"\s]+)\s*(,\s*(?<version>[^"\s]+)\s*)?"\s*$""")]
    private static partial Regex Package();

    [GeneratedRegex("""^\s*#r\s+"(?<path>[^"]+)"\s*$""")]
    private static partial Regex Reference();
}
