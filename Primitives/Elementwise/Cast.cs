using System.Globalization;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>The elements in another type, as C# casts them; floats to integers truncate and saturate. Linear between floats.</summary>
    /// <param name="To">The result's element type.</param>
    public sealed record Cast(DType To) : Elementwise, ILinear
    {
        /// <inheritdoc/>
        public override string Name => "convert";

        /// <inheritdoc/>
        public override string Parameters => To.Name();

        /// <inheritdoc/>
        protected override DType ResultDType(ReadOnlySpan<TensorType> operands) => To;

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => operands[0] switch
        {
            Dense<double> x => Converted(x, type),
            Dense<float> x => Converted(x, type),
            Dense<int> x => Converted(x, type),
            Dense<long> x => Converted(x, type),
            var x => Converted((Dense<bool>)x, type),
        };

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) =>
            To.IsFloat() && operands[0].DType.IsFloat() ? tangents[0].Map(tangent => Apply(tangent)) : None;

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
            Seq1(cotangents[0].Map(cotangent => new Cast(operands[0].Type.DType).Apply(cotangent)));

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler) =>
            new(new Cast(sampler.Choose(DType.Bool, DType.Int32, DType.Int64, DType.Float32, DType.Float64)), Seq1(sampler.Tensor(sampler.Numeric(), sampler.Shape())));

        private static Tensor Converted<T>(Dense<T> x, TensorType type)
            where T : unmanaged => type.DType switch
            {
                DType.Float64 => Converted<T, double>(x, type),
                DType.Float32 => Converted<T, float>(x, type),
                DType.Int32 => Converted<T, int>(x, type),
                DType.Int64 => Converted<T, long>(x, type),
                _ => Converted<T, bool>(x, type),
            };

        private static Tensor Converted<TFrom, TTo>(Dense<TFrom> x, TensorType type)
            where TFrom : unmanaged
            where TTo : unmanaged
        {
            var elements = new TTo[type.Size];
            Kernels.Pointwise.Convert<TFrom, TTo>(x.Elements, elements);
            return new Dense<TTo>(elements, type);
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>The elements in another type, as C# casts them; floats to integers truncate and saturate, and what is not 0 is true.</summary>
        public static Tensor Convert(Tensor x, DType dtype) =>
            x.DType == dtype && !x.IsWeak ? x : new Cast(dtype).Apply(x);
    }

    public abstract partial class Tensor
    {
        /// <summary>The value of a tensor with one element, truncated toward zero; a host decision while tracing.</summary>
        /// <exception cref="ShapeException">There is not exactly one element.</exception>
        /// <exception cref="OverflowException">It does not fit 32 bits.</exception>
        public static explicit operator int(Tensor tensor) => checked((int)tensor.Decision("(int)", DType.Int64).ToInt64(CultureInfo.InvariantCulture));

        // The integer is what the host sees, so it is what a program assumes: 3.2 and 3.7 are one decision.
        /// <summary>The value of a tensor with one element, truncated toward zero; a host decision while tracing.</summary>
        /// <exception cref="ShapeException">There is not exactly one element.</exception>
        public static explicit operator long(Tensor tensor) =>
            tensor.Decision("(long)", DType.Int64).ToInt64(CultureInfo.InvariantCulture);

        /// <summary>Whether the one element of a tensor is true, or not 0; a host decision while tracing.</summary>
        /// <exception cref="ShapeException">There is not exactly one element.</exception>
        public static explicit operator bool(Tensor tensor) =>
            tensor.Decision("(bool)", DType.Bool).ToBoolean(CultureInfo.InvariantCulture);

        private IConvertible Decision(string conversion, DType dtype) =>
            Single(conversion, tensor => TensorMath.Convert(tensor.Rank == 0 ? tensor : TensorMath.Reshape(tensor), dtype).Decide(conversion));
    }
}
