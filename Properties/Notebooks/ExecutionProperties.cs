using Functional.Notebooks;
using Xunit;

namespace Functional.Properties.Notebooks;

[Collection(ExecutionAlone.Name)]
public class ExecutionProperties
{
    private static Output.Result Shown(string text) => new(MediaBundle.Of("text/plain", text));

    private static Output.Display Displayed(string mediaType, string text) => new(MediaBundle.Of(mediaType, text));

    [Fact]
    public async Task Names_types_and_usings_carry_over_between_cells()
    {
        var run = await Sample.Run(
            "using System.Globalization;\nrecord Point(int X, int Y);\nint Twice(int n) => 2 * n;\nvar p = new Point(1, 2);",
            "p = p with { X = Twice(20) };",
            "p.X.ToString(CultureInfo.InvariantCulture)");
        Assert.Equal(None, run.Failure);
        Assert.Equal(Seq1<Output>(Shown("40")), run.Outputs(3));
    }

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("\"text\"", "text")]
    [InlineData("new[] { 1, 2 }", "[ 1, 2 ]")]
    [InlineData("await Task.FromResult(3.5)", "3.5")]
    public async Task A_trailing_expression_is_displayed(string expression, string text) =>
        Assert.Equal(Seq1<Output>(Shown(text)), (await Sample.Run(expression)).Outputs(1));

    [Fact]
    public async Task A_trailing_statement_is_not_displayed() =>
        Assert.Equal(Seq<Output>(), (await Sample.Run("var x = 1;\nx = 2;")).Outputs(1));

    [Fact]
    public async Task Outputs_come_in_the_order_of_the_calls()
    {
        var run = await Sample.Run("""
            Console.Write("a"); Console.WriteLine("b");
            display(HTML("<b>bold</b>"));
            Console.Error.Write("c");
            1.Display();
            "<svg/>".DisplayAs("image/svg+xml");
            2
            """);
        Assert.Equal(
            Seq<Output>(
                new Output.Printed("stdout", "ab\n"), Displayed("text/html", "<b>bold</b>"), new Output.Printed("stderr", "c"),
                Displayed("text/plain", "1"), Displayed("image/svg+xml", "<svg/>"), Shown("2")),
            run.Outputs(1));
    }

    [Fact]
    public async Task A_registered_formatter_shows_its_type_in_this_notebook_only()
    {
        var run = await Sample.Run("""Formatter.Register<Exception>(e => $"<i>{e.Message}</i>", "text/html");""", "new ArgumentException(\"derived\")");
        Assert.Equal(Seq1<Output>(new Output.Result(MediaBundle.Of("text/html", "<i>derived</i>"))), run.Outputs(2));
        Assert.Equal(Seq1<Output>(Shown("System.Exception: plain")), (await Sample.Run("new Exception(\"plain\")")).Outputs(1));
    }

    [Fact]
    public async Task The_library_loaded_by_a_reference_line_is_the_one_that_was_built()
    {
        var run = await Sample.Run(Sample.LoadsLibrary + "\nusing Functional;\n#!csharp\ntypeof(Tensor).Assembly.Location");
        Assert.Equal(None, run.Failure);
        Assert.Equal(Seq1<Output>(Shown(typeof(Tensor).Assembly.Location)), run.Outputs(1));
    }

    [Fact]
    public async Task Records_of_a_cell_are_structures_of_the_library()
    {
        var run = await Sample.Run(
            Sample.LoadsLibrary + "\nusing Functional;\nusing Functional.Structures;\nrecord Line(Tensor Slope, Tensor Intercept);",
            "Structure.Map(t => t + 1.0, new Line(1.0, 2.0)).Intercept");
        Assert.Equal(None, run.Failure);
        Assert.Equal(Seq1<Output>(Shown("3.0")), run.Outputs(2));
    }

    [Fact]
    public async Task A_cell_that_does_not_compile_is_named_with_its_line()
    {
        var run = await Sample.Run("var a = 1;", "\nvar b = a;\nb + nothing", "3");
        var failure = run.Failure.IfNone(() => throw new InvalidOperationException("all cells ran"));
        Assert.Equal(("Sample.ipynb", 2, "var b = a;"), (failure.Notebook, failure.Number, failure.FirstLine));
        Assert.Contains("line 3, column 5: CS0103", failure.Error, StringComparison.Ordinal);
        Assert.IsType<Output.Error>(run.Outputs(2).Last);
        Assert.True(run.Notebook.CSharpCells[2].Cell.Execution.IsNone);
    }

    [Fact]
    public async Task A_cell_that_throws_is_named_with_its_line_and_keeps_what_it_printed()
    {
        var run = await Sample.Run("Console.WriteLine(\"before\");\nthrow new InvalidOperationException(\"no\", new ArithmeticException(\"the cause\"));");
        var failure = run.Failure.IfNone(() => throw new InvalidOperationException("all cells ran"));
        Assert.Equal("InvalidOperationException: line 2: no\n  because the cause", failure.Error);
        Assert.Equal(new Output.Printed("stdout", "before\n"), run.Outputs(1).Head);
        Assert.Contains("Sample.ipynb, cell [1] `Console.WriteLine(\"before\");`", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1\n#!fsharp\nlet x = 1", "line 2: magic command #!fsharp: not known")]
    [InlineData("#r \"nuget: No.Such.Package, 1.0.0\"", "line 1: #r \"nuget: No.Such.Package\": the runner carries no package")]
    [InlineData("#r \"nuget: LanguageExt.Core, 1.0.0\"", "line 1: #r \"nuget: LanguageExt.Core, 1.0.0\": the runner carries 4.4.9")]
    [InlineData("#r \"../Nothing.dll\"", "line 1: #r \"../Nothing.dll\": the runner carries no assembly Nothing")]
    public async Task A_directive_that_cannot_be_followed_is_refused_in_words(string cell, string message) =>
        Assert.Contains(message, (await Sample.Run(cell)).Failure.Map(failure => failure.Error).IfNone(""), StringComparison.Ordinal);

    [Fact]
    public async Task Cells_of_other_languages_are_left_as_they_are()
    {
        var notebook = Notebook.Parse("Sample.ipynb", Sample.Json("1", "let x = 1").Replace(
            "\"tags\": [\n     \"kept\"\n    ]\n   },\n   \"outputs\": [],\n   \"source\": [\n    \"let", "\"polyglot_notebook\": {\"kernelName\": \"fsharp\"}\n   },\n   \"outputs\": [],\n   \"source\": [\n    \"let", StringComparison.Ordinal));
        var run = await Runner.Run(notebook, Path.GetTempPath());
        Assert.Equal(Some("fsharp"), notebook.Cells[1].Language);
        Assert.Equal(None, run.Failure);
        Assert.Equal(1, run.Notebook.Cells.Count(cell => cell.Execution.IsSome));
    }

    [Fact]
    public async Task The_console_and_the_current_directory_are_given_back()
    {
        var (console, folder) = (Console.Out, Directory.GetCurrentDirectory());
        await Sample.Run("throw new Exception();");
        Assert.Same(console, Console.Out);
        Assert.Equal(folder, Directory.GetCurrentDirectory());
    }
}
