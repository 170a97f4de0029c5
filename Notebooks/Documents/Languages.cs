using System.Text.Json;

namespace Functional.Notebooks;

/// <summary>The language of a cell, where .NET Interactive, VS Code and Jupyter write it.</summary>
internal static class Languages
{
    public const string CSharp = "csharp";

    public static Option<string> OfCell(JsonElement cell) =>
        (At(cell, "metadata", "polyglot_notebook", "kernelName")
            | At(cell, "metadata", "dotnet_interactive", "language")
            | At(cell, "metadata", "vscode", "languageId")).Map(Normal);

    public static string OfNotebook(JsonElement notebook) =>
        (At(notebook, "metadata", "polyglot_notebook", "kernelInfo", "defaultKernelName")
            | At(notebook, "metadata", "kernelspec", "language")
            | At(notebook, "metadata", "language_info", "name")).Map(Normal).IfNone(CSharp);

    private static Option<string> At(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json)) return None;
        return json.ValueKind == JsonValueKind.String ? Optional(json.GetString()) : None;
    }

    private static string Normal(string language) =>
        language.ToLowerInvariant() is "c#" or CSharp or "polyglot-notebook" ? CSharp : language.ToLowerInvariant();
}
