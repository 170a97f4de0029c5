using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>Running sums along an axis: yᵢ = Σ xⱼ over j ≤ i, or over j ≥ i in reverse. Linear; the two are each other's transpose.</summary>
    /// <param name="Axis">The axis it runs along.</param>
    /// <param name="IsReversed">Whether it runs from the last element.</param>
    public sealed record CumSum(int Axis, bool IsReversed) : Cumulative(Axis), ILinear
    {
        /// <inheritdoc/>
        public override string Name => "cumsum";

        /// <inheritdoc/>
        protected override bool RunsBackward => IsReversed;

        /// <inheritdoc/>
        protected override void Run<T>(ReadOnlySpan<T> source, int n, int inner, Span<T> destination)
        {
            if (!IsReversed)
            {
                Running.Sum(source, n, inner, destination);
                return;
            }
            var turned = new T[source.Length];
            Running.Turn(source, n, inner, turned);
            var sums = new T[source.Length];
            Running.Sum<T>(turned, n, inner, sums);
            Running.Turn<T>(sums, n, inner, destination);
        }

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents) =>
            tangents[0].Map(tangent => Apply(tangent));

        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands) =>
            Seq1(cotangents[0].Map(cotangent => new CumSum(Axis, !IsReversed).Apply(cotangent)));

        /// <inheritdoc/>
        protected override Tensor BatchedResult(Seq<Batched> operands, int size) => new CumSum(Axis + 1, IsReversed).Apply(operands[0].Value);

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var shape = sampler.Shape(lowestRank: 1);
            return new(new CumSum(sampler.Integer(0, shape.Rank - 1), sampler.Flip()), Seq1(sampler.Tensor(sampler.Numeric(), shape)));
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>Running sums along an axis, each with the elements up to its place, or from it on in reverse.</summary>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public static Tensor CumSum(Tensor x, int axis = -1, bool reverse = false) => new CumSum(x.Shape.Axis("CumSum", axis), reverse).Apply(Counted(x));
    }
}
