using static Functional.TensorMath;

namespace Functional.Properties.Jacobians;

/// <summary>Functions from the literature whose Jacobians and Hessians have known patterns.</summary>
internal static class Problems
{
    /// <summary>Broyden's tridiagonal function: fᵢ = (3 − 2xᵢ)xᵢ − xᵢ₋₁ − 2xᵢ₊₁ + 1.</summary>
    internal static Tensor BroydenTridiagonal(Tensor x) => ((3 - (2 * x)) * x) - Shifted(x, -1) - (2 * Shifted(x, 1)) + 1;

    /// <summary>Broyden's banded function: fᵢ = xᵢ(2 + 5xᵢ²) + 1 − Σ xⱼ(1 + xⱼ) over the five before i and the one after.</summary>
    internal static Tensor BroydenBanded(Tensor x)
    {
        var y = x * (1 + x);
        var sum = Shifted(y, 1);
        for (var distance = 1; distance <= 5; distance++) sum += Shifted(y, -distance);
        return (x * (2 + (5 * x * x))) + 1 - sum;
    }

    /// <summary>Σ 100(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)².</summary>
    internal static Tensor ChainedRosenbrock(Tensor x)
    {
        Tensor first = x[..^1], second = x[1..];
        return Sum((100 * Square(second - (first * first))) + Square(1 - first));
    }

    /// <summary>Powell's singular function, extended, as residuals: blocks of four.</summary>
    internal static Tensor ExtendedPowell(Tensor x)
    {
        var blocks = Reshape(x, x.Size / 4, 4);
        Tensor a = blocks[.., 0], b = blocks[.., 1], c = blocks[.., 2], d = blocks[.., 3];
        Tensor[] residuals = [a + (10 * b), Math.Sqrt(5) * (c - d), Square(b - (2 * c)), Math.Sqrt(10) * Square(a - d)];
        return Reshape(Stack(residuals, 1), x.Size);
    }

    /// <summary>A dense first row, a dense first column and the diagonal.</summary>
    internal static Tensor Arrowhead(Tensor x)
    {
        Tensor head = x[..1], rest = x[1..];
        return Concatenate([Sum(Sin(x), true), (rest * rest) + (rest * head)]);
    }

    /// <summary>ARWHEAD of CUTE: Σ (xᵢ² + xₙ²)² − 4xᵢ + 3.</summary>
    internal static Tensor Arwhead(Tensor x)
    {
        Tensor rest = x[..^1], last = x[^1];
        return Sum(Square((rest * rest) + (last * last)) - (4 * rest) + 3);
    }

    /// <summary>The five-point Laplacian of a square, 0 around it, of a nonlinear function.</summary>
    internal static Tensor Laplacian(Tensor x)
    {
        var y = Exp(x);
        return Shifted(y, -1, 0) + Shifted(y, 1, 0) + Shifted(y, -1, 1) + Shifted(y, 1, 1) - (4 * y);
    }

    /// <summary>The Brusselator on a periodic square, of two species [2, N, N]: dx = 1 / (N − 1), A = 3.4, B = 1, α = 10 / dx².</summary>
    internal static Tensor Brusselator(Tensor x)
    {
        Tensor u = x[0], v = x[1];
        var alpha = 10.0 * (u.Shape[0] - 1) * (u.Shape[0] - 1);
        var reaction = u * u * v;
        return Stack([1.0 + reaction - (4.4 * u) + (alpha * Periodic(u)), (3.4 * u) - reaction + (alpha * Periodic(v))]);

        static Tensor Periodic(Tensor w) => Roll(w, 1, 0) + Roll(w, -1, 0) + Roll(w, 1, 1) + Roll(w, -1, 1) - (4.0 * w);
    }

    /// <summary>A convolution of an image [28, 28, 3] with kernels of 3 × 3, to 8 channels, without padding.</summary>
    internal static Tensor Convolution(Tensor image)
    {
        var sum = (Tensor)0.0;
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
                sum += MatMul(image[i..(26 + i), j..(26 + j), ..], Cos(Reshape(Arange(24), 3, 8) + (i * 3) + j));
        return Tanh(sum);
    }

    /// <summary>Bundle adjustment: reprojection errors of observations, [p, 2], and the weights' own, [p].</summary>
    /// <param name="x">Cameras [n, 11] (rotation, centre, focal length, principal point, radial distortion), points [m, 3], weights [p].</param>
    /// <param name="camera">Which camera made each observation.</param>
    /// <param name="point">Of which point.</param>
    internal static (Tensor Errors, Tensor OfWeights) BundleAdjustment((Tensor Cameras, Tensor Points, Tensor Weights) x, Tensor camera, Tensor point)
    {
        var (cameras, points, weights) = x;
        Tensor own = Take(cameras, camera), seen = Take(points, point);
        Tensor axis = own[.., 0..3], centred = seen - own[.., 3..6];
        var angle = Sqrt(Sum(axis * axis, true, 1));
        var along = axis / angle;
        var turned = (centred * Cos(angle)) + (Cross(along, centred) * Sin(angle)) + (along * Sum(along * centred, true, 1) * (1 - Cos(angle)));
        var projected = turned[.., 0..2] / turned[.., 2..3];
        var radius = Sum(projected * projected, true, 1);
        var distorted = projected * (1 + (own[.., 9..10] * radius) + (own[.., 10..11] * radius * radius));
        var pixels = (distorted * own[.., 6..7]) + own[.., 7..9];
        return (ExpandDims(weights, 1) * (pixels - 0.5), 1 - (weights * weights));
    }

    private static Tensor Cross(Tensor a, Tensor b)
    {
        Tensor ax = a[.., 0..1], ay = a[.., 1..2], az = a[.., 2..3], bx = b[.., 0..1], by = b[.., 1..2], bz = b[.., 2..3];
        return Concatenate([(ay * bz) - (az * by), (az * bx) - (ax * bz), (ax * by) - (ay * bx)], 1);
    }

    /// <summary>The elements from so many places on, 0 beyond the ends.</summary>
    private static Tensor Shifted(Tensor x, int distance, int axis = 0)
    {
        var extent = x.Shape[axis];
        var width = Math.Abs(distance);
        var kept = distance > 0 ? Along(x, axis, width, extent - width) : Along(x, axis, 0, extent - width);
        var zeros = Zeros(x.Shape.With(axis, width));
        Tensor[] parts = distance > 0 ? [kept, zeros] : [zeros, kept];
        return Concatenate((ReadOnlySpan<Tensor>)parts, axis);
    }
}
