using FsCheck.Fluent;
using Functional.Benchmarks.AdBench;
using Functional.Properties.Generators;
using Functional.Structures;
using Xunit;
using static Functional.Transforms;

namespace Functional.Properties.AdBench;

/// <summary>The objectives and their derivatives are those of the definitions, worked out a number at a time, and agree with differences.</summary>
public class ObjectiveProperties
{
    // Some hundred operations in f64 on numbers of scale 1 to 100, differently ordered.
    private const double Rounding = 1e-11;

    private const int Draws = 12;

    [Fact]
    public void The_log_posterior_of_a_mixture_and_its_gradient_are_those_of_the_definition() => Each(random =>
    {
        int d = random.Next(1, 5), count = random.Next(1, 5), n = random.Next(1, 9), degrees = random.Next(3);
        double[,] points = Matrix(random, n, d);
        var prior = new GaussianMixture.Wishart(0.5 + random.NextDouble(), degrees);
        var p = new GaussianMixture.Parameters(Some(random, count), Some(random, count, d), Some(random, count, d * (d + 1) / 2));
        Func<GaussianMixture.Parameters, Tensor> objective = q => GaussianMixture.LogPosterior(q, Tensor.From(points).T, prior);

        var (value, gradient) = ValueAndGrad(objective)(p);

        Agree(Dual.Jacobian(x => [ScalarReferences.LogPosterior(x, count, d, points, prior.Gamma, degrees)], Flat(p)), value, [Flat(gradient)]);
        CheckGradients(objective, p);
    });

    [Fact]
    public void The_rows_of_bundle_adjustment_are_the_derivatives_of_each_observation() => Each(random =>
    {
        int cameras = random.Next(1, 4), points = random.Next(1, 5), count = random.Next(1, 9);
        var (p, seen, camera, point) = Adjustment(random, cameras, points, count);

        var (errors, terms) = BundleAdjustment.Residuals(p, seen);
        var (rows, slopes) = BundleAdjustment.Jacobian(p, seen);

        double[] features = seen.Features.ToArray<double>(), weights = p.Weights.ToArray<double>();
        for (int i = 0; i < count; i++)
        {
            double[] at = [.. p.Cameras[camera[i]].ToArray<double>(), .. p.Points[point[i]].ToArray<double>(), weights[i]];
            Agree(Dual.Jacobian(x => ScalarReferences.Reprojection(x, features[i], features[count + i]), at), errors[.., i], Columns(rows[i]));
            Assert.Equal(1 - (weights[i] * weights[i]), (double)terms[i], Rounding);
            Assert.Equal(-2 * weights[i], (double)slopes[i], Rounding);
        }
        CheckGradients((BundleAdjustment.Parameters q) => BundleAdjustment.Residuals(q, seen), p);
    });

    [Fact]
    public void A_camera_that_does_not_turn_has_the_derivatives_of_the_first_order()
    {
        var (p, seen, camera, point) = Adjustment(new Random(1), 1, 2, 3, isStill: true);

        var (rows, _) = BundleAdjustment.Jacobian(p, seen);

        double[] features = seen.Features.ToArray<double>();
        for (int i = 0; i < 3; i++)
        {
            double[] at = [.. p.Cameras[camera[i]].ToArray<double>(), .. p.Points[point[i]].ToArray<double>(), (double)p.Weights[i]];
            Agree(Dual.Jacobian(x => ScalarReferences.Reprojection(x, features[i], features[3 + i]), at), BundleAdjustment.Residuals(p, seen).Reprojection[.., i], Columns(rows[i]));
        }
    }

    [Fact]
    public void The_rows_of_bundle_adjustment_are_the_nonzeros_of_its_Jacobian()
    {
        const int cameras = 2, points = 3, count = 5;
        var (p, seen, camera, point) = Adjustment(new Random(2), cameras, points, count);

        var dense = Jacobian((BundleAdjustment.Parameters q) => BundleAdjustment.Residuals(q, seen).Reprojection)(p);
        var (rows, _) = BundleAdjustment.Jacobian(p, seen);

        for (int axis = 0; axis < 2; axis++)
        {
            for (int i = 0; i < count; i++)
            {
                Closeness.Within(dense.Cameras[axis, i, camera[i]], rows[i, axis, ..11], Rounding, "camera");
                Closeness.Within(dense.Points[axis, i, point[i]], rows[i, axis, 11..14], Rounding, "point");
                Closeness.Within(dense.Weights[axis, i, i], rows[i, axis, 14], Rounding, "weight");
            }
        }
        int nonzeros = Flat(dense).Count(x => x != 0);
        Assert.InRange(nonzeros, 1, 2 * BundleAdjustment.Columns * count);
    }

