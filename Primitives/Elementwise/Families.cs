// Interim.
#pragma warning disable CS1591
using System.Numerics;
using Functional.Kernels;
using Functional.Programs;

namespace Functional.Primitives;

public abstract record Unary<TOperator> : Unary where TOperator : struct, IUnaryOperator
{
    protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
    {
        switch (operands[0])
        {
            case Dense<double> x: { var z = new double[x.Size]; TOperator.Run<double>(x.Elements, z); return Values.Of(z, x.Shape); }
            case Dense<float> x: { var z = new float[x.Size]; TOperator.Run<float>(x.Elements, z); return Values.Of(z, x.Shape); }
            default: { var z = new double[type.Size]; TOperator.Run<double>(TensorMath.Convert(operands[0], DType.Float64).Elements<double>(), z); return TensorMath.Convert(Values.Of(z, type.Shape), type.DType); }
        }
    }
    public override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.Pointwise(typeof(TOperator));
}

public abstract record Step<TOperator> : Unary<TOperator> where TOperator : struct, IUnaryOperator
{
    public override Dependence Dependence => Dependence.Nothing;
    protected sealed override Tensor Derivative(Tensor x, Tensor y) => throw new InvalidOperationException($"{Name} is flat");
    protected sealed override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => None;
}

public abstract record Binary<TOperator> : Binary where TOperator : struct
{
    protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => Interim.Binary(typeof(TOperator).Name[..^8], operands, type);
    public override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.Pointwise(typeof(TOperator));
    protected Application Pair(Sampler sampler, DType dtype, double low, double high)
    {
        var shape = sampler.Shape();
        return new(this, Seq(sampler.Tensor(dtype, shape, low, high), sampler.Tensor(dtype, sampler.Flip() ? shape : Shape.Scalar, low, high)));
    }
}

public abstract record Comparison<TOperator> : Binary<TOperator> where TOperator : struct
{
    public override Dependence Dependence => Dependence.Nothing;
    protected sealed override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => None;
    protected sealed override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => None;
    protected override DType ResultDType(ReadOnlySpan<TensorType> operands) { base.ResultDType(operands); return DType.Bool; }
    protected Application Pair(Sampler sampler) { var p = Pair(sampler, sampler.Numeric(), -3, 3); return p; }
}

public abstract record Logic<TOperator> : Binary<TOperator> where TOperator : struct
{
    public override Dependence Dependence => Dependence.Nothing;
    protected sealed override Option<Tensor> Left(Tensor tangent, Tensor x, Tensor y, Tensor z) => None;
    protected sealed override Option<Tensor> Right(Tensor tangent, Tensor x, Tensor y, Tensor z) => None;
    protected override DType ResultDType(ReadOnlySpan<TensorType> operands) =>
        operands[0].DType.IsFloat() ? throw new DTypeException($"{Name}: takes truth values or integers, given {operands[0]}.") : base.ResultDType(operands);
    protected Application Pair(Sampler sampler) => Pair(sampler, sampler.Choose(DType.Bool, DType.Int32, DType.Int64), -3, 3);
}

public abstract record Test<TOperator> : Unary<TOperator> where TOperator : struct, IUnaryOperator
{
    public override Dependence Dependence => Dependence.Nothing;
    protected sealed override Tensor Derivative(Tensor x, Tensor y) => throw new InvalidOperationException($"{Name} is flat");
    protected sealed override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) => None;
    protected override DType ResultDType(ReadOnlySpan<TensorType> operands) => DType.Bool;
    protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type)
    {
        var x = TensorMath.Convert(operands[0], DType.Float64).Elements<double>();
        return Values.Of(System.Array.ConvertAll(x, e => typeof(TOperator) == typeof(IsNaNOperator) ? double.IsNaN(e) : double.IsFinite(e)), type.Shape);
    }
    protected Application Any(Sampler sampler) => new(this, Seq1(sampler.Tensor(sampler.Float(), sampler.Shape())));
}

internal static class Interim
{
    internal static Tensor Binary(string op, ReadOnlySpan<Tensor> o, TensorType type) => o[0].DType switch
    {
        DType.Float64 => Run<double>(op, o, type),
        DType.Float32 => Run<float>(op, o, type),
        DType.Int32 => RunI<int>(op, o, type),
        DType.Int64 => RunI<long>(op, o, type),
        _ => Map<bool, bool>(o, type, (x, y) => op switch { "And" => x && y, "Or" => x || y, "Xor" => x != y, "Equal" => x == y, "NotEqual" => x != y, _ => throw new DTypeException(op + ": takes numbers, given bool.") }),
    };
    private static Tensor Map<T, R>(ReadOnlySpan<Tensor> o, TensorType type, Func<T, T, R> f) where T : unmanaged where R : unmanaged
    {
        var x = o[0].Elements<T>(); var y = o[1].Elements<T>(); var z = new R[type.Size];
        for (var i = 0; i < z.Length; i++) z[i] = f(x[o[0].Rank == 0 ? 0 : i], y[o[1].Rank == 0 ? 0 : i]);
        return Values.Of(z, type.Shape);
    }
    private static Tensor Compare<T>(string op, ReadOnlySpan<Tensor> o, TensorType type) where T : unmanaged, INumber<T> => Map<T, bool>(o, type, op switch { "Equal" => (x, y) => x == y, "NotEqual" => (x, y) => x != y, "Less" => (x, y) => x < y, "LessEqual" => (x, y) => x <= y, "Greater" => (x, y) => x > y, _ => (x, y) => x >= y });
    private static Tensor Run<T>(string op, ReadOnlySpan<Tensor> o, TensorType type) where T : unmanaged, IBinaryFloatingPointIeee754<T> => type.DType == DType.Bool ? Compare<T>(op, o, type) : Map<T, T>(o, type, op switch
    { "Power" => T.Pow, "Atan2" => T.Atan2, "Hypot" => T.Hypot, _ => Arith<T>(op) });
    private static Tensor RunI<T>(string op, ReadOnlySpan<Tensor> o, TensorType type) where T : unmanaged, IBinaryInteger<T> => type.DType == DType.Bool ? Compare<T>(op, o, type) : Map<T, T>(o, type, op switch
    { "And" => (x, y) => x & y, "Or" => (x, y) => x | y, "Xor" => (x, y) => x ^ y, _ => Arith<T>(op) });
    private static Func<T, T, T> Arith<T>(string op) where T : INumber<T> => op switch { "Add" => (x, y) => x + y, "Subtract" => (x, y) => x - y, "Multiply" => (x, y) => x * y, "Divide" => (x, y) => x / y, "Remainder" => (x, y) => x % y, "Maximum" => T.Max, "Minimum" => T.Min, _ => throw new InvalidOperationException(op) };
}

internal static class Conversion
{
    internal static Tensor Of(Dense x, TensorType type)
    {
        var e = System.Array.ConvertAll(x.Storage.Cast<object>().ToArray(), System.Convert.ToDouble);
        return type.DType switch
        {
            DType.Float64 => Values.Of(e, type.Shape),
            DType.Float32 => Values.Of(System.Array.ConvertAll(e, v => (float)v), type.Shape),
            DType.Int32 => Values.Of(System.Array.ConvertAll(e, v => (int)v), type.Shape),
            DType.Int64 => Values.Of(System.Array.ConvertAll(e, v => (long)v), type.Shape),
            _ => Values.Of(System.Array.ConvertAll(e, v => v != 0), type.Shape),
        };
    }
}
