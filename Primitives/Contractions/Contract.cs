// The room of contractions: sums of products over axes that two tensors share. One primitive, bilinear; matrix products,
// tensor products and Einstein's notation are spelled with it.
using Functional.Kernels;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Primitives
{
    /// <summary>
    /// Σ x·y over paired axes, <c>[b, i, p], [b, p, j] → [b, i, j]</c>: the result's axes are the batch's, then the free ones of x,
    /// then those of y, each in order. Linear in each operand, given the other.
    /// </summary>
    /// <param name="Left">Contracted axes of x.</param>
    /// <param name="Right">Contracted axes of y, in the same order.</param>
    /// <param name="LeftBatch">Axes of x that are kept and paired with those of y.</param>
    /// <param name="RightBatch">Those of y, in the same order.</param>
    public sealed record Contract(Seq<int> Left, Seq<int> Right, Seq<int> LeftBatch, Seq<int> RightBatch) : SingleResult, ILinear
    {
        /// <summary>The product of two matrices, <c>[m, k] · [k, n] → [m, n]</c>.</summary>
        internal static Contract Matrices { get; } = new(Seq1(1), Seq1(0), Seq<int>(), Seq<int>());

        /// <inheritdoc/>
        public override string Name => "contract";

        /// <inheritdoc/>
        public override string Parameters => string.Join(' ', new[] { Pairs("axes", Left, Right), Pairs("batch", LeftBatch, RightBatch) }.Where(text => text.Length > 0));

        /// <inheritdoc/>
        protected override TensorType Result(ReadOnlySpan<TensorType> operands)
        {
            var (x, y) = (operands[0], operands[1]);
            if (x.DType != y.DType) throw new DTypeException($"Contract: element types differ: {x} and {y}. Convert one first.");
            if (x.DType == DType.Bool) throw new DTypeException($"Contract: takes numbers, given {x} and {y}. Convert them first.");
            Demand(x, LeftBatch, Left);
            Demand(y, RightBatch, Right);
            Fit(x, LeftBatch, y, RightBatch);
            Fit(x, Left, y, Right);
            var (rows, columns) = (Free(x, LeftBatch, Left), Free(y, RightBatch, Right));
            var extents = new int[LeftBatch.Count + rows.Length + columns.Length];
            var place = 0;
            for (; place < LeftBatch.Count; place++) extents[place] = x.Shape[LeftBatch[place]];
            foreach (var axis in rows) extents[place++] = x.Shape[axis];
            foreach (var axis in columns) extents[place++] = y.Shape[axis];
            return new(x.DType, extents);
        }

        /// <inheritdoc/>
        protected override Tensor Evaluate(ReadOnlySpan<Tensor> operands, TensorType type) => (operands[0], operands[1]) switch
        {
            (Dense<double> x, Dense<double> y) => Contracted(x, y, type),
            (Dense<float> x, Dense<float> y) => Contracted(x, y, type),
            (Dense<int> x, Dense<int> y) => Contracted(x, y, type),
            var (x, y) => Contracted((Dense<long>)x, (Dense<long>)y, type),
        };

        /// <inheritdoc/>
        protected override Option<Tensor> Tangent(Seq<Tensor> operands, Tensor result, Seq<Option<Tensor>> tangents)
        {
            if (!result.DType.IsFloat()) return None;
            var left = tangents[0].Map(tangent => Apply(tangent, operands[1]));
            var right = tangents[1].Map(tangent => Apply(operands[0], tangent));
            return (left.Case, right.Case) switch
            {
                (Tensor x, Tensor y) => Some(x + y),
                (Tensor, _) => left,
                _ => right,
            };
        }

        // Σ ū[b,i,j]·x[b,i,p]·y[b,p,j]: the cotangent of one operand is the other contracted with ū over the other's free axes.
        /// <inheritdoc/>
        public Seq<Option<Tensor>> Transpose(Seq<Option<Tensor>> cotangents, Seq<Operand> operands)
        {
            if (cotangents[0].Case is not Tensor cotangent) return Seq<Option<Tensor>>(None, None);
            var (x, y) = (operands[0].Type, operands[1].Type);
            var batch = LeftBatch.Count;
            var (rows, columns) = (Free(x, LeftBatch, Left), Free(y, RightBatch, Right));
            return operands switch
            {
                [{ IsLinear: true }, { IsLinear: false } known] => Seq(Some(Cotangent(
                    cotangent, batch + rows.Length, known.Value, RightBatch, columns.ToSeq(), Right, LeftBatch, rows.ToSeq(), Left)), None),
                [{ IsLinear: false } known, { IsLinear: true }] => Seq(None, Some(Cotangent(
                    cotangent, batch, known.Value, LeftBatch, rows.ToSeq(), Left, RightBatch, columns.ToSeq(), Right))),
                _ => throw new NotDifferentiableException("contract: the product of two tangents is not linear."),
            };
        }

        // A batch of both is one more batch axis; a batch of one is one more free axis, the first of its operand.
        /// <inheritdoc/>
        protected override Tensor BatchedResult(Seq<Batched> operands, int size)
        {
            var (x, y) = (operands[0], operands[1]);
            var (left, leftBatch) = (Shifted(Left, x), Shifted(LeftBatch, x));
            var (right, rightBatch) = (Shifted(Right, y), Shifted(RightBatch, y));
            if (x.IsBatched && y.IsBatched)
                return new Contract(left, right, 0.Cons(leftBatch).Strict(), 0.Cons(rightBatch).Strict()).Apply(x.Value, y.Value);
            var batch = LeftBatch.Count;
            if (x.IsBatched) return TensorMath.MoveAxis(new Contract(left, right, leftBatch, rightBatch).Apply(x.Value, y.Value), batch, 0);
            var rows = Free(x.Type, LeftBatch, Left).Length;
            var columns = Free(y.Type, RightBatch, Right).Length;
            return columns == 0
                ? TensorMath.MoveAxis(new Contract(right, left, rightBatch, leftBatch).Apply(y.Value, x.Value), batch, 0)
                : TensorMath.MoveAxis(new Contract(left, right, leftBatch, rightBatch).Apply(x.Value, y.Value), batch + rows, 0);
        }

        /// <inheritdoc/>
        protected override Option<Pattern> Depends(ReadOnlySpan<Dependent> operands, TensorType result)
        {
            var (x, y) = (operands[0], operands[1]);
            var (rows, columns) = (Free(x.Type, LeftBatch, Left), Free(y.Type, RightBatch, Right));
            var batch = LeftBatch.Count;
            int[] leftAxes = [.. LeftBatch, .. rows, .. Left], rightAxes = [.. RightBatch, .. columns, .. Right];
            int[] leftPlaces = [.. Enumerable.Range(0, batch + rows.Length)];
            int[] rightPlaces = [.. Enumerable.Range(0, batch), .. Enumerable.Range(batch + rows.Length, columns.Length)];
            return Pattern.Union(
                result.Size,
                Summed(x, leftAxes, leftPlaces, y, rightAxes, rightPlaces, result.Shape),
                Summed(y, rightAxes, rightPlaces, x, leftAxes, leftPlaces, result.Shape));
        }

        // Of one factor's elements a sum depends on those that it meets with others that are not known to be zero.
        private static Pattern Summed(Dependent x, int[] axes, int[] places, Dependent other, int[] otherAxes, int[] otherPlaces, Shape result)
        {
            var pattern = x.Pattern;
            if (pattern.IsNothing) return Pattern.Nothing(pattern.Space, result.Size);
            Shape kept = [.. places.Select(place => result[place])];
            // [kept, summed]: the element of each factor at each term of each sum.
            var members = TensorMath.Transpose(Ordinals.Of(x.Type.Shape), axes);
            var terms = kept.Size == 0 ? 0 : members.Size / kept.Size;
            var isZero = other.IsKnown ? TensorMath.Equal(TensorMath.Transpose(other.Value, otherAxes), 0) : null;
            if (isZero is null || !isZero.Elements<bool>().AsSpan().Contains(true))
            {
                var sums = pattern.United([.. Enumerable.Range(0, kept.Size + 1).Select(sum => sum * terms)], members.Elements<int>());
                return sums.Moved(result.Size, kept, numbers => new Broadcast(result, places.ToSeq()).Apply(numbers));
            }
            Shape all = [.. result, .. members.Shape[kept.Rank..]];
            int[] summed = [.. Enumerable.Range(result.Rank, all.Rank - result.Rank)];
            var each = new Broadcast(all, places.Concat(summed).ToSeq().Strict()).Apply(members).Elements<int>();
            var left = new Broadcast(all, otherPlaces.Concat(summed).ToSeq().Strict()).Apply(isZero).Elements<bool>();
            var starts = new int[result.Size + 1];
            var count = 0;
            for (var sum = 0; sum < result.Size; sum++)
            {
                for (var term = sum * terms; term < (sum + 1) * terms; term++)
                    if (!left[term]) each[count++] = each[term];
                starts[sum + 1] = count;
            }
            return pattern.United(starts, each);
        }

        /// <inheritdoc/>
        public override LoopForm Form(ReadOnlySpan<TensorType> operands) => new LoopForm.Contract(Left, Right, LeftBatch, RightBatch);

        /// <inheritdoc/>
        public override Cost Cost(ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> results)
        {
            var flops = 2L * results[0].Size;
            foreach (var axis in Left) flops *= operands[0].Shape[axis];
            return new(flops, Programs.Cost.Traffic(operands, results));
        }

        /// <inheritdoc/>
        public override Application Sample(Sampler sampler)
        {
            var dtype = sampler.Numeric();
            var (batch, summed) = (sampler.Shape(highestRank: 2), sampler.Shape(highestRank: 2));
            var (x, left, leftBatch) = Shuffled(sampler, batch, summed);
            var (y, right, rightBatch) = Shuffled(sampler, batch, summed);
            return new(new Contract(left, right, leftBatch, rightBatch), Seq(sampler.Tensor(dtype, x), sampler.Tensor(dtype, y)));
        }

        private static (Shape Shape, Seq<int> Summed, Seq<int> Batch) Shuffled(Sampler sampler, Shape batch, Shape summed)
        {
            var extents = batch.Concat(summed).Concat(sampler.Shape(highestRank: 2));
            var order = sampler.Permutation(extents.Rank);
            var place = Permute.Inverse(order);
            return ([.. order.Map(axis => extents[axis])], place.Skip(batch.Rank).Take(summed.Rank).ToSeq().Strict(), place.Take(batch.Rank).ToSeq().Strict());
        }

        /// <summary>The cotangent of an operand, from ū's free axes (from <paramref name="start"/> on) that belong to the known other one.</summary>
        private static Tensor Cotangent(
            Tensor cotangent, int start, Tensor known, Seq<int> knownBatch, Seq<int> knownFree, Seq<int> knownSummed,
            Seq<int> operandBatch, Seq<int> operandFree, Seq<int> operandSummed)
        {
            var batch = toSeq(Enumerable.Range(0, operandBatch.Count)).Strict();
            var shared = toSeq(Enumerable.Range(start, knownFree.Count)).Strict();
            // What is left of the known operand comes in the order of its axes.
            var summed = toSeq(operandSummed.Zip(knownSummed).OrderBy(pair => pair.Item2).Select(pair => pair.Item1)).Strict();
            var summedFirst = operandFree.IsEmpty || summed.Exists(axis => axis < operandFree[0]);
            var product = summedFirst
                ? new Contract(knownFree, shared, knownBatch, batch).Apply(known, cotangent)
                : new Contract(shared, knownFree, batch, knownBatch).Apply(cotangent, known);
            var axes = operandBatch.Then(summedFirst ? summed.Then(operandFree) : operandFree.Then(summed));
            return TensorMath.Transpose(product, [.. Permute.Inverse(axes)]);
        }

        private static Seq<int> Shifted(Seq<int> axes, Batched operand) => operand.IsBatched ? axes.Map(axis => axis + 1).Strict() : axes;

        /// <summary>The axes of an operand that are neither paired nor summed, in order.</summary>
        internal static int[] Free(TensorType operand, Seq<int> batch, Seq<int> summed)
        {
            var free = new int[operand.Rank - batch.Count - summed.Count];
            for (var (axis, place) = (0, 0); place < free.Length; axis++)
                if (!Has(batch, axis) && !Has(summed, axis)) free[place++] = axis;
            return free;
        }

        // A Seq is enumerated through an interface; small products notice.
        private static int[] Listed(Seq<int> axes)
        {
            var listed = new int[axes.Count];
            for (var i = 0; i < listed.Length; i++) listed[i] = axes[i];
            return listed;
        }

        private static bool Has(Seq<int> axes, int axis)
        {
            for (var i = 0; i < axes.Count; i++)
                if (axes[i] == axis) return true;
            return false;
        }

        private static void Demand(TensorType operand, Seq<int> batch, Seq<int> summed)
        {
            Span<bool> named = stackalloc bool[operand.Rank];
            for (var i = 0; i < batch.Count + summed.Count; i++)
            {
                var axis = i < batch.Count ? batch[i] : summed[i - batch.Count];
                if (axis < 0 || axis >= named.Length || named[axis])
                    throw new ShapeException($"Contract: the axes [{string.Join(",", batch.Then(summed))}] are not different axes of {operand}.");
                named[axis] = true;
            }
        }

        private static void Fit(TensorType x, Seq<int> left, TensorType y, Seq<int> right)
        {
            if (left.Count != right.Count)
                throw new ShapeException($"Contract: [{string.Join(",", left)}] of {x} and [{string.Join(",", right)}] of {y} do not pair: {left.Count} axes and {right.Count}.");
            for (var i = 0; i < left.Count; i++)
                if (x.Shape[left[i]] != y.Shape[right[i]])
                    throw new ShapeException($"Contract: axis {left[i]} of {x} and axis {right[i]} of {y} differ ({x.Shape[left[i]]} ≠ {y.Shape[right[i]]}).");
        }

        private static string Pairs(string name, Seq<int> left, Seq<int> right) => left.Count switch
        {
            0 => string.Empty,
            1 => $"{name}={left[0]}·{right[0]}",
            _ => $"{name}=[{string.Join(",", left.Zip(right).Map(pair => $"{pair.Item1}·{pair.Item2}"))}]",
        };

        private Dense<T> Contracted<T>(Dense<T> x, Dense<T> y, TensorType type)
            where T : unmanaged
        {
            var elements = new T[type.Size];
            var left = new AxisRoles(x.Shape.Extents, Listed(LeftBatch), Free(x.Type, LeftBatch, Left), Listed(Left));
            var right = new AxisRoles(y.Shape.Extents, Listed(RightBatch), Free(y.Type, RightBatch, Right), Listed(Right));
            Contraction.Run<T>(x.Elements, left, y.Elements, right, elements);
            return new(elements, type);
        }
    }
}

