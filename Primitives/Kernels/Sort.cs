using System.Numerics;

namespace Functional.Kernels;

/// <summary>Sorting.</summary>
public static class Sort
{
    /// <summary>
    /// The order that sorts the keys, stable: equal keys (−0 and 0 among them) keep their order, NaN goes last in either direction.
    /// The keys are left sorted.
    /// </summary>
    public static void Order<T>(Span<T> keys, Span<long> order, bool descending)
        where T : INumber<T>
    {
        var count = NaNLast(keys, order);
        keys = keys[..count];
        order = order[..count];
        keys.Sort(order);
        if (descending)
        {
            keys.Reverse();
            order.Reverse();
        }
        // The sort leaves equal keys beside each other in any order; their places put them right.
        for (var (start, end) = (0, 0); start < count; start = end)
        {
            for (end = start + 1; end < count && keys[end] == keys[start];) end++;
            if (end - start > 1) order[start..end].Sort();
        }
    }

    // The numbers in front in their order, with their places; how many there are.
    private static int NaNLast<T>(Span<T> keys, Span<long> order)
        where T : INumber<T>
    {
        var numbers = 0;
        foreach (var key in keys)
            if (!T.IsNaN(key)) numbers++;
        for (var (place, number, rest) = (0, 0, numbers); place < keys.Length; place++)
        {
            if (T.IsNaN(keys[place])) order[rest++] = place;
            else (order[number], keys[number++]) = (place, keys[place]);
        }
        return numbers;
    }
}
