using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Benchmarks.AdBench;

/// <summary>Hand tracking: measured points less the points of a skinned hand that they are taken for.</summary>
internal static class HandTracking
{
    private const int Fingers = 5;

    // The first of a finger's four bones stands still, as the wrist and the forearm do.
    private const int Moving = 3;

    /// <summary>The bones: a wrist, four for each finger, a forearm.</summary>
    public const int Bones = 2 + ((1 + Moving) * Fingers);

    /// <summary>The parameters: a rotation, a translation, four angles for each finger.</summary>
    public const int Angles = 6 + (4 * Fingers);

    // A rotation below this angle is none, with no derivative.
    private const double LeastAngle = 1e-4;

    /// <summary>A hand. Its vertices are linear in where its bones are: V = S·M, with a row of M for each coordinate of a moving bone, and four for the rest.</summary>
    /// <param name="Roots">[5, 4, 4], where the fingers begin.</param>
    /// <param name="Relatives">For each moving joint [5, 4, 4]: its bones' places on those before.</param>
    /// <param name="Inverses">For each moving joint [5, 4, 4]: from the hand at rest to its bones.</param>
    /// <param name="Skin">S, [V, 64].</param>
    internal sealed record Model(Tensor Roots, Tensor[] Relatives, Tensor[] Inverses, Tensor Skin)
    {
        /// <summary>A hand of 22 bones' places on their parents and inverse places at rest, [22, 4, 4] each; vertices [V, 3] at rest, and shares [V, 22] of bones in vertices.</summary>
        public static Model Of(Tensor baseRelatives, Tensor inverseBaseAbsolutes, Tensor vertices, Tensor shares)
        {
            Tensor wrist = baseRelatives[0], roots = MatMul(wrist, Joint(baseRelatives, 0));
            Tensor still = Concatenate([ExpandDims(wrist, 0), roots, ExpandDims(MatMul(wrist, baseRelatives[^1]), 0)]);
            int[] stillBones = [0, .. BonesOf(0), Bones - 1], movingBones = [.. Enumerable.Range(0, Fingers).SelectMany(finger => Enumerable.Range(2 + (finger * (1 + Moving)), Moving))];
            Tensor homogeneous = Concatenate([vertices, Ones([vertices.Shape[0], 1])], 1);
            Tensor Shared(int[] bones) => ExpandDims(Take(shares, Tensor.From(bones), 1), 2) * ExpandDims(homogeneous, 1);
            Tensor rest = Einsum("vbk,bik->vi", Shared(stillBones), MatMul(still, Take(inverseBaseAbsolutes, Tensor.From(stillBones)))[.., ..3]);
            Tensor skin = Concatenate([Reshape(Shared(movingBones), [vertices.Shape[0], 4 * Moving * Fingers]), rest, homogeneous[.., 3..]], 1);
            return new(roots, [.. Enumerable.Range(1, Moving).Select(joint => Joint(baseRelatives, joint))], [.. Enumerable.Range(1, Moving).Select(joint => Joint(inverseBaseAbsolutes, joint))], skin);
        }

        private static int[] BonesOf(int joint) => [.. Enumerable.Range(0, Fingers).Select(finger => 1 + joint + (finger * (1 + Moving)))];

        private static Tensor Joint(Tensor bones, int joint) => Take(bones, Tensor.From(BonesOf(joint)));
    }

    /// <summary>The simple objective, [N, 3]: each point less its vertex.</summary>
    /// <param name="theta">[26].</param>
    /// <param name="model">The hand.</param>
    /// <param name="points">[N, 3].</param>
    /// <param name="vertices">i32[N], the vertex of each point.</param>
    public static Tensor Errors(Tensor theta, Model model, Tensor points, Tensor vertices) =>
        points - Take(MatMul(model.Skin, Motion(theta, model)), vertices);

    /// <summary>The complicated objective, [N, 3]: each point less a point of its triangle.</summary>
    /// <param name="theta">[26].</param>
    /// <param name="us">[N, 2], where on the triangles.</param>
    /// <param name="model">The hand.</param>
    /// <param name="points">[N, 3].</param>
    /// <param name="corners">i32[3, N], the vertices of each point's triangle.</param>
    public static Tensor Errors(Tensor theta, Tensor us, Model model, Tensor points, Tensor corners) =>
        points - OnTriangles(MatMul(model.Skin, Motion(theta, model)), us, corners);

