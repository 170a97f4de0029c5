using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using Functional.Notebooks;
using Xunit;

namespace Functional.Properties.Notebooks;

public class DocumentProperties
{
    [Fact]
    public void A_notebook_read_and_written_is_the_same_text()
    {
        var text = Sample.Json("var s = \"é😀 \\u0041\";\n\ns", "1");
        Assert.Equal(text, Notebook.Parse("Sample.ipynb", text).ToJson());
    }

    // So that executing one of them, or saving it in Jupyter, changes only what was meant.
    [Fact]
    public void Our_notebooks_are_written_as_Jupyter_writes_them()
    {
        foreach (var path in CommandLine.All) Assert.Equal(File.ReadAllText(path), Notebook.Read(path).ToJson());
    }

    [Property]
    public void A_printed_text_is_kept_whole(NonNull<string> drawn)
    {
        // JSON has no form for half a surrogate pair.
        var text = string.Concat(drawn.Get.Where(c => !char.IsSurrogate(c)));
        var output = FirstOutput(new Output.Printed("stdout", text));
        Assert.Equal("stream", output.GetProperty("output_type").GetString());
        Assert.Equal(text, string.Concat(output.GetProperty("text").EnumerateArray().Select(line => line.GetString())));
    }

    [Fact]
    public void An_executed_cell_changes_only_its_count_and_its_outputs()
    {
        var notebook = Sample.Of("1", "2");
        var before = notebook.Json.GetProperty("cells")[1];
        var after = Json(notebook.With(1, new(7, Seq1<Output>(new Output.Printed("stdout", "x"))))).GetProperty("cells")[1];
        Assert.Equal(before.EnumerateObject().Select(property => property.Name), after.EnumerateObject().Select(property => property.Name));
        Assert.Equal(7, after.GetProperty("execution_count").GetInt32());
        foreach (var name in Seq("cell_type", "id", "metadata", "source"))
            Assert.Equal(before.GetProperty(name).GetRawText(), after.GetProperty(name).GetRawText());
    }

    // The members nbformat 4.5 requires of each kind of output.
    [Fact]
    public void Each_kind_of_output_has_the_members_of_nbformat()
    {
        var bundle = new MediaBundle(Seq(("text/plain", "a\nb"), ("image/svg+xml", "<svg/>")));
        Assert.Equal(Seq("name", "output_type", "text"), Members(new Output.Printed("stderr", "x")));
        Assert.Equal(Seq("data", "metadata", "output_type"), Members(new Output.Display(bundle)));
        Assert.Equal(Seq("data", "metadata", "execution_count", "output_type"), Members(new Output.Result(bundle)));
        Assert.Equal(Seq("ename", "evalue", "output_type", "traceback"), Members(new Output.Error("E", "message")));
        Assert.Equal(2, FirstOutput(new Output.Display(bundle)).GetProperty("data").GetProperty("text/plain").GetArrayLength());

        static Seq<string> Members(Output output) => FirstOutput(output).EnumerateObject().Select(property => property.Name).ToSeq().Strict();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"nbformat\": 3, \"worksheets\": []}")]
    [InlineData("not JSON")]
    public void What_is_not_a_notebook_is_refused_by_name(string text) =>
        Assert.StartsWith("Bad.ipynb: ", Assert.Throws<NotebookException>(() => Notebook.Parse("Bad.ipynb", text)).Message, StringComparison.Ordinal);

    private static JsonElement Json(Notebook notebook)
    {
        using var document = JsonDocument.Parse(notebook.ToJson());
        return document.RootElement.Clone();
    }

    private static JsonElement FirstOutput(Output output) =>
        Json(Sample.Of("1").With(0, new(1, Seq1(output)))).GetProperty("cells")[0].GetProperty("outputs")[0];
}
