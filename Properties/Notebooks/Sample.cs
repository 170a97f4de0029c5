using System.Text.Json;
using Functional.Notebooks;
using Xunit;

namespace Functional.Properties.Notebooks;

/// <summary>Executing a notebook sets the console and the current directory of the process, so its tests run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ExecutionAlone
{
    public const string Name = "Executes notebooks";
}

/// <summary>Small notebooks for tests, written as Jupyter writes them.</summary>
internal static class Sample
{
    public const string LoadsLibrary = """
        #r "nuget: LanguageExt.Core, 4.4.9"
        #r "../Transforms/bin/Debug/net10.0/Functional.Primitives.dll"
        #r "../Transforms/bin/Debug/net10.0/Functional.Transforms.dll"
        """;

    /// <summary>A notebook named <c>Sample.ipynb</c> with these C# cells.</summary>
    public static Notebook Of(params string[] cells) => Notebook.Parse("Sample.ipynb", Json(cells));

    /// <summary>Executes these C# cells.</summary>
    public static Task<NotebookRun> Run(params string[] cells) => Runner.Run(Of(cells), Path.GetTempPath());

    /// <summary>The outputs of the C# cell with this number, from 1.</summary>
    public static Seq<Output> Outputs(this NotebookRun run, int number) =>
        run.Notebook.CSharpCells[number - 1].Cell.Execution.Map(execution => execution.Outputs).IfNone(() => throw new InvalidOperationException($"cell [{number}] did not run"));

    public static string Json(params string[] cells)
    {
        var written = cells.Select((source, at) => $$"""
              {
               "cell_type": "code",
               "execution_count": null,
               "id": "cell-{{at}}",
               "metadata": {
                "tags": [
                 "kept"
                ]
               },
               "outputs": [],
               "source": [
                {{string.Join(",\n    ", Lines(source).Select(line => JsonSerializer.Serialize(line)))}}
               ]
              }
            """);
        return $$"""
            {
             "cells": [
            {{string.Join(",\n", written)}}
             ],
             "metadata": {
              "kernelspec": {
               "display_name": ".NET (C#)",
               "language": "C#",
               "name": ".net-csharp"
              },
              "of another tool": 1.50
             },
             "nbformat": 4,
             "nbformat_minor": 5
            }

            """;
    }

    private static IEnumerable<string> Lines(string source) =>
        source.Split('\n') is var lines ? lines.Select((line, at) => at < lines.Length - 1 ? line + "\n" : line) : [];
}
