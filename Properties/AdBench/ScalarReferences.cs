using static Functional.Properties.AdBench.Dual;

namespace Functional.Properties.AdBench;

/// <summary>The objectives a number at a time, straight from their definitions; parameters stand one after another in row-major order.</summary>
internal static class ScalarReferences
{
    /// <summary>The log posterior of the mixture (α[K], μ[K, d], factors[K, d(d+1)/2]).</summary>
    internal static Dual LogPosterior(Dual[] p, int count, int d, double[,] points, double gamma, int degrees)
    {
        int size = d * (d + 1) / 2, n = points.GetLength(0), wishart = d + degrees + 1;
        Dual Factor(int k, int row, int column)
        {
            int at = count + (count * d) + (k * size);
            if (row == column) return Exp(p[at + row]);
            return row < column ? 0 : p[at + d + (column * (2 * d - column - 1) / 2) + row - column - 1];
        }
        Dual LogDeterminant(int k) => Total(d, j => p[count + (count * d) + (k * size) + j]);
        Dual Exponent(int i, int k) => p[k] + LogDeterminant(k) - (0.5 * Total(d, row => Square(Total(d, column =>
            Factor(k, row, column) * (points[i, column] - p[count + (k * d) + column])))));
        Dual likelihood = Total(n, i => Log(Total(count, k => Exp(Exponent(i, k)))));
        Dual weights = Log(Total(count, k => Exp(p[k])));
        Dual prior = Total(count, k => (0.5 * gamma * gamma * Total(d, row => Total(d, column => Square(Factor(k, row, column))))) - (degrees * LogDeterminant(k)));
        double multivariate = (0.25 * d * (d - 1) * Math.Log(Math.PI)) + Enumerable.Range(1, d).Sum(j => LogGammaOfHalf(wishart + 1 - j));
        double constant = (wishart * d * (Math.Log(gamma) - (0.5 * Math.Log(2)))) - multivariate;
        return likelihood - (n * weights) + prior - (count * constant) - (0.5 * n * d * Math.Log(2 * Math.PI));
    }

    /// <summary>The two reprojection errors of (camera[11], point[3], weight).</summary>
    internal static Dual[] Reprojection(Dual[] p, double featureX, double featureY)
    {
        Dual[] r = p[..3], v = [p[11] - p[3], p[12] - p[4], p[13] - p[5]];
        Dual square = Total(3, i => Square(r[i]));
        Dual[] turned = new Dual[3];
        for (int i = 0; i < 3; i++)
        {
            int j = (i + 1) % 3, k = (i + 2) % 3;
            if (square.Value == 0)
            {
                turned[i] = v[i] + ((r[j] * v[k]) - (r[k] * v[j]));
                continue;
            }
            Dual angle = Sqrt(square);
            Dual along = Total(3, l => r[l] * v[l]) / angle;
            turned[i] = (v[i] * Cos(angle)) + (((r[j] * v[k]) - (r[k] * v[j])) / angle * Sin(angle)) + (r[i] / angle * along * (1 - Cos(angle)));
        }
        Dual x = turned[0] / turned[2], y = turned[1] / turned[2], rho = Square(x) + Square(y);
        Dual radial = 1 + (p[9] * rho) + (p[10] * rho * rho);
        return [p[14] * ((p[6] * x * radial) + p[7] - featureX), p[14] * ((p[6] * y * radial) + p[8] - featureY)];
    }

    /// <summary>The loss of the network (main[2l, 4b], extra[3, b]).</summary>
    internal static Dual Loss(Dual[] p, double[,] state, double[,] sequence)
    {
        int layers = state.GetLength(0) / 2, cells = state.GetLength(1), steps = sequence.GetLength(0) - 1;
        Dual Extra(int row, int j) => p[(8 * layers * cells) + (row * cells) + j];
        Dual Gate(int layer, int gate, int j, Dual x) =>
            (x * p[(8 * layer * cells) + (gate * cells) + j]) + p[(8 * layer * cells) + ((4 + gate) * cells) + j];
        Dual total = 0;
        Dual[,] s = new Dual[2 * layers, cells];
        for (int row = 0; row < 2 * layers; row++)
            for (int j = 0; j < cells; j++) s[row, j] = state[row, j];
        for (int t = 0; t < steps; t++)
        {
            Dual[] y = new Dual[cells];
            for (int j = 0; j < cells; j++)
            {
                Dual h = sequence[t, j] * Extra(0, j);
                for (int layer = 0; layer < layers; layer++)
                {
                    Dual hidden = s[2 * layer, j], cell = s[(2 * layer) + 1, j];
                    cell = (cell * Sigmoid(Gate(layer, 0, j, h))) + (Sigmoid(Gate(layer, 1, j, hidden)) * Tanh(Gate(layer, 3, j, hidden)));
                    h = Sigmoid(Gate(layer, 2, j, h)) * Tanh(cell);
                    (s[2 * layer, j], s[(2 * layer) + 1, j]) = (h, cell);
                }
                y[j] = (h * Extra(1, j)) + Extra(2, j);
            }
            Dual normaliser = Log(2 + Total(cells, j => Exp(y[j])));
            total += Total(cells, j => sequence[t + 1, j] * (y[j] - normaliser));
        }
        return -total / (cells * steps);
    }

