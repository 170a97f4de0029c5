using Functional.Notebooks;
using Xunit;

namespace Functional.Properties.Notebooks;

[Collection(ExecutionAlone.Name)]
public sealed class CommandLineProperties : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notebooks").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_notebook_that_runs_is_copied_with_its_outputs_and_itself_left_alone()
    {
        var source = Write("Good.ipynb", "1 + 1");
        var (status, log) = await Run(source);
        Assert.Equal(0, status);
        Assert.Contains("Good.ipynb [1/1] 1 + 1", log, StringComparison.Ordinal);
        Assert.Equal(Sample.Json("1 + 1"), await File.ReadAllTextAsync(source));
        Assert.Contains("execute_result", await File.ReadAllTextAsync(Path.Combine(_folder, "out", "Good.ipynb")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_cell_gives_status_1_and_the_others_still_run()
    {
        var (status, log) = await Run(Write("Bad.ipynb", "1", "var x = 2;\nx / nothing"), Write("Good.ipynb", "1"));
        Assert.Equal(1, status);
        Assert.Contains("failed: Bad.ipynb, cell [2] `var x = 2;`:\n  Compilation: line 2", log, StringComparison.Ordinal);
        Assert.Contains("Good.ipynb: 1 cells in", log, StringComparison.Ordinal);
        Assert.Contains("\"output_type\": \"error\"", await File.ReadAllTextAsync(Path.Combine(_folder, "out", "Bad.ipynb")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nothing", "--nothing: not an option")]
    [InlineData("NoSuchNotebook", "NoSuchNotebook: no such notebook")]
    public async Task A_wrong_argument_gives_status_2_and_says_why(string argument, string message)
    {
        var (status, log) = await Run(argument);
        Assert.Equal(2, status);
        Assert.Contains(message, log, StringComparison.Ordinal);
    }

    private string Write(string name, params string[] cells)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, Sample.Json(cells));
        return path;
    }

    private async Task<(int Status, string Log)> Run(params string[] arguments)
    {
        using var log = new StringWriter { NewLine = "\n" };
        var status = await CommandLine.Run(["--out", Path.Combine(_folder, "out"), .. arguments], log);
        return (status, log.ToString());
    }
}
