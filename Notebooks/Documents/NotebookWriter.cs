using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Functional.Notebooks;

/// <summary>Notebooks as the JSON that Jupyter itself writes: one space an indent, texts as lists of lines, one line end at the end.</summary>
public static class NotebookWriter
{
    private static readonly JsonWriterOptions Style = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The notebook's JSON: as it was read, but for the outputs and execution counts of the cells that ran.</summary>
    public static string ToJson(this Notebook notebook)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Style))
        {
            writer.WriteStartObject();
            foreach (var property in notebook.Json.EnumerateObject())
                if (property.NameEquals("cells")) WriteArray(writer, "cells", notebook.Cells, WriteCell);
                else Keep(writer, property);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteCell(Utf8JsonWriter writer, Cell cell)
    {
        writer.WriteStartObject();
        foreach (var property in cell.Json.EnumerateObject())
            switch (property.Name, cell.Execution.Case)
            {
                case ("execution_count", Execution execution): writer.WriteNumber("execution_count", execution.Count); break;
                case ("outputs", Execution execution): WriteArray(writer, "outputs", execution.Outputs, (to, output) => WriteOutput(to, output, execution.Count)); break;
                default: Keep(writer, property); break;
            }
        writer.WriteEndObject();
    }

    // The very text that was read, escapes and spaces included: a copy differs from its source only where it must.
    private static void Keep(Utf8JsonWriter writer, JsonProperty property)
    {
        writer.WritePropertyName(property.Name);
        writer.WriteRawValue(property.Value.GetRawText());
    }

    private static void WriteOutput(Utf8JsonWriter writer, Output output, int count)
    {
        writer.WriteStartObject();
        switch (output)
        {
            case Output.Printed(var name, var text):
                writer.WriteString("name", name);
                writer.WriteString("output_type", "stream");
                WriteText(writer, "text", text);
                break;
            case Output.Display(var bundle):
                WriteBundle(writer, bundle);
                writer.WriteString("output_type", "display_data");
                break;
            case Output.Result(var bundle):
                WriteBundle(writer, bundle);
                writer.WriteNumber("execution_count", count);
                writer.WriteString("output_type", "execute_result");
                break;
            case Output.Error(var name, var message):
                writer.WriteString("ename", name);
                writer.WriteString("evalue", message);
                writer.WriteString("output_type", "error");
                WriteArray(writer, "traceback", message.Split('\n').ToSeq(), (to, line) => to.WriteStringValue(line));
                break;
            default:
                throw new NotSupportedException($"NotebookWriter: no form for the output {output}.");
        }
        writer.WriteEndObject();
    }

    private static void WriteBundle(Utf8JsonWriter writer, MediaBundle bundle)
    {
        writer.WriteStartObject("data");
        foreach (var (mediaType, text) in bundle.Forms) WriteText(writer, mediaType, text);
        writer.WriteEndObject();
        writer.WriteStartObject("metadata");
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string text) =>
        WriteArray(writer, name, Lines(text), (to, line) => to.WriteStringValue(line));

    // Each line keeps its line end, and no empty line follows the last one: joined, they are the text again.
    private static Seq<string> Lines(string text)
    {
        var lines = text.Split('\n');
        return lines.Select((line, at) => at < lines.Length - 1 ? line + "\n" : line).Where(line => line.Length > 0).ToSeq();
    }

    private static void WriteArray<T>(Utf8JsonWriter writer, string name, Seq<T> elements, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var element in elements) write(writer, element);
        writer.WriteEndArray();
    }
}
