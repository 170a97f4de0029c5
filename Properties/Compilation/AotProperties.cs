using System.Diagnostics;
using Functional.Properties.Architecture;
using Functional.Properties.Compilation.Aot;
using Functional.Properties.Generators;
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

    [LongFact]
    public void A_program_published_to_machine_code_prints_the_same_numbers()
    {
        var folder = Directory.CreateTempSubdirectory("functional-aot");
        try
        {
            // The publisher links with clang where nothing is said, and gcc does as well.
            var linker = OperatingSystem.IsLinux() && !Exists("clang") && Exists("gcc") ? Seq1("-p:CppCompilerAndLinker=gcc") : Seq<string>();
            Output("dotnet", ["publish", Folder, "-c", "Release", "--use-current-runtime", "-nodeReuse:false", "-o", folder.FullName, .. linker]);
            SaysTheSame(Output(Path.Combine(folder.FullName, OperatingSystem.IsWindows() ? "Functional.Aot.exe" : "Functional.Aot")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool Exists(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, command)));

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
