using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Benchmarks.AdBench;

/// <summary>Hand tracking: measured points less the points of a skinned hand that they are taken for.</summary>
internal static class HandTracking
{
    private const int Fingers = 5;

    /// <summary>The bones: a wrist, four for each finger, a forearm.</summary>
    public const int Bones = 2 + (4 * Fingers);

    /// <summary>The parameters: a rotation, a translation, four angles for each finger.</summary>
    public const int Angles = 6 + (4 * Fingers);

    /// <summary>A rotation below this angle is none, with no derivative.</summary>
    private const double LeastAngle = 1e-4;

    /// <summary>A hand.</summary>
    /// <param name="BaseRelatives">[22, 4, 4], each bone's place on its parent.</param>
    /// <param name="InverseBaseAbsolutes">[22, 4, 4], from the hand at rest to each bone.</param>
    /// <param name="Levels">The bones by their distance from the root, each with its parent's place in the level before.</param>
    /// <param name="Skin">[88, V]: of each bone and vertex, the vertex [4] at rest times the bone's share in it.</param>
    internal sealed record Model(Tensor BaseRelatives, Tensor InverseBaseAbsolutes, (int[] Bones, int[] Parents)[] Levels, Tensor Skin)
    {
        /// <summary>A hand of a bone's parents (−1 for the root), vertices [V, 3], and shares [V, 22] of bones in vertices.</summary>
        public static Model Of(Tensor baseRelatives, Tensor inverseBaseAbsolutes, int[] parents, Tensor vertices, Tensor shares)
        {
            Tensor homogeneous = Concatenate([vertices.T, Ones([1, vertices.Shape[0]])]);
            Tensor skin = Reshape(ExpandDims(shares.T, 1) * homogeneous, [4 * Bones, vertices.Shape[0]]);
            return new(baseRelatives, inverseBaseAbsolutes, ByLevel(parents), skin);
        }

        private static (int[] Bones, int[] Parents)[] ByLevel(int[] parents)
        {
            int Depth(int bone) => parents[bone] < 0 ? 0 : 1 + Depth(parents[bone]);
            int[][] levels = [.. Enumerable.Range(0, Bones).GroupBy(Depth).OrderBy(level => level.Key).Select(level => level.ToArray())];
            return [.. levels.Select((bones, i) => (bones, bones.Select(bone => i == 0 ? 0 : System.Array.IndexOf(levels[i - 1], parents[bone])).ToArray()))];
        }
    }

    /// <summary>The simple objective, [3, N]: each point less its vertex.</summary>
    /// <param name="theta">[26].</param>
    /// <param name="model">The hand.</param>
    /// <param name="points">[3, N].</param>
    /// <param name="vertices">i64[N], the vertex of each point.</param>
    public static Tensor Errors(Tensor theta, Model model, Tensor points, Tensor vertices) =>
        points - Take(Posed(theta, model), vertices, 1);

    /// <summary>The complicated objective, [3, N]: each point less a point of its triangle.</summary>
    /// <param name="theta">[26].</param>
    /// <param name="us">[2, N], where on the triangles.</param>
    /// <param name="model">The hand.</param>
    /// <param name="points">[3, N].</param>
    /// <param name="corners">i64[3, N], the vertices of each point's triangle.</param>
    public static Tensor Errors(Tensor theta, Tensor us, Model model, Tensor points, Tensor corners)
    {
        Tensor posed = Posed(theta, model);
        Tensor a = Take(posed, corners[0], 1), b = Take(posed, corners[1], 1), c = Take(posed, corners[2], 1);
        return points - ((us[0] * a) + (us[1] * b) + ((1 - us[0] - us[1]) * c));
    }

    /// <summary>The dense Jacobian of the simple objective, a parameter after another: [26, 3, N].</summary>
    public static Tensor Jacobian(Tensor theta, Model model, Tensor points, Tensor vertices) =>
        Columns(t => Errors(t, model, points, vertices), theta);

    /// <summary>The Jacobian of the complicated objective, [2 + 26, 3, N]. A point depends on its own two us, so two columns hold all derivatives in them.</summary>
    public static Tensor Jacobian(Tensor theta, Tensor us, Model model, Tensor points, Tensor corners)
    {
        Func<Tensor, Tensor> ofUs = u => Errors(theta, u, model, points, corners);
        Tensor places = Vmap(row => Jvp(ofUs)(us, BroadcastTo(ExpandDims(row, 1), us.Shape)).Tangent)(Eye(2));
        return Concatenate([places, Columns(t => Errors(t, us, model, points, corners), theta)]);
    }

    private static Tensor Columns(Func<Tensor, Tensor> f, Tensor theta) => Vmap(direction => Jvp(f)(theta, direction).Tangent)(Eye(Angles));

    /// <summary>The vertices [3, V] of a hand in a pose.</summary>
    public static Tensor Posed(Tensor theta, Model model)
    {
        Tensor relatives = MatMul(model.BaseRelatives, Rotations(theta));
        List<Tensor> absolutes = [];
        foreach ((int[] bones, int[] parents) in model.Levels)
        {
            Tensor level = Take(relatives, Tensor.From(bones));
            absolutes.Add(absolutes is [.., Tensor above] ? MatMul(Take(above, Tensor.From(parents)), level) : level);
        }

        int[] order = [.. model.Levels.SelectMany(level => level.Bones)];
        int[] places = [.. Enumerable.Range(0, Bones).Select(bone => System.Array.IndexOf(order, bone))];
        Tensor transforms = MatMul(Take(Concatenate(absolutes), Tensor.From(places)), model.InverseBaseAbsolutes);
        Tensor byRow = Reshape(Transpose(transforms[.., ..3], 1, 0, 2), [3, 4 * Bones]);
        return MatMul(MatMul(GlobalRotation(theta[..3]), byRow), model.Skin) + ExpandDims(theta[3..6], 1);
    }

    // [22, 4, 4]: each bone bends about x, and the first of a finger's three that move also turns about z: Rz·Rx.
    private static Tensor Rotations(Tensor theta)
    {
        int[] bend = new int[Bones], turn = new int[Bones];
        System.Array.Fill(bend, Angles);
        System.Array.Fill(turn, Angles);
        for (int finger = 0; finger < Fingers; finger++)
        {
            int first = 2 + (4 * finger), angle = 6 + (4 * finger);
            (bend[first], turn[first], bend[first + 1], bend[first + 2]) = (angle, angle + 1, angle + 2, angle + 3);
        }

        Tensor angles = Concatenate([theta, Zeros([1])]);
        Tensor x = Take(angles, Tensor.From(bend)), z = Take(angles, Tensor.From(turn));
        Tensor sx = Sin(x), cx = Cos(x), sz = Sin(z), cz = Cos(z), zero = Zeros([Bones]), one = Ones([Bones]);
        Tensor[] entries =
        [
            cz, -sz * cx, sz * sx, zero,
            sz, cz * cx, -cz * sx, zero,
            zero, sx, cx, zero,
            zero, zero, zero, one,
        ];
        return Reshape(Stack(entries, 1), [Bones, 4, 4]);
    }

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
