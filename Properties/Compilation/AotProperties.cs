using System.Diagnostics;
using Functional.Properties.Architecture;
using Functional.Properties.Compilation.Aot;
using Xunit;

namespace Functional.Properties.Compilation;

/// <summary>Where no code can be made at run time, programs are evaluated, to the same numbers.</summary>
public class AotProperties
{
    private static readonly string Folder = Path.Combine(Sources.Root, "Properties", "Compilation", "Aot");

    [Fact]
    public void A_host_that_makes_no_code_prints_the_same_numbers()
    {
        // bin/Debug/net10.0 of these tests is that of the sample.
        var built = Path.Combine([Folder, .. AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^3..], "Functional.Aot.dll"]);
        SaysTheSame(Output("dotnet", built));
    }

    private static void SaysTheSame(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("dynamic code: False", lines[0]);
        Assert.Equal(Sample.Lines(), lines[1..]);
    }

    private static string Output(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(" ", arguments)} ended with {process.ExitCode}:\n{output}{errors.Result}");
        return output;
    }
}
