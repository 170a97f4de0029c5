using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Functional.Kernels;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>The evaluator's fold, over arrays whose element type is known when it is run.</summary>
internal abstract class FoldKernel
{
    internal abstract void Run(System.Array source, ReadOnlySpan<int> extents, ReadOnlySpan<int> axes, System.Array destination);

    internal static FoldKernel Of(Monoid monoid, DType type) => type switch
    {
        DType.Float64 => Of<double>(monoid),
        DType.Float32 => Of<float>(monoid),
        DType.Int64 => Of<long>(monoid),
        DType.Int32 => Of<int>(monoid),
        _ => Of<byte>(monoid),
    };

    private static FoldKernel Of<T>(Monoid monoid)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => monoid switch
        {
            Monoid.Sum => new FoldKernel<T, SumFold<T>>(),
            Monoid.Product => new FoldKernel<T, ProductFold<T>>(),
            Monoid.Maximum or Monoid.Or => new FoldKernel<T, MaximumFold<T>>(),
            _ => new FoldKernel<T, MinimumFold<T>>(),
        };
}

/// <inheritdoc/>
internal sealed class FoldKernel<T, TOperator> : FoldKernel
    where T : unmanaged
    where TOperator : struct, IFoldOperator<T>
{
    internal override void Run(System.Array source, ReadOnlySpan<int> extents, ReadOnlySpan<int> axes, System.Array destination) =>
        Fold.Along<T, TOperator>(Span(source), extents, axes, Span(destination));

    private static Span<T> Span(System.Array array) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
}
