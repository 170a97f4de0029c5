using System.Diagnostics;
using System.Text;
using Functional.Notebooks.Interactive;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Functional.Notebooks;

/// <summary>One notebook's execution: names, types and usings of a cell stay for the cells after it.</summary>
internal sealed class Session
{
    private static readonly ScriptOptions Start = ScriptOptions.Default
        .WithMetadataResolver(ScriptMetadataResolver.Default.WithSearchPaths())
        .WithReferences(Carried.Here.Framework.Map(Reference))
        .AddReferences(typeof(Kernel).Assembly)
        // What .NET Interactive imports for every cell.
        .WithImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq")
        .AddImports(typeof(Kernel).Namespace!, typeof(Kernel).FullName!)
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithOptimizationLevel(OptimizationLevel.Release)
        .WithEmitDebugInformation(true)
        .WithFileEncoding(Encoding.UTF8);

    private readonly Formatters _formatters = new();
    private ScriptOptions _options = Start;
    private Option<ScriptState<object>> _state = None;
    private int _count;

    /// <summary>Executes a cell after those before it.</summary>
    public async Task<(Execution Execution, Option<string> Error)> Execute(string source)
    {
        var stage = new Stage(_formatters);
        var file = $"cell {++_count}";
        var error = await Failure(file, () => stage.During(() => Evaluate(source, file, stage)));
        error.IfSome(stage.Show);
        return (new(_count, stage.Outputs), error.Map(e => $"{e.Name}: {e.Message}"));
    }

    private async Task<Unit> Evaluate(string source, string file, Stage stage)
    {
        var directives = Directives.Read(source, Carried.Here);
        _options = _options.AddReferences(directives.References.Map(Reference));
        var options = _options.WithFilePath(file);
        var state = await _state.Match(
            Some: before => before.ContinueWithAsync(directives.Code, options),
            None: () => CSharpScript.RunAsync(directives.Code, options));
        _state = state;
        if (state.ReturnValue is { } value) stage.Show(new Output.Result(_formatters.Render(value, Seq<string>())));
        return unit;
    }

    private static async Task<Option<Output.Error>> Failure(string file, Func<Task<Unit>> run)
    {
        try
        {
            await run();
            return None;
        }
        catch (CompilationErrorException e)
        {
            return new Output.Error("Compilation", string.Join('\n', e.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(Text)));
        }
        catch (NotebookException e)
        {
            return new Output.Error("Directive", e.Message);
        }
#pragma warning disable CA1031 // Whatever a cell throws is the cell's failure, and is reported as that.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new Output.Error(e.GetType().Name, Line(e, file).Map(line => $"line {line}: ").IfNone("") + string.Join("\n  because ", Causes(e).Select(cause => cause.Message)));
        }
    }

    private static string Text(Diagnostic diagnostic) =>
        diagnostic.Location.GetLineSpan().StartLinePosition is var at ? $"line {at.Line + 1}, column {at.Character + 1}: {diagnostic.Id}: {diagnostic.GetMessage()}" : "";

    private static IEnumerable<Exception> Causes(Exception? e)
    {
        for (; e is not null; e = e.InnerException) yield return e;
    }

    // The innermost frame that stands in this cell.
    private static Option<int> Line(Exception e, string file) =>
        new StackTrace(e, fNeedFileInfo: true).GetFrames().Where(frame => frame.GetFileName() == file).Select(frame => frame.GetFileLineNumber()).ToSeq().HeadOrNone();

    private static PortableExecutableReference Reference(string path) => MetadataReference.CreateFromFile(path);
}
