using System.Text;

namespace Functional.Programs;

/// <summary>
/// An operation that programs are made of: an immutable record whose properties are its parameters, so that equal
/// primitives do the same. Everything about one is said in its own file.
/// </summary>
public abstract record Primitive
{
    /// <summary>The name in text: lower case, the field's word.</summary>
    public abstract string Name { get; }

    /// <summary>The types of the results for operands of these types.</summary>
    /// <exception cref="ShapeException">The shapes do not fit; the message names the operation and what disagrees.</exception>
    /// <exception cref="DTypeException">The element types do not fit.</exception>
    public abstract TensorType[] Infer(ReadOnlySpan<TensorType> operands);

    /// <summary>The results on values; <paramref name="types"/> is what <see cref="Infer"/> says.</summary>
    public abstract Tensor[] Evaluate(ReadOnlySpan<Tensor> operands, ReadOnlySpan<TensorType> types);

    /// <summary>
    /// The results and how they move when the operands do: ẏ = J ẋ, linear in ẋ. <c>None</c> is a zero tangent.
    /// Written with tensor operations, so that applied while tracing it writes the program of the derivative.
    /// </summary>
    public abstract (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Jvp(Seq<Tensor> operands, Seq<Option<Tensor>> tangents);

    /// <summary>
    /// As <see cref="Jvp"/>, where the results must come from the operands alone and the tangents through linear operations:
    /// what reverse mode splits and transposes. A primitive that moves values and tangents in one loop splits the loop here.
    /// </summary>
    public virtual (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Linearize(Seq<Tensor> operands, Seq<Option<Tensor>> tangents) =>
        Jvp(operands, tangents);

    /// <summary>The results for a batch of operands: a batched one has one more axis, the first, of extent <paramref name="size"/>.</summary>
    public abstract Seq<Batched> Batch(Seq<Batched> operands, int size);

    /// <summary>This primitive with drawn parameters on drawn operands, from where all its rules hold.</summary>
    public abstract Application Sample(Sampler sampler);

    /// <summary>
    /// Which inputs the elements of each result may depend on (have a derivative by that is not zero), from what the operands'
    /// elements do. <c>None</c> says nothing, and then all are taken to depend on all.
    /// </summary>
    public virtual Option<Pattern[]> Dependence(ReadOnlySpan<Dependent> operands, ReadOnlySpan<TensorType> results) => None;

    /// <summary>What loop computes this, for the compiler.</summary>
    public virtual LoopForm Form(ReadOnlySpan<TensorType> operands) => LoopForm.Opaque;

    /// <summary>Counted arithmetic and memory traffic of one application.</summary>
    public virtual Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results) =>
        new(0, Programs.Cost.Traffic(operands, results));

    /// <summary>The one entry of operations: runs the kernel on values, or records an equation where some operand is traced.</summary>
    public Tensor[] ApplyAll(params ReadOnlySpan<Tensor> operands)
    {
        var types = new TensorType[operands.Length];
        for (var i = 0; i < types.Length; i++) types[i] = operands[i].Type;
        return ApplyTyped(operands, Infer(types));
    }

    /// <summary>As <see cref="ApplyAll"/>, where the types of the results are known already.</summary>
    internal Tensor[] ApplyTyped(ReadOnlySpan<Tensor> operands, ReadOnlySpan<TensorType> results) =>
        Trace.Innermost(this, operands) is { } trace ? trace.Record(this, operands, results) : Evaluate(operands, results);

    /// <summary>The parameters in text, <c>axes=0</c>; empty where there are none.</summary>
    public virtual string Parameters
    {
        get
        {
            var members = new StringBuilder();
            return PrintMembers(members) ? Text.Parameters(members.ToString()) : string.Empty;
        }
    }

    // A record prints its members; only those that a primitive adds are parameters.
    /// <summary>Prints no members: a record's own parameters follow.</summary>
    protected virtual bool PrintMembers(StringBuilder builder) => false;

    /// <summary>The name with the parameters, as in program text.</summary>
    public sealed override string ToString() => Parameters is { Length: > 0 } parameters ? $"{Name}[{parameters}]" : Name;
}

/// <summary>A primitive whose kernel can write its one result where it is told: a compiled program needs no memory for it.</summary>
internal interface IWritesInto
{
    /// <summary>Writes the result on values over all of an array of its elements.</summary>
    void Write(ReadOnlySpan<Tensor> operands, TensorType type, Array destination);
}

/// <summary>A primitive with one result.</summary>
public abstract record SingleResult : Primitive
{
    /// <summary>The type of the result for operands of these types.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The element types do not fit.</exception>
    protected abstract TensorType Result(ReadOnlySpan<TensorType> operands);

    /// <summary>The result on values.</summary>
    protected abstract Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type);

    /// <summary>How the result y moves when the operands do; some tangent is not <c>None</c>.</summary>
    protected abstract Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents);

    /// <summary>The batched result; some operand is batched.</summary>
    protected abstract Tensor BatchedResult(Seq<Batched> operands, int size);

    /// <summary>Which inputs each element of the result may depend on; <c>None</c> says nothing, by default.</summary>
    protected virtual Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result) => None;

    /// <summary>Runs the kernel on values, or records an equation where some operand is traced.</summary>
    public Tensor Apply(params ReadOnlySpan<Tensor> operands) => operands switch
    {
        [var x] => Dispatch(operands, Result([x.Type])),
        [var x, var y] => Dispatch(operands, Result([x.Type, y.Type])),
        _ => ApplyAll(operands)[0],
    };

    /// <inheritdoc/>
    public sealed override TensorType[] Infer(ReadOnlySpan<TensorType> operands) => [Result(operands)];

    /// <inheritdoc/>
    public sealed override Tensor[] Evaluate(ReadOnlySpan<Tensor> operands, ReadOnlySpan<TensorType> types) => [Evaluate(operands, types[0])];

    /// <inheritdoc/>
    public sealed override (Seq<Tensor> Results, Seq<Option<Tensor>> Tangents) Jvp(Seq<Tensor> operands, Seq<Option<Tensor>> tangents)
    {
        var result = Apply([.. operands]);
        return (Seq1(result), Seq1(Tangent(operands, result, tangents)));
    }

    /// <inheritdoc/>
    public sealed override Seq<Batched> Batch(Seq<Batched> operands, int size) => Seq1(Batched.Each(BatchedResult(operands, size)));

    /// <inheritdoc/>
    public sealed override Option<Pattern[]> Dependence(ReadOnlySpan<Dependent> operands, ReadOnlySpan<TensorType> results) =>
        Depends(operands, results[0]).Map(pattern => new[] { pattern });

    private Tensor Dispatch(ReadOnlySpan<Tensor> operands, TensorType type) =>
        Trace.Innermost(this, operands) is { } trace ? trace.Record(this, operands, [type])[0] : Evaluate(operands, type);
}
