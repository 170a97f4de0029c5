using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Benchmarks.AdBench;

/// <summary>Bundle adjustment: where cameras see points, less where they were seen.</summary>
internal static class BundleAdjustment
{
    /// <summary>How many numbers describe a camera: rotation, centre, focal length, principal point, two radial distortions.</summary>
    public const int CameraSize = 11;

    /// <summary>The columns in which an observation's residuals have derivatives: camera, point, weight.</summary>
    public const int Columns = CameraSize + 3 + 1;

    /// <summary>What is adjusted.</summary>
    /// <param name="Cameras">[n, 11].</param>
    /// <param name="Points">[m, 3].</param>
    /// <param name="Weights">[p], one for each observation.</param>
    internal sealed record Parameters(Tensor Cameras, Tensor Points, Tensor Weights);

    /// <summary>Which camera saw which point, and where.</summary>
    /// <param name="Cameras">i64[p].</param>
    /// <param name="Points">i64[p].</param>
    /// <param name="Features">[2, p].</param>
    internal sealed record Observations(Tensor Cameras, Tensor Points, Tensor Features);

    /// <summary>A vector by its components. They are numbers for one observation, and columns of numbers for all.</summary>
    internal sealed record Vector(Tensor X, Tensor Y, Tensor Z)
    {
        public static Vector operator +(Vector a, Vector b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

        public static Vector operator -(Vector a, Vector b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

        public static Vector operator *(Tensor s, Vector a) => new(s * a.X, s * a.Y, s * a.Z);

        public static Tensor Dot(Vector a, Vector b) => (a.X * b.X) + (a.Y * b.Y) + (a.Z * b.Z);

        public static Vector Cross(Vector a, Vector b) =>
            new((a.Y * b.Z) - (a.Z * b.Y), (a.Z * b.X) - (a.X * b.Z), (a.X * b.Y) - (a.Y * b.X));
    }

    /// <summary>A camera by its components.</summary>
    internal sealed record Camera(Vector Rotation, Vector Centre, Tensor Focus, Tensor PrincipalX, Tensor PrincipalY, Tensor Radial, Tensor Radial2);

    /// <summary>What one observation depends on.</summary>
    internal sealed record Observation(Camera Camera, Vector Point, Tensor Weight);

    /// <summary>The objective: the reprojection errors [2, p] and the terms of the weights [p].</summary>
    public static (Tensor Reprojection, Tensor Weights) Residuals(Parameters p, Observations seen)
    {
        (Tensor x, Tensor y) = Error(Gathered(p, seen), seen.Features);
        return (Stack([x, y]), 1 - (p.Weights * p.Weights));
    }

    /// <summary>
    /// The nonzeros of the Jacobian, row by row as ADBench stores them: a block [2, 15] of camera, point and weight for each
    /// observation's reprojection error, [p, 2, 15], then one number [p] for each weight's term.
    /// </summary>
    public static (Tensor Reprojection, Tensor Weights) Jacobian(Parameters p, Observations seen)
    {
        Observation all = Gathered(p, seen);
        // An error depends on its own observation only, so the gradient of the sum of all errors holds each error's own.
        Observation x = Grad((Observation o) => Sum(Error(o, seen.Features).X))(all);
        Observation y = Grad((Observation o) => Sum(Error(o, seen.Features).Y))(all);
        return (Reshape(Stack([.. Row(x), .. Row(y)], 1), [p.Weights.Shape[0], 2, Columns]), -2 * p.Weights);
    }

    /// <summary>The reprojection error of an observation, or of all of them.</summary>
    public static (Tensor X, Tensor Y) Error(Observation o, Tensor feature)
    {
        Camera camera = o.Camera;
        Vector seen = Rotated(camera.Rotation, o.Point - camera.Centre);
        Tensor x = seen.X / seen.Z, y = seen.Y / seen.Z;
        Tensor square = (x * x) + (y * y);
        Tensor scale = camera.Focus * (1 + (camera.Radial * square) + (camera.Radial2 * square * square));
        return (o.Weight * ((scale * x) + camera.PrincipalX - feature[0]), o.Weight * ((scale * y) + camera.PrincipalY - feature[1]));
    }

    // Rodrigues' formula; a rotation by nothing is its first-order expansion, so that its derivatives are finite too.
    private static Vector Rotated(Vector rotation, Vector v)
    {
        Tensor square = Vector.Dot(rotation, rotation);
        Tensor turns = square > 0;
        Tensor angle = Sqrt(Where(turns, square, 1.0));
        Tensor cosine = Where(turns, Cos(angle), 1.0), sine = Where(turns, Sin(angle) / angle, 1.0);
        Tensor along = Where(turns, (1 - Cos(angle)) / (angle * angle), 0.0);
        return (cosine * v) + (sine * Vector.Cross(rotation, v)) + (along * Vector.Dot(rotation, v) * rotation);
    }

    private static Observation Gathered(Parameters p, Observations seen)
    {
        Tensor c = Take(p.Cameras.T, seen.Cameras, 1), x = Take(p.Points.T, seen.Points, 1);
        Camera camera = new(new(c[0], c[1], c[2]), new(c[3], c[4], c[5]), c[6], c[7], c[8], c[9], c[10]);
        return new(camera, new(x[0], x[1], x[2]), p.Weights);
    }

    private static Tensor[] Row(Observation o)
    {
        (Vector r, Vector c, Vector x) = (o.Camera.Rotation, o.Camera.Centre, o.Point);
        return
        [
            r.X, r.Y, r.Z, c.X, c.Y, c.Z, o.Camera.Focus, o.Camera.PrincipalX, o.Camera.PrincipalY, o.Camera.Radial, o.Camera.Radial2,
            x.X, x.Y, x.Z, o.Weight,
        ];
    }
}
