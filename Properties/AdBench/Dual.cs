namespace Functional.Properties.AdBench;

/// <summary>A number and how it moves: (a + εȧ)(b + εḃ) = ab + ε(ȧb + aḃ). Derivatives of host code, without the library.</summary>
internal readonly record struct Dual(double Value, double Slope)
{
    public static implicit operator Dual(double value) => new(value, 0);

    public static Dual operator +(Dual a, Dual b) => new(a.Value + b.Value, a.Slope + b.Slope);

    public static Dual operator -(Dual a, Dual b) => new(a.Value - b.Value, a.Slope - b.Slope);

    public static Dual operator -(Dual a) => new(-a.Value, -a.Slope);

    public static Dual operator *(Dual a, Dual b) => new(a.Value * b.Value, (a.Slope * b.Value) + (a.Value * b.Slope));

    public static Dual operator /(Dual a, Dual b) => new(a.Value / b.Value, ((a.Slope * b.Value) - (a.Value * b.Slope)) / (b.Value * b.Value));

    public static Dual Exp(Dual a) => new(Math.Exp(a.Value), Math.Exp(a.Value) * a.Slope);

    public static Dual Log(Dual a) => new(Math.Log(a.Value), a.Slope / a.Value);

    public static Dual Sqrt(Dual a) => new(Math.Sqrt(a.Value), a.Slope / (2 * Math.Sqrt(a.Value)));

    public static Dual Sin(Dual a) => new(Math.Sin(a.Value), Math.Cos(a.Value) * a.Slope);

    public static Dual Cos(Dual a) => new(Math.Cos(a.Value), -Math.Sin(a.Value) * a.Slope);

    public static Dual Tanh(Dual a) => new(Math.Tanh(a.Value), (1 - (Math.Tanh(a.Value) * Math.Tanh(a.Value))) * a.Slope);

    public static Dual Sigmoid(Dual a) => 1 / (1 + Exp(-a));

    /// <summary>The values of a function, and its Jacobian a column after another.</summary>
    public static (double[] Values, double[][] Columns) Jacobian(Func<Dual[], Dual[]> f, double[] x)
    {
        Dual[][] along = [.. x.Select((_, moved) => f([.. x.Select((value, i) => new Dual(value, i == moved ? 1 : 0))]))];
        return ([.. along[0].Select(y => y.Value)], [.. along.Select(column => column.Select(y => y.Slope).ToArray())]);
    }
}
