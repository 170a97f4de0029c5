namespace Functional.Notebooks;

/// <summary>Where the process starts; named, so that no global class hides the programs of the library.</summary>
internal static class Start
{
    private static Task<int> Main(string[] args) => CommandLine.Run(args, Console.Out);
}
