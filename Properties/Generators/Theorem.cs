// The room of generators: what all properties draw from (tensors, applications of primitives, programs), how they are
// run, and how numbers are compared. A failing draw shrinks and prints what it is and the seed that gives it again.
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Xunit;

namespace Functional.Properties.Generators;

/// <summary>Runs a theorem on many draws, the same each time. FUNCTIONAL_LONG=n draws n times as many; FUNCTIONAL_FRESH=1 draws others each time.</summary>
internal static class Theorem
{
    // Any fixed pair will do; the second of a splittable generator is odd.
    private static readonly Replay Fixed = new(new Rnd(0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9), FSharpOption<int>.None);

    private static readonly int Factor =
        int.TryParse(Environment.GetEnvironmentVariable("FUNCTIONAL_LONG"), out var times) && times > 0 ? times : 1;

    private static readonly bool IsFresh = Environment.GetEnvironmentVariable("FUNCTIONAL_FRESH") == "1";

    /// <summary>How many draws stand for this many of an ordinary run.</summary>
    internal static int Count(int ordinary) => ordinary * Factor;

    /// <summary>Throws at the first draw for which the body throws, shrunk.</summary>
    internal static void Holds<T>(Arbitrary<T> draws, int count, Action<T> body) =>
        Check.One(Settings(count), Prop.ForAll(draws, body));

    /// <summary>As <see cref="Holds{T}(Arbitrary{T}, int, Action{T})"/>, first for those programs by which some theorem was broken once.</summary>
    internal static void Holds(Arbitrary<ProgramDraw> draws, int count, Action<ProgramDraw> body)
    {
        foreach (var draw in ProgramDraw.Remembered)
        {
            try
            {
                body(draw);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Broken by a program that is remembered:\n{draw}", error);
            }
        }
        Holds<ProgramDraw>(draws, count, body);
    }

    /// <summary>As <see cref="Holds{T}(Arbitrary{T}, int, Action{T})"/>, for a theorem that says nothing of some draws: it must speak of at least a share of them.</summary>
    /// <param name="draws">What is drawn from.</param>
    /// <param name="count">How many draws of an ordinary run.</param>
    /// <param name="body">Whether the theorem had something to say; throws where it is broken.</param>
    /// <param name="share">The least share of draws it must speak of.</param>
    internal static void Holds<T>(Arbitrary<T> draws, int count, Func<T, bool> body, double share)
    {
        var (spoken, drawn) = (0, 0);
        Holds(draws, count, draw =>
        {
            var speaks = body(draw);
            drawn++;
            if (speaks) spoken++;
        });
        if (spoken < share * drawn) Xunit.Assert.Fail($"The theorem spoke of {spoken} of {drawn} draws only; it needs {share:P0}.");
    }

    private static Config Settings(int count)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(Count(count)).WithQuietOnSuccess(true);
        return IsFresh ? config : config.WithReplay(FSharpOption<Replay>.Some(Fixed));
    }
}

/// <summary>A test of minutes, run where FUNCTIONAL_LONG is 2 or more, as it is in CI; elsewhere it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute()
    {
        if (Theorem.Count(1) < 2) Skip = "takes minutes: FUNCTIONAL_LONG=2 dotnet test runs it";
    }
}