    [Fact]
    public void The_loss_of_a_recurrent_network_and_its_gradient_are_those_of_the_definition() => Each(random =>
    {
        int layers = random.Next(1, 4), cells = random.Next(1, 5), length = random.Next(2, 7);
        double[,] state = Matrix(random, 2 * layers, cells), sequence = Matrix(random, length, cells);
        var p = new LongShortTermMemory.Parameters(Some(random, 2 * layers, 4 * cells), Some(random, 3, cells));
        Func<LongShortTermMemory.Parameters, Tensor> objective = q => LongShortTermMemory.Loss(q, Tensor.From(state), Tensor.From(sequence));

        var (value, gradient) = ValueAndGrad(objective)(p);

        Agree(Dual.Jacobian(x => [ScalarReferences.Loss(x, state, sequence)], Flat(p)), value, [Flat(gradient)]);
        CheckGradients(objective, p);
    });

    [Fact]
    public void The_errors_of_a_hand_and_their_columns_are_those_of_the_definition() => Each(random =>
    {
        var hand = new RandomHand(random, vertices: 7);
        int count = random.Next(1, 6);
        int[] vertices = [.. Enumerable.Range(0, count).Select(_ => random.Next(7))];
        double[,] points = Matrix(random, count, 3);
        Tensor theta = Some(random, HandTracking.Angles), indices = Tensor.From(vertices), measured = Tensor.From(points);

        Tensor errors = HandTracking.Errors(theta, hand.Model, measured, indices), columns = HandTracking.Jacobian(theta, hand.Model, measured, indices);

        Agree(Dual.Jacobian(x => Rows(count, points, i => hand.Posed(x)[vertices[i]]), Flat(theta)), errors, Columns(columns));
        CheckGradients(t => HandTracking.Errors(t, hand.Model, measured, indices), theta);
    }, Draws / 4);

    [Fact]
    public void The_columns_of_a_hand_on_triangles_come_first_for_the_places_and_then_for_the_pose() => Each(random =>
    {
        var hand = new RandomHand(random, vertices: 7);
        int count = random.Next(1, 6);
        int[,] corners = new int[3, count];
        for (int i = 0; i < 3 * count; i++) corners[i / count, i % count] = random.Next(7);
        double[,] points = Matrix(random, count, 3);
        Tensor theta = Some(random, HandTracking.Angles), us = Some(random, count, 2), indices = Tensor.From(corners), measured = Tensor.From(points);

        Tensor errors = HandTracking.Errors(theta, us, hand.Model, measured, indices), columns = Joined(HandTracking.Jacobian(theta, us, hand.Model, measured, indices));

        // Both places of all points move at once, one after the other, and then each parameter.
        double[] u = Flat(us);
        Agree(
            Dual.Jacobian(x => Rows(count, points, i =>
            {
                Dual[][] posed = hand.Posed(x[2..]);
                Dual first = x[0] + u[2 * i], second = x[1] + u[(2 * i) + 1];
                return [.. new[] { 0, 1, 2 }.Select(row => (first * posed[corners[0, i]][row]) + (second * posed[corners[1, i]][row]) + ((1 - first - second) * posed[corners[2, i]][row]))];
            }), [0, 0, .. Flat(theta)]),
            errors,
            Columns(columns));
        CheckGradients(((Tensor Theta, Tensor Us) p) => HandTracking.Errors(p.Theta, p.Us, hand.Model, measured, indices), (theta, us));
    }, Draws / 4);

    [Fact]
    public void A_hand_that_does_not_turn_has_no_derivative_in_its_rotation()
    {
        var random = new Random(3);
        var hand = new RandomHand(random, vertices: 7);
        Tensor theta = TensorMath.Concatenate([Tensor.From([3e-5, -2e-5, 1e-5]), Some(random, HandTracking.Angles - 3)]);
        Tensor indices = Tensor.From([0, 3]), measured = Some(random, 2, 3);

        Tensor columns = HandTracking.Jacobian(theta, hand.Model, measured, indices);

        Agree(Dual.Jacobian(x => Rows(2, measured.To<double[,]>(), i => hand.Posed(x)[3 * i]), Flat(theta)), HandTracking.Errors(theta, hand.Model, measured, indices), Columns(columns));
        Assert.All(Flat(columns[.., .., ..3]), slope => Assert.Equal(0, slope));
    }

