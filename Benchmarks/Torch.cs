using System.Runtime.CompilerServices;
using TorchSharp;

namespace Functional.Benchmarks;

/// <summary>Whether libtorch, the other side of every comparison, is there.</summary>
internal static class Torch
{
    /// <summary>None when libtorch loads; else one line that says why not and what to do.</summary>
    public static Option<string> Missing { get; } = Try();

    // TorchSharp writes the story of a failed load to the console; one line replaces it.
    private static Option<string> Try()
    {
        TextWriter console = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            Touch();
            return None;
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or NotSupportedException or EntryPointNotFoundException or FileNotFoundException)
        {
            return $"libtorch does not load ({e.GetBaseException().GetType().Name}), so only our own speed is shown. On Linux TorchSharp needs the libstdc++ of GCC 13 or later (GLIBCXX_3.4.32): use a newer distribution, or preload such a libstdc++.";
        }
        finally
        {
            Console.SetOut(console);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch()
    {
        using torch.Tensor one = torch.ones(1);
        _ = one.sum().item<float>();
    }
}