namespace Functional
{
    public static partial class TensorMath
    {
        /// <summary>
        /// The sum of products over paired axes: <c>TensorDot(x, y, [1], [0])</c> is the matrix product. The result's axes are the rest
        /// of x's, then the rest of y's. Element types are promoted; truth values are counted in i64.
        /// </summary>
        /// <param name="x">The left operand.</param>
        /// <param name="y">The right operand.</param>
        /// <param name="left">Axes of x, negative from the end.</param>
        /// <param name="right">The axes of y that they are paired with.</param>
        /// <exception cref="ShapeException">The axes do not pair, or their extents differ; the message names them.</exception>
        public static Tensor TensorDot(Tensor x, Tensor y, ReadOnlySpan<int> left, ReadOnlySpan<int> right)
        {
            var (over, with) = (Named(x, left), Named(y, right));
            if (over.Length != with.Length) throw new ShapeException($"TensorDot: {over.Length} axes of {x.Type} and {with.Length} of {y.Type} do not pair.");
            for (var i = 0; i < over.Length; i++)
                if (x.Shape[over[i]] != y.Shape[with[i]])
                    throw new ShapeException($"TensorDot: axis {over[i]} of {x.Type} and axis {with[i]} of {y.Type} differ ({x.Shape[over[i]]} ≠ {y.Shape[with[i]]}).");
            // The order of the pairs does not matter to the sum; axes in order merge into one.
            System.Array.Sort(over, with);
            (x, y) = Factors(x, y);
            return new Contract(over.ToSeq(), with.ToSeq(), Seq<int>(), Seq<int>()).Apply(x, y);

            static int[] Named(Tensor operand, ReadOnlySpan<int> axes)
            {
                // Axes without names would mean all of them.
                if (axes.IsEmpty) return [];
                operand.Shape.Axes("TensorDot", axes);
                var named = new int[axes.Length];
                for (var i = 0; i < named.Length; i++) named[i] = operand.Shape.Axis("TensorDot", axes[i]);
                return named;
            }
        }

        /// <summary>The sum of products over the last axes of x and the first of y: 0 axes give the tensor product, 1 the matrix product.</summary>
        /// <exception cref="ShapeException">There are not so many axes, or their extents differ.</exception>
        public static Tensor TensorDot(Tensor x, Tensor y, int axes = 2)
        {
            if (axes < 0 || axes > x.Rank || axes > y.Rank)
                throw new ShapeException($"TensorDot: {axes} axes to sum over, but {x.Type} has {x.Rank} and {y.Type} has {y.Rank}.");
            int[] left = [.. Enumerable.Range(x.Rank - axes, axes)];
            int[] right = [.. Enumerable.Range(0, axes)];
            return TensorDot(x, y, left, right);
        }

        /// <summary>Two tensors in their common type of numbers.</summary>
        private static (Tensor X, Tensor Y) Factors(Tensor x, Tensor y)
        {
            if (x.DType != y.DType || x.IsWeak || y.IsWeak) (x, y) = Promotion.Unify(x, y);
            return x.DType == DType.Bool ? (Convert(x, DType.Int64), Convert(y, DType.Int64)) : (x, y);
        }
    }
}
