using System.Runtime.CompilerServices;

namespace Functional;

/// <summary>
/// An immutable array of numbers of any rank. It is either a value (dense, row-major, in managed memory) or, while a
/// function is traced, the name of a value to come; the two are used alike.
/// </summary>
public abstract partial class Tensor
{
    private protected Tensor(TensorType type) => Type = type;

    /// <summary>Element type and shape.</summary>
    public TensorType Type { get; }

    /// <summary>The extents of the axes.</summary>
    public Shape Shape => Type.Shape;

    /// <summary>The type of the elements.</summary>
    public DType DType => Type.DType;

    /// <summary>The number of axes.</summary>
    public int Rank => Type.Shape.Rank;

    /// <summary>The number of elements.</summary>
    public int Size => Type.Shape.Size;

    /// <summary>Whether this stands for a C# literal, whose type gives way to that of the tensor it meets.</summary>
    internal bool IsWeak { get; private protected set; }

    /// <summary>Marks a tensor that was just made of literals alone as one more literal.</summary>
    internal Tensor Weakened()
    {
        IsWeak = true;
        return this;
    }

    /// <summary>The value: itself, or what a tracer stands for where that is known.</summary>
    /// <exception cref="TraceException">This is a tracer whose value is not known.</exception>
    internal abstract Dense Value(string purpose);

    /// <summary>As <see cref="Value"/>, for a decision of the host program, which the trace then remembers.</summary>
    internal virtual Dense Decide(string purpose) => Value(purpose);
}

/// <summary>A tensor whose elements are known: row-major in a managed array that nothing else refers to.</summary>
internal abstract class Dense(TensorType type) : Tensor(type)
{
    private bool isShared;

    /// <summary>The array behind the elements.</summary>
    internal abstract Array Storage { get; }

    /// <summary>Gives the array to a tensor that was made before it; once, and before anyone else has the tensor.</summary>
    internal abstract void Hold(Array storage);

    /// <summary>How to make this value again from next to nothing, where it is a repeated number or a range: a program holds that instead of the elements.</summary>
    internal Recipe? Recipe { get; set; }

    /// <summary>The same elements under another shape of the same size, without a copy.</summary>
    internal abstract Dense Reshaped(Shape shape);

    /// <summary>Notes that something besides this tensor may hold the array, or does: it is never given away.</summary>
    internal void Share() => isShared = true;

    /// <summary>
    /// The array, to whoever writes over it, so that this tensor can be read no more; none where something else may hold it, and
    /// this tensor stays what it is.
    /// </summary>
    /// <exception cref="DonatedException">Another call has it already.</exception>
    internal Array? Take() => isShared || Rank == 0 ? null : Leave();

    /// <summary>Whether the array was given away.</summary>
    internal abstract bool IsGone { get; }

    /// <summary>The array, which is the tensor's no more.</summary>
    private protected abstract Array Leave();

    /// <summary>What is said of a tensor whose array was given away.</summary>
    private protected DonatedException Gone() =>
        new($"Tensor: {Type} was donated to a compiled function, and its memory holds a result of that call. Read the result instead, or compile without donate: true.");

    /// <summary>The elements' bytes: equality, hashing and literals go by bits (0.0 is not −0.0, NaN is NaN).</summary>
    internal abstract ReadOnlySpan<byte> Bits { get; }

    internal sealed override Dense Value(string purpose) => this;

    public sealed override bool Equals(object? obj) =>
        ReferenceEquals(this, obj) || (obj is Dense other && Type == other.Type && Bits.SequenceEqual(other.Bits));

    public sealed override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Type);
        hash.AddBytes(Bits);
        return hash.ToHashCode();
    }
}

/// <summary>How a value came about; the rooms above know what it says.</summary>
internal abstract class Recipe;

/// <inheritdoc/>
internal sealed class Dense<T> : Dense
    where T : unmanaged
{
    // A lone number has no array until one is asked for.
    private readonly T number;
    private T[]? elements;

    internal Dense(T[] elements, TensorType type, bool weak = false)
        : base(type) => (this.elements, IsWeak) = (elements, weak);

    internal Dense(T number, bool weak = false)
        : base(new(DTypes.Of<T>(), Shape.Scalar)) => (this.number, IsWeak) = (number, weak);

    internal T[] Elements => elements ?? InArray();

    internal override Array Storage => Elements;

    /// <summary>The number that this is, without an array where there is none; for rank 0 alone.</summary>
    internal T Number
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => elements is { } all ? all[0] : number;
    }

    /// <summary>One element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T At(int place) => elements is { } all ? all[place] : Rank == 0 ? number : throw Gone();

    internal override void Hold(Array storage) => elements = (T[])storage;

    internal override bool IsGone => elements is null && Rank > 0;

    internal override Dense Reshaped(Shape shape)
    {
        var view = new Dense<T>(Elements, new(Type.DType, shape));
        Share();
        view.Share();
        return view;
    }

    internal override ReadOnlySpan<byte> Bits => System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(elements ?? (Rank == 0 ? new ReadOnlySpan<T>(in number) : throw Gone()));

    // Of threads that ask for it at one time one gets it, and the others may not go on to read it.
    private protected override Array Leave() => Interlocked.Exchange(ref elements, null) ?? throw Gone();

    // Of threads that ask at one time all get the same.
    private T[] InArray() => Rank == 0 ? Interlocked.CompareExchange(ref elements, [number], null) ?? elements : throw Gone();
}

/// <summary>Making and reading values inside the library, without the copies that keep users' arrays apart.</summary>
internal static class Values
{
    /// <summary>A tensor over an array that the caller gives up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Dense<T> Of<T>(T[] elements, Shape shape)
        where T : unmanaged => new(elements, new(DTypes.Of<T>(), shape));

    /// <summary>Writes to an array of exactly this type: the runtime, not knowing that, would look up what it may hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Put<T>(T[] array, int place, T value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)place, (uint)array.Length);
        System.Runtime.CompilerServices.Unsafe.Add(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array), place) = value;
    }

    /// <summary>A rank-0 tensor.</summary>
    internal static Dense<T> Scalar<T>(T element, bool weak = false)
        where T : unmanaged => new(element, weak);

    /// <summary>A rank-0 tensor of a given element type, the number rounded to it.</summary>
    internal static Dense Scalar(DType dtype, double number) => dtype switch
    {
        DType.Bool => Scalar(number != 0),
        DType.Int32 => Scalar((int)number),
        DType.Int64 => Scalar((long)number),
        DType.Float32 => Scalar((float)number),
        _ => Scalar(number),
    };

    /// <summary>The elements of a value, read without a copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T[] Elements<T>(this Tensor tensor)
        where T : unmanaged => ((Dense<T>)tensor).Elements;
}
