using Functional.Programs;
using Functional.Structures;

namespace Functional
{
    /// <summary>A derivative that does not agree with differences of the function.</summary>
    /// <param name="message">The worst entry: where, the derivative, the difference, the tolerance.</param>
    public sealed class GradientException(string message) : Exception(message);
}

namespace Functional.Differentiation
{
    /// <summary>Derivatives against central differences with Richardson's extrapolation, (4 D(h/2) − D(h)) / 3, of error O(h⁴).</summary>
    internal static class GradientCheck
    {
        // Truncation h⁴ and rounding ε/h balance near h = ε^(1/5).
        private const double Step64 = 1e-3;
        private const double Step32 = 5e-2;
        private const double Tolerance64 = 1e-6;
        private const double Tolerance32 = 1e-2;

        internal static void Run<P, R>(Func<P, R> f, P x, double? tolerance)
        {
            var lifted = Lifted.At("CheckGradients", f, x).RequireFloats("CheckGradients");
            var isDouble = lifted.Arguments.ForAll(leaf => leaf.DType == DType.Float64);
            var allowed = tolerance ?? (isDouble ? Tolerance64 : Tolerance32);
            var (results, linear, moves) = Linearization.At(lifted.Program, lifted.Arguments);
            var paths = lifted.Argument.PathsFrom("x");
            var outputs = lifted.Result.PathsFrom("f(x)");
            Option<(double Error, string Message)> worst = None;
            for (var leaf = 0; leaf < lifted.Arguments.Count; leaf++)
            {
                var type = lifted.Arguments[leaf].Type;
                for (var place = 0; place < type.Size; place++)
                {
                    var direction = lifted.Arguments.Select((argument, i) => i == leaf ? Unit(argument.Type, place) : TensorMath.Zeros(argument.Shape, argument.DType)).ToSeq().Strict();
                    var moved = new Queue<Tensor>(linear.Evaluate([.. direction]));
                    var differences = Difference(f, lifted, leaf, place, isDouble ? Step64 : Step32);
                    for (var output = 0; output < results.Count; output++)
                    {
                        var tangent = moves[output] ? Numbers(moved.Dequeue()) : new double[results[output].Size];
                        if (!results[output].DType.IsFloat()) continue;
                        for (var entry = 0; entry < tangent.Length; entry++)
                        {
                            var error = Math.Abs(tangent[entry] - differences[output][entry]) / Math.Max(1, Math.Abs(differences[output][entry]));
                            if (error <= allowed || worst.Exists(known => known.Error >= error)) continue;
                            worst = (double.IsNaN(error) ? double.PositiveInfinity : error, $"CheckGradients: d {outputs[output]}{At(results[output].Type, entry)} / d {paths[leaf]}{At(type, place)} is {tangent[entry]:R}, but differences give {differences[output][entry]:R} (relative error {error:G3}, allowed {allowed:G3}).");
                        }
                    }
                }
            }
            worst.IfSome(found => throw new GradientException(found.Message));
            Adjoint(lifted, results, linear, moves, allowed);
        }

        // ⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩ for one pair of directions without symmetry.
        private static void Adjoint(Lifted lifted, Seq<Tensor> results, Program linear, Seq<bool> moves, double allowed)
        {
            var tangents = lifted.Arguments.Map(argument => Direction(argument.Type, 0.7)).Strict();
            var cotangents = results.Zip(moves).Filter(pair => pair.Item2).Map(pair => Direction(pair.Item1.Type, 1.3)).ToSeq().Strict();
            if (cotangents.IsEmpty) return;
            var forward = Inner(cotangents, linear.Evaluate([.. tangents]));
            var pulled = Transposition.Pull(linear, tangents.Count, linear.Captures, cotangents.Map(Some).Strict());
            var reverse = Inner(tangents, pulled.Zip(tangents).Map(pair => Pushforward.OrZero(pair.Item1, pair.Item2.Type)).Strict());
            if (Math.Abs(forward - reverse) > allowed * Math.Max(1, Math.Abs(forward)))
                throw new GradientException($"CheckGradients: forward and reverse mode disagree: ⟨u, J v⟩ = {forward:R}, ⟨Jᵀ u, v⟩ = {reverse:R}.");
        }

        private static double[][] Difference<P, R>(Func<P, R> f, Lifted lifted, int leaf, int place, double step)
        {
            var scale = step * Math.Max(1, Math.Abs(Numbers(lifted.Arguments[leaf])[place]));
            var (wide, narrow) = (Central(scale), Central(scale / 2));
            return wide.Zip(narrow, (far, near) => far.Zip(near, (d, e) => ((4 * e) - d) / 3).ToArray()).ToArray();

            double[][] Central(double h)
            {
                var (above, below) = (At(h), At(-h));
                // f32 rounds x ± h: the distance that was really gone counts.
                var gone = Numbers(above.Argument)[place] - Numbers(below.Argument)[place];
                return above.Results.Zip(below.Results, (up, down) => up.Zip(down, (p, q) => (p - q) / gone).ToArray()).ToArray();
            }

            (Tensor Argument, double[][] Results) At(double h)
            {
                var moved = Moved(lifted.Arguments[leaf], place, h);
                var arguments = lifted.Arguments.Select((argument, i) => i == leaf ? moved : argument).ToSeq().Strict();
                var value = f(Structure.Unflatten<P>(lifted.Argument, arguments));
                return (moved, [.. Structure.Flatten(value).Leaves.Map(Numbers)]);
            }
        }

        private static Tensor Unit(TensorType type, int place) => Moved(TensorMath.BroadcastTo(Values.Scalar(type.DType, 0), type.Shape), place, 1);

        private static Tensor Moved(Tensor x, int place, double step)
        {
            var numbers = Numbers(x);
            numbers[place] += step;
            return Dense(numbers, x.Type);
        }

        private static Tensor Direction(TensorType type, double phase) =>
            Dense([.. Enumerable.Range(0, type.Size).Select(i => Math.Sin((1.7 * i) + phase))], type);

        private static Tensor Dense(double[] numbers, TensorType type) => type.DType == DType.Float32
            ? Values.Of(System.Array.ConvertAll(numbers, number => (float)number), type.Shape)
            : Values.Of(numbers, type.Shape);

        private static double[] Numbers(Tensor x) => TensorMath.Convert(x, DType.Float64).ToArray<double>();

        private static double Inner(Seq<Tensor> left, Seq<Tensor> right) =>
            left.Zip(right).Sum(pair => Numbers(pair.Item1).Zip(Numbers(pair.Item2), (x, y) => x * y).Sum());

        private static string At(TensorType type, int place)
        {
            if (type.Rank == 0) return string.Empty;
            var strides = type.Shape.Strides();
            return $"[{string.Join(",", type.Shape.Select((extent, axis) => place / strides[axis] % extent))}]";
        }
    }
}