    /// <summary>The vertices [V][3] of a hand posed by theta[26].</summary>
    internal static Dual[][] Posed(Dual[] theta, double[,,] baseRelatives, double[,,] inverseBaseAbsolutes, int[] parents, double[,] vertices, double[,] shares)
    {
        int bones = parents.Length, count = vertices.GetLength(0);
        Dual[][,] absolutes = new Dual[bones][,], transforms = new Dual[bones][,];
        for (int i = 0; i < bones; i++)
        {
            (int finger, int joint) = ((i - 1) / 4, (i - 1) % 4);
            bool moves = i > 0 && finger < 5 && joint > 0;
            Dual x = moves ? theta[6 + (4 * finger) + (joint == 1 ? 0 : joint)] : 0;
            Dual z = moves && joint == 1 ? theta[7 + (4 * finger)] : 0;
            Dual[,] turnX = { { 1, 0, 0, 0 }, { 0, Cos(x), -Sin(x), 0 }, { 0, Sin(x), Cos(x), 0 }, { 0, 0, 0, 1 } };
            Dual[,] turnZ = { { Cos(z), -Sin(z), 0, 0 }, { Sin(z), Cos(z), 0, 0 }, { 0, 0, 1, 0 }, { 0, 0, 0, 1 } };
            Dual[,] relative = Product(Matrix(baseRelatives, i), Product(turnZ, turnX));
            absolutes[i] = parents[i] < 0 ? relative : Product(absolutes[parents[i]], relative);
            transforms[i] = Product(absolutes[i], Matrix(inverseBaseAbsolutes, i));
        }
        Dual[,] global = AxisAngle(theta[..3]);
        return [.. Enumerable.Range(0, count).Select(v =>
        {
            Dual Along(int row) => Total(bones, i => shares[v, i] * (transforms[i][row, 3] + Total(3, c => transforms[i][row, c] * vertices[v, c])));
            return new[] { 0, 1, 2 }.Select(row => theta[3 + row] + Total(3, c => global[row, c] * Along(c))).ToArray();
        })];
    }

    private static Dual[,] AxisAngle(Dual[] v)
    {
        Dual angle = Sqrt(Total(3, i => Square(v[i])));
        if (angle.Value < 1e-4) return new Dual[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
        Dual x = v[0] / angle, y = v[1] / angle, z = v[2] / angle, s = Sin(angle), c = Cos(angle);
        return new[,]
        {
            { (x * x) + ((1 - (x * x)) * c), (x * y * (1 - c)) - (z * s), (x * z * (1 - c)) + (y * s) },
            { (x * y * (1 - c)) + (z * s), (y * y) + ((1 - (y * y)) * c), (y * z * (1 - c)) - (x * s) },
            { (x * z * (1 - c)) - (y * s), (z * y * (1 - c)) + (x * s), (z * z) + ((1 - (z * z)) * c) },
        };
    }

    private static Dual[,] Product(Dual[,] a, Dual[,] b)
    {
        Dual[,] product = new Dual[4, 4];
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++) product[i, j] = Total(4, k => a[i, k] * b[k, j]);
        return product;
    }

    private static Dual[,] Matrix(double[,,] stack, int member)
    {
        Dual[,] matrix = new Dual[4, 4];
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++) matrix[i, j] = stack[member, i, j];
        return matrix;
    }

    private static Dual Total(int count, Func<int, Dual> term) => Enumerable.Range(0, count).Aggregate((Dual)0, (sum, i) => sum + term(i));

    private static Dual Square(Dual x) => x * x;

    // Γ(x + 1) = xΓ(x), from Γ(½) = √π and Γ(1) = 1.
    private static double LogGammaOfHalf(int twice) => twice switch
    {
        1 => 0.5 * Math.Log(Math.PI),
        2 => 0,
        _ => Math.Log((twice - 2) / 2.0) + LogGammaOfHalf(twice - 2),
    };
}
