// The room of what a cell may call: the display functions of .NET Interactive, under their own names and
// signatures, as far as our notebooks use them, so that a notebook runs the same there and here.
namespace Functional.Notebooks.Interactive;

/// <summary>The functions every cell sees without a using, named as .NET Interactive names them.</summary>
public static class Kernel
{
    /// <summary>Shows a value below the cell.</summary>
    public static void display(object? value, params string[] mimeTypes) => DisplayExtensions.Display(value, mimeTypes);

    /// <summary>HTML that is shown as such and not as text.</summary>
    public static Html HTML(string content) => new(content);
}

/// <summary>A piece of HTML.</summary>
public sealed record Html(string Content)
{
    /// <summary>The HTML's text.</summary>
    public override string ToString() => Content;
}

/// <summary>Display as a suffix: <c>x.Display()</c>.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value below the cell, in the given media types only when some are given.</summary>
    public static void Display(this object? value, params string[] mimeTypes) =>
        Stage.Current.Show(new Output.Display(Stage.Current.Formatters.Render(value, mimeTypes.ToSeq())));

    /// <summary>Shows a text that is already written in the media type, as an <c>image/svg+xml</c>.</summary>
    public static void DisplayAs(this string value, string mimeType) =>
        Stage.Current.Show(new Output.Display(MediaBundle.Of(mimeType, value)));
}

/// <summary>How values of a type are shown, for the rest of the notebook.</summary>
public static class Formatter
{
    /// <summary>Values of <typeparamref name="T"/> and of what derives from it are written so.</summary>
    public static void Register<T>(Func<T, string> formatter, string mimeType = "text/plain") =>
        Stage.Current.Formatters.Register(typeof(T), value => formatter((T)value), mimeType);

    /// <summary>Values of the type are shown in these media types.</summary>
    public static void SetPreferredMimeTypesFor(Type type, params string[] preferredMimeTypes) =>
        Stage.Current.Formatters.Prefer(type, preferredMimeTypes.ToSeq());
}