    private sealed class RandomHand
    {
        private static readonly int[] Parents = [-1, 0, 1, 2, 3, 0, 5, 6, 7, 0, 9, 10, 11, 0, 13, 14, 15, 0, 17, 18, 19, 0];
        private readonly double[,,] _relatives, _inverses;
        private readonly double[,] _vertices, _shares;

        public RandomHand(Random random, int vertices)
        {
            (_relatives, _inverses) = (Matrices(random), Matrices(random));
            (_vertices, _shares) = (Matrix(random, vertices, 3), Matrix(random, vertices, HandTracking.Bones));
            Model = HandTracking.Model.Of(Tensor.From(_relatives), Tensor.From(_inverses), Tensor.From(_vertices), Tensor.From(_shares));
        }

        public HandTracking.Model Model { get; }

        public Dual[][] Posed(Dual[] theta) => ScalarReferences.Posed(theta, _relatives, _inverses, Parents, _vertices, _shares);

        // The last row of a rigid motion is (0, 0, 0, 1), which makes products of affine maps affine.
        private static double[,,] Matrices(Random random)
        {
            double[,,] matrices = new double[HandTracking.Bones, 4, 4];
            for (int i = 0; i < 16 * HandTracking.Bones; i++)
            {
                (int bone, int row, int column) = (i / 16, i / 4 % 4, i % 4);
                matrices[bone, row, column] = row < 3 ? (2 * random.NextDouble()) - 1 : column < 3 ? 0 : 1;
            }
            return matrices;
        }
    }

    private static (BundleAdjustment.Parameters, BundleAdjustment.Observations, int[] Camera, int[] Point) Adjustment(Random random, int cameras, int points, int count, bool isStill = false)
    {
        double[,] camera = Matrix(random, cameras, BundleAdjustment.CameraSize), point = Matrix(random, points, 3);
        for (int i = 0; i < cameras; i++)
        {
            // Points lie well before the cameras, which turn little: a projection has a pole at the camera's own plane.
            for (int axis = 0; axis < 3; axis++) camera[i, axis] *= isStill ? 0 : 0.4;
            camera[i, 5] -= 6;
        }
        int[] seenBy = [.. Enumerable.Range(0, count).Select(_ => random.Next(cameras))], sees = [.. Enumerable.Range(0, count).Select(_ => random.Next(points))];
        return (
            new(Tensor.From(camera), Tensor.From(point), Some(random, count)),
            new(Tensor.From(seenBy), Tensor.From(sees), Some(random, 2, count)),
            seenBy,
            sees);
    }

    private static void Agree((double[] Values, double[][] Columns) expected, Tensor values, IEnumerable<double[]> derivatives)
    {
        Close(expected.Values, Flat(values), "value");
        // A scalar's gradient is one row; the reference has a column for each parameter.
        double[][] given = [.. derivatives];
        double[] wanted = [.. expected.Columns.SelectMany(column => column)];
        Close(wanted, [.. given.SelectMany(column => column)], "derivative");
    }

    private static void Close(double[] expected, double[] actual, string what) =>
        Closeness.Within(Tensor.From(expected), Tensor.From(actual), Rounding, what);

    // Row i of the errors is that of a point.
    private static Dual[] Rows(int count, double[,] points, Func<int, Dual[]> modelled)
    {
        Dual[][] at = [.. Enumerable.Range(0, count).Select(modelled)];
        return [.. Enumerable.Range(0, 3 * count).Select(k => points[k / 3, k % 3] - at[k / 3][k % 3])];
    }

    private static Tensor Joined((Tensor Places, Tensor Pose) jacobian) => TensorMath.Concatenate([jacobian.Places, jacobian.Pose], 2);

    // The last axis of a Jacobian counts its columns.
    private static IEnumerable<double[]> Columns(Tensor jacobian) =>
        Enumerable.Range(0, jacobian.Shape[^1]).Select(i => Flat(TensorMath.Take(jacobian, i, jacobian.Rank - 1)));

    private static double[] Flat<P>(P structure) => [.. Structure.Flatten(structure).Leaves.SelectMany(leaf => leaf.ToArray<double>())];

    private static Tensor Some(Random random, params int[] extents)
    {
        double[] numbers = [.. Enumerable.Range(0, extents.Aggregate(1, (product, extent) => product * extent)).Select(_ => (2 * random.NextDouble()) - 1)];
        return Tensor.From(numbers, new Shape(extents));
    }

    private static double[,] Matrix(Random random, int rows, int columns) => Some(random, rows, columns).To<double[,]>();

    private static void Each(Action<Random> body, int draws = Draws) =>
        Theorem.Holds(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), draws, seed => body(new Random(seed)));
}
