using Functional.Programs;
using Functional.Properties.Generators;
using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.Programs;

/// <summary>Programs are values: equal ones are found for each other, and what tells others apart is what they compute.</summary>
public class EqualityProperties
{
    private static readonly Tensor X = Tensor.From([1.0, 2, 3]);

    public static TheoryData<string> Kinds() => new(Others.Keys);

    // Programs that are each a little other than sin x · 2.
    private static readonly Dictionary<string, Program> Others = new()
    {
        ["another literal"] = Trace(x => Sin(x) * 2.5)(X),
        ["another order"] = Trace(x => 2.0 * Sin(x))(X),
        ["another primitive"] = Trace(x => Cos(x) * 2.0)(X),
        ["another type"] = Trace(x => Sin(x) * 2.0)(Tensor.From([1f, 2, 3])),
        ["another shape"] = Trace(x => Sin(x) * 2.0)(Zeros([4])),
        ["one more equation"] = Trace(x => Sin(Sin(x) * 2.0))(X),
        ["a capture"] = Trace(x => Sin(x) * X)(X),
        ["another capture"] = Trace(x => Sin(x) * Tensor.From([1.0, 2, 4]))(X),
        ["an assumption"] = Trace(x => (bool)(Sum(x) > 0) ? Sin(x) * 2.0 : x)(X),
        ["another assumption"] = Trace(x => (bool)(Sum(x) > 100) ? x : Sin(x) * 2.0)(X),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Programs_that_compute_something_else_are_not_equal(string kind)
    {
        Assert.NotEqual(Trace(x => Sin(x) * 2.0)(X), Others[kind]);
        Assert.Equal(1, Others.Values.Count(program => program == Others[kind]));
    }

    [Fact]
    public void Equal_programs_are_found_in_dictionaries()
    {
        var places = Others.Values.Select((program, place) => (program, place)).ToDictionary(pair => pair.program, pair => pair.place);
        foreach (var (program, place) in Others.Values.Select((program, place) => (program, place)))
            Assert.Equal(place, places[program with { Names = Seq1("other") }]);
    }

    [Fact]
    public void A_copy_with_other_parts_has_the_hash_of_what_it_is() => Theorem.Holds(ProgramDraw.Any, 50, draw =>
    {
        var program = draw.Program;
        _ = program.GetHashCode();
        var copy = program with { Outputs = program.Outputs.Add(program.Inputs[0]) };
        var anew = new Program(program.Inputs, program.Equations, program.Outputs.Add(program.Inputs[0]), program.Assumptions) { Captures = program.Captures };
        Assert.Equal(anew, copy);
        Assert.Equal(anew.GetHashCode(), copy.GetHashCode());
    });

    [Fact]
    public void Literals_are_equal_when_their_bits_are()
    {
        Assert.Equal(new Literal(double.NaN), new Literal(double.NaN));
        Assert.Equal(new Literal(2.0).GetHashCode(), new Literal(Tensor.From(2.0)).GetHashCode());
        Assert.NotEqual(new Literal(0.0), new Literal(-0.0));
        Assert.NotEqual(new Literal(1.0), new Literal(1f));
        Assert.NotEqual(new Literal(1), new Literal(1L));
    }

    [Fact]
    public void Programs_are_told_apart_by_the_bits_of_their_literals()
    {
        Assert.NotEqual(Trace(x => x + 0.0)(X), Trace(x => x + -0.0)(X));
        Assert.Equal(Trace(x => x + double.NaN)(X), Trace(x => x + double.NaN)(X));
    }

    [Fact]
    public void Captures_are_equal_when_their_bits_are() =>
        Assert.Equal(Trace(x => x * Tensor.From([1.0, double.NaN, 3]))(X), Trace(x => x * Tensor.From([1.0, double.NaN, 3]))(X));
}
