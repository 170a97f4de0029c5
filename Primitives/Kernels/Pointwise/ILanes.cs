// Pointwise: functions of one element at a time over spans. An operator is written once, over lanes (a register of one
// element type), and runs unchanged on one element and on 128, 256 or 512 bits. Every lane operation is exact or correctly
// rounded IEEE 754, so an element's bits depend on its value alone: never on its position, its neighbours or the width.
using System.Numerics;

namespace Functional.Kernels;

/// <summary>
/// A register of equal lanes: the arithmetic an operator is written in. Masks are registers too, all bits of a lane set
/// where the proposition holds. Bit operations see floating-point lanes as integers of the same width.
/// </summary>
/// <typeparam name="TLanes">The register itself.</typeparam>
public interface ILanes<TLanes> :
    IAdditionOperators<TLanes, TLanes, TLanes>,
    ISubtractionOperators<TLanes, TLanes, TLanes>,
    IMultiplyOperators<TLanes, TLanes, TLanes>,
    IDivisionOperators<TLanes, TLanes, TLanes>,
    IModulusOperators<TLanes, TLanes, TLanes>,
    IUnaryNegationOperators<TLanes, TLanes>,
    IBitwiseOperators<TLanes, TLanes, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>How many lanes the register has.</summary>
    static abstract int Count { get; }

    /// <summary>Whether the lanes are integers.</summary>
    static abstract bool IsInteger { get; }

    /// <summary>Whether the lanes are logical values, one byte each, 0 or 1.</summary>
    static abstract bool IsLogical { get; }

    /// <summary>Every lane equal to <paramref name="value"/>, rounded to the lane's type.</summary>
    static abstract TLanes Of(double value);

    /// <summary>Every 64-bit lane with these bits; for f64 and i64.</summary>
    static abstract TLanes OfBits(long bits);

    /// <summary>a·b + c, rounded once; for floating-point lanes.</summary>
    static abstract TLanes FusedMultiplyAdd(TLanes a, TLanes b, TLanes c);

    /// <summary>c − a·b, rounded once; for floating-point lanes.</summary>
    static abstract TLanes Residual(TLanes a, TLanes b, TLanes c);

    /// <summary>One step of Horner's rule, p·x + c rounded once; for floating-point lanes.</summary>
    static abstract TLanes Horner(TLanes p, TLanes x, double c);

    /// <summary>√x, correctly rounded.</summary>
    static abstract TLanes Sqrt(TLanes x);

    /// <summary>The largest integer at most x.</summary>
    static abstract TLanes Floor(TLanes x);

    /// <summary>The smallest integer at least x.</summary>
    static abstract TLanes Ceiling(TLanes x);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract TLanes Round(TLanes x);

    /// <summary>x without its fraction.</summary>
    static abstract TLanes Truncate(TLanes x);

    /// <summary>|x|; the smallest integer is its own absolute value.</summary>
    static abstract TLanes Abs(TLanes x);

    /// <summary>IEEE 754:2019 maximum: NaN propagates, +0 &gt; −0.</summary>
    static abstract TLanes Max(TLanes x, TLanes y);

    /// <summary>IEEE 754:2019 minimum: NaN propagates, −0 &lt; +0.</summary>
    static abstract TLanes Min(TLanes x, TLanes y);

    /// <summary>The mask of x = y.</summary>
    static abstract TLanes Equal(TLanes x, TLanes y);

    /// <summary>The mask of x &lt; y.</summary>
    static abstract TLanes Less(TLanes x, TLanes y);

    /// <summary>The mask of x ≤ y.</summary>
    static abstract TLanes LessOrEqual(TLanes x, TLanes y);

    /// <summary>Lane by lane, <paramref name="yes"/> where the mask is set, else <paramref name="no"/>.</summary>
    static abstract TLanes Select(TLanes mask, TLanes yes, TLanes no);

    /// <summary>Whether some lane of the mask is set.</summary>
    static abstract bool Any(TLanes mask);

    /// <summary>The sum of the lanes' bits as integers, modulo the width.</summary>
    static abstract TLanes AddBits(TLanes x, TLanes y);

    /// <summary>The difference of the lanes' bits as integers, modulo the width.</summary>
    static abstract TLanes SubtractBits(TLanes x, TLanes y);

    /// <summary>The lanes' bits shifted left.</summary>
    static abstract TLanes ShiftLeft(TLanes x, int count);

    /// <summary>The lanes' bits shifted right, zeros entering.</summary>
    static abstract TLanes ShiftRight(TLanes x, int count);

    /// <summary>The lanes' bits shifted right, the sign entering.</summary>
    static abstract TLanes ShiftRightArithmetic(TLanes x, int count);

    /// <summary>x held within [low, high], neither of them 0 and an infinite one no bound; NaN passes. For floating-point lanes.</summary>
    static abstract TLanes Hold(TLanes x, double low, double high);

    /// <summary>x · 2ᵏ, rounded once, for an integer k that two powers of two multiply to; for floating-point lanes.</summary>
    static abstract TLanes Scale(TLanes x, TLanes k);

    /// <summary>A function that has a form for f32 lanes and one for f64 lanes.</summary>
    static abstract TLanes Native<TFunction>(TLanes x) where TFunction : struct, INativeUnary;

    /// <summary>A function of f64 lanes, applied to f64 lanes as it is and to f32 lanes widened, its result rounded back.</summary>
    static abstract TLanes Widened<TFunction>(TLanes x) where TFunction : struct, IWideUnary;

    /// <summary>A function of two f64 lanes, applied to f64 lanes as it is and to f32 lanes widened, its result rounded back.</summary>
    static abstract TLanes Widened<TFunction>(TLanes x, TLanes y) where TFunction : struct, IWideBinary;

    /// <summary>A function of one f64 number, applied to each lane in turn; for f64 lanes.</summary>
    static abstract TLanes EachLane<TFunction>(TLanes x) where TFunction : struct, IScalarFunction;
}

/// <summary>Lanes that load and store elements of type <typeparamref name="T"/>.</summary>
internal interface ILanes<TLanes, T> : ILanes<TLanes>
    where TLanes : struct, ILanes<TLanes, T>
    where T : unmanaged
{
    /// <summary>The lanes at <paramref name="source"/> + <paramref name="offset"/>.</summary>
    static abstract TLanes Load(ref readonly T source, nuint offset);

    /// <summary>Every lane equal to <paramref name="value"/>.</summary>
    static abstract TLanes Fill(T value);

    /// <summary>Writes the lanes at <paramref name="destination"/> + <paramref name="offset"/>.</summary>
    void Store(ref T destination, nuint offset);

    /// <summary>The first bit of each lane, lane 0 lowest.</summary>
    ulong SignBits { get; }
}
