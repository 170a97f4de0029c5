namespace Functional.Kernels;

/// <summary>ln|Γ(x)| and its derivatives at one number, in f64.</summary>
public static class Gamma
{
    // The zero of ψ in [1, 2] in two parts.
    private const double Root = 1.4616321449683622;
    private const double RootLow = 9.549995429965697e-17;

    private static ReadOnlySpan<double> FromOneToTwo =>
    [
        0.4831289505409809, -0.14595989591430608, 0.06291140107456494, -0.031308487501009494, 0.016797098631185916,
        -0.009425622448625905, 0.005446457844650585, -0.003212074069736748, 0.0019229161355079497, -0.0011644146716071257,
        0.0007115223848906008, -0.00043799193485690124, 0.00027127505354773154, -0.00016892719402703723,
        0.00010564474884131882, -6.609271409301556e-05, 4.1635136148902716e-05, -2.7356444761067124e-05,
        1.734263784459851e-05, -8.07952925042159e-06, 5.129828644815147e-06, -7.970873319492813e-06, 5.1046181162001864e-06,
    ];

    private static ReadOnlySpan<double> FromTwoToThree =>
    [
        0.37957716063055885, -0.07466357415449942, 0.019905154304743215, -0.006018768527033153, 0.0019490574889449016,
        -0.0006586397067759204, 0.00022905363755553723, -8.130228877104764e-05, 2.9299281094532564e-05,
        -1.0682329984705693e-05, 3.930613124693632e-06, -1.4570177579856958e-06, 5.434036393864892e-07,
        -2.0382138670990097e-07, 7.673914057612894e-08, -2.856947811888261e-08, 1.0830439347315144e-08,
        -4.980351379343691e-09, 1.900052943760696e-09,
    ];

    private static ReadOnlySpan<double> PsiFromOneToTwo =>
    [
        0.9510558760318328, -0.4236274212814606, 0.24054248424078697, -0.14840492305388092, 0.09498872445289039,
        -0.06192213327548831, 0.040760833940846085, -0.026975796659787055, 0.017907248317313294, -0.011908220105959716,
        0.007927021796868154, -0.005279937255532708, 0.003518106563802472, -0.0023454947397380833, 0.0015633696313653504,
        -0.0010364584817312839, 0.0006909255761282986, -0.00048595039220036254, 0.00032395945401345196,
        -0.00014480643368061614, 9.653646261410062e-05, -0.0001782188548855923, 0.00011881232908510335,
    ];

    // B₂ₖ / (2k (2k − 1)) and B₂ₖ / 2k, k = 1, 2, …
    private static ReadOnlySpan<double> Stirling =>
    [
        0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953, 0.0008417508417508417,
        -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242,
    ];

    private static ReadOnlySpan<double> PsiStirling =>
    [
        0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667, 0.007575757575757576,
        -0.021092796092796094, 0.08333333333333333, -0.4432598039215686,
    ];

    // B₂ₖ, k = 1, 2, …
    private static ReadOnlySpan<double> Bernoulli =>
    [
        0.16666666666666666, -0.03333333333333333, 0.023809523809523808, -0.03333333333333333, 0.07575757575757576,
        -0.2531135531135531, 1.1666666666666667, -7.092156862745098, 54.971177944862156, -529.1242424242424,
        6192.123188405797, -86580.25311355312, 1425517.1666666667,
    ];

