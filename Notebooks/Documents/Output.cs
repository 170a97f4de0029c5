namespace Functional.Notebooks;

/// <summary>What a cell shows: text on a stream, a value in one or more media types, or the error that stopped it.</summary>
public abstract record Output
{
    private Output() { }

    /// <summary>Text written to <c>stdout</c> or <c>stderr</c>.</summary>
    public sealed record Printed(string Stream, string Text) : Output;

    /// <summary>A value displayed while the cell ran.</summary>
    public sealed record Display(MediaBundle Bundle) : Output;

    /// <summary>The value of the cell's trailing expression.</summary>
    public sealed record Result(MediaBundle Bundle) : Output;

    /// <summary>The error that stopped the cell.</summary>
    public sealed record Error(string Name, string Message) : Output;
}

/// <summary>One value written in several media types, the poorest first, as <c>text/plain</c> before <c>text/html</c>.</summary>
public sealed record MediaBundle(Seq<(string MediaType, string Text)> Forms)
{
    /// <summary>A bundle of one form.</summary>
    public static MediaBundle Of(string mediaType, string text) => new(Seq1((mediaType, text)));
}
