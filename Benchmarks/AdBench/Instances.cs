using System.Globalization;

namespace Functional.Benchmarks.AdBench;

/// <summary>ADBench's data files: numbers between white space.</summary>
internal static class Instances
{
    public static (GaussianMixture.Parameters Parameters, Tensor Points, GaussianMixture.Wishart Prior) Mixture(string file)
    {
        Numbers numbers = new(file);
        int d = numbers.Integer(), count = numbers.Integer(), n = numbers.Integer();
        GaussianMixture.Parameters parameters = new(numbers.Next(count), numbers.Next(count, d), numbers.Next(count, d * (d + 1) / 2));
        return (parameters, numbers.Next(n, d).T, new(numbers.Number(), numbers.Integer()));
    }

    /// <summary>One camera, point, weight and feature stand in the file for all; observation i is of camera i mod n and point i mod m.</summary>
    public static (BundleAdjustment.Parameters Parameters, BundleAdjustment.Observations Seen) Adjustment(string file)
    {
        Numbers numbers = new(file);
        int n = numbers.Integer(), m = numbers.Integer(), p = numbers.Integer();
        Tensor Repeated(int count, int size) => TensorMath.Tile(numbers.Next(1, size), count, 1);
        BundleAdjustment.Parameters parameters = new(Repeated(n, BundleAdjustment.CameraSize), Repeated(m, 3), TensorMath.Reshape(Repeated(p, 1), [p]));
        int[] Places(int modulus) => [.. Enumerable.Range(0, p).Select(i => i % modulus)];
        return (parameters, new(Tensor.From(Places(n)), Tensor.From(Places(m)), Repeated(p, 2).T));
    }

    public static (LongShortTermMemory.Parameters Parameters, Tensor State, Tensor Sequence) Network(string file)
    {
        Numbers numbers = new(file);
        int layers = numbers.Integer(), length = numbers.Integer(), cells = numbers.Integer();
        LongShortTermMemory.Parameters parameters = new(numbers.Next(2 * layers, 4 * cells), numbers.Next(3, cells));
        return (parameters, numbers.Next(2 * layers, cells), numbers.Next(length, cells));
    }

    public static HandTracking.Model Hand(string folder)
    {
        Tensor Array(string name)
        {
            string file = Path.Combine(folder, name + ".txt");
            int[] shape = [.. File.ReadLines(file).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(extent => int.Parse(extent, CultureInfo.InvariantCulture))];
            Numbers numbers = new(file);
            foreach (int _ in shape)
                numbers.Integer();
            return numbers.Next(shape);
        }

        return HandTracking.Model.Of(Array("base_relatives"), Array("inverse_base_absolutes"), Array("base_positions"), Array("weights"));
    }

    /// <summary>The vertices of a hand's triangles, a triangle a row.</summary>
    public static int[][] Triangles(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "triangles.txt")).Skip(1).Select(line =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(corner => int.Parse(corner, CultureInfo.InvariantCulture)).ToArray())];

    /// <summary>What was measured of a hand: the points [N, 3] and what each belongs to, the places [N, 2] on triangles if there are any, the pose to start from.</summary>
    public static (int[] Correspondences, Tensor Points, Tensor Us, Tensor Theta) Pose(string file, bool hasPlaces)
    {
        Numbers numbers = new(file);
        int count = numbers.Integer(), angles = numbers.Integer();
        Tensor rows = numbers.Next(count, 4);
        Tensor us = hasPlaces ? numbers.Next(count, 2) : TensorMath.Zeros([count, 2]);
        return ([.. rows[.., 0].ToArray<double>().Select(index => (int)index)], rows[.., 1..], us, numbers.Next(angles));
    }

    private sealed class Numbers(string file)
    {
        private readonly string[] words = File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        private int next;

        public double Number() => double.Parse(words[next++], CultureInfo.InvariantCulture);

        public int Integer() => int.Parse(words[next++], CultureInfo.InvariantCulture);

        public Tensor Next(params int[] shape)
        {
            double[] numbers = new double[shape.Aggregate(1, (product, extent) => product * extent)];
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = Number();
            return Tensor.From(numbers, new Shape(shape));
        }
    }
}
