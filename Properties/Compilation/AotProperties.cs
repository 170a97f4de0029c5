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

    // The publisher compiles all of what is used to machine code, LanguageExt's sequences of sequences among it, which takes many
    // minutes and some gigabytes: for the longest runs alone.
    [Fact]
    public void A_program_published_to_machine_code_prints_the_same_numbers()
    {
        if (Theorem.Count(1) < 10) return;
        var folder = Directory.CreateTempSubdirectory("functional-aot");
        try
        {
            Output("dotnet", "publish", Folder, "-c", "Release", "--use-current-runtime", "-o", folder.FullName, $"-p:CppCompilerAndLinker={(Exists("clang") ? "clang" : "gcc")}");
            SaysTheSame(Output(Path.Combine(folder.FullName, "Functional.Aot")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
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

    private static bool Exists(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, command)));
}
