using System.Collections;

namespace Functional.Notebooks.Interactive;

/// <summary>One notebook's table of how values are shown: a type, a media type, and the text in it.</summary>
internal sealed class Formatters
{
    private readonly Dictionary<(Type Type, string MediaType), Func<object, string>> _written = [];
    private readonly Dictionary<Type, Seq<string>> _preferred = [];

    public void Register(Type type, Func<object, string> formatter, string mediaType) => _written[(type, mediaType)] = formatter;

    public void Prefer(Type type, Seq<string> mediaTypes) => _preferred[type] = mediaTypes;

    /// <summary>The value in the wanted media types; where none is wanted, in those preferred for its type.</summary>
    public MediaBundle Render(object? value, Seq<string> wanted) => value switch
    {
        null => MediaBundle.Of("text/plain", "null"),
        Html html => MediaBundle.Of("text/html", html.Content),
        _ => new((wanted.IsEmpty ? Preferred(value.GetType()) : wanted).Map(mediaType => (mediaType, Text(value, mediaType))).Strict()),
    };

    private Seq<string> Preferred(Type type) =>
        (Nearest(type, _preferred.Keys).Map(key => _preferred[key])
            | Nearest(type, _written.Keys.Select(key => key.Type)).Map(MediaTypes)).IfNone(Seq1("text/plain"));

    private Seq<string> MediaTypes(Type type) =>
        _written.Keys.Where(key => key.Type == type).Select(key => key.MediaType).ToSeq().Strict();

    private string Text(object value, string mediaType) =>
        Nearest(value.GetType(), _written.Keys.Where(key => key.MediaType == mediaType).Select(key => key.Type))
            .Map(type => _written[(type, mediaType)](value))
            .IfNone(() => Plain(value));

    // The most derived registered type that the value belongs to.
    private static Option<Type> Nearest(Type type, IEnumerable<Type> candidates) =>
        candidates.Where(candidate => candidate.IsAssignableFrom(type))
            .OrderByDescending(Depth).ToSeq().HeadOrNone();

    private static int Depth(Type type) => type.IsInterface ? 0 : type.BaseType is { } parent ? 1 + Depth(parent) : 0;

    private static string Plain(object? value) => value switch
    {
        null => "null",
        string text => text,
        IEnumerable elements when value.GetType().GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType is { } writer
            && (writer == typeof(object) || value is Array || writer.Namespace == "System.Collections.Generic") => $"[ {string.Join(", ", elements.Cast<object?>().Select(Plain))} ]",
        _ => value.ToString() ?? "",
    };
}
