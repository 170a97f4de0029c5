using System.Runtime.InteropServices;

namespace Functional.Benchmarks.AdBench;

/// <summary>One of ADBench's C++ modules, built as a shared library with the face that <c>peer.cpp</c> gives it.</summary>
internal sealed class Peer(string file, string model)
{
    private readonly nint library = NativeLibrary.Load(file);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl, CharSet = CharSet.Ansi)]
    private delegate nint Open(string kind, string file, string model);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Times(nint work, int times);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Values(nint work, [Out] double[] into, int room);

    public string Name { get; } = Path.GetFileNameWithoutExtension(file);

    /// <summary>The libraries of a folder, or the one given; the hand's model lies beside them in the folder <c>model</c>.</summary>
    public static Peer[] In(string path)
    {
        string[] files = Directory.Exists(path) ? [.. Directory.GetFiles(path, "*.so").Order(StringComparer.Ordinal)] : [path];
        if (files.Length == 0)
            throw new FileNotFoundException($"--peer: {path} has no shared library (*.so). `adbench --help` says how to build one.");
        return [.. files.Select(file => new Peer(Path.GetFullPath(file), Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "model")))];
    }

    /// <summary>A task made ready: its objective, its derivative, and the derivative's numbers in ADBench's order.</summary>
    public (Action Objective, Action Derivative, Func<double[]> Values) Prepare(string kind, string data)
    {
        nint work = Function<Open>("adbench_open")(kind, data, model);
        Times objective = Function<Times>("adbench_objective"), derivative = Function<Times>("adbench_derivative");
        Values values = Function<Values>("adbench_values");
        return (() => objective(work, 1), () => derivative(work, 1), () =>
        {
            derivative(work, 1);
            double[] numbers = new double[values(work, [], 0)];
            values(work, numbers, numbers.Length);
            return numbers;
        }
        );
    }

    private T Function<T>(string name) where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));
}
