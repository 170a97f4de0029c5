// The room of ADBench: four objectives of computer vision and language models, written as a user of the library would write
// them, on tensors that hold all points, observations or columns at once. Microsoft's benchmark (github.com/microsoft/ADBench)
// says what they are; everything is f64.
using static Functional.TensorMath;

namespace Functional.Benchmarks.AdBench;

/// <summary>The log posterior of a Gaussian mixture under a Wishart prior.</summary>
internal static class GaussianMixture
{
    /// <summary>K Gaussians of d dimensions.</summary>
    /// <param name="Alphas">[K], the logarithms of the weights, up to a constant.</param>
    /// <param name="Means">[K, d].</param>
    /// <param name="Factors">[K, d(d+1)/2], the factor Q of each inverse covariance QᵀQ: the logarithms of its diagonal, then its strict lower triangle by columns.</param>
    internal sealed record Parameters(Tensor Alphas, Tensor Means, Tensor Factors);

    /// <summary>The prior's γ and m.</summary>
    internal readonly record struct Wishart(double Gamma, int Degrees);

    /// <summary>The objective: log p(points) + log p(parameters).</summary>
    /// <param name="p">The mixture.</param>
    /// <param name="points">[d, n], a point in each column.</param>
    /// <param name="prior">The prior of the covariances.</param>
    public static Tensor LogPosterior(Parameters p, Tensor points, Wishart prior)
    {
        int d = points.Shape[0], n = points.Shape[1], count = p.Alphas.Shape[0];
        Tensor logDiagonals = p.Factors[.., ..d], logDeterminants = Sum(logDiagonals, 1);
        Tensor q = LowerTriangles(Exp(logDiagonals), p.Factors[.., d..]);
        // Q(x − μ) = Qx − Qμ: one product of matrices for all points, [K, d, d]·[d, n].
        Tensor centred = MatMul(q, points) - MatMul(q, ExpandDims(p.Means, -1));
        Tensor exponents = ExpandDims(p.Alphas + logDeterminants, 1) - (0.5 * Sum(centred * centred, 1));
        Tensor likelihood = Sum(LogSumExp(exponents, 0)) - (n * LogSumExp(p.Alphas));
        Tensor covariances = (0.5 * prior.Gamma * prior.Gamma * Sum(q * q)) - (prior.Degrees * Sum(logDeterminants));
        return likelihood + covariances - ((n * d * 0.5 * Math.Log(2 * Math.PI)) + (count * LogNormaliser(d, prior)));
    }

    // [K, d, d] of the diagonals [K, d] and the strict lower triangles by columns; above the diagonal stands the zero at the end.
    private static Tensor LowerTriangles(Tensor diagonals, Tensor below)
    {
        int d = diagonals.Shape[1], zero = d + below.Shape[1];
        int[,] places = new int[d, d];
        int next = d;
        for (int column = 0; column < d; column++)
        {
            for (int row = 0; row < d; row++)
                places[row, column] = row < column ? zero : row == column ? row : next++;
        }

        return Take(Concatenate([diagonals, below, Zeros([diagonals.Shape[0], 1])], 1), Tensor.From(places), 1);
    }

    private static double LogNormaliser(int d, Wishart prior)
    {
        int n = d + prior.Degrees + 1;
        Tensor gammas = Lgamma((0.5 * n) - (0.5 * Convert(Arange(d), DType.Float64)));
        return (n * d * (Math.Log(prior.Gamma) - (0.5 * Math.Log(2)))) - ((0.25 * d * (d - 1) * Math.Log(Math.PI)) + (double)Sum(gammas));
    }
}