    /// <summary>The dense Jacobian of the simple objective, [N, 3, 26].</summary>
    public static Tensor Jacobian(Tensor theta, Model model, Tensor points, Tensor vertices) =>
        Reshape(Take(VertexColumns(theta, model), vertices), [points.Shape[0], 3, Angles]);

    /// <summary>
    /// The Jacobian of the complicated objective, [N, 3, 2] in the places and [N, 3, 26] in the pose. A point depends on its own
    /// two places only, so two columns hold all derivatives in them.
    /// </summary>
    public static (Tensor Places, Tensor Pose) Jacobian(Tensor theta, Tensor us, Model model, Tensor points, Tensor corners)
    {
        Func<Tensor, Tensor> ofPlaces = u => Errors(theta, u, model, points, corners);
        Tensor places = Vmap(direction => Jvp(ofPlaces)(us, BroadcastTo(direction, us.Shape)).Tangent, outAxis: 2)(Eye(2));
        return (places, Reshape(OnTriangles(VertexColumns(theta, model), us, corners), [points.Shape[0], 3, Angles]));
    }

    // [V, 3·26]: what is linear in the motion takes each column of the motion's Jacobian to that of the result.
    private static Tensor VertexColumns(Tensor theta, Model model)
    {
        Tensor columns = Transforms.Jacobian(t => -Motion(t, model), JacobianMode.Forward)(theta);
        return MatMul(model.Skin, Reshape(columns, [columns.Shape[0], 3 * Angles]));
    }

    // [V, k] to [N, k].
    private static Tensor OnTriangles(Tensor rows, Tensor us, Tensor corners)
    {
        Tensor first = us[.., ..1], second = us[.., 1..];
        return (first * Take(rows, corners[0])) + (second * Take(rows, corners[1])) + ((1 - first - second) * Take(rows, corners[2]));
    }

    /// <summary>M, [64, 3]: the moving bones from the hand at rest, turned as the hand is; the turn itself, for what stands still; the translation.</summary>
    public static Tensor Motion(Tensor theta, Model model)
    {
        Tensor angles = Reshape(theta[6..], [Fingers, 4]), place = model.Roots;
        Tensor[] moved = new Tensor[Moving];
        for (int joint = 0; joint < Moving; joint++)
        {
            // Each joint bends about x; the first one also turns about z.
            Tensor turn = joint == 0 ? AboutXAndZ(angles[.., 0], angles[.., 1]) : AboutX(angles[.., joint + 1]);
            place = MatMul(place, MatMul(model.Relatives[joint], turn));
            moved[joint] = MatMul(place, model.Inverses[joint])[.., ..3];
        }

        Tensor bones = Reshape(Transpose(Stack(moved, 1), 0, 1, 3, 2), [4 * Moving * Fingers, 3]);
        return Concatenate([MatMul(Concatenate([bones, Eye(3)]), GlobalRotation(theta[..3]).T), ExpandDims(theta[3..6], 0)]);
    }

    private static Tensor AboutX(Tensor x)
    {
        Tensor s = Sin(x), c = Cos(x), zero = Zeros(x.Shape), one = Ones(x.Shape);
        return Matrices([one, zero, zero, zero, zero, c, -s, zero, zero, s, c, zero, zero, zero, zero, one]);
    }

    private static Tensor AboutXAndZ(Tensor x, Tensor z)
    {
        Tensor sx = Sin(x), cx = Cos(x), sz = Sin(z), cz = Cos(z), zero = Zeros(x.Shape), one = Ones(x.Shape);
        return Matrices([cz, -sz * cx, sz * sx, zero, sz, cz * cx, -cz * sx, zero, zero, sx, cx, zero, zero, zero, zero, one]);
    }

    private static Tensor Matrices(Tensor[] entries) => Reshape(Stack(entries, 1), [Fingers, 4, 4]);

    // I + sin θ [u]× + (1 − cos θ) [u]×², about u = v/θ by θ = ‖v‖.
    private static Tensor GlobalRotation(Tensor v)
    {
        Tensor square = Sum(v * v);
        Tensor turns = square >= LeastAngle * LeastAngle;
        Tensor angle = Sqrt(Where(turns, square, 1.0));
        Tensor u = v / angle, zero = 0.0;
        Tensor cross = Reshape(Stack([zero, -u[2], u[1], u[2], zero, -u[0], -u[1], u[0], zero]), [3, 3]);
        return Where(turns, Eye(3) + (Sin(angle) * cross) + ((1 - Cos(angle)) * MatMul(cross, cross)), Eye(3));
    }
}
