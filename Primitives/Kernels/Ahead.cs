namespace Functional.Kernels;

/// <summary>
/// Memory that is read or written right after a product and is far now: lines of it are hinted at, one by one, while the product
/// is computed. An address that is nowhere is no fault, so arrays need not be pinned for it.
/// </summary>
internal unsafe struct Ahead
{
    internal const int Line = 64;

    private const int Most = 4;

    private fixed long starts[Most];
    private fixed long lines[Most];
    private int count;
    private int at;

    /// <summary>Whether there is more.</summary>
    internal readonly bool IsLeft => at < count;

    /// <summary>Adds a range; those past the fourth are left out.</summary>
    internal void Add(nint start, nint bytes)
    {
        if (count == Most) return;
        starts[count] = start;
        lines[count++] = bytes / Line;
    }

    /// <summary>The next lines, at most so many of one range.</summary>
    internal void* Take(int most)
    {
        var start = (void*)starts[at];
        starts[at] += (long)most * Line;
        lines[at] -= most;
        if (lines[at] <= 0) at++;
        return start;
    }
}
