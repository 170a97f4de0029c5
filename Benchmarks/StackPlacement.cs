using System.Diagnostics;
using System.Runtime.CompilerServices;
using Functional.Compilation;
using Spectre.Console;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Benchmarks;

/// <summary>
/// Whether a compiled program is as fast from anywhere on the caller's stack. Registers that are spilled across cache lines make
/// the same code several times slower, by how deep its caller happens to stand.
/// </summary>
internal static class StackPlacement
{
    public const string Says = "microseconds of compiled rows and columns of 512×128 by where the caller's stack stands";

    private const int Step = 16;
    private const int Places = 8;
    private const int Calls = 40;

    // Enough for all columns, where the output is no terminal.
    private const int Wide = 140;

    // The runtime optimises a method some time after its first calls.
    private static readonly TimeSpan Optimising = TimeSpan.FromMilliseconds(250);

    public static void Run(string[] arguments)
    {
        (string Name, Func<Tensor, Tensor> Of)[] functions =
        [
            ("sum of rows", t => Sum(t, -1)), ("largest of rows", t => Max(t, -1)), ("sum of rows of 2t", t => Sum(t * 2.0, -1)),
            ("sum of columns of 2t", t => Sum(t * 2.0, 0)), ("exp", t => Exp(t)), ("softmax", t => Softmax(t)),
        ];
        Tensor x = Reshape(Linspace(0, 1, 512 * 128), [512, 128]);
        Table table = new Table().AddColumns(["work", .. Enumerable.Range(0, Places).Select(place => $"{place * Step} bytes"), "worst/best"]);
        foreach ((string name, Func<Tensor, Tensor> f) in functions)
        {
            Executable executable = Trace(f)(x).Compile();
            Tensor[] given = [x];
            System.Array[] results = [new double[executable.Run(x)[0].Size]];
            for (int round = 0; round < 6; round++)
            {
                for (int call = 0; call < 10 * Calls; call++)
                    executable.Run(given, results);
                Thread.Sleep(Optimising);
            }

            double[] microseconds = [.. Enumerable.Range(0, Places).Select(place => From(place * Step, executable, given, results))];
            table.AddRow([name, .. microseconds.Select(time => $"{time:F1}"), $"{microseconds.Max() / microseconds.Min():F1}"]);
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, Wide);
        AnsiConsole.Write(table);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double From(int bytes, Executable executable, Tensor[] given, System.Array[] results)
    {
        Span<byte> room = stackalloc byte[bytes];
        room.Clear();
        double best = double.PositiveInfinity;
        for (int round = 0; round < 7; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int call = 0; call < Calls; call++)
                executable.Run(given, results);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls);
        }

        return best;
    }
}