    /// <summary>ln|Γ(x)|; ∞ at the poles 0, −1, −2, … and at ±∞. Within 4 ulp for x &gt; 0, and 1e-14 absolute or relative below.</summary>
    public static double LogGamma(double x)
    {
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x) || (x <= 0 && x == Math.Floor(x))) return double.PositiveInfinity;
        if (x < 0)
            // Γ(x) Γ(−x) = −π / (x sin πx); the logarithm alone where both factors are tiny.
            return x > -1e-20 ? -Math.Log(-x) : Math.Log(Math.PI / Math.Abs(x * double.SinPi(x))) - LogGamma(-x);
        if (x < 1) return x * (x - 1) * Polynomial(FromOneToTwo, x - 0.5) - Math.Log(x);
        // The sum with +0 makes ln Γ(1) = +0 of −0.
        if (x <= 2) return (x - 1) * (x - 2) * Polynomial(FromOneToTwo, x - 1.5) + 0.0;
        if (x < 10)
        {
            double product = 1;
            for (; x > 3; product *= x) x -= 1;
            double log = (x - 1) * (x - 2) * Polynomial(FromTwoToThree, x - 2.5);
            return product == 1 ? log : log + Math.Log(product);
        }
        double series = Polynomial(Stirling, 1 / (x * x)) / x;
        return (x - 0.5) * (Math.Log(x) - 1) + (0.4189385332046727 + series);
    }

    /// <summary>ψ(x) = Γ′(x)/Γ(x); ∓∞ at ±0, NaN at negative integers. Within 4 ulp for x &gt; 0, and 1e-14 absolute or relative below.</summary>
    public static double Digamma(double x)
    {
        if (double.IsNaN(x) || double.IsPositiveInfinity(x)) return x;
        if (x == 0) return -1 / x;
        if (x < 0) return x == Math.Floor(x) ? double.NaN : Digamma(1 - x) - Math.PI / double.TanPi(x);
        if (x < 1) return (x + 1 - Root - RootLow) * Polynomial(PsiFromOneToTwo, x - 0.5) - 1 / x;
        if (x < 10)
        {
            double sum = 0;
            for (; x > 2; sum += 1 / x) x -= 1;
            return sum + (x - Root - RootLow) * Polynomial(PsiFromOneToTwo, x - 1.5);
        }
        double square = 1 / (x * x);
        return Math.Log(x) - (0.5 / x + square * Polynomial(PsiStirling, square));
    }

    /// <summary>ψ⁽ⁿ⁾(x), the n-th derivative of ψ; accurate to 1e-13 for n ≤ 100. At poles ∞ for odd n, NaN (±∞ at ∓0) for even n.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n &lt; 0.</exception>
    public static double Polygamma(int n, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        if (n == 0) return Digamma(x);
        if (double.IsNaN(x)) return x;
        if (double.IsPositiveInfinity(x)) return n % 2 == 0 ? -0.0 : 0.0;
        if (x > 0) return PositivePolygamma(n, x);
        bool odd = n % 2 == 1;
        if (x == 0) return odd ? double.PositiveInfinity : double.CopySign(double.PositiveInfinity, -x);
        if (x == Math.Floor(x)) return odd ? double.PositiveInfinity : double.NaN;
        double reflected = PositivePolygamma(n, 1 - x);
        return (odd ? -reflected : reflected) - CotangentDerivative(n, x);
    }

    // (−1)ⁿ⁺¹ n! ζ(n + 1, x): terms up to a large argument, Euler–Maclaurin from there.
    private static double PositivePolygamma(int n, double x)
    {
        double s = n + 1, sum = 0, from = x;
        for (double large = 16 + 0.5 * n; x < large; x += 1) sum += Math.Pow(from / x, s);
        double ratio = Math.Pow(from / x, s);
        double square = 1 / (x * x), term = s / x, tail = 0;
        for (int k = 1; k <= Bernoulli.Length; k++)
        {
            // s (s + 1) … (s + 2k − 2) / (2k)! · x^(1 − 2k)
            double factor = term / 2;
            tail += Bernoulli[k - 1] * factor;
            term *= (s + 2 * k - 1) / (2 * k + 1) * ((s + 2 * k) / (2 * k + 2)) * square;
        }
        sum += ratio * (x / n + 0.5 + tail);
        double scale = n <= 150 ? Factorial(n) * Math.Pow(from, -s) : double.PositiveInfinity;
        double magnitude = double.IsFinite(scale) && scale > 1e-290
            ? scale * sum
            : Math.Exp(LogGamma(s) - s * Math.Log(from) + Math.Log(sum));
        return n % 2 == 1 ? magnitude : -magnitude;
    }

    // dⁿ/dxⁿ π cot πx = π (−π)ⁿ qₙ(cot πx) with q₀(c) = c, qₖ₊₁ = (1 + c²) qₖ′; every coefficient has one sign.
    private static double CotangentDerivative(int n, double x)
    {
        double[] q = new double[n + 2];
        q[1] = 1;
        for (int k = 1; k <= n; k++)
        {
            double[] next = new double[n + 2];
            for (int power = 1; power <= k; power++)
            {
                next[power - 1] += power * q[power];
                next[power + 1] += power * q[power];
            }
            q = next;
        }
        double tangent = double.TanPi(x);
        return Math.PI * Math.Pow(-Math.PI, n) * Polynomial(q, 1 / tangent);
    }

    private static double Factorial(int n)
    {
        double product = 1;
        for (int k = 2; k <= n; k++) product *= k;
        return product;
    }

    private static double Polynomial(ReadOnlySpan<double> coefficients, double x)
    {
        double sum = 0;
        for (int k = coefficients.Length - 1; k >= 0; k--) sum = Math.FusedMultiplyAdd(sum, x, coefficients[k]);
        return sum;
    }
}
