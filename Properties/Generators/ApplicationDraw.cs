using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Functional.Programs;

namespace Functional.Properties.Generators;

/// <summary>A drawn application of a primitive: what its <see cref="Primitive.Sample"/> says for a seed and a size. Shrinks in size, then in seed.</summary>
/// <param name="Kind">The primitive's record.</param>
/// <param name="Seed">What decides parameters, shapes and values.</param>
/// <param name="Size">How large extents get.</param>
internal sealed record ApplicationDraw(Type Kind, int Seed, int Size)
{
    // Large enough that a vector loop has a body and a tail.
    private const int Wide = 19;

    /// <summary>The application; drawn anew at each call, so that nothing is shared.</summary>
    internal Application Sample() => ((Primitive)RuntimeHelpers.GetUninitializedObject(Kind)).Sample(new Sampler(Seed, Size));

    /// <summary>All sealed primitives of the library, by name.</summary>
    internal static IReadOnlyDictionary<string, Type> Kinds { get; } =
        new[] { typeof(Primitive).Assembly, typeof(Pushforward).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsSealed && type.IsSubclassOf(typeof(Primitive)))
            .ToDictionary(type => type.Name);

    /// <summary>Applications of a primitive with small shapes.</summary>
    internal static Arbitrary<ApplicationDraw> Small(Type kind) => Of(kind, Gen.Choose(1, 4));

    /// <summary>Applications of a primitive, some with long axes.</summary>
    internal static Arbitrary<ApplicationDraw> Any(Type kind) => Of(kind, Gen.Frequency((9, Gen.Choose(1, 4)), (1, Gen.Constant(Wide))));

    public override string ToString()
    {
        var text = new StringBuilder($"{Kind.Name}, seed {Seed}, size {Size}");
        try
        {
            var (primitive, operands) = Sample();
            text.Append($": {primitive}");
            foreach (var operand in operands)
                text.Append($"\n  {operand.Type} = [{string.Join(", ", ((Dense)operand).Storage.Cast<object>().Select(TensorText.Element))}]");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            text.Append($": {(failure is TargetInvocationException ? failure.InnerException : failure)}");
        }
        return text.ToString();
    }

    private static Arbitrary<ApplicationDraw> Of(Type kind, Gen<int> size) => Arb.From(
        Gen.Choose(0, int.MaxValue - 1).Zip(size, (seed, extent) => new ApplicationDraw(kind, seed, extent)),
        Smaller);

    private static IEnumerable<ApplicationDraw> Smaller(ApplicationDraw draw)
    {
        for (var size = 1; size < draw.Size; size++) yield return draw with { Size = size };
        // Seeds have no order of simplicity, but a few small ones are worth a try, and read better.
        for (var seed = 0; seed < Math.Min(draw.Seed, 20); seed++) yield return draw with { Seed = seed };
    }
}
