using System.Runtime.CompilerServices;
using TorchSharp;

namespace Functional.Benchmarks;

/// <summary>Whether libtorch, the other side of every comparison, is there.</summary>
internal static class Torch
{
    /// <summary>None when libtorch loads; else one line that says why not and what to do.</summary>
    public static Option<string> Missing { get; } = Try();

    private static Option<string> Try()
    {
        try
        {
            Touch();
            return None;
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or NotSupportedException or EntryPointNotFoundException or FileNotFoundException)
        {
            string reason = e.GetBaseException().Message.Split('\n')[0];
            return $"libtorch does not load ({reason}), so only our own speed is shown. Its Linux build needs the libstdc++ of GCC 13 or later: use a newer distribution, or preload a libstdc++ that has GLIBCXX_3.4.32.";
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch()
    {
        using torch.Tensor one = torch.ones(1);
        _ = one.sum().item<float>();
    }
}
